"""Plans kept by document: what is read, validated and compiled once, for as long as it is asked for."""

from __future__ import annotations

import logging
import sys
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from typing import Any, Final, Generic, TypeVar

from graphql import DocumentNode, GraphQLError, get_operation_ast, get_variable_values, parse, specified_rules, validate
from strawberry.types import ExecutionResult

from domain.kernel import Invalid
from domain.requests import Refused, Unavailable
from domain.rights import Role
from graphql_api import limits
from graphql_api.context import Asking, Unanswered
from graphql_api.limits import Size
from graphql_api.plans.compiling import Compiler, Plan
from graphql_api.plans.running import Run
from graphql_api.plans.shape import Shape, Unsupported, nodes_of, query_of, variables_of
from graphql_api.ports import NotBuilt, NotYetReadable
from graphql_api.schema import Schema
from graphql_api.validating import OneOf

LOG: Final = logging.getLogger("stadtbuch.graphql")

MOST_BYTES: Final = 64 * 2**20
MOST_BYTES_OF_ONE: Final = 4 * 2**20
MOST_BYTES_LEFT: Final = 4 * 2**20
"""What queries with their plans may take, what the plans and the sizes of one query may, and the texts of those that
have none; about, by what a node of a document, a field of a plan and an entry were found to take.
"""
NODE_BYTES: Final = 140
FIELD_BYTES: Final = 700
ENTRY_BYTES: Final = 500
LONGEST_TEXT: Final = 20_000

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Latest(Generic[K, V]):
    """A mapping that forgets what was asked for least lately, so that what it keeps has so much weight at most."""

    def __init__(self, most: int) -> None:
        self.weight = 0
        self._most = most
        self._entries: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: K) -> V | None:
        """What is kept under the key, if anything."""
        found = self._entries.get(key)
        if found is None:
            return None
        self._entries.move_to_end(key)
        return found[0]

    def put(self, key: K, value: V, weight: int = 1) -> None:
        """Keeps it, in the place of what had the key, and lets go of the oldest where all weigh too much."""
        if (before := self._entries.pop(key, None)) is not None:
            self.weight -= before[1]
        self._entries[key] = value, weight
        self.weight += weight
        while self.weight > self._most:
            _, (_, gone) = self._entries.popitem(last=False)
            self.weight -= gone


class Query:
    """A valid query of somebody in a role. Its plans differ by what @skip and @include leave of it."""

    def __init__(self, schema: Schema, document: DocumentNode, name: str | None) -> None:
        operation = query_of(document, name)
        if operation is None:
            raise Unsupported(name)
        self._schema = schema
        self._document = document
        self._operation = operation
        self._switches = variables_of(document, "if")
        self._pages = variables_of(document, "first", "last")
        self._plans: Latest[tuple[Any, ...], Plan | Unsupported] = Latest(MOST_BYTES_OF_ONE)
        self._measured: Latest[tuple[Any, ...], Size] = Latest(MOST_BYTES_OF_ONE)
        self._bytes = ENTRY_BYTES + NODE_BYTES * nodes_of(document)

    @property
    def weight(self) -> int:
        """The bytes that it and its plans take, about."""
        return self._bytes + self._plans.weight + self._measured.weight

    def prepare(self, given: Mapping[str, Any]) -> Prepared:
        """The plan for these variables. Raises Unsupported, and GraphQLError for variables that break a limit."""
        size = self._size(given)
        definitions = self._operation.variable_definitions or ()
        values = get_variable_values(self._schema._schema, definitions, dict(given), max_errors=1)
        if isinstance(values, list):
            raise values[0]
        switches = {name: values.coerced.get(name) for name in self._switches}
        key = tuple(value if isinstance(value, bool) else None for value in switches.values())
        plan = self._plans.get(key)
        if plan is None:
            plan, weight = self._compiled(switches)
            self._plans.put(key, plan, weight)
        if isinstance(plan, Unsupported):
            raise plan
        return Prepared(plan, values, size)

    def _size(self, given: Mapping[str, Any]) -> Size:
        pages = tuple(limits.size_given(name, given) for name in self._pages)
        size = self._measured.get(pages)
        if size is None:
            name = self._operation.name
            size = limits.check(self._document, given)[name.value if name else ""]
            self._measured.put(pages, size, ENTRY_BYTES + sys.getsizeof(pages))
        return size

    def _compiled(self, switches: Mapping[str, Any]) -> tuple[Plan | Unsupported, int]:
        shape = Shape(self._schema._schema, self._document, self._operation, switches)
        plan: Plan | Unsupported
        try:
            plan = Plan(Compiler(shape, self._schema).roots())
        except Unsupported as unsupported:
            plan = unsupported
        # Beside its fields it has the values of arguments, which are no more than the document has of them.
        return plan, self._bytes + FIELD_BYTES * shape.found


class Prepared:
    """A plan with the variables of one request. `answered` tells whether it has answered it."""

    def __init__(self, plan: Plan, variables: Any, size: Size) -> None:
        self._plan = plan
        self._variables = variables
        self._size = size
        self.answered = False

    async def run(self, asking: Asking) -> ExecutionResult | None:
        """The answer; None where something went wrong, which the resolvers tell when they run the query anew.

        A query changes nothing, so that it may run twice; but nobody waits twice for what does not come.
        """
        asking.operation = "query"
        try:
            limits.spend(asking, self._size)
            asking.spent = _paid
            data = await self._plan.run(Run(asking, self._variables))
            self.answered = True
            return ExecutionResult(data=data, errors=None)
        except NotYetReadable:
            asking.wait_seconds = 0.0
        except NotBuilt as error:
            LOG.debug("resolvers answer what there is: %r", error)
        except Unavailable as error:
            asking.reader = Unanswered(error)
        except (GraphQLError, Invalid, Refused, Unsupported) as error:
            LOG.debug("resolvers answer: %r", error)
        except Exception:
            LOG.exception("a plan failed; resolvers answer")
        asking.as_of = None
        return None


def _paid(cost: int) -> None:
    """Who has paid for an operation does so once, whoever answers it."""


class Plans:
    """The plans of one schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._queries: Latest[tuple[str, str | None, Role | None], Query] = Latest(MOST_BYTES)
        self._left: Latest[tuple[str, str | None, Role | None], bool] = Latest(MOST_BYTES_LEFT)

    def find(self, text: str, variables: Mapping[str, Any], name: str | None, asking: Asking) -> Prepared | None:
        """The plan for a document and its variables; None where resolvers are to answer, or to tell what is wrong."""
        key = (text, name, asking.viewer.role)
        query = self._queries.get(key)
        try:
            if query is None:
                query = self._read(key, variables, asking)
            if query is None:
                return None
            try:
                return query.prepare(variables)
            finally:
                self._queries.put(key, query, sys.getsizeof(text) + query.weight)
        except (GraphQLError, Unsupported) as error:
            LOG.debug("resolvers answer: %r", error)
            return None

    def _read(
        self, key: tuple[str, str | None, Role | None], variables: Mapping[str, Any], asking: Asking
    ) -> Query | None:
        text, name, role = key
        if len(text) > LONGEST_TEXT or self._left.get(key):
            return None
        document, sizes = limits.measured(text, variables)
        operation = get_operation_ast(document, name)
        if operation is not None:  # validation is paid for as well: before it, and whatever it finds
            limits.spend(asking, sizes[operation.name.value if operation.name else ""])
            asking.spent = _paid
        rules = (*specified_rules, self._schema.rules(role, asking.language), OneOf)
        try:
            if validate(self._schema._schema, document, rules):
                raise Unsupported("not valid")
            # What is kept needs no places in the text: errors are told by the resolvers.
            query = Query(self._schema, parse(text, no_location=True), name)
        except Unsupported:
            self._left.put(key, True, ENTRY_BYTES + sys.getsizeof(text))
            raise
        return query
