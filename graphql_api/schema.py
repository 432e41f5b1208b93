"""The schema: what the declarations of all families and read models come to, merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import strawberry
from graphql import Executor, GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types.execution import ExecutionContext
from strawberry.types.field import StrawberryField

from domain.kernel import Family
from domain.rights import Role, Roles
from graphql_api import events, explaining, operations, own, subscriptions
from graphql_api.building import Type, attribute, extend, made_type
from graphql_api.bulk import bulk_field
from graphql_api.connections import connection_field, connection_type, described, row_type
from graphql_api.filters import Filters
from graphql_api.health import read_models_field
from graphql_api.limits import Limits
from graphql_api.lists import Listing
from graphql_api.mutations import mutations, payload_type, success_type
from graphql_api.naming import camel, upper
from graphql_api.records import Records, node_field, record_after, record_field, record_of_row
from graphql_api.rights import Rights, policy_of, rules_of
from graphql_api.scalars import SCALARS
from graphql_api.searching import search_field
from graphql_api.shapes import Shapes
from graphql_api.tracing import trace_field
from graphql_api.validating import Validating
from projections.model import Projection, Report, columns_of, find

RECORDS, EVENTS, SEARCH = "record", "event", "search"
"""The names of the read models that look across all families: the index of records, the audit trail, and the search
index."""


class Execution(StrawberryGraphQLCoreExecutionContext):
    """Executes an operation. Whoever follows for weeks takes no more memory with each message.

    graphql-core 3.3 hands what it has collected below a field on to the messages that follow, by the identity of lists
    that each message makes anew: none is found again, and all are kept.
    """

    def build_per_event_executor(self, payload: Any) -> Executor[Any]:
        """What executes one message of a subscription."""
        executor = super().build_per_event_executor(payload)
        executor._relevant_sub_fields = {}
        return executor


class Schema(strawberry.Schema):
    """A Strawberry schema that knows who may ask for what, and leaves errors to `errors.present`, which knows which of
    them were foreseen.
    """

    def __init__(self, inspectors: Roles, **parts: Any) -> None:
        super().__init__(**parts)
        self.policy = policy_of(self._schema)
        self.inspectors = inspectors
        self.rules = rules_of(self.policy, inspectors)

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Logs nothing here: the composition root presents, masks and logs every error."""


def build(
    families: Sequence[Family],
    projections: Sequence[Projection],
    reports: Sequence[Report],
    *,
    inspectors: Roles = frozenset(Role),
) -> Schema:
    """The schema of these declarations, which `inspectors` may look at. Raises ValueError or TypeError where the
    declarations cannot be shown.
    """
    shapes = Shapes()
    filters = Filters(shapes)
    inputs = {
        command: shapes.names.take(f"{command.__name__}Input", family.name, command)
        for family in families
        for command in family.commands
    }
    names = {command: camel(name.removesuffix("Input")) for command, name in inputs.items()}
    shown = {projection.name: _listing(projection, projections, shapes) for projection in projections}
    records = Records(
        index=shown[RECORDS],
        trail=shown[EVENTS],
        registers={projection.kind: shown[projection.name] for projection in projections if projection.kind},
        mutations=names,
    )
    rows = _row_types(projections, shown, records, shapes)
    connections = {name: connection_type(shown[name].type_name, row) for name, row in rows.items()}
    extend(rows[RECORDS], records.further_fields(connections[EVENTS], {k: rows[p] for k, p in _kinds(projections)}))
    queries = [
        record_field(records, rows[RECORDS]),
        node_field({listing.type_name: listing for listing in shown.values()}),
        *(
            connection_field(p.plural, shown[p.name], connections[p.name], filters, described(p.comment))
            for p in projections
            if p.name != SEARCH
        ),
        *(_report_field(report, projections, shapes, filters) for report in reports),
        search_field(shown[SEARCH], connections[SEARCH], records.registers),
        trace_field(shown[EVENTS], connections[EVENTS]),
        read_models_field(),
        *own.fields(shapes),
    ]
    success = success_type(record_after(records, rows[RECORDS]))
    payload = payload_type(success)
    commands = mutations(inputs, shapes, _comments(projections), records.index, records.registers)
    done = [*(each.field(payload, success) for each in commands), bulk_field(commands, payload, success)]
    done += operations.fields([projection.name for projection in projections])
    trail = next(each for each in queries if each.graphql_name == find(projections, EVENTS).plural)
    followed = subscriptions.fields(records, rows[EVENTS], rows[RECORDS], trail)
    return Schema(
        inspectors,
        query=made_type("Query", queries, "What can be asked (Auskunft)."),
        subscription=made_type("Subscription", followed, "What can be followed as it happens (Mitverfolgen)."),
        mutation=made_type("Mutation", done, "What can be done: one mutation for each command (Bearbeitung)."),
        types=list(rows.values()),
        config=StrawberryConfig(scalar_map=SCALARS, default_resolver=attribute),
        extensions=[Rights, Limits, Validating],
        execution_context_class=Execution,
    )


def _kinds(projections: Sequence[Projection]) -> list[tuple[str, str]]:
    """Each kind of record with the name of its register."""
    return [(projection.kind, projection.name) for projection in projections if projection.kind]


def _listing(projection: Projection, projections: Sequence[Projection], shapes: Shapes) -> Listing:
    name = shapes.names.take(projection.singular, projection.name, projection)
    if projection.name == RECORDS:
        registers = {camel(kind): ("kind",) for kind, _ in _kinds(projections)}
        return Listing(projection, name, registers, historic=projection.historic)
    needs = {"record": ("record_id",)} if "record_id" in columns_of(projection.row) else {}
    if projection.name == EVENTS:
        more = {**needs, **events.NEEDS}
        return Listing(projection, name, more, events.completion(projection), historic=projection.historic)
    return Listing(projection, name, needs, historic=projection.historic)


def _row_types(
    projections: Sequence[Projection], shown: Mapping[str, Listing], records: Records, shapes: Shapes
) -> dict[str, Type]:
    """The types of all rows by read model. A row that tells of one record leads to it."""
    more = {EVENTS: events.fields(shown[EVENTS].readers)}
    rows = {
        projection.name: row_type(
            shown[projection.name], shapes, described(projection.comment), more.get(projection.name, ())
        )
        for projection in projections
    }
    for name, row in rows.items():
        extend(row, explaining.fields(shown[name], shown[EVENTS].source))
        if "record" in shown[name].needs:
            extend(row, [record_of_row(records, rows[RECORDS])])
    return rows


def _report_field(
    report: Report, projections: Sequence[Projection], shapes: Shapes, filters: Filters
) -> StrawberryField:
    about = described(report.comment)
    historic = all(projection.historic for projection in projections if projection.name in report.reads)
    shown = Listing(report, shapes.names.take(f"{upper(report.name)}Row", report.name, report), historic=historic)
    connection = connection_type(upper(report.name), row_type(shown, shapes, about))
    return connection_field(report.plural, shown, connection, filters, about)


def _comments(projections: Sequence[Projection]) -> Mapping[str, dict[str, str]]:
    """By kind of record, what the columns of its register mean: commands have fields of the same names."""
    return {
        projection.kind: {name: described(column.comment) for name, column in columns_of(projection.row).items()}
        for projection in projections
        if projection.kind
    }
