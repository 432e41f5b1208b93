"""The schema: what the declarations of all families and read models come to, merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types.execution import ExecutionContext

from domain.kernel import Family
from graphql_api.building import made_type
from graphql_api.filters import Filters
from graphql_api.limits import Limits
from graphql_api.lists import attribute, connection_field, described, listing, row_type
from graphql_api.mutations import mutation_fields, success_type
from graphql_api.naming import upper
from graphql_api.records import Records, node_field, record_after, record_field, record_type, topics
from graphql_api.scalars import SCALARS
from graphql_api.shapes import Shapes
from projections.model import Projection, Report, columns_of

AUDIT = "audit"
"""The name of the read model that is the audit trail over all families."""


class Schema(strawberry.Schema):
    """A Strawberry schema that leaves errors to `errors.present`, which knows which of them were foreseen."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Logs nothing here: the composition root presents, masks and logs every error."""


def build(families: Sequence[Family], projections: Sequence[Projection], reports: Sequence[Report]) -> Schema:
    """The schema of these declarations. Raises ValueError or TypeError where they cannot be shown."""
    shapes = Shapes()
    filters = Filters(shapes)
    shown = {p.name: listing(p, shapes.names.take(p.singular, p.name, p)) for p in projections}
    rows = {p.name: row_type(shown[p.name], shapes, described(p.comment)) for p in projections}
    records = Records(
        audit=shown[AUDIT],
        registers={p.kind: shown[p.name] for p in projections if p.kind},
        topics=topics(families),
    )
    record = record_type(records, rows[AUDIT], {p.kind: rows[p.name] for p in projections if p.kind})
    queries = [
        record_field(records, record),
        node_field(records, {each.type_name: each for each in shown.values()}),
        *(connection_field(p.plural, shown[p.name], rows[p.name], filters, described(p.comment)) for p in projections),
    ]
    for report in reports:
        table = listing(report, shapes.names.take(f"{upper(report.name)}Row", report.name, report))
        row = row_type(table, shapes, described(report.comment))
        queries.append(connection_field(report.plural, table, row, filters, described(report.comment)))
    success = success_type(record_after(records, record))
    mutations = mutation_fields(families, shapes, success, _comments(projections))
    return Schema(
        query=made_type("Query", queries, "What can be asked (Auskunft)."),
        mutation=made_type("Mutation", mutations, "What can be done: one mutation per command (Verfügung)."),
        types=list(rows.values()),
        config=StrawberryConfig(scalar_map=SCALARS, default_resolver=attribute),
        extensions=[Limits],
    )


def _comments(projections: Sequence[Projection]) -> Mapping[str, dict[str, str]]:
    """By kind of record, what the columns of its register mean: commands have fields of the same names."""
    return {
        projection.kind: {name: described(column.comment) for name, column in columns_of(projection.row).items()}
        for projection in projections
        if projection.kind
    }
