"""`stadtbuch bench graphql_cost`: processor time a request of plans, of resolvers, and of Strawberry by its guide.

All three answer the same two questions over the same rows, through the ASGI interface of this process.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson
import psycopg
import strawberry
import uvloop
from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool
from strawberry.asgi import GraphQL
from strawberry.schema.config import StrawberryConfig

from benchmarks.append import KEK
from benchmarks.harness import Result, fresh_database, machine, ratios, report, scratch_server, to_stderr
from benchmarks.projections import City
from domain.families import FAMILIES
from graphql_api.plans import Plans, Prepared
from graphql_api.scalars import SCALARS, BigInt
from infra.asgi.app import create_app
from infra.database import Database
from infra.ledger import Ledger
from infra.projector import Projector
from infra.settings import Settings
from projections.families import PROJECTIONS, REPORTS

QUESTIONS: Final = {
    "connection of 50 × 8": """query {
      files(first: 50, orderBy: [{ by: REFERENCE }]) {
        nodes { reference status planCode leadUnit custodianUnit confidentiality medium openedOn }
      }
    }""",
    "events of 100 × 8": """query {
      events(first: 100, orderBy: [{ by: POSITION }]) {
        nodes { position version topic recordedAt effectiveAt actor role channel }
      }
    }""",
}
TARGET: Final = 0.2
Ask = Callable[[str], Awaitable[bytes]]


class Resolvers(Plans):
    """No plan for anything."""

    def find(self, *_: Any) -> Prepared | None:
        return None


@strawberry.type
class File:
    reference: str
    status: str
    plan_code: str
    lead_unit: str
    custodian_unit: str
    confidentiality: str
    medium: str
    opened_on: date


@strawberry.type
class Event:
    position: BigInt
    version: BigInt
    topic: str
    recorded_at: datetime
    effective_at: datetime
    actor: UUID
    role: str
    channel: str


@strawberry.type
class Files:
    nodes: list[File]


@strawberry.type
class Events:
    nodes: list[Event]


@strawberry.enum
class By(Enum):
    REFERENCE = "reference"
    POSITION = "position"


@strawberry.input
class Order:
    by: By


def plain(pool: AsyncConnectionPool[Any]) -> GraphQL[Any, Any]:
    """The lists as Strawberry's guide would have them: a type for a row, a resolver for a list, a statement in it."""

    async def fetch(row: type, table: str, first: int, order_by: list[Order]) -> list[Any]:
        order = ", ".join(each.by.value for each in order_by)
        names = ", ".join(row.__annotations__)
        async with pool.connection() as connection, connection.cursor(row_factory=class_row(row)) as cursor:
            await cursor.execute(f"select {names} from read.{table} order by {order} limit %s".encode(), (first,))
            return await cursor.fetchall()

    @strawberry.type
    class Query:
        @strawberry.field
        async def files(self, first: int, order_by: list[Order]) -> Files:
            return Files(nodes=await fetch(File, "file", first, order_by))

        @strawberry.field
        async def events(self, first: int, order_by: list[Order]) -> Events:
            return Events(nodes=await fetch(Event, "event", first, order_by))

    return GraphQL(strawberry.Schema(Query, config=StrawberryConfig(scalar_map=SCALARS)))


def asked(app: Any, headers: Mapping[str, str]) -> Ask:
    """Asks an application as a server would."""
    sent = [(name.encode(), value.encode()) for name, value in {"content-type": "application/json", **headers}.items()]
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "scheme": "http", "path": "/graphql",
        "raw_path": b"/graphql", "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1), "server": None,
    }  # fmt: skip

    async def ask(question: str) -> bytes:
        answered: list[bytes] = []
        body = orjson.dumps({"query": question})

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            answered.append(message.get("body", b""))

        length = (b"content-length", str(len(body)).encode())
        await app({**scope, "headers": [(b"host", b"localhost"), *sent, length]}, receive, send)
        return b"".join(answered)

    return ask


@asynccontextmanager
async def sides(database: Database, ledger: Ledger) -> AsyncIterator[dict[str, Ask]]:
    """The three, each ready to be asked."""
    app, other = (create_app(Settings(), database, ledger) for _ in range(2))
    async with AsyncExitStack() as stack:
        for each in (app, other):
            await stack.enter_async_context(each.router.lifespan_context(each))
        other.state.endpoint = replace(other.state.endpoint, plans=Resolvers(other.state.endpoint.schema))
        options = {"autocommit": True}
        pool = AsyncConnectionPool(database.conninfo("reader"), min_size=1, max_size=8, kwargs=options, open=False)
        await stack.enter_async_context(pool)
        headers = {"stadtbuch-role": "auditor"}
        yield {"plans": asked(app, headers), "resolvers": asked(other, headers), "plain": asked(plain(pool), {})}


async def cost(ask: Ask, question: str, seconds: float) -> float:
    """µs of this process for one request."""
    await ask(question)
    began, used, number = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - began < seconds:
        await ask(question)
        number += 1
    return (time.process_time() - used) / number * 1e6


async def check_same(ways: Mapping[str, Ask]) -> None:
    """Raises RuntimeError unless all answer the same rows with the same fields."""
    for name, question in QUESTIONS.items():
        found = [next(iter(orjson.loads(await ask(question))["data"].values()))["nodes"] for ask in ways.values()]
        told = {tuple((*row, next(iter(row.values()))) for row in rows) for rows in found}
        if len(told) != 1:
            raise RuntimeError(f"{name}: the three answer differently: {str(told)[:2000]}")


async def measure(database: Database, ledger: Ledger, options: argparse.Namespace) -> list[Result]:
    """All results, in interleaved rounds."""
    results = []
    async with sides(database, ledger) as ways:
        await check_same(ways)
        for name, question in QUESTIONS.items():
            found: dict[str, list[float]] = {way: [] for way in ways}
            for number in range(1, options.rounds + 1):
                for way, ask in ways.items():
                    found[way].append(await cost(ask, question, options.seconds))
                to_stderr(
                    f"{name}, round {number}: {', '.join(f'{way} {runs[-1]:,.0f} µs' for way, runs in found.items())}"
                )
            for other, target in (("plain", TARGET), ("resolvers", 1.0)):
                pairs = ratios(found["plans"], found[other])
                absolute = {f"{way}, µs": sorted(found[way])[options.rounds // 2] for way in ("plans", other)}
                what = {"plain": "plain Strawberry", "resolvers": "the resolvers"}[other]
                results.append(Result(f"{name}: plans to {what}", "ratio of costs", pairs, target, "lower", absolute))
    return results


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print; 0 where every target is met."""
    parser = argparse.ArgumentParser(prog="stadtbuch bench graphql_cost", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (default 5)")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of one measurement (default 2)")
    parser.add_argument("--events", type=int, default=20_000, help="size of the ledger (default 20,000)")
    parser.add_argument("--postgres-bin", type=Path, help="run on the server binaries of this directory")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    options = parser.parse_args(arguments)
    with scratch_server(options.postgres_bin) as server:
        database = fresh_database(server, "cost")
        city = City(database)
        city.grow(options.events)
        city.appender.close()
        Projector(database, FAMILIES, PROJECTIONS, REPORTS).catch_up()
        with psycopg.connect(database.admin, autocommit=True) as connection:
            connection.execute("vacuum analyze")
            about = machine(connection.info.server_version)
        ledger = Ledger(database, KEK, FAMILIES)
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                results = runner.run(measure(database, ledger, options))
        finally:
            ledger.close()
    return report("graphql_cost", about, results, as_json=options.json)


if __name__ == "__main__":
    raise SystemExit(main())
