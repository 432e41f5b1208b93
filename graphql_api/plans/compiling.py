"""Makes a plan of a query: which columns of which read models, level by level, and how they become the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol

import strawberry
from graphql import GraphQLNamedType, GraphQLObjectType, get_named_type

from graphql_api import steps
from graphql_api.building import Step
from graphql_api.lists import Listing, Row
from graphql_api.plans import pages
from graphql_api.plans.arguments import arguments
from graphql_api.plans.levels import BelowLevel, CompletionLevel, LookupLevel, RootPage, RootRow
from graphql_api.plans.pages import Fetched, Pages, Part
from graphql_api.plans.rows import Rows, is_sealed, wanted
from graphql_api.plans.running import Level, Run, together
from graphql_api.plans.shape import TYPENAME, Asked, Shape, Unsupported
from graphql_api.plans.values import columnar, plain
from graphql_api.steps import OF_RECORD

_ID: Final = "id"


class Root(Protocol):
    """A field that the operation begins with."""

    async def answer(self, run: Run) -> Any:
        """What it shows."""


class Always:
    """The name of the query type."""

    def __init__(self, value: str) -> None:
        self._value = value

    async def answer(self, run: Run) -> str:
        """The name."""
        return self._value


class Compiler:
    """Makes the plan of one shape. Raises Unsupported where the resolvers are to answer."""

    def __init__(self, shape: Shape, schema: strawberry.Schema) -> None:
        self._shape = shape
        self._schema = schema

    def roots(self) -> list[tuple[str, Root]]:
        """The fields that the operation begins with, by their names in the answer."""
        return [(asked.answer, self._root(asked)) for asked in self._shape.root()]

    def _root(self, asked: Asked) -> Root:
        if asked.name == TYPENAME:
            return Always("Query")
        step = asked.step
        if isinstance(step, steps.Page):
            return RootPage(step, arguments(self._schema, asked), self._pages(step.shown, asked))
        if isinstance(step, steps.Single):
            rows = {name: self._rows(shown, asked) for name, shown in step.shown.items()}
            return RootRow(step, arguments(self._schema, asked), rows)
        raise Unsupported(asked.name)

    def _rows(self, shown: Listing, asked: Asked) -> Rows:
        of = self._object(self._shape.schema.get_type(shown.type_name))
        made, completed = Rows(shown), list[Asked]()
        for each in self._shape.below(asked, of):
            if each.name == TYPENAME:
                made.always(each.answer, of.name)
            elif (step := each.step) is not None:
                self._level(made, each, step)
            elif each.name in shown.columns:
                self._column(made, each)
            elif each.name == _ID:
                made.node_id(each.answer)
            elif each.name in shown.needs and shown.completion is not None:
                completed.append(each)
                made.always(each.answer, None)
            else:
                raise Unsupported(each.name)
        if completed:
            self._complete(made, completed)
        made.columns = wanted(shown, [made])
        return made

    def _column(self, made: Rows, asked: Asked) -> None:
        column = made.listing.columns[asked.name]
        if is_sealed(made.listing, column.name):
            made.sealed(asked.answer, column.name, plain(self._shape, asked))
        else:
            made.column(asked.answer, column.name, columnar(column, asked.definition.type))

    def _level(self, made: Rows, asked: Asked, step: Step) -> None:
        level: Level
        if isinstance(step, steps.Lookup):
            level = LookupLevel(asked.answer, step, self._rows(step.shown, asked))
            made.below(asked.answer, level, (OF_RECORD,) if step.kind is None else (OF_RECORD, "kind"))
        elif isinstance(step, steps.Below):
            level = BelowLevel(asked.answer, step, arguments(self._schema, asked), self._pages(step.shown, asked))
            made.below(asked.answer, level, (OF_RECORD,))
        else:
            raise Unsupported(asked.name)

    def _complete(self, made: Rows, completed: Iterable[Asked]) -> None:
        shown = made.listing
        names = frozenset(each.name for each in completed)
        needs = tuple(dict.fromkeys((*shown.source.unique, *(need for name in names for need in shown.needs[name]))))
        level = CompletionLevel(shown, names, needs)
        for each in completed:
            level.parts.append((each.answer, each.declared.python_name, plain(self._shape, each)))
        made.needs.update(needs)
        made.levels.append(level)

    def _pages(self, shown: Listing, asked: Asked) -> Pages:
        of = self._object(get_named_type(asked.definition.type))
        made = Pages()
        for each in self._shape.below(asked, of):
            made.parts.append((each.answer, self._part(made, shown, of, each)))
        made.columns = wanted(shown, made.rows)
        return made

    def _part(self, made: Pages, shown: Listing, of: GraphQLObjectType, asked: Asked) -> Part:
        match asked.name:
            case "__typename":
                return pages.always(of.name)
            case "nodes":
                return pages.nodes(self._rows_of(made, shown, asked))
            case "edges":
                return pages.edges(self._edges(made, shown, asked))
            case "pageInfo":
                names = {
                    each.name for each in self._shape.below(asked, self._object(get_named_type(asked.definition.type)))
                }
                return pages.ends(plain(self._shape, asked), start="startCursor" in names, end="endCursor" in names)
            case "totalCount":
                made.counts = True
                return pages.total
            case "asOfPosition":
                return pages.as_of
        raise Unsupported(asked.name)

    def _edges(self, made: Pages, shown: Listing, asked: Asked) -> list[tuple[str, Callable[[Fetched], Iterable[Any]]]]:
        of = self._object(get_named_type(asked.definition.type))
        parts: list[tuple[str, Callable[[Fetched], Iterable[Any]]]] = []
        for each in self._shape.below(asked, of):
            match each.name:
                case "__typename":
                    parts.append((each.answer, lambda page: [of.name] * len(page.slice.rows)))
                case "cursor":
                    parts.append((each.answer, pages.cursors))
                case "node":
                    parts.append((each.answer, pages.nodes(self._rows_of(made, shown, each))))
                case _:
                    raise Unsupported(each.name)
        return parts

    def _rows_of(self, made: Pages, shown: Listing, asked: Asked) -> Rows:
        rows = self._rows(shown, asked)
        made.rows.append(rows)
        return rows

    @staticmethod
    def _object(of: GraphQLNamedType | None) -> GraphQLObjectType:
        if not isinstance(of, GraphQLObjectType):
            raise Unsupported(str(of))
        return of


class Plan:
    """How a query is answered: its first fields, and what hangs below them. Kept, and run by many at once."""

    def __init__(self, roots: list[tuple[str, Root]]) -> None:
        self._roots = roots

    async def run(self, run: Run) -> Row:
        """The data of the answer. Whatever it raises, the resolvers will tell better."""
        answers = await together([root.answer(run) for _, root in self._roots])
        await run.finish()
        return {answer: value for (answer, _), value in zip(self._roots, answers, strict=True)}
