"""How what goes wrong outside a mutation's payload is told: a code, a sentence, and never a stack or a statement."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, Final, Literal
from uuid import uuid4

from graphql import GraphQLError

from domain.kernel import Invalid, Message
from domain.requests import NotFound, Refused, Unavailable
from graphql_api.context import Asking
from graphql_api.naming import camel
from graphql_api.ports import Forbidden, NotYetReadable
from projections.query import BadCursor

LOG: Final = logging.getLogger("stadtbuch.graphql")

Blame = Literal["caller", "server", "later"]
"""Whom an error is to be laid to: HTTP says 400, 500 and 503."""

_CODES: Final[tuple[tuple[type[Exception], str, Blame], ...]] = (
    (BadCursor, "INVALID_CURSOR", "caller"),
    (Invalid, "INVALID", "caller"),
    (NotFound, "NOT_FOUND", "caller"),
    (Forbidden, "FORBIDDEN", "caller"),
    (NotYetReadable, "NOT_YET_READABLE", "later"),
    (Unavailable, "UNAVAILABLE", "later"),
    (Refused, "REFUSED", "caller"),
)

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
        return {"message": error.message, **entry, "extensions": extensions}, "caller"
    for foreseen, code, blame in _CODES:
        if isinstance(cause, foreseen) and isinstance(cause, Invalid | Refused):
            extensions = {"code": code}
            if isinstance(cause, Invalid):
                extensions["field"] = ".".join(camel(part) for part in cause.field.split("."))
            if isinstance(cause, NotYetReadable):
                extensions |= {"position": str(cause.position), "reached": str(cause.reached)}
            return {"message": asking.say(cause.message), **entry, "extensions": extensions}, blame
    error_id = str(uuid4())
    LOG.error("error %s at %s", error_id, error.path, exc_info=cause)
    message = asking.say(_INTERNAL).format(id=error_id)
    return {"message": message, **entry, "extensions": {"code": "INTERNAL", "id": error_id}}, "server"
