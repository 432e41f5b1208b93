"""Whatever is handed to the store, in whatever order, it answers as the page of Python beside it does."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, ClassVar
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from infra.database import Database
from infra.store.append import prepare
from infra.store.recorder import LedgerRecorder
from infra.store.unit import (
    AlreadyRecorded,
    ClaimTaken,
    CommandReused,
    GuardFailed,
    NotRecorded,
    Unit,
    VersionTaken,
)
from tests.database import LOG_NAME
from tests.infra.store.model import Model
from tests.infra.store.units import Admin, a_unit, append, close, open_recorder, together
from tests.spares import wipe

RECORDS = [UUID(int=n) for n in range(1, 7)]
COMMANDS = [UUID(int=n) for n in range(101, 301)]
REQUESTS = [bytes([n]) * 32 for n in range(2)]
KEYS = [f"key {n}" for n in range(6)]

# Small worlds, so that what commands share and repeat comes up again and again. Versions are drawn as steps from where
# the record stands, for most of which nothing is wrong.
steps = st.sampled_from([0] * 40 + [1, -1, -5])
writes = st.lists(st.tuples(st.sampled_from(RECORDS), steps), max_size=3)
commands = st.fixed_dictionaries(
    {
        "command_id": st.sampled_from(COMMANDS),
        "request": st.sampled_from([REQUESTS[0]] * 5 + [REQUESTS[1]]),
        "writes": writes,
        "guards": st.lists(st.tuples(st.sampled_from(RECORDS), steps), max_size=1),
        "claims": st.sampled_from([[]] * 6 + [[key] for key in KEYS] + [[KEYS[0], KEYS[0]], KEYS[:2]]),
        "releases": st.sampled_from([[]] * 6 + [[key] for key in KEYS]),
        "by_holder": st.booleans(),
    }
)
units = st.lists(commands, min_size=1, max_size=2, unique_by=lambda command: command["command_id"])


def unit_from(drawn: list[dict[str, Any]], model: Model) -> Unit:
    """The unit as drawn, its versions counted on from where the records stand."""
    versions = dict(model.versions)
    made = []
    for command in drawn:
        wrote = []
        holders = [model.claims[kind, key][0] for kind, key in model.claims if key in command["releases"]]
        helped = [(holder, 0) for holder in holders if command["by_holder"]]
        for record, step in helped + command["writes"]:
            versions[record] = versions.get(record, 0) + 1 + step
            wrote.append((record, versions[record]))
        guards = {record: model.versions.get(record, 0) + step for record, step in command["guards"]}
        made.append(
            a_unit(
                *wrote,
                command_id=command["command_id"],
                request=command["request"],
                guards=[(record, max(version, 0)) for record, version in guards.items()],
                claims=command["claims"] if wrote else (),
                releases=command["releases"] if wrote else (),
            )
        )
    return together(*made)


def twice(unit: Unit) -> bool:
    """Whether the unit writes a version twice: refused by the table itself, with an error instead of a status."""
    wrote = [(event.originator_id, event.originator_version) for event in unit.events]
    return len(set(wrote)) < len(wrote)


def in_the_ledger(admin: Admin) -> tuple[list[Any], dict[Any, Any], dict[Any, Any]]:
    """Events, claims and commands as they are stored."""
    events = admin.execute("select record_id, version from ledger.event order by position").fetchall()
    claims = admin.execute("select kind, key, record_id, position from ledger.claim").fetchall()
    commands = admin.execute("select command_id, request_hmac, first_position, last_position from ledger.command")
    return events, {(k, y): (r, p) for k, y, r, p in claims}, {i: (h, f, n) for i, h, f, n in commands}


def holders(claims: dict[Any, tuple[Any, int]]) -> dict[Any, Any]:
    """Who holds what, wherever it was claimed."""
    return {key: record for key, (record, _) in claims.items()}


class StoreMachine(RuleBasedStateMachine):
    """Batches of units, one after the other, on one ledger."""

    database: ClassVar[Database]

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.stack = ExitStack()
        self.admin: Admin = self.stack.enter_context(psycopg.connect(self.database.admin, autocommit=True))
        wipe(self.admin, LOG_NAME)
        conninfo = self.database.conninfo("writer")
        self.writer: Admin = self.stack.enter_context(psycopg.connect(conninfo, autocommit=True))
        prepare(self.writer)

    def teardown(self) -> None:
        self.stack.close()

    @rule(drawn=st.lists(units, min_size=1, max_size=5))
    def batch(self, drawn: list[list[dict[str, Any]]]) -> None:
        batch = [unit for unit in (unit_from(commands, self.model) for commands in drawn) if not twice(unit)]
        expected = [status for statuses in self.model.append(batch) for status in statuses]
        assert append(self.writer, *batch).statuses == expected

    @invariant()
    def the_ledger_is_what_the_model_says(self) -> None:
        events, claims, commands = in_the_ledger(self.admin)
        assert events == self.model.events
        assert claims == self.model.claims
        assert commands == self.model.commands
        head = self.admin.execute("select position from ledger.head").fetchone()
        assert head == (len(events),)


def on(database: Database, machine: type[RuleBasedStateMachine]) -> type[RuleBasedStateMachine]:
    """The machine, to run on this database: hypothesis calls it without arguments."""
    return type(machine.__name__, (machine,), {"database": database})


@pytest.mark.slow
def test_the_store_answers_as_its_model_does(database: Database) -> None:
    run_state_machine_as_test(
        on(database, StoreMachine),
        settings=settings(
            max_examples=40,
            stateful_step_count=10,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )


STATUSES: dict[type[Exception], str] = {
    AlreadyRecorded: "repeated",
    CommandReused: "key_reused",
    VersionTaken: "version_conflict",
    GuardFailed: "guard_failed",
    ClaimTaken: "claim_taken",
}


def settled(answer: Callable[[], Any]) -> str:
    """One word for how a unit was answered in the end."""
    try:
        answer()
    except tuple(STATUSES) as error:
        return STATUSES[type(error)]
    except NotRecorded as error:
        return "versions" if "versions" in str(error) else "claim_not_held"
    return "recorded"


class RecorderMachine(RuleBasedStateMachine):
    """Units handed in all at once: however they are batched, each is settled as if they had come one by one."""

    database: ClassVar[Database]

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.stack = ExitStack()
        self.admin: Admin = self.stack.enter_context(psycopg.connect(self.database.admin, autocommit=True))
        wipe(self.admin, LOG_NAME)
        self.recorder: LedgerRecorder = open_recorder(self.database)
        self.stack.callback(close, self.recorder)

    def teardown(self) -> None:
        self.stack.close()

    @rule(drawn=st.lists(units, min_size=1, max_size=8))
    def at_once(self, drawn: list[list[dict[str, Any]]]) -> None:
        handed_in = [unit for unit in (unit_from(commands, self.model) for commands in drawn) if not twice(unit)]
        tickets = [self.recorder.submit(unit) for unit in handed_in]
        for unit, ticket in zip(handed_in, tickets, strict=True):
            (statuses,) = self.model.append([unit])
            expected = {"nothing": "recorded", "unit_repeated": "repeated"}.get(statuses[0], statuses[0])
            assert settled(ticket.result) == expected

    @invariant()
    def the_ledger_is_what_the_model_says(self) -> None:
        # What waited for the next batch has come behind what did not: the same events, in another order.
        events, claims, commands = in_the_ledger(self.admin)
        assert sorted(events) == sorted(self.model.events)
        assert holders(claims) == holders(self.model.claims)
        assert commands.keys() == self.model.commands.keys()
        for record in RECORDS:
            versions = [version for written, version in events if written == record]
            assert versions == list(range(1, len(versions) + 1))
        spans = sorted(span for _, *span in commands.values() if span != [None, None])
        covered = [position for first, last in spans for position in range(first, last + 1)]
        assert covered == list(range(1, len(events) + 1))


@pytest.mark.slow
def test_units_handed_in_at_once_are_settled_as_if_one_by_one(database: Database) -> None:
    run_state_machine_as_test(
        on(database, RecorderMachine),
        settings=settings(
            max_examples=20,
            stateful_step_count=8,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
