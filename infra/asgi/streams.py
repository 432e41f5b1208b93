"""Runs subscriptions: messages as JSON, whoever carries them, until the token expires or the server stops."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import AbstractContextManager, aclosing, contextmanager, suppress
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final, NamedTuple

from graphql import GraphQLError, get_operation_ast
from prometheus_client import Gauge
from starlette.requests import HTTPConnection
from strawberry.types.execution import PreExecutionError

from domain.requests import Principal
from graphql_api.context import Asking
from graphql_api.errors import present
from graphql_api.following import Following
from graphql_api.limits import parsed
from graphql_api.ports import Live
from infra.asgi.access import Denied
from infra.asgi.allowance import Places, name_of, network_of
from infra.asgi.bearer import SignsIn
from infra.asgi.endpoint import NOT_EXECUTED, UNREADABLE, Endpoint

SUBSCRIPTION: Final = "subscription"
MOST_CONNECTIONS: Final = 5_000
MOST_OF_ONE: Final = 200
MOST_SUBSCRIPTIONS: Final = 20_000
MOST_SUBSCRIPTIONS_OF_ONE: Final = 1_000
MOST_ARRIVING: Final = 500
MOST_ARRIVING_OF_ONE: Final = 100
"""Connections of which nobody has said yet on whose behalf they are, and how many of them one network may have."""
LETTING_GO_SECONDS: Final = 5.0
CLOCK_SECONDS: Final = 60.0
_UNNAMED: Final = "Name the operation to execute in `operationName`."
_ELSEWHERE: Final = "Queries and mutations are answered by POST; what can be followed here are subscriptions."


class Answer(NamedTuple):
    """One message of a subscription. Where it is the `last`, the subscription has failed, and ends with it."""

    payload: dict[str, Any]
    last: bool


@dataclass(slots=True)
class Streams:
    """The connections over which somebody follows. `counted` shows how many there are."""

    live: Live
    sign_in: SignsIn
    counted: Gauge
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _arriving: Places = field(default_factory=lambda: Places(MOST_ARRIVING, MOST_ARRIVING_OF_ONE))
    _following: Places = field(default_factory=lambda: Places(MOST_CONNECTIONS, MOST_OF_ONE))
    _subscribed: Places = field(default_factory=lambda: Places(MOST_SUBSCRIPTIONS, MOST_SUBSCRIPTIONS_OF_ONE))
    _open: int = 0
    _empty: asyncio.Event = field(default_factory=asyncio.Event)

    @contextmanager
    def arriving(self, address: str) -> Iterator[None]:
        """A connection of nobody yet while the block runs. Raises Denied where there are too many of them, here or from
        one network: they take no place of those who follow.
        """
        with self._arriving.place(network_of(address)), self._opened():
            yield

    @contextmanager
    def connection(self, principal: Principal) -> Iterator[None]:
        """A connection while the block runs. Raises Denied where there are too many, or none is taken any more."""
        with self._following.place(name_of(principal)), self._opened(), self.counted.track_inprogress():
            yield

    def subscription(self, principal: Principal) -> AbstractContextManager[None]:
        """One of many subscriptions on a connection, while the block runs. Raises Denied where there are too many."""
        return self._subscribed.place(name_of(principal))

    @contextmanager
    def _opened(self) -> Iterator[None]:
        if self.stopping.is_set():
            raise Denied(503, "OVERLOADED", "This server is about to end. Try again.", {"Retry-After": "30"})
        self._open += 1
        self._empty.clear()
        try:
            yield
        finally:
            self._open -= 1
            if not self._open:
                self._empty.set()

    async def let_go(self) -> None:
        """Ends all connections, and waits a moment for them."""
        self.stopping.set()
        if self._open:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._empty.wait(), LETTING_GO_SECONDS)

    async def expired(self, connection: HTTPConnection) -> bool:
        """Waits until who is asking has to sign in again, or the server stops: True or False. Raises Denied.

        It looks at the clock again and again, which may be set or stand still.
        """
        until = (await self.sign_in(connection.headers)).until
        while (left := until - time.time()) > 0:
            with suppress(TimeoutError):
                return not await asyncio.wait_for(self.stopping.wait(), min(left, CLOCK_SECONDS))
        return True

    async def opened(
        self, endpoint: Endpoint, asked: Mapping[str, Any], connection: HTTPConnection
    ) -> tuple[Mapping[str, Any], Asking]:
        """The operation, with the text of its document, and who asks for it. Raises Denied, which costs as well."""
        asking = await endpoint.asking(connection)
        try:
            return {**asked, "query": await endpoint.documents.asked_for(asked, asking)}, asking
        except (Denied, asyncio.CancelledError):
            endpoint.allowance.spend(asking.principal, UNREADABLE)
            raise

    async def run(self, endpoint: Endpoint, asked: Mapping[str, Any], asking: Asking) -> AsyncGenerator[Answer, None]:
        """The messages of a subscription, until it ends by itself or is closed."""
        began = perf_counter()
        following = Following.of(asking, self.live)
        try:
            if kind_of(asked) is None:
                yield failure("BAD_REQUEST", _UNNAMED)
                return
            stream = await endpoint.schema.subscribe(
                asked["query"], asked.get("variables"), following, operation_name=asked.get("operationName")
            )
            async with aclosing(stream) as results:
                async for result in results:
                    if following.operation not in (None, SUBSCRIPTION):
                        yield failure("NOT_A_SUBSCRIPTION", _ELSEWHERE)
                        return
                    payload: dict[str, Any] = {"data": result.data}
                    if result.errors:
                        payload["errors"] = present(result.errors, following)[0]
                    failed = isinstance(result, PreExecutionError) or result.data is None
                    yield Answer(payload, failed)
                    if failed:
                        return
                    endpoint.allowance.check(asking.principal)
        except Denied as denied:
            yield _too_much(denied, following.at)
        except GraphQLError as error:
            yield Answer({"errors": present([error], following)[0]}, last=True)
        finally:
            if not following.cost:
                endpoint.allowance.spend(asking.principal, UNREADABLE)
            endpoint.took(following.operation or NOT_EXECUTED, began)


def kind_of(asked: Mapping[str, Any]) -> str | None:
    """The kind of operation that is asked for, an empty text where that cannot be read; None where it is not named."""
    try:
        operation = get_operation_ast(parsed(asked["query"]), asked.get("operationName"))
    except GraphQLError:
        return ""
    return None if operation is None else operation.operation.value


def _too_much(denied: Denied, at: int | None) -> Answer:
    """What a subscription ends with whose messages cost more than there was to spend; nothing is lost by it."""
    said, where = str(denied), {} if at is None else {"position": str(at)}
    if at is not None:
        said += f" Then go on after position {at}; all up to it has been told."
    return Answer({"errors": [{"message": said, "extensions": {"code": denied.code, **where}}]}, last=True)


def failure(code: str, message: str) -> Answer:
    """What a subscription ends with."""
    return Answer({"errors": [{"message": message, "extensions": {"code": code}}]}, last=True)
