"""The GraphQL endpoint: one operation a POST, in JSON, within limits, and an answer that leaks nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any, Final

import orjson
from graphql import GraphQLError, OperationDefinitionNode
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from domain.kernel import Message
from domain.requests import Principal
from domain.rights import role_of
from graphql_api.context import Asking, preferred
from graphql_api.errors import present
from graphql_api.limits import parsed
from graphql_api.plans import Plans
from graphql_api.ports import Commands, Operations, Positions, Reader, Unsealer
from graphql_api.schema import Schema
from infra.asgi import tracing
from infra.asgi.access import LARGEST_BODY, Denied
from infra.asgi.allowance import Allowance
from infra.asgi.documents import TrustedDocuments, named

LONGEST_SECONDS: Final = 30.0
NOT_EXECUTED: Final = "refused"
UNREADABLE: Final = 100
"""What a document costs that is too large, or none."""
_STATUS: Final = {"caller": 400, "server": 500, "early": 409, "later": 503}
_GRAPHQL: Final = "application/graphql-response+json"
_JSON: Final = "application/json"
_ANSWERED: Final = (OperationType.QUERY, OperationType.MUTATION)
_STREAMED: Final = "Follow a subscription by WebSocket (graphql-transport-ws), or send Accept: text/event-stream."
_TOO_LONG: Final = Message(
    "The request took too long; what it may have recorded is safe. Ask for less at once.",
    "Die Anfrage dauerte zu lange; was sie aufgezeichnet haben mag, ist sicher. Bitte weniger auf einmal fragen.",
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Executes operations. `principal` tells from the headers who is asking; it raises Denied. `took` is told of which
    kind each operation was, and when it began. `allowance` knows how much everybody may ask for.
    """

    schema: Schema
    plans: Plans
    commands: Commands
    reader: Reader
    unsealer: Unsealer
    positions: Positions
    principal: Callable[[Any], Awaitable[Principal]]
    took: Callable[[str, float], None]
    allowance: Allowance
    documents: TrustedDocuments
    operations: Operations | None = None
    wait_seconds: float = 5.0

    async def __call__(self, request: Request) -> Response:
        """Answers a POST. What is malformed gets 400 to 415 and a typed error, as everything else does."""
        began = perf_counter()
        try:
            asked = await operation_in(request)
        except Denied as denied:
            self.took(NOT_EXECUTED, began)
            return refused(denied)
        return await self.answer(request, asked)

    async def answer(self, request: Request, asked: dict[str, Any]) -> Response:
        """Answers an operation, on behalf of whom the request's headers name."""
        began = perf_counter()
        try:
            asking = await self.asking(request)
        except Denied as denied:
            self.took(NOT_EXECUTED, began)
            return refused(denied)
        return await self.answered(asked, asking, request.headers.get("accept", ""), began)

    async def answered(self, asked: dict[str, Any], asking: Asking, accepted: str, began: float) -> Response:
        """Answers an operation of somebody who is known, in a media type that they accept."""
        try:
            query = await self.documents.asked_for(asked, asking)
            return await self._answer({**asked, "query": query}, asking, accepted)
        except Denied as denied:
            return refused(denied)
        finally:
            if not asking.cost:
                self.allowance.spend(asking.principal, UNREADABLE)
            kind = asking.operation or NOT_EXECUTED
            tracing.note(operation=kind, role=asking.principal.role, cost=asking.cost)
            self.took(kind, began)

    async def asking(self, request: HTTPConnection) -> Asking:
        """Who is asking, with what they need for one operation. Raises Denied, also for who has asked too much."""
        try:
            principal = await self.principal(request.headers)
        except Denied as denied:
            if denied.status == 401:
                self.allowance.stranger(request.client.host if request.client else "")
            raise
        self.allowance.check(principal)
        return Asking(
            principal=principal,
            language=preferred(request.headers.get("accept-language")),
            commands=self.commands,
            reader=self.reader,
            unsealer=self.unsealer,
            positions=self.positions,
            wait_seconds=self.wait_seconds,
            most_cost=self.allowance.most(principal.role),
            spent=partial(self.allowance.spend, principal),
            may_inspect=role_of(principal.role) in self.schema.inspectors,
            trace_id=tracing.trace_id(),
            operations=self.operations,
        )

    async def _answer(self, asked: dict[str, Any], asking: Asking, accepted: str) -> Response:
        query, variables, name = asked["query"], asked.get("variables"), asked.get("operationName")
        plan = self.plans.find(query, variables or {}, name, asking)
        if plan is None and name is None and _operations(query) > 1:
            return refused(Denied(400, "BAD_REQUEST", "Name the operation to execute in `operationName`."))
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                result = None if plan is None else await plan.run(asking)
                if result is None:
                    result = await self.schema.execute(
                        query, variables, asking, operation_name=name, allowed_operation_types=_ANSWERED
                    )
        except InvalidOperationTypeError:
            return refused(Denied(400, "SUBSCRIPTION", _STREAMED))
        except CannotGetOperationTypeError as error:
            return refused(Denied(400, "BAD_REQUEST", error.as_http_error_reason()))
        except TimeoutError:
            return refused(Denied(503, "TIMEOUT", asking.say(_TOO_LONG)))
        answer: dict[str, Any] = {}
        status, data = 200, result.data
        media_type = _GRAPHQL if _GRAPHQL in accepted else _JSON
        if result.errors:
            answer["errors"], blame = present(result.errors, asking)
            if not data or all(value is None for value in data.values()):
                # Nothing is answered, not even in part. GraphQL over HTTP keeps 200 for answers with data.
                status, data = _STATUS[blame], None
        if data is not None or status != 400:
            answer["data"] = data
        if status in (400, 409) and media_type == _JSON and _JSON in accepted:
            status = 200  # who asks for the older media type expects it, as GraphQL over HTTP says
        extensions: dict[str, Any] = {"cost": asking.cost} if asking.cost else {}
        if asking.as_of is not None:
            extensions["asOfPosition"] = str(asking.as_of)
        if extensions:
            answer["extensions"] = extensions
        return _response(answer, status, media_type)


def _operations(query: str) -> int:
    """How many operations a document has; 0 where it cannot be read, which execution will say better."""
    try:
        document = parsed(query)
    except (GraphQLError, RecursionError):
        return 0
    return sum(isinstance(definition, OperationDefinitionNode) for definition in document.definitions)


def _response(content: Any, status: int, media_type: str = _JSON) -> Response:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(orjson.dumps(content, option=orjson.OPT_UTC_Z), status, headers, media_type)


def refused(denied: Denied, **headers: str) -> Response:
    """The answer to a request that is not executed, in the form of a GraphQL answer."""
    response = _response({"errors": [{"message": str(denied), "extensions": {"code": denied.code}}]}, denied.status)
    response.headers.update({**denied.headers, **headers})
    if denied.status == 413:
        response.headers["Connection"] = "close"  # or the rest of the body would still be read, to be thrown away
    return response


async def _body(request: Request) -> bytes:
    """The body of a JSON request. Raises Denied for another type, and as soon as it grows too large."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != _JSON:
        raise Denied(415, "NOT_JSON", "Send the operation as JSON with Content-Type: application/json.")
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit() or int(declared) > LARGEST_BODY:
        raise _too_large()
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                raise _too_large()
    except ClientDisconnect as error:
        raise Denied(400, "DISCONNECTED", "The request was not sent whole.") from error
    return bytes(body)


def _too_large() -> Denied:
    return Denied(413, "BODY_TOO_LARGE", f"A request has at most {LARGEST_BODY // 1024} KB; send less at once.")


def _operation(body: bytes) -> dict[str, Any]:
    """`query` or `documentId`, `variables` and `operationName` of a request. Raises Denied."""
    try:
        asked = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Denied(400, "BAD_JSON", "The body is not JSON in UTF-8.") from error
    return operation_of(asked)


def operation_of(asked: Any) -> dict[str, Any]:
    """The same of what was read from JSON already. Raises Denied."""
    if isinstance(asked, list):
        raise Denied(400, "BATCH", "Batches are not taken: send one operation a request.")
    given = (named(asked) or asked.get("query")) if isinstance(asked, dict) else None
    if not isinstance(asked, dict) or not isinstance(given, str) or not given.strip():
        text = 'The body is an object with a `query` or a `documentId`: {"query": "{ … }", "variables": {}}.'
        raise Denied(400, "NO_QUERY", text)
    if not all(isinstance(asked.get(name), dict | None) for name in ("variables", "extensions")):
        raise Denied(400, "BAD_REQUEST", "`variables` and `extensions` are objects, where given.")
    if not isinstance(asked.get("operationName"), str | None):
        raise Denied(400, "BAD_REQUEST", "`operationName` is a string, where given.")
    return asked


async def operation_in(request: Request) -> dict[str, Any]:
    """The operation that a request asks for. Raises Denied."""
    return _operation(await _body(request))
