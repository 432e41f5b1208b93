"""The audit trail shows every field of every envelope, and what was stored rather than what we make of it."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from domain.families import FAMILIES
from domain.kernel import (
    Authentication,
    Channel,
    Envelope,
    Fact,
    Family,
    Number,
    Precision,
    Recorded,
    Sealed,
)
from projections import audit
from projections.audit.events import EventRow
from projections.audit.records import RecordRow
from projections.model import columns_of, find, fold_all
from projections.query import Op, operations

A, B = UUID(int=10), UUID(int=11)
THEN = datetime(2026, 3, 1, 8, tzinfo=UTC)
DAY = datetime(2026, 2, 27, 23, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class TreePlanted(Fact):
    topic: ClassVar[str] = "trees.tree_planted.v2"
    kind: ClassVar[str] = "tree"
    number_given: Number

    def number(self) -> str | None:
        return self.number_given


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeFelled(Fact):
    topic: ClassVar[str] = "trees.tree_felled.v1"
    kind: ClassVar[str] = "tree"
    reason: Sealed[str] | None = None


TREES = Family(
    name="trees",
    kinds=("tree",),
    facts=(TreePlanted, TreeFelled),
    commands=(),
    rules=(),
    decide=lambda state, command, context: (),
    evolve=lambda state, fact: state,
)
EVENT, RECORD, *_ = audit.projections((TREES,))


def envelope(**said: Any) -> Envelope:
    default: dict[str, Any] = {
        "actor": UUID(int=1),
        "role": "gardener",
        "org_unit": "67",
        "authentication": Authentication.OIDC,
        "client": "stadtbuch/1",
        "channel": Channel.STAFF,
        "effective_precision": Precision.DAY,
        "effective_zone": "Europe/Berlin",
        "correlation_id": UUID(int=2),
        "command_id": UUID(int=3),
    }
    return Envelope(**{**default, **said})


def event(position: int, record_id: UUID, version: int, fact: Fact, **said: Any) -> Recorded:
    topic = said.pop("topic", fact.topic)
    body = said.pop("body", "{}")
    return Recorded(position, record_id, version, topic, THEN, DAY, envelope(**said), fact, body)


PLANTED = TreePlanted(number_given="67-1")
FELLED = TreeFelled()


def test_every_field_of_the_envelope_is_a_column() -> None:
    assert {each.name for each in fields(Envelope)} <= columns_of(EventRow).keys()


def test_an_event_is_a_row_with_all_that_was_recorded() -> None:
    reason = Sealed[str].stored(5, 1, "envelope.reason")
    person = Sealed[str].stored(5, 2, "envelope.person")
    recorded = event(
        5,
        A,
        2,
        FELLED,
        deputising_for=UUID(int=4),
        legal_basis="§ 5 BaumschutzS",
        causation_id=UUID(int=6),
        reason=reason,
        person=person,
        body='{"why":  "storm"}',
    )
    assert fold_all(EVENT, [recorded]) == {
        (5,): EventRow(
            position=5,
            record_id=A,
            family="trees",
            kind="tree",
            version=2,
            topic="trees.tree_felled.v1",
            recorded_at=THEN,
            effective_at=DAY,
            effective_precision=Precision.DAY,
            effective_zone="Europe/Berlin",
            actor=UUID(int=1),
            role="gardener",
            org_unit="67",
            deputising_for=UUID(int=4),
            authentication=Authentication.OIDC,
            client="stadtbuch/1",
            channel=Channel.STAFF,
            legal_basis="§ 5 BaumschutzS",
            correlation_id=UUID(int=2),
            causation_id=UUID(int=6),
            command_id=UUID(int=3),
            reason=reason,
            person=person,
            body='{"why":  "storm"}',  # type: ignore[arg-type]  # Json is a str that says so
        )
    }


def test_a_reason_that_the_fact_holds_is_the_reason_of_the_event() -> None:
    reason = Sealed[str].stored(1, 0, "reason")
    (row,) = fold_all(EVENT, [event(1, A, 1, TreeFelled(reason=reason))]).values()
    assert row.reason == reason


def test_an_upcast_event_is_shown_as_it_was_stored() -> None:
    (row,) = fold_all(EVENT, [event(1, A, 1, PLANTED, topic="trees.tree_planted.v1", body='{"nr":"67-1"}')]).values()
    assert (row.topic, row.body) == ("trees.tree_planted.v1", '{"nr":"67-1"}')


def test_a_record_is_found_by_the_number_it_was_given() -> None:
    found = fold_all(RECORD, [event(1, A, 1, PLANTED), event(2, B, 1, FELLED), event(3, A, 2, FELLED)])
    assert found[(A,)] == RecordRow(
        record_id=A,
        family="trees",
        kind="tree",
        number="67-1",
        version=2,
        position=3,
        opened_at=THEN,
        changed_at=THEN,
    )
    assert found[(B,)].number is None


def test_a_number_given_later_is_taken_over() -> None:
    found = fold_all(RECORD, [event(1, A, 1, FELLED), event(2, A, 2, PLANTED)])
    assert found[(A,)].number == "67-1"


def test_auditors_filter_by_whom_what_when_and_through_what() -> None:
    columns = columns_of(EventRow)
    for name in ("actor", "family", "kind", "topic", "record_id", "correlation_id", "channel", "role"):
        assert Op.EQ in operations(columns[name]), name
    for name in ("recorded_at", "effective_at", "position"):
        assert {Op.GTE, Op.LT} <= set(operations(columns[name])), name


def test_every_filter_of_the_trail_has_an_index() -> None:
    led = {columns[0] for columns in EVENT.indexes} | {EVENT.key[0]}
    asked = {name for name, column in columns_of(EventRow).items() if column.filterable}
    assert asked - led == {"effective_precision"}, "one of two values: an index would find half the trail"


def test_the_trail_takes_every_fact_of_every_family() -> None:
    facts = {fact for family in FAMILIES for fact in family.facts}
    for name in ("event", "record"):
        assert set(find(audit.projections(FAMILIES), name).facts) == facts
