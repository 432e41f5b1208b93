"""The API's ports to the real world: waiting for read models, and what happens when too much comes at once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import uuid4

import psycopg
import pytest

from domain.efile.commands import DefineFilePlanUnit
from domain.efile.vocabulary import DisposalKind
from domain.families import FAMILIES
from domain.requests import Outcome, Overloaded, Request
from graphql_api.context import FETCHED_AT_ONCE
from graphql_api.ports import NotYetReadable, Reader
from infra.asgi import ports
from infra.asgi.ports import LedgerCommands, read_models
from infra.asgi.positions import Positions, listening
from infra.database import Database
from infra.ledger import Ledger
from infra.projector import Projector
from projections.families import PROJECTIONS
from projections.model import find
from projections.query import Statement
from tests.api import Api, unused
from tests.database import CLERK
from tests.scenario import TODAY

pytestmark = pytest.mark.any_server

NAMES = ("record", "event")


@dataclass
class Counting:
    """Counts the statements that go through to the real reader."""

    reader: Reader
    statements: int = 0
    answered: list[Sequence[tuple[Any, ...]]] = field(default_factory=list)

    async def fetch(self, statement: Statement) -> Sequence[tuple[Any, ...]]:
        self.statements += 1
        rows = await self.reader.fetch(statement)
        self.answered.append(rows)
        return rows


def a_command() -> Request:
    command = DefineFilePlanUnit(
        code=unused("W").replace("/", "."),
        title="Wasserrecht",
        retention_years=10,
        disposal_kind=DisposalKind.APPRAISE,
        valid_from=TODAY,
    )
    return Request(command=command, principal=CLERK, idempotency_key=str(uuid4()))


def recorded(ledger: Ledger) -> int:
    """The position of a new event."""
    position = ledger.handle(a_command()).last_position
    assert position is not None
    return position


def test_who_waits_is_woken_when_the_read_models_have_come_so_far(
    api: Api, api_database: Database, api_ledger: Ledger
) -> None:
    async def wait() -> None:
        async with read_models(api_database) as reader:
            positions = Positions(reader)
            async with listening(api_database.conninfo("reader"), positions):
                before = await asyncio.to_thread(recorded, api_ledger)
                waiting = asyncio.create_task(positions.wait_for(before + 1, NAMES, 30))
                await positions.wait_for(before, NAMES, 30)
                assert not waiting.done()
                assert await asyncio.to_thread(recorded, api_ledger) == before + 1
                await waiting

    asyncio.run(wait())


def test_what_was_seen_is_not_asked_for_again(api: Api, api_database: Database, api_ledger: Ledger) -> None:
    async def wait() -> int:
        async with read_models(api_database) as reader:
            counting = Counting(reader)
            positions = Positions(counting)
            position = await asyncio.to_thread(recorded, api_ledger)
            await positions.wait_for(position, NAMES, 30)
            asked = counting.statements
            await asyncio.gather(*(positions.wait_for(position, NAMES, 30) for _ in range(50)))
            return counting.statements - asked

    assert asyncio.run(wait()) == 0


def test_all_who_wait_share_a_question(api: Api, api_database: Database, api_ledger: Ledger) -> None:
    async def wait() -> Counting:
        async with read_models(api_database) as reader:
            counting = Counting(reader)
            positions = Positions(counting)
            position = await asyncio.to_thread(recorded, api_ledger)
            waiting = [asyncio.create_task(positions.wait_for(position + 1, NAMES, 30)) for _ in range(100)]
            await asyncio.to_thread(recorded, api_ledger)
            await asyncio.gather(*waiting)
            return counting

    assert asyncio.run(wait()).statements < 20


def test_without_a_notification_who_waits_looks_for_themselves(
    api: Api, api_database: Database, api_ledger: Ledger
) -> None:
    async def wait() -> None:
        async with read_models(api_database) as reader:
            positions = Positions(reader)  # nobody listens
            position = await asyncio.to_thread(recorded, api_ledger)
            waiting = asyncio.create_task(positions.wait_for(position + 1, NAMES, 30))
            await positions.wait_for(position, NAMES, 30)
            await asyncio.to_thread(recorded, api_ledger)
            await waiting

    asyncio.run(wait())


T = TypeVar("T")


async def eventually(look: Callable[[], Awaitable[T]]) -> T:
    """The first answer that is not empty."""
    async with asyncio.timeout(30):
        while True:
            if found := await look():
                return found
            await asyncio.sleep(0.01)


def test_a_lost_listener_comes_back(api: Api, api_database: Database) -> None:
    async def listeners(admin: psycopg.AsyncConnection[Any], known: set[int]) -> set[int]:
        found = await admin.execute("select pid from pg_stat_activity where query = 'listen projector'")
        return {pid for (pid,) in await found.fetchall()} - known

    async def lose() -> None:
        async with (
            await psycopg.AsyncConnection.connect(api_database.admin, autocommit=True) as admin,
            read_models(api_database) as reader,
        ):
            others = await listeners(admin, set())
            async with listening(api_database.conninfo("reader"), Positions(reader)):
                ours = await eventually(lambda: listeners(admin, others))
                await admin.execute("select pg_terminate_backend(%s)", tuple(ours))
                assert await eventually(lambda: listeners(admin, others | ours))

    asyncio.run(lose())


def test_what_was_seen_before_a_crash_of_the_database_is_looked_at_anew(database: Database, ledger: Ledger) -> None:
    async def crash() -> None:
        position = await asyncio.to_thread(recorded, ledger)
        follows = Projector(database, FAMILIES, [find(PROJECTIONS, name) for name in NAMES], ())
        await asyncio.to_thread(follows.catch_up)
        async with (
            await psycopg.AsyncConnection.connect(database.admin, autocommit=True) as admin,
            read_models(database) as reader,
        ):
            positions = Positions(reader)
            async with listening(database.conninfo("reader"), positions):
                await positions.wait_for(position, NAMES, 30)
                # Read models are written without waiting for the disk, so a crash may take their last positions.
                await admin.execute("update projector.projection set position = 0")
                await admin.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = current_database() and query like 'listen%'"
                )

                async def unsure() -> NotYetReadable | None:
                    try:
                        await positions.wait_for(position, NAMES, 0)
                    except NotYetReadable as behind:
                        return behind
                    return None

                behind = await eventually(unsure)
                assert behind is not None
                assert behind.reached == 0

    asyncio.run(crash())


def test_who_waits_in_vain_learns_how_far_the_read_models_have_come(api: Api, api_database: Database) -> None:
    async def wait(names: Sequence[str]) -> NotYetReadable:
        async with read_models(api_database) as reader:
            with pytest.raises(NotYetReadable) as caught:
                await Positions(reader).wait_for(10**9, names, 0.3)
            return caught.value

    assert asyncio.run(wait(NAMES)).reached > 0
    assert asyncio.run(wait(["no such read model"])).reached == 0


def test_when_too_many_commands_wait_the_next_is_told_so(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "COMMANDS_AT_ONCE", 1)
    monkeypatch.setattr(ports, "COMMANDS_WAITING", 2)

    async def crowd() -> list[Outcome | BaseException]:
        with LedgerCommands(ledger) as commands:
            return await asyncio.gather(*(commands.handle(a_command()) for _ in range(5)), return_exceptions=True)

    answers = asyncio.run(crowd())
    assert [type(answer) for answer in answers] == [Outcome, Outcome, Outcome, Overloaded, Overloaded]


def test_a_connection_whose_planning_was_broken_off_is_told_anew_how_to_plan(api_database: Database) -> None:
    class BrokenOff(ports._Connection):
        broken = True

        async def execute(self, *asked: Any, **options: Any) -> Any:
            done = await super().execute(*asked, **options)
            if self.broken:
                raise asyncio.CancelledError
            return done

    async def run() -> Any:
        async with await BrokenOff.connect(api_database.conninfo("reader"), autocommit=True) as connection:
            with pytest.raises(asyncio.CancelledError):
                await connection.plan(steady=True)
            connection.broken = False
            await connection.plan(steady=False)
            return await (await connection.execute("show plan_cache_mode")).fetchone()

    assert asyncio.run(run()) == ("auto",)


@dataclass
class Watching:
    """Notes how many statements run at the same time on the real reader."""

    reader: Reader
    running: int = 0
    most: int = 0

    async def fetch(self, statement: Statement) -> Sequence[tuple[Any, ...]]:
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            return await self.reader.fetch(statement)
        finally:
            self.running -= 1


@pytest.mark.parametrize("below", ["totalCount", "nodes { availableCommands { allowed } }"])
def test_one_request_has_few_statements_run_at_once(api: Api, below: str) -> None:
    roots = " ".join(f"r{n}: records(first: 1) {{ {below} }}" for n in range(12))
    watching = Watching(api.app.state.endpoint.reader)
    with api.endpoint_with(reader=watching):
        api.ask(f"{{ {roots} }}")
    assert 1 < watching.most <= FETCHED_AT_ONCE < ports.READS_AT_ONCE


async def timeout_of(database: Database) -> str:
    async with read_models(database) as reader:
        ((value,),) = await reader.fetch(Statement("select current_setting('statement_timeout')", ()))
    return str(value)


def test_the_server_itself_ends_a_statement_that_nobody_waits_for(database: Database) -> None:
    assert asyncio.run(timeout_of(database)) == f"{ports.FETCH_SECONDS:.0f}s"
