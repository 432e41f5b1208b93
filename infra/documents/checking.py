"""Whether a document is one that the API answers: within its limits, with an operation, and of its schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from graphql import GraphQLError, OperationDefinitionNode, specified_rules

from domain.families import FAMILIES
from graphql_api.limits import read
from graphql_api.schema import build
from graphql_api.validating import OneOf, errors_of
from projections.families import PROJECTIONS, REPORTS

_SHOWN: Final = 3
_RULES: Final = (*specified_rules, OneOf)


class _Smallest(dict[str, Any]):
    """Variables that ask for pages of one row: what is too much then is always."""

    def get(self, key: str, default: Any = None) -> Any:
        return 1


class Check:
    """Against the schema of this program."""

    def __init__(self) -> None:
        self._schema = build(FAMILIES, PROJECTIONS, REPORTS)._schema

    def __call__(self, text: str) -> list[str]:
        """What is wrong with a document, in the words of the API; nothing where it can be asked."""
        narrowest: Mapping[str, Any] = _Smallest()
        try:
            document = read(text, narrowest)
        except GraphQLError as error:
            return [_placed(error)]
        if not any(isinstance(part, OperationDefinitionNode) for part in document.definitions):
            return ["no operation: a fragment belongs in the file of each operation that spreads it"]
        return [_placed(error) for error in errors_of(self._schema, text, _RULES)[:_SHOWN]]


def operations(text: str) -> list[str]:
    """The names of a document's operations; their kind where they have none."""
    found = [part for part in read(text, _Smallest()).definitions if isinstance(part, OperationDefinitionNode)]
    return [part.name.value if part.name else part.operation.value for part in found]


def _placed(error: GraphQLError) -> str:
    place = f"line {error.locations[0].line}: " if error.locations else ""
    return f"{place}{error.message}"
