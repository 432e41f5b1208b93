"""What GET answers: questions about the schema alone. Data is asked for with POST, so that no address holds a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson
from graphql import DefinitionNode, FieldNode, GraphQLError, OperationDefinitionNode, OperationType

from graphql_api import rights
from graphql_api.limits import parsed

ABOUT_THE_SCHEMA: Final = rights.ABOUT_THE_SCHEMA | {"__typename"}


def asked_by_get(parameters: Mapping[str, str]) -> dict[str, Any] | None:
    """The operation that the parameters of an address ask for; None where it is about more than the schema.

    Foreign pages make browsers send GET unasked, and addresses stay in histories and in logs on the way.
    """
    try:
        document = parsed(parameters.get("query", ""))
        variables = orjson.loads(parameters.get("variables", "null"))
    except (GraphQLError, RecursionError, orjson.JSONDecodeError):
        return None
    if not isinstance(variables, dict | None) or not all(map(_about_the_schema, document.definitions)):
        return None
    return {
        "query": parameters["query"],
        "variables": variables,
        "operationName": parameters.get("operationName"),
    }


def _about_the_schema(definition: DefinitionNode) -> bool:
    return (
        isinstance(definition, OperationDefinitionNode)
        and definition.operation is OperationType.QUERY
        and all(
            isinstance(selection, FieldNode) and selection.name.value in ABOUT_THE_SCHEMA
            for selection in definition.selection_set.selections
        )
    )
