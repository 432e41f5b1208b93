"""How much a document may ask for: counted on the parsed document, before it is validated or run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)
from strawberry.extensions import SchemaExtension

TOKENS: Final = 2_000
DEPTH: Final = 15
FIELDS: Final = 500
ALIASES: Final = 30
OPERATIONS: Final = 10


class LimitExceeded(GraphQLError):
    """The document asks for too much at once. `code` says of what."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message, extensions={"code": code})


@dataclass(frozen=True, slots=True)
class Size:
    """What a selection comes to when its fragments are spread."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0


def read(query: str) -> DocumentNode:
    """The parsed document. Raises GraphQLError where it is malformed, and `LimitExceeded` where it is too large."""
    try:
        document = parse(query, max_lexical_tokens=TOKENS, max_comments=TOKENS)
        check(document)
    except RecursionError as error:
        raise LimitExceeded("QUERY_TOO_DEEP", f"The document is nested deeper than {DEPTH} levels.") from error
    except GraphQLSyntaxError as error:
        if str(TOKENS) not in error.message:
            raise
        raise LimitExceeded(
            "QUERY_TOO_LARGE", f"The document has more than {TOKENS:,} tokens; split it into several requests."
        ) from error
    return document


def check(document: DocumentNode) -> None:
    """Raises `LimitExceeded` where an operation of the document is too deep or too wide."""
    fragments = {part.name.value: part for part in document.definitions if isinstance(part, FragmentDefinitionNode)}
    operations = [part for part in document.definitions if isinstance(part, OperationDefinitionNode)]
    if len(operations) > OPERATIONS:
        raise LimitExceeded("TOO_MANY_OPERATIONS", f"The document has more than {OPERATIONS} operations; split it.")
    measured: dict[str, Size] = {}
    for part in (*operations, *fragments.values()):
        size = _measure(part.selection_set, fragments, measured, frozenset())
        if size.depth > DEPTH:
            raise LimitExceeded("QUERY_TOO_DEEP", f"The operation is nested deeper than {DEPTH} levels.")
        if size.aliases > ALIASES:
            raise LimitExceeded(
                "TOO_MANY_ALIASES", f"The operation has more than {ALIASES} aliases; send several requests instead."
            )
        if size.fields > FIELDS:
            raise LimitExceeded(
                "TOO_MANY_FIELDS", f"The operation selects more than {FIELDS} fields; send several requests instead."
            )


def _measure(
    selections: SelectionSetNode,
    fragments: dict[str, FragmentDefinitionNode],
    measured: dict[str, Size],
    inside: frozenset[str],
) -> Size:
    """Each fragment is measured once, however often it is spread; a circle is left for validation to refuse."""
    depth = fields = aliases = 0
    for selection in selections.selections:
        if isinstance(selection, FragmentSpreadNode):
            name = selection.name.value
            if name in inside or name not in fragments:
                continue
            if name not in measured:
                measured[name] = _measure(fragments[name].selection_set, fragments, measured, inside | {name})
            below = measured[name]
        else:
            nested: SelectionSetNode | None = getattr(selection, "selection_set", None)
            below = Size() if nested is None else _measure(nested, fragments, measured, inside)
            if isinstance(selection, FieldNode):
                below = Size(
                    below.depth + 1, below.fields + 1, below.aliases + (1 if selection.alias is not None else 0)
                )
        depth, fields, aliases = max(depth, below.depth), fields + below.fields, aliases + below.aliases
    return Size(depth, fields, aliases)


class Limits(SchemaExtension):
    """Parses the document in place of Strawberry, within the limits."""

    def on_parse(self) -> Iterator[Any]:
        """Leaves the parsed document where execution looks for it."""
        context = self.execution_context
        if context.graphql_document is None and context.query:
            context.graphql_document = read(context.query)
        yield None
