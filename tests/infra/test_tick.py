"""What time brings about, on a real database: found late or in time, recorded once, whoever asks and however often."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from domain.families import FAMILIES
from domain.kernel import Channel, Command, Effective, Sealed
from domain.library import commands as c
from domain.library.vocabulary import AgeBand, CancellationGround, HoldStatus, MediaType, WithdrawalGround
from domain.requests import Outcome, Request, Unavailable
from infra import tick
from infra.database import Database
from infra.imports.rehearsal import Rehearsal
from infra.ledger import Ledger
from infra.projector import Projector
from projections.duties import Duty
from projections.families import DUTIES, PROJECTIONS, REPORTS
from projections.library.duties import HOLD_EXPIRED
from projections.query import Op, Where
from tests.database import CLERK

pytestmark = [pytest.mark.database, pytest.mark.any_server]

IMPORTER = replace(CLERK, channel=Channel.IMPORT)
CENTRAL = "Zentralbibliothek"
PLACED = date(2025, 3, 3)
LAST_DAY = date(2025, 3, 13)  # ten days on the pick-up shelf, by the lending terms 2024-01
EXPIRES = LAST_DAY + timedelta(days=1)
ROOT = Path(__file__).parents[2]


@dataclass
class Library:
    """Readers and items, and holds that wait on the pick-up shelf."""

    ledger: Ledger
    database: Database
    numbers: Iterator[int] = field(default_factory=count)

    def request(self, command: Command, record: UUID | None = None, on: date = PLACED) -> Request:
        key = f"tick {next(self.numbers)}"
        return Request(
            command=command, principal=CLERK, idempotency_key=key, record_id=record, effective=Effective.on(on)
        )

    def do(self, requests: Sequence[Request]) -> list[UUID]:
        outcomes = self.ledger.handle_all(requests)
        assert all(isinstance(outcome, Outcome) for outcome in outcomes), outcomes
        return [outcome.record_id for outcome in outcomes if isinstance(outcome, Outcome)]

    def ready(self, how_many: int, on: date = PLACED) -> list[UUID]:
        """So many items, each set aside for a reader."""
        card = Sealed(str(next(self.numbers)))
        joins = c.RegisterPatron(name=Sealed("Ada"), card_number=card, age_band=AgeBand.ADULT, branch=CENTRAL)
        (reader,) = self.do([self.request(joins)])
        barcodes = [f"B{next(self.numbers)}" for _ in range(how_many)]
        items = self.do(
            [
                self.request(c.AcquireItem(barcode=code, title=code, media_type=MediaType.BOOK, branch=CENTRAL))
                for code in barcodes
            ]
        )
        self.do([self.request(c.PlaceHold(patron=reader, pickup_branch=CENTRAL), item, on) for item in items])
        # What staff book later waits from today: only an import passes on since when something waits.
        self.do([replace(self.request(c.SetItemAside(), item, on), principal=IMPORTER) for item in items])
        return items

    def expired(self) -> list[tuple[Any, ...]]:
        """The facts that say so: record, day in Berlin, channel."""
        with psycopg.connect(self.database.conninfo("writer")) as connection:
            return connection.execute(
                "select record_id, (effective_at at time zone 'Europe/Berlin')::date, channel from ledger.event"
                " where topic = 'library.hold_expired.v3' order by position"
            ).fetchall()


@pytest.fixture
def database(built_database: Database) -> Database:
    return built_database


@pytest.fixture
def town(ledger: Ledger, database: Database) -> Library:
    return Library(ledger, database)


@contextmanager
def a_run(
    town: Library,
    day: date,
    duties: Sequence[Duty] = (HOLD_EXPIRED,),
    tell: tick.Tell = lambda *_: None,
    on: date | None = None,
) -> Iterator[tick.Tick]:
    with psycopg.connect(town.database.conninfo("reader"), autocommit=True) as reader:
        yield tick.Tick(duties, day, reader, town.ledger, tell, on=on)


def run(
    town: Library, day: date, duties: Sequence[Duty] = (HOLD_EXPIRED,), on: date | None = None
) -> dict[str, tick.Tally]:
    with a_run(town, day, duties, on=on) as one:
        tallies = one.run(lambda: tick.catch_up(town.database, duties))
    return {tally.duty: tally for tally in tallies}


def expired_by(town: Library, day: date) -> tick.Tally:
    return run(town, day)["library.hold_expired"]


def test_on_the_first_day_of_all_nothing_is_due(town: Library) -> None:
    town.ready(1)
    assert [tally.due for tally in run(town, date.min, DUTIES).values()] == [0] * len(DUTIES)


def test_what_is_due_is_recorded_on_the_day_it_fell_due_by_the_system(town: Library) -> None:
    (item,) = town.ready(1)
    assert expired_by(town, LAST_DAY).due == 0
    tally = expired_by(town, EXPIRES + timedelta(days=20))
    assert (tally.due, tally.recorded, tally.oldest, tally.latest) == (1, 1, EXPIRES, EXPIRES)
    assert town.expired() == [(item, EXPIRES, "SYSTEM")]


@pytest.mark.parametrize("asked", [EXPIRES, EXPIRES + timedelta(days=20)])
def test_what_the_office_does_is_done_on_the_day_of_the_run(town: Library, asked: date) -> None:
    """Whatever day was asked for: nobody sends a letter yesterday."""
    (item,) = town.ready(1)
    act, today = replace(HOLD_EXPIRED, act=True), EXPIRES + timedelta(days=20)
    tally = run(town, asked, [act], on=today)["library.hold_expired"]
    assert (tally.recorded, tally.oldest, tally.latest) == (1, EXPIRES, EXPIRES)
    assert town.expired() == [(item, today, "SYSTEM")]


def test_a_run_is_on_the_day_of_the_calendar(town: Library) -> None:
    town.ready(1)
    days = [tick.today()]
    run(town, EXPIRES, [replace(HOLD_EXPIRED, act=True)])
    days.append(tick.today())
    assert [day in days for _, day, _ in town.expired()] == [True]


def test_nothing_is_asked_of_a_day_to_come(town: Library) -> None:
    with pytest.raises(ValueError, match="cannot know"), a_run(town, EXPIRES, on=LAST_DAY):
        pass


def test_run_twice_it_records_nothing_new(town: Library) -> None:
    town.ready(3)
    assert expired_by(town, EXPIRES).recorded == 3
    assert expired_by(town, EXPIRES).due == 0
    assert expired_by(town, EXPIRES + timedelta(days=99)).due == 0
    assert len(town.expired()) == 3


def test_run_twice_before_the_registers_have_seen_it_it_records_nothing_new(town: Library) -> None:
    town.ready(3)
    tick.catch_up(town.database, [HOLD_EXPIRED])
    with a_run(town, EXPIRES) as first, a_run(town, EXPIRES) as second:
        (done,) = first.run(lambda: None, once=True)
        (again,) = second.run(lambda: None, once=True)
    assert (done.recorded, done.already) == (3, 0)
    assert (again.recorded, again.already) == (0, 3)
    assert len(town.expired()) == 3


def test_a_day_in_the_past_is_asked_what_was_due_by_then(town: Library) -> None:
    early = town.ready(2)
    town.ready(1, on=PLACED + timedelta(days=30))
    tally = expired_by(town, EXPIRES + timedelta(days=5))
    assert (tally.recorded, tally.oldest) == (2, EXPIRES)
    assert {record for record, *_ in town.expired()} == set(early)


def test_a_rule_that_stands_against_it_is_told_and_the_others_go_on(town: Library) -> None:
    absent = UUID(int=7)
    named = c.CancelHold(hold=absent, ground=next(iter(CancellationGround)))
    hopeless = replace(HOLD_EXPIRED, name="library.hopeless", command=lambda row: (row.record_id, named))
    town.ready(2)
    told: list[tuple[str, str | None]] = []
    with a_run(town, EXPIRES, [hopeless, HOLD_EXPIRED], lambda d, f, became, rule: told.append((became, rule))) as one:
        one.run(lambda: tick.catch_up(town.database, [HOLD_EXPIRED]), once=True)
    assert one.tallies["library.hopeless"].rules == {"library.hold_unknown": 2}
    assert one.tallies["library.hold_expired"].recorded == 2
    assert sorted(told, key=str) == [("recorded", None)] * 2 + [("refused", "library.hold_unknown")] * 2


def test_somebody_who_was_quicker_is_no_refusal(town: Library) -> None:
    (item,) = town.ready(1)
    tick.catch_up(town.database, [HOLD_EXPIRED])

    def after_somebody_else() -> None:
        if not town.expired():
            town.do([town.request(c.ExpireHold(), item, EXPIRES)])
        else:
            tick.catch_up(town.database, [HOLD_EXPIRED])

    with a_run(town, EXPIRES) as one:
        (tally,) = one.run(after_somebody_else)
    assert (tally.due, tally.refused) == (0, 0)


def test_what_becomes_due_by_what_was_recorded_is_found_in_the_same_run(town: Library) -> None:
    (item,) = town.ready(1)
    # Listed first, though it is due only once the other has been recorded.
    withdrawn = replace(
        HOLD_EXPIRED,
        name="library.unwanted",
        due=lambda day: (Where("status", Op.EQ, HoldStatus.EXPIRED), Where("ended_on", Op.LTE, day)),
        since=lambda row: row.ended_on,
        command=lambda row: (row.record_id, c.WithdrawItem(ground=next(iter(WithdrawalGround)))),
    )
    tallies = run(town, EXPIRES, [withdrawn, HOLD_EXPIRED])
    assert tallies["library.unwanted"].recorded == 1
    assert tallies["library.hold_expired"].recorded == 1
    # The row of that duty stays due, against its contract: it is recorded once all the same, and the run ends.
    assert tallies["library.unwanted"].already == 1
    assert town.ledger.stream(item).version == 5


def test_a_rehearsal_records_nothing(town: Library) -> None:
    town.ready(2)
    with psycopg.connect(town.database.conninfo("reader"), autocommit=True) as reader:
        one = tick.Tick([HOLD_EXPIRED], EXPIRES, reader, Rehearsal(town.ledger), lambda *_: None)
        (tally,) = one.run(lambda: tick.catch_up(town.database, [HOLD_EXPIRED]), once=True)
    assert tally.recorded == 2
    assert town.expired() == []


def test_more_than_a_page_is_found_page_by_page(town: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tick, "PAGE", 4)
    town.ready(11)
    assert expired_by(town, EXPIRES).recorded == 11


def test_a_register_that_another_process_keeps_and_does_not_move_is_waited_for_in_vain(town: Library) -> None:
    tick.catch_up(town.database, [HOLD_EXPIRED])
    projector = Projector(town.database, FAMILIES, PROJECTIONS, REPORTS)
    with psycopg.connect(town.database.conninfo("projector"), autocommit=True) as keeper:
        keeper.execute("select pg_advisory_lock(hashtext('stadtbuch.projection'), hashtext('hold'))")
        town.ready(1)
        with pytest.raises(Unavailable, match="stadtbuch status"):
            tick.catch_up(town.database, [HOLD_EXPIRED], patience=0.2)
    projector.catch_up()
    tick.catch_up(town.database, [HOLD_EXPIRED], patience=0.2)


def test_two_runs_at_once_record_each_once(town: Library) -> None:
    town.ready(60)
    tick.catch_up(town.database, [HOLD_EXPIRED])
    with ThreadPoolExecutor(2) as both, a_run(town, EXPIRES) as one, a_run(town, EXPIRES) as other:
        runs = [both.submit(each.run, lambda: None, once=True) for each in (one, other)]
        tallies = [run.result()[0] for run in runs]
    assert sum(tally.recorded for tally in tallies) == len(town.expired()) == 60
    assert [tally.due for tally in tallies] == [60, 60]


PROGRAM = """
import json, sys
from datetime import date
import psycopg
from domain.families import FAMILIES
from infra import tick
from infra.database import Database
from infra.keys import KeyEncryptionKey
from infra.ledger import Ledger
from projections.library.duties import HOLD_EXPIRED
tick.PAGE = 20
admin, app, day = json.loads(sys.stdin.read())
database = Database(admin, app, None)
ledger = Ledger(database, KeyEncryptionKey(bytes(range(32))), FAMILIES)
with psycopg.connect(database.conninfo("reader"), autocommit=True) as reader:
    run = tick.Tick([HOLD_EXPIRED], date.fromisoformat(day), reader, ledger, lambda *_: None)
    run.run(lambda: tick.catch_up(database, [HOLD_EXPIRED]))
ledger.close()
"""


def killed_when(town: Library, recorded: Callable[[], bool], admin: psycopg.Connection[Any]) -> None:
    """Start a run in a process of its own, and kill it when so much is recorded."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps([town.database.admin, town.database.app, str(EXPIRES)]))
    process.stdin.close()
    while not recorded():
        assert list(admin.notifies(timeout=60, stop_after=1)), "the run records nothing"
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.slow
def test_a_killed_run_goes_on_where_it_stopped(town: Library, admin: psycopg.Connection[Any]) -> None:
    items = town.ready(400)
    admin.execute("listen ledger")
    killed_when(town, lambda: len(town.expired()) >= 60, admin)
    done = len(town.expired())
    assert done < 400, "the kill came too late to show anything"
    tally = expired_by(town, EXPIRES)
    assert (tally.recorded, tally.refused) == (400 - done, 0)
    assert sorted(record for record, *_ in town.expired()) == sorted(items)
