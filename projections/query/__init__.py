"""Columns and predicates in, SQL text and parameters out: keyset pages, counts and single rows of a read model.

The text has `$1`-style parameters, each cast to its column's type; identifiers come from the declarations alone. Rows
are read from the views `read.<name>`. A null sorts as the greatest value in both directions, as PostgreSQL has it.
"""

from projections.query.cursor import BadCursor, Cursor, position_in
from projections.query.health import HEALTH, health
from projections.query.keyset import MOST_ROWS, Branches, Page, Slice, branches, page, whole
from projections.query.matching import Matches, matching, wanted_values
from projections.query.rows import by_key, by_number, count, count_below, hidden, position_of, positions, recorded_by
from projections.query.text import BadQuery, Moment, Op, Statement, Where, operations
from projections.query.views import OWN, Told, View, own_views, view

__all__ = [
    "HEALTH",
    "MOST_ROWS",
    "OWN",
    "BadCursor",
    "BadQuery",
    "Branches",
    "Cursor",
    "Matches",
    "Moment",
    "Op",
    "Page",
    "Slice",
    "Statement",
    "Told",
    "View",
    "Where",
    "branches",
    "by_key",
    "by_number",
    "count",
    "count_below",
    "health",
    "hidden",
    "matching",
    "operations",
    "own_views",
    "page",
    "position_in",
    "position_of",
    "positions",
    "recorded_by",
    "view",
    "wanted_values",
    "whole",
]
