"""Overrides and acts of two people, over all families: who, which rules, and whether two people it was."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import Enum
from typing import Any, ClassVar
from uuid import UUID

import pytest

from domain.families import FAMILIES
from domain.kernel import Channel, Code, Fact, Family, Recorded, Sealed, Supervised, Supervision
from domain.probe import filled
from domain.requests import actor_of
from projections import audit
from projections.audit.supervision import SupervisionRow
from projections.model import find, fold_all
from tests.projections.audit.test_audit import DAY, THEN, A, event

SUPERVISED = [fact for family in FAMILIES for fact in family.facts if fact.supervised is not Fact.supervised]
ANN, BEN, CEM = (UUID(int=n) for n in (1, 2, 3))


@dataclass(frozen=True, slots=True, kw_only=True)
class FellingPermitted(Fact):
    topic: ClassVar[str] = "trees.felling_permitted.v1"
    kind: ClassVar[str] = "tree"
    inspector: UUID | None = None
    overridden: tuple[Code, ...] = ()
    reason: Sealed[str] | None = None

    def supervised(self) -> Supervised | None:
        if self.overridden:
            return Supervised(by=Supervision.OVERRIDE, rules=self.overridden, reason=self.reason)
        others = (self.inspector,) if self.inspector else ()
        return Supervised(by=Supervision.FOUR_EYES, rules=("trees.second_look",), others=others)


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeWatered(Fact):
    topic: ClassVar[str] = "trees.tree_watered.v1"
    kind: ClassVar[str] = "tree"


TREES = Family(
    name="trees",
    kinds=("tree",),
    facts=(FellingPermitted, TreeWatered),
    commands=(),
    rules=(),
    decide=lambda state, command, context: (),
    evolve=lambda state, fact: state,
)
REGISTER = find(audit.projections((TREES,)), "supervision")


def rows(*events: Recorded) -> list[SupervisionRow]:
    return list(fold_all(REGISTER, events).values())


def permitted(position: int = 1, actor: UUID = ANN, inspector: UUID | None = None, **said: Any) -> Recorded:
    return event(position, A, position, FellingPermitted(inspector=inspector), actor=actor, **said)


def test_only_facts_that_can_be_supervised_are_read() -> None:
    assert REGISTER.facts == (FellingPermitted,)


def test_an_override_names_the_rules_the_person_and_the_reason() -> None:
    reason = Sealed[str].stored(7, 0, "reason")
    fact = FellingPermitted(overridden=("trees.nesting_season", "trees.protected"), reason=reason)
    (row,) = rows(event(7, A, 1, fact, actor=ANN, deputising_for=CEM, topic="trees.felling_permitted.v1"))
    assert row == SupervisionRow(
        position=7,
        record_id=A,
        family="trees",
        kind="tree",
        topic="trees.felling_permitted.v1",
        by=Supervision.OVERRIDE,
        rules=("trees.nesting_season", "trees.protected"),
        actor=ANN,
        others=(),
        deputising_for=CEM,
        same_person=False,
        org_unit="67",
        role="gardener",
        channel=Channel.STAFF,
        reason=reason,
        recorded_at=THEN,
        effective_at=DAY,
        month=date(2026, 2, 1),
    )


def test_the_reason_of_the_command_stands_in_for_one_of_the_fact() -> None:
    reason = Sealed[str].stored(1, 0, "envelope.reason")
    (row,) = rows(permitted(inspector=BEN, reason=reason))
    assert row.reason == reason


@pytest.mark.parametrize(
    ("actor", "inspector", "violated"),
    [(ANN, BEN, False), (ANN, ANN, True), (ANN, None, False)],
    ids=["two people", "the same person twice", "the other not named, by an earlier version"],
)
def test_an_act_of_two_people_is_checked(actor: UUID, inspector: UUID | None, violated: bool) -> None:
    (row,) = rows(permitted(actor=actor, inspector=inspector))
    assert row.by is Supervision.FOUR_EYES
    assert row.same_person is violated


PORTAL, SHOP = actor_of(Channel.SERVICE_PORTAL), actor_of(Channel.ONLINE_SHOP)


@pytest.mark.parametrize(
    ("actor", "inspector", "deputising_for"),
    [(ANN, PORTAL, None), (PORTAL, ANN, None), (PORTAL, SHOP, None), (ANN, PORTAL, BEN)],
)
def test_whether_a_citizen_is_somebody_else_is_not_known(
    actor: UUID, inspector: UUID, deputising_for: UUID | None
) -> None:
    (row,) = rows(permitted(actor=actor, inspector=inspector, deputising_for=deputising_for))
    assert row.same_person is None


def test_a_rule_that_a_citizen_is_let_off_takes_no_second_person() -> None:
    (row,) = rows(event(7, A, 1, FellingPermitted(overridden=("trees.protected",)), actor=PORTAL))
    assert row.same_person is False


def test_a_deputy_is_held_against_the_others_as_whom_they_stand_in_for() -> None:
    (row,) = rows(permitted(actor=ANN, inspector=BEN, deputising_for=BEN))
    assert row.same_person, "who stands in for the first person is no second one"


def variants(fact: type[Fact]) -> Iterator[Fact]:
    """The fact with everything filled, and with each value of its enumerations."""
    whole = filled(fact, date(2026, 3, 2))
    yield whole
    for each in fields(fact):
        value = getattr(whole, each.name)
        if isinstance(value, Enum):
            yield from (replace(whole, **{each.name: member}) for member in type(value))


@pytest.mark.parametrize("fact", SUPERVISED, ids=lambda fact: fact.topic)
def test_every_supervised_fact_names_rules_and_an_act_of_two_names_the_other(fact: type[Fact]) -> None:
    found = [supervised for each in variants(fact) if (supervised := each.supervised())]
    assert found
    assert all(each.rules for each in found)
    assert all(each.others for each in found if each.by is Supervision.FOUR_EYES)
