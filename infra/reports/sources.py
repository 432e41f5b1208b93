"""What can be asked by name: what is declared, and every other view of schema `read` as its comments describe it."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Final

import psycopg

from domain.kernel import Message
from infra.queries import named
from infra.reports.errors import BadQuestion
from projections.families import PROJECTIONS, REPORTS
from projections.model import Projection, Report, Source
from projections.query import Told, View, view

_SQL: Final = named("reports")
Connection = psycopg.Connection[tuple[Any, ...]]


Readable = Projection | Report | View


def declared() -> dict[str, Projection | Report]:
    """All read models and reports of the program by name."""
    everything: tuple[Projection | Report, ...] = (*REPORTS, *PROJECTIONS)
    return {source.name: source for source in everything}


def others(connection: Connection) -> list[tuple[str, Message]]:
    """The views that the program does not declare, with their meaning, by name."""
    known = declared()
    found = connection.execute(_SQL["views"]).fetchall()
    return [(str(name), Message(comment or "", comment or "")) for name, comment in found if name not in known]


def find(connection: Connection, name: str) -> Readable:
    """What has this name. Raises BadQuestion, which names what is close to it."""
    if (known := declared().get(name)) is not None:
        return known
    further = dict(others(connection))
    if name not in further:
        everything = [*declared(), *further]
        near = get_close_matches(name, everything, 3) or [each for each in sorted(everything) if name in each]
        hint = f" Did you mean {' or '.join(near[:3])}?" if near else ""
        raise BadQuestion(f"There is no report {name!r}.{hint} `stadtbuch report` lists them all.")
    columns = connection.execute(_SQL["columns"], (name,)).fetchall()
    return view(name, further[name].en, tuple(Told(each, kind, about or "") for each, kind, about in columns))


def behind(source: Source) -> Sequence[str]:
    """The read models whose position its rows reflect."""
    return source.reads if isinstance(source, Report) else (source.name,)
