"""The hub: one look for everybody, bounded memory for each, and nothing told twice or left out however slow one is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import uuid4

import pytest

from domain.efile.commands import DefineFilePlanUnit
from domain.efile.vocabulary import DisposalKind
from domain.kernel import Message
from domain.requests import Overloaded, Request, Unavailable
from graphql_api.context import Asking
from graphql_api.following import Following, events_at, followed, record_at
from graphql_api.lists import Listing
from infra.asgi import hub as module
from infra.asgi.hub import Hub
from infra.asgi.hub import following as hub_running
from infra.asgi.ports import read_models
from infra.asgi.positions import Positions, listening
from infra.database import Database
from infra.ledger import Ledger
from projections.families import PROJECTIONS
from projections.model import find
from projections.query import Op, Statement, Where
from tests.api import Api, unused
from tests.database import CLERK
from tests.infra.test_asgi_ports import Counting
from tests.scenario import TODAY
from tests.waiting import until

pytestmark = pytest.mark.any_server

TRAIL = Listing(find(PROJECTIONS, "event"), "Event")
INDEX = Listing(find(PROJECTIONS, "record"), "Record")
NAMES = ("event", "record")
ASKED = frozenset({"position", "topic"})


@dataclass
class Place:
    """A hub of its own on the database of the API, and what it asks."""

    hub: Hub
    reader: Counting
    ledger: Ledger

    def asking(self, role: str = "auditor", unit: str = "10") -> Following:
        nothing = cast(Any, None)
        principal = replace(CLERK, role=role, org_unit=unit)
        asking = Asking(principal, "en", nothing, self.reader, nothing, self.hub._positions, 5)
        return Following.of(asking, self.hub)

    async def record(self, many: int = 1) -> list[int]:
        """The positions of new events, recorded in one unit."""
        requests = [Request(command=_define(), principal=CLERK, idempotency_key=str(uuid4())) for _ in range(many)]
        outcomes = await asyncio.to_thread(self.ledger.handle_all, requests)
        return [cast(Any, outcome).last_position for outcome in outcomes]


@dataclass
class Behind:
    """A reader as it answers after a crash of PostgreSQL: the read models are back at a position, and what came later
    is not made again before they were asked three times how far they are."""

    reader: Any
    upto: int
    asked: int = 0

    async def fetch(self, statement: Statement) -> Any:
        rows = await self.reader.fetch(statement)
        if statement.sql.startswith("select name, position"):
            self.asked += 1
            return rows if self.asked > 3 else [(name, min(position, self.upto)) for name, position in rows]
        if self.asked > 3 or not statement.sql.startswith("select s.position"):
            return rows
        known = [row for row in rows if isinstance(row[1], int) and row[1] <= self.upto]
        return [(self.upto, *row[1:]) for row in known] or [(self.upto, *[None] * (len(rows[0]) - 1))]


def _define() -> DefineFilePlanUnit:
    return DefineFilePlanUnit(
        code=unused("H").replace("/", "."), title="Forst", retention_years=10, disposal_kind=DisposalKind.APPRAISE,
        valid_from=TODAY,
    )  # fmt: skip


@asynccontextmanager
async def place(database: Database, ledger: Ledger) -> AsyncIterator[Place]:
    async with read_models(database) as reader:
        counting = Counting(reader)
        positions = Positions(counting)
        listener = listening(database.conninfo("reader"), positions)
        async with listener, hub_running(counting, positions, PROJECTIONS) as hub:
            yield Place(hub, counting, ledger)


async def taken(asking: Following, where: list[Where], after: int, upto: int, most: int = 100) -> list[int]:
    """What somebody is told until that position."""
    found: list[int] = []
    async with aclosing(followed(asking, TRAIL, NAMES, where, after, most)) as batches:
        async for batch in batches:
            assert len(batch.positions) <= most
            found += batch.positions
            if found and found[-1] >= upto:
                return found
    raise AssertionError("it ended")


def test_many_who_follow_share_each_look_and_each_load(api: Api, api_database: Database, api_ledger: Ledger) -> None:
    async def run(many: int) -> int:
        async with place(api_database, api_ledger) as here:
            begun, all_begun = 0, asyncio.Event()
            rows: list[Any] = []

            async def follow() -> None:
                nonlocal begun
                asking = here.asking()
                async with aclosing(followed(asking, TRAIL, NAMES, [], None, 10)) as batches:
                    async for batch in batches:
                        begun += not batch.positions
                        if begun == many:
                            all_begun.set()
                        if batch.positions:
                            asking.renew()
                            rows.extend(await events_at(asking, TRAIL, ASKED, batch.positions))
                            return

            tasks = [asyncio.create_task(follow()) for _ in range(many)]
            await all_begun.wait()
            before = here.reader.statements
            (position,) = await here.record()
            await asyncio.gather(*tasks)
            assert [row["position"] for row in rows] == [position] * many
            return here.reader.statements - before

    few, many = asyncio.run(run(1)), asyncio.run(run(200))
    assert many <= few + 6, "looks that happen to fall into the same time"


@pytest.mark.parametrize("most", [1, 3])
def test_who_is_slow_is_put_back_and_loses_nothing(
    api: Api, api_database: Database, api_ledger: Ledger, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 5)
    monkeypatch.setattr(module, "REMEMBERED", 8)

    async def run() -> None:
        async with place(api_database, api_ledger) as here:
            where = [Where("family", Op.EQ, "efile")]
            told: list[tuple[int, bool]] = []
            expected: list[int] = []
            async with aclosing(followed(here.asking(), TRAIL, NAMES, where, None, most)) as batches:
                assert (await anext(batches)).positions == ()
                (follower,) = here.hub._followers
                for number in range(4):
                    expected += await here.record(1 + number * 10)
                    while here.hub.reached < expected[-1]:
                        await asyncio.sleep(0.01)
                        assert len(follower._waiting) <= 5
                    batch = await anext(batches)
                    told += [(position, batch.live) for position in batch.positions]
                while told[-1][0] < expected[-1]:
                    batch = await anext(batches)
                    told += [(position, batch.live) for position in batch.positions]
            assert [position for position, _ in told if position >= expected[0]] == expected
            assert {live for _, live in told} == {True, False}
            assert len(here.hub._remembered) <= 8

    asyncio.run(run())


def test_from_any_position_on_the_same_is_told(api: Api, api_database: Database, api_ledger: Ledger) -> None:
    async def run() -> None:
        async with place(api_database, api_ledger) as here:
            positions = await here.record(30)
            tellers = [
                asyncio.create_task(taken(here.asking(), [], after, positions[-1] + 10, most))
                for after in (positions[0] - 1, positions[10], positions[-2])
                for most in (1, 7, 100)
            ]
            await asyncio.sleep(0.2)
            last = (await here.record(10))[-1]
            assert last == positions[-1] + 10
            for told in await asyncio.gather(*tellers):
                assert told == list(range(told[0], last + 1))
            firsts = [task.result()[0] for task in tellers]
            assert firsts == [each + 1 for each in (positions[0] - 1, positions[10], positions[-2]) for _ in range(3)]

    asyncio.run(run())


def test_one_who_goes_takes_nothing_from_those_who_wait_for_the_same(
    api: Api, api_database: Database, api_ledger: Ledger
) -> None:
    async def run() -> None:
        async with place(api_database, api_ledger) as here:
            (position,) = await here.record()
            first, second = here.asking(), here.asking()
            for each in (first, second):
                each.renew()
            going = asyncio.create_task(cast(Any, events_at(first, TRAIL, ASKED, (position,))))
            staying = asyncio.create_task(cast(Any, events_at(second, TRAIL, ASKED, (position,))))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            going.cancel()
            await here.hub._positions.wait_for(position, NAMES, 30)
            assert await staying is not None
            assert going.cancelled()

    asyncio.run(run())


def test_offices_share_what_they_see_and_nothing_else(api: Api, api_database: Database, api_ledger: Ledger) -> None:
    async def run() -> None:
        async with place(api_database, api_ledger) as here:
            asking = [here.asking("clerk", unit) for unit in ("63.1", "63/2", "50")] + [here.asking("auditor", "63.1")]
            for each in asking:
                each.renew()
            first, second, third, fourth = (each._loaders for each in asking)
            assert first is second
            assert len({id(each) for each in (first, third, fourth)}) == 3

    asyncio.run(run())


def test_nobody_who_follows_is_looked_for_in_vain(api: Api, api_database: Database, api_ledger: Ledger) -> None:
    async def run() -> None:
        async with place(api_database, api_ledger) as here:
            (position,) = await here.record()
            assert await taken(here.asking(), [], position - 1, position) == [position]
            assert not here.hub._followers
            (position,) = await here.record()
            await here.hub._positions.wait_for(position, NAMES, 30)
            await asyncio.sleep(3 * module.GATHER_SECONDS)
            before = here.reader.statements
            await here.record()
            await asyncio.sleep(1)
            assert here.reader.statements == before, "who has gone costs no statement"
            (position,) = await here.record()
            assert await taken(here.asking(), [], position - 1, position) == [position]

    asyncio.run(run())


def test_there_may_be_so_many_and_no_more(
    api: Api, api_database: Database, api_ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_FOLLOWERS", 1)

    async def run() -> None:
        async with place(api_database, api_ledger) as here:
            with here.hub.follow([]), pytest.raises(Overloaded), here.hub.follow([]):
                pass
            with here.hub.follow([]):
                assert len(here.hub._followers) == 1

    asyncio.run(run())


@pytest.mark.parametrize("noticed", [False, True], ids=["not yet noticed", "noticed"])
def test_after_a_crash_nothing_is_lost_to_who_comes_back(
    api: Api, api_database: Database, api_ledger: Ledger, noticed: bool
) -> None:
    async def run() -> None:
        async with place(api_database, api_ledger) as here:
            (first,) = await here.record()
            with here.hub.follow([]):  # somebody else, so that the hub remembers what it told
                staying = asyncio.create_task(taken(here.asking(), [], first - 1, first + 5))
                await asyncio.to_thread(until, lambda: any(each.joined for each in tuple(here.hub._followers)))
                later = await here.record(5)
                assert await staying == [first, *later]
                here.reader.reader = behind = Behind(here.reader.reader, first)
                if noticed:
                    here.hub._positions.forget()
                    assert here.hub.since(first) is None
                asking, told, rows = here.asking(), list[int](), list[Any]()
                async with aclosing(followed(asking, TRAIL, NAMES, [], first, 100)) as batches:
                    while not told or told[-1] < later[-1]:
                        batch = await anext(batches)
                        if batch.positions:
                            asking.renew()
                            told += batch.positions
                            rows += await events_at(asking, TRAIL, ASKED, batch.positions)
                assert [row["position"] for row in rows] == told == later
                assert behind.asked > 3

    asyncio.run(run())


def test_after_a_crash_a_record_is_told_as_it_is_and_not_as_it_was(
    api: Api, api_database: Database, api_ledger: Ledger
) -> None:
    async def run() -> None:
        async with place(api_database, api_ledger) as here:
            request = Request(command=_define(), principal=CLERK, idempotency_key=str(uuid4()))
            outcome = cast(Any, await asyncio.to_thread(api_ledger.handle, request))
            position, asking = outcome.last_position, here.asking()
            await here.hub._positions.wait_for(position, NAMES, 30)
            here.reader.reader = Behind(here.reader.reader, position - 1)
            asking.renew()
            row = await record_at(asking, INDEX, NAMES, frozenset({"kind"}), outcome.record_id, position)
            assert row is not None
            assert row["kind"] == "file_plan_unit"

    asyncio.run(run())


@pytest.mark.parametrize("failure", [Unavailable(Message("away", "weg")), RuntimeError("a fault of ours")], ids=str)
def test_a_look_that_fails_is_taken_again(
    api: Api, api_database: Database, api_ledger: Ledger, failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    @dataclass
    class Failing:
        """The real reader, but for the next few looks of the hub."""

        reader: Any
        left: int = 3

        async def fetch(self, statement: Statement) -> Any:
            if self.left and "projection_status" in statement.sql and "event" in statement.sql:
                self.left -= 1
                raise failure
            return await self.reader.fetch(statement)

    async def run() -> None:
        async with place(api_database, api_ledger) as here:
            (before,) = await here.record()
            assert await taken(here.asking(), [], before - 1, before) == [before]
            following = asyncio.create_task(taken(here.asking(), [], before, before + 1))
            await asyncio.to_thread(until, lambda: any(each.joined for each in tuple(here.hub._followers)))
            failing = here.hub._reader = Failing(here.hub._reader)
            assert await here.record() == [before + 1]
            assert await following == [before + 1]
            assert failing.left == 0

    asyncio.run(run())
    assert any(record.name == "stadtbuch.hub" for record in caplog.records)
