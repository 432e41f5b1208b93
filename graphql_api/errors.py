"""How what goes wrong outside a mutation's payload is told: a code, a sentence, and never a stack or a statement."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from typing import Any, Final, Literal
from uuid import uuid4

from graphql import FieldNode, GraphQLError

from domain.kernel import Invalid, Message
from domain.requests import NotFound, Refused, Unavailable
from graphql_api.context import Asking
from graphql_api.naming import camel
from graphql_api.ports import Forbidden, NotYetReadable
from graphql_api.told import translated
from projections.query import BadCursor

LOG: Final = logging.getLogger("stadtbuch.graphql")

Blame = Literal["caller", "server", "early", "later"]
"""Whom an error is to be laid to: HTTP says 400, 500, 409 and 503."""

_CODES: Final[tuple[tuple[type[Exception], str, Blame], ...]] = (
    (BadCursor, "INVALID_CURSOR", "caller"),
    (Invalid, "INVALID", "caller"),
    (NotFound, "NOT_FOUND", "caller"),
    (Forbidden, "FORBIDDEN", "caller"),
    (NotYetReadable, "NOT_YET_READABLE", "early"),
    (Unavailable, "UNAVAILABLE", "later"),
    (Refused, "REFUSED", "caller"),
)

_HINT: Final = re.compile(r" Did you mean .*\?$", re.DOTALL)
"""What graphql-core adds where a name is nearly one of the schema's."""
_INTERNAL: Final = Message(
    "Something went wrong inside; nothing is shown of it. Tell the operators this error id: {id}.",
    "Intern ist etwas fehlgeschlagen; gezeigt wird davon nichts. Bitte dem Betrieb diese Fehlernummer nennen: {id}.",
)


def present(errors: Iterable[GraphQLError], asking: Asking) -> tuple[list[dict[str, Any]], Blame]:
    """The errors of an answer as JSON, and the gravest blame. What was not foreseen is logged under an id."""
    shown: list[dict[str, Any]] = []
    blame: Blame = "caller"
    for error in errors:
        entry, laid_to = _presented(error, asking)
        shown.append(entry)
        if laid_to == "server" or blame == "caller":
            blame = laid_to
    return shown, blame


def _presented(error: GraphQLError, asking: Asking) -> tuple[dict[str, Any], Blame]:
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    entry: dict[str, Any] = {}
    if error.locations:
        entry["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path is not None:
        entry["path"] = error.path
    if cause is None or isinstance(cause, GraphQLError):
        extensions = {"code": "BAD_REQUEST", **(error.extensions or {})}
        message = translated(error, asking.language)
        message = message if asking.may_inspect else _HINT.sub("", message)
        return {"message": message, **entry, "extensions": extensions}, "caller"
    for foreseen, code, blame in _CODES:
        if isinstance(cause, foreseen) and isinstance(cause, Invalid | Refused):
            extensions = {"code": code}
            if isinstance(cause, Invalid):
                extensions["field"] = ".".join(camel(part) for part in cause.field.split("."))
            if isinstance(cause, NotYetReadable):
                extensions |= {"position": str(cause.position), "reached": str(cause.reached)}
            return {"message": asking.say(cause.message), **entry, "extensions": extensions}, blame
    error_id = asking.trace_id or str(uuid4())
    # By the names of the schema: an alias is the caller's word.
    fields = ", ".join(node.name.value for node in error.nodes or () if isinstance(node, FieldNode))
    LOG.error("error %s at %s", error_id, fields or "the operation", exc_info=cause)
    message = asking.say(_INTERNAL).format(id=error_id)
    return {"message": message, **entry, "extensions": {"code": "INTERNAL", "id": error_id}}, "server"
