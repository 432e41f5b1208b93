"""How much a document may ask for: counted on the parsed document, before it is validated or run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLResolveInfo,
    GraphQLSyntaxError,
    IntValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_operation_ast,
    parse,
)
from strawberry.extensions import SchemaExtension

from domain.kernel import Message
from graphql_api.context import Asking
from graphql_api.told import Told

TOKENS: Final = 2_000
DEPTH: Final = 15
FIELDS: Final = 500
ALIASES: Final = 30
OPERATIONS: Final = 10
FRAGMENTS: Final = 50
"""How many a document may define, and how often it may spread one: validation compares each with each."""
ROWS: Final = 3_000
WIDEST_PAGE: Final = 100
COMMANDS: Final = "commands"
MOST_COMMANDS: Final = 100
COUNTED: Final = "totalCount"
COUNTING: Final = 100
"""What it costs to count the rows of a page's list, beside the field: up to 10,000 of them are looked at."""
MOST_KEPT: Final = 64
LONGEST_KEPT: Final = 20_000
"""Documents that are kept parsed, and the characters that one may have for it: most are sent over and over."""


class LimitExceeded(Told):
    """The document asks for too much at once. `code` says of what."""

    def __init__(self, code: str, en: str, de: str) -> None:
        super().__init__(Message(en, de), extensions={"code": code})


@dataclass(frozen=True, slots=True)
class Size:
    """What a selection comes to when its fragments are spread and its pages are full. `cost` is its fields, each
    counted as often as there may be rows that it is asked of; `counting` is what it costs to count the rows of the page
    that it is the selection of, once for each such page.
    """

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    rows: int = 0
    cost: int = 0
    counting: int = 0


Variables = Mapping[str, Any]
Sizes = Mapping[str, Size]
"""The sizes of a document's operations, by their names; that of one without a name by the empty one."""


def read(query: str, variables: Variables) -> DocumentNode:
    """The parsed document. Raises GraphQLError where it is malformed, and `LimitExceeded` where it is too large."""
    return measured(query, variables)[0]


def measured(query: str, variables: Variables) -> tuple[DocumentNode, Sizes]:
    """The parsed document and how large its operations are. Raises as `read` does."""
    try:
        document = parsed(query)
        sizes = check(document, variables)
    except RecursionError as error:
        raise _too_deep() from error
    except GraphQLSyntaxError as error:
        if str(TOKENS) not in error.message:
            raise
        raise LimitExceeded(
            "QUERY_TOO_LARGE",
            f"The document has more than {TOKENS:,} tokens; split it into several requests.",
            f"Das Dokument hat mehr als {TOKENS} Token; bitte auf mehrere Anfragen verteilen.",
        ) from error
    return document, sizes


def _too_deep() -> LimitExceeded:
    return LimitExceeded(
        "QUERY_TOO_DEEP",
        f"The document is nested deeper than {DEPTH} levels.",
        f"Das Dokument ist tiefer als {DEPTH} Ebenen verschachtelt.",
    )


def parsed(query: str) -> DocumentNode:
    """The document of a text. Raises GraphQLError where it is malformed or has too many tokens."""
    return _kept(query) if len(query) <= LONGEST_KEPT else _parsed(query)


def _parsed(query: str) -> DocumentNode:
    return parse(query, max_lexical_tokens=TOKENS, max_comments=TOKENS)


_kept = lru_cache(MOST_KEPT)(_parsed)


def spend(asking: Asking, size: Size) -> None:
    """Notes what an operation costs, at the expense of who asks for it. Raises `LimitExceeded` where that is more than
    their role may ask for at once.
    """
    asking.cost = size.cost
    if size.cost > asking.most_cost:
        raise LimitExceeded(
            "TOO_COSTLY",
            f"The operation may cost {size.cost:,}, more than {asking.most_cost:,}: each field counts once for each "
            "row it is asked of. Ask for fewer rows with `first`, or for fewer fields.",
            f"Die Anfrage kann {size.cost} kosten, mehr als {asking.most_cost}: jedes Feld zählt einmal je Zeile, für "
            "die es erfragt wird. Bitte mit `first` weniger Zeilen oder weniger Felder erfragen.",
        )
    asking.spent(size.cost)


def cost_below(info: GraphQLResolveInfo[Any]) -> int:
    """What the selection of the field being resolved costs for one row."""
    sets = [node.selection_set for node in info.field_nodes if node.selection_set]
    given: Any = info.variable_values  # a dictionary, whatever its type says
    return sum([_measure(each, info.fragments, given, {}, frozenset()).cost for each in sets])


def check(document: DocumentNode, variables: Variables) -> Sizes:
    """The sizes of a document's operations. Raises `LimitExceeded` where one is too deep or too wide."""
    fragments = {part.name.value: part for part in document.definitions if isinstance(part, FragmentDefinitionNode)}
    operations = [part for part in document.definitions if isinstance(part, OperationDefinitionNode)]
    if len(operations) > OPERATIONS:
        raise LimitExceeded(
            "TOO_MANY_OPERATIONS",
            f"The document has more than {OPERATIONS} operations; split it.",
            f"Das Dokument hat mehr als {OPERATIONS} Operationen; bitte teilen.",
        )
    spread = sum(_spread(part.selection_set) for part in (*operations, *fragments.values()))
    if max(len(document.definitions) - len(operations), spread) > FRAGMENTS:
        raise LimitExceeded(
            "TOO_MANY_FRAGMENTS",
            f"The document defines or spreads more than {FRAGMENTS} fragments; write fields in their place.",
            f"Das Dokument hat oder nutzt mehr als {FRAGMENTS} Fragmente; bitte Felder an ihrer Stelle schreiben.",
        )
    sizes: dict[str, Size] = {}
    measured: dict[str, Size] = {}
    for part in (*operations, *fragments.values()):
        size = _measure(part.selection_set, fragments, variables, measured, frozenset())
        if isinstance(part, OperationDefinitionNode):
            sizes[part.name.value if part.name else ""] = size
        if size.depth > DEPTH:
            raise _too_deep()
        if size.aliases > ALIASES:
            raise LimitExceeded(
                "TOO_MANY_ALIASES",
                f"The operation has more than {ALIASES} aliases; send several requests instead.",
                f"Die Anfrage hat mehr als {ALIASES} Aliasse; bitte auf mehrere Anfragen verteilen.",
            )
        if size.fields > FIELDS:
            raise LimitExceeded(
                "TOO_MANY_FIELDS",
                f"The operation selects more than {FIELDS} fields; send several requests instead.",
                f"Die Anfrage wählt mehr als {FIELDS} Felder; bitte auf mehrere Anfragen verteilen.",
            )
        if size.rows > ROWS:
            raise LimitExceeded(
                "TOO_MANY_ROWS",
                f"The pages of the operation, one below the other, may come to {size.rows:,} rows, more than {ROWS:,}; "
                "ask for fewer with `first`.",
                f"Die Seiten der Anfrage können, eine unter der anderen, {size.rows} Zeilen ergeben, mehr als {ROWS}; "
                "bitte mit `first` weniger erfragen.",
            )
    return sizes


def _spread(selections: SelectionSetNode) -> int:
    """How often fragments are spread, as it is written."""
    found = 0
    for selection in selections.selections:
        nested: SelectionSetNode | None = getattr(selection, "selection_set", None)
        found += isinstance(selection, FragmentSpreadNode) + (0 if nested is None else _spread(nested))
    return found


def _measure(
    selections: SelectionSetNode,
    fragments: dict[str, FragmentDefinitionNode],
    variables: Variables,
    measured: dict[str, Size],
    inside: frozenset[str],
) -> Size:
    """Each fragment is measured once, however often it is spread; a circle is left for validation to refuse."""
    total = Size()
    for selection in selections.selections:
        if isinstance(selection, FragmentSpreadNode):
            name = selection.name.value
            if name in inside or name not in fragments:
                continue
            if name not in measured:
                measured[name] = _measure(
                    fragments[name].selection_set, fragments, variables, measured, inside | {name}
                )
            below = measured[name]
        else:
            nested: SelectionSetNode | None = getattr(selection, "selection_set", None)
            below = Size() if nested is None else _measure(nested, fragments, variables, measured, inside)
            if isinstance(selection, FieldNode):
                page = _page(selection, variables)
                below = Size(
                    depth=below.depth + 1,
                    fields=below.fields + 1,
                    aliases=below.aliases + (selection.alias is not None),
                    rows=below.rows if page is None else page * (1 + below.rows),
                    cost=1 + (1 if page is None else page) * below.cost + below.counting,
                    counting=COUNTING if selection.name.value == COUNTED else 0,
                )
        total = Size(
            depth=max(total.depth, below.depth),
            fields=total.fields + below.fields,
            aliases=total.aliases + below.aliases,
            rows=total.rows + below.rows,
            cost=total.cost + below.cost,
            counting=total.counting + below.counting,
        )
    return total


def _page(field: FieldNode, variables: Variables) -> int | None:
    """How many rows a field asks for; the most there can be where that is not to be seen."""
    sizes = [
        _size(argument.value, variables)
        for argument in field.arguments or ()
        if argument.name.value in ("first", "last")
    ]
    sizes += [
        _length(argument.value, variables) for argument in field.arguments or () if argument.name.value == COMMANDS
    ]
    return max((size for size in sizes if size is not None), default=None)


def _length(given: ValueNode, variables: Variables) -> int:
    """How many commands a field is given: each answers for itself, as a row of a page does. The most there can be where
    a variable is left to its default.
    """
    if isinstance(given, VariableNode) and given.name.value not in variables:
        return MOST_COMMANDS
    value = variables[given.name.value] if isinstance(given, VariableNode) else getattr(given, "values", None)
    return len(value) if isinstance(value, (list, tuple)) else 1


def _size(given: ValueNode, variables: Variables) -> int | None:
    value: Any = None
    if isinstance(given, NullValueNode):
        return None
    if isinstance(given, IntValueNode) and len(given.value) < 9:
        value = int(given.value)
    elif isinstance(given, VariableNode):
        return size_given(given.name.value, variables)
    return value if isinstance(value, int) and 0 < value <= WIDEST_PAGE else WIDEST_PAGE


def size_given(name: str, variables: Variables) -> int | None:
    """How many rows a variable asks for; None where it is null, the most there can be where it is no number."""
    value = variables.get(name)
    if value is None and name in variables:
        return None
    return value if isinstance(value, int) and 0 < value <= WIDEST_PAGE else WIDEST_PAGE


class Limits(SchemaExtension):
    """Parses the document in place of Strawberry, within the limits."""

    def on_parse(self) -> Iterator[Any]:
        """Leaves the parsed document where execution looks for it, and the kind of its operation."""
        context = self.execution_context
        if context.graphql_document is None and context.query:
            context.graphql_document, sizes = measured(context.query, context.variables or {})
            operation = get_operation_ast(context.graphql_document, context.operation_name)
            if operation is not None and isinstance(context.context, Asking):
                context.context.operation = operation.operation.value
                spend(context.context, sizes[operation.name.value if operation.name else ""])
        yield None
