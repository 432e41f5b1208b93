"""One bad command never fails those that share its batch, whatever is bad about it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import DataError, IntegrityError, PersistenceError

from infra.database import Database
from infra.store.recorder import LedgerRecorder
from infra.store.unit import (
    ClaimEntry,
    ClaimTaken,
    CommandReused,
    Guard,
    GuardFailed,
    NotRecorded,
    TooLarge,
    Unit,
    VersionTaken,
)
from tests.infra.store.units import Admin, a_unit, together

A = UUID(int=11)
NAIVE = datetime(2024, 1, 1)  # noqa: DTZ001 - that is what is wrong about it


@contextmanager
def held(database: Database, recorder: LedgerRecorder) -> Iterator[None]:
    """While this holds the head, units gather: the first one handed in waits alone, all others share a batch."""
    with psycopg.connect(database.admin) as blocker:
        blocker.execute("select from ledger.head for update")
        first = recorder.submit(a_unit((uuid4(), 1)))
        waits = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%ledger.append%'"
        with psycopg.connect(database.admin, autocommit=True) as watcher:
            while watcher.execute(waits).fetchone() != (1,):
                pass
        yield
        blocker.rollback()
        first.result()


def gathered(database: Database, recorder: LedgerRecorder, *units: Unit) -> list[Any]:
    """The answers to units that were one batch."""
    with held(database, recorder):
        tickets = [recorder.submit(unit) for unit in units]
    answers: list[Any] = []
    for ticket in tickets:
        try:
            answers.append(ticket.result())
        except Exception as error:
            answers.append(error)
    return answers


BAD: dict[str, tuple[Callable[[], Unit], type[Exception]]] = {
    "bytes that are not UTF-8": (lambda: a_unit((A, 1), state=b'{"a":"\xff"}'), DataError),
    "NUL as an escape": (lambda: a_unit((A, 1), state=rb'{"a":"\u0000"}'), DataError),
    "NUL as a byte": (lambda: a_unit((A, 1), topic="a\0b"), DataError),
    "a surrogate in a topic": (lambda: a_unit((A, 1), topic="a\ud800"), DataError),
    "a surrogate in a claim": (lambda: a_unit((A, 1), claims=["\udfff"]), DataError),
    "a topic with a blank": (lambda: a_unit((A, 1), topic="a b"), NotRecorded),
    "a salt too short": (lambda: a_unit((A, 1), salt=b"short"), NotRecorded),
    "an envelope without an actor": (lambda: a_unit((A, 1), envelope=b"{}"), NotRecorded),
    "a time without a zone": (lambda: a_unit((A, 1), effective_at=NAIVE), DataError),
    "a time of the wrong type": (lambda: a_unit((A, 1), effective_at="today"), DataError),
    "a text where bytes belong": (lambda: a_unit((A, 1), state="{}"), DataError),
    "a version beyond 64 bits": (lambda: a_unit((A, 2**63)), DataError),
    "a record that is no uuid": (lambda: a_unit(("file", 1)), DataError),  # type: ignore[arg-type]  # on purpose
    "fewer events than its command says": (
        lambda: Unit((a_unit((A, 1), (A, 2)).commands), a_unit((A, 1)).events),
        DataError,
    ),
    "a claim of an event that is not there": (
        lambda: Unit(a_unit((A, 1)).commands, a_unit((A, 1)).events, claims=(ClaimEntry(-2, "k", "x"),)),
        DataError,
    ),
    "a guard that is no uuid": (
        lambda: Unit(a_unit((A, 1)).commands, a_unit((A, 1)).events, guards=(Guard("file", 1),)),  # type: ignore[arg-type]  # on purpose
        DataError,
    ),
    "a claim too long for its index": (lambda: a_unit((A, 1), claims=[random_text(9_000)]), PersistenceError),
}


def random_text(length: int) -> str:
    """A text that compression does not make short."""
    return "".join(uuid4().hex for _ in range(length // 32))


@pytest.mark.parametrize("name", BAD)
def test_a_bad_command_fails_alone(database: Database, recorder: LedgerRecorder, admin: Admin, name: str) -> None:
    make, error = BAD[name]
    good = [a_unit((uuid4(), 1), claims=[f"good {n}"]) for n in range(5)]
    answers = gathered(database, recorder, *good[:3], make(), *good[3:])
    assert isinstance(answers.pop(3), error)
    assert [answer[0].status for answer in answers] == ["recorded"] * 5
    assert admin.execute("select count(*), max(position) from ledger.event").fetchone() == (6, 6)
    assert admin.execute("select count(*) from ledger.event where record_id = %s", [A]).fetchone() == (0,)


def test_several_bad_commands_fail_alone_each_for_its_own_reason(database: Database, recorder: LedgerRecorder) -> None:
    units: list[Unit] = []
    for make, _ in BAD.values():
        units += [a_unit((uuid4(), 1)), make()]
    answers = gathered(database, recorder, *units)
    assert [answer[0].status for answer in answers[0::2]] == ["recorded"] * len(BAD)
    for answer, (_, error) in zip(answers[1::2], BAD.values(), strict=True):
        assert isinstance(answer, error)


def test_a_command_too_large_is_refused_to_its_caller_alone(recorder: LedgerRecorder) -> None:
    with pytest.raises(TooLarge):
        recorder.submit(a_unit((A, 1), state=b'{"a":"' + b"x" * 262_144 + b'"}'))
    with pytest.raises(TooLarge):
        recorder.submit(a_unit(*((A, version) for version in range(1, 1_002))))
    assert recorder.submit(a_unit((A, 1))).result()[0].first_position == 1


def test_each_refusal_has_its_own_type(database: Database, recorder: LedgerRecorder) -> None:
    old = uuid4()
    used = a_unit((old, 1), claims=["taken"])
    recorder.submit(used).result()
    again = a_unit((uuid4(), 1), command_id=used.commands[0].command_id, request=b"another request".ljust(32))
    answers = gathered(
        database,
        recorder,
        a_unit((old, 1)),
        a_unit((uuid4(), 1), guards=[(old, 0)]),
        a_unit((uuid4(), 1), claims=["taken"]),
        again,
        a_unit((uuid4(), 1), (uuid4(), 2)),
    )
    assert [type(answer) for answer in answers] == [VersionTaken, GuardFailed, ClaimTaken, CommandReused, VersionTaken]
    assert all(isinstance(answer, IntegrityError) for answer in answers)
    assert answers[2].kind == "test.key"


def test_what_shares_a_record_a_guard_a_claim_or_an_id_is_settled_one_after_the_other(
    database: Database, recorder: LedgerRecorder, admin: Admin
) -> None:
    record, same = uuid4(), uuid4()
    answers = gathered(
        database,
        recorder,
        a_unit((record, 1), claims=["x"]),
        a_unit((record, 2)),
        a_unit((uuid4(), 1), guards=[(record, 2)]),
        a_unit((record, 3), releases=["x"]),
        a_unit((uuid4(), 1), claims=["x"], command_id=same),
        a_unit((uuid4(), 1), command_id=same),
        together(a_unit((record, 4)), a_unit((record, 5))),
    )
    assert [type(answer).__name__ for answer in answers] == ["tuple"] * 5 + ["AlreadyRecorded", "tuple"]
    assert answers[5].entries[0].first_position == answers[4][0].first_position
    rows = admin.execute("select version from ledger.event where record_id = %s order by position", [record])
    assert [version for (version,) in rows] == [1, 2, 3, 4, 5]


def test_threads_and_asyncio_callers_share_a_transaction(
    database: Database, recorder: LedgerRecorder, admin: Admin
) -> None:
    async def ask() -> int:
        with held(database, recorder):
            tasks = [asyncio.ensure_future(recorder.submit_async(a_unit((uuid4(), 1)))) for _ in range(10)]
            await asyncio.sleep(0)  # they have handed in now
            tickets = [recorder.submit(a_unit((uuid4(), 1))) for _ in range(10)]
        answers = [*await asyncio.gather(*tasks), *(ticket.result() for ticket in tickets)]
        return len({entries[0].first_position for entries in answers})

    assert asyncio.run(ask()) == 20
    # One transaction has one time and one row version.
    shared = admin.execute(
        "select count(*), count(distinct xmin::text), count(distinct recorded_at) from ledger.event where position > 1"
    )
    assert shared.fetchone() == (20, 1, 1)
