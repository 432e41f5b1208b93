"""What is held against e-files at random does find what it is to find: histories that no rule would let pass."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from domain.efile import FAMILY, facts
from domain.efile.vocabulary import Appraisal, CaseField, Confidentiality, StepKind, StepOutcome
from domain.kernel import Channel, Fact
from tests.domain.efile.examples import (
    CASE,
    CASE_ADDED,
    CASE_CLOSED,
    CASE_OPENED,
    CASES,
    DEFINED,
    DOCUMENT,
    FILE,
    FILE_CLOSED,
    FILED,
    FINAL_SIGN,
    FIRST_HASH,
    OPENED,
    PLAN_UNIT,
    REASON,
    SECOND_HASH,
    STARTED,
)
from tests.machines.efile.promises import check
from tests.machines.machine import Known, World
from tests.scenario import ACTOR, SOMEBODY_ELSE, TODAY, Given, an_id

THIRD = an_id("third")
IN_TIME = date(2037, 2, 1)
TOO_SOON = date(2037, 1, 31)
LAST_DAY = date(2036, 12, 31)
AUS = "AUS-2037-1"


class Told(NamedTuple):
    """What was recorded of a record, on which day, by whom and in whose place, by which way."""

    fact: Fact
    by: UUID = ACTOR
    on: date = TODAY
    place: UUID | None = None
    record: UUID | None = None
    channel: Channel = Channel.STAFF
    unit: str = "61"


def signed(
    no: int,
    by: UUID,
    *,
    version: int = 1,
    sha256: str = FIRST_HASH,
    drafters: tuple[UUID, ...] = (),
    outcome: StepOutcome = StepOutcome.SIGNED,
) -> Told:
    fact = facts.CirculationStepCompleted(
        circulation=1,
        no=no,
        outcome=outcome,
        performer=by,
        deputising_for=None,
        signed_version=version,
        signed_sha256=sha256,
        drafters=drafters,
        note=None,
        day=TODAY,
    )
    return Told(fact, by)


def late(shape: str, by: UUID = ACTOR, on: date = IN_TIME, **given: Any) -> Told:
    return Told(CASES.facts[shape](day=on, **given), by, on)


APPRAISED: dict[str, Any] = {"process_id": AUS, "disposal_kind": CASE_CLOSED.disposal_kind, "reason": None}
NEW_VERSION = facts.DocumentVersionAdded(
    document_id=DOCUMENT,
    version=2,
    filename=FILED.filename,
    mime="application/pdf",
    size=1,
    sha256=SECOND_HASH,
    drafter=ACTOR,
    deputising_for=None,
    invalidated_steps=(),
    day=TODAY,
)
ATTACHED = facts.AttachmentAdded(
    document_id=DOCUMENT,
    no=1,
    version=1,
    title=REASON,
    filename=REASON,
    mime="image/png",
    size=1,
    sha256=SECOND_HASH,
    added_by=ACTOR,
    deputising_for=None,
    day=TODAY,
)
RELEASED: dict[str, Any] = {"hold": 1, "authority": "VG", "reason": REASON}
HELD: dict[str, Any] = {**RELEASED, "voids_approval": True}

DAY_BEFORE, CLOSED_THEN, AFTERWARDS = date(2026, 3, 1), date(2026, 3, 5), date(2026, 3, 9)
REOPENED = Told(facts.CaseReopened(authority="61/L", reason=REASON, day=AFTERWARDS), on=AFTERWARDS)
SECOND_FILED = replace(FILED, document_id=an_id("2"), no=2, day=CLOSED_THEN)
STEP = facts.StepContent(activity="Eingang")

CLASSIFIED: dict[str, Any] = {"old": Confidentiality.OPEN, "new": Confidentiality.SECRET, "reason": REASON}

DECLASSIFIED = facts.CaseCorrected(
    field=CaseField.CONFIDENTIALITY,
    old=Confidentiality.SECRET.value,
    new=Confidentiality.OPEN.value,
    new_sealed=None,
    corrected_position=None,
    reason=REASON,
)

LIFE: dict[str, Told] = {
    "unit": Told(DEFINED, record=PLAN_UNIT),
    "file": Told(OPENED, record=FILE),
    "case": Told(CASE_OPENED),
    "added": Told(CASE_ADDED, record=FILE),
    "draft": Told(FILED),
    "round": Told(STARTED),
    "co-signed": signed(1, SOMEBODY_ELSE, drafters=(ACTOR,)),
    "signed": signed(2, THIRD, drafters=(ACTOR,)),
    "closed": Told(CASE_CLOSED),
    "told": Told(facts.CaseOfFileClosed(case_id=CASE, day=TODAY), record=FILE),
    "expired": late("RetentionExpired", retention_until=LAST_DAY),
    "offered": late("DisposalOffered", process_id=AUS, archive="Stadtarchiv"),
    "appraised": late("AppraisalReceived", decision=Appraisal.DESTROY, **APPRAISED),
    "approved": late("DestructionApproved", process_id=AUS, approver=ACTOR, deputising_for=None, file_holds=0),
    "destroyed": late("Destroyed", SOMEBODY_ELSE, process_id=AUS, approvers=(ACTOR, SOMEBODY_ELSE)),
    "gone": Told(facts.CaseOfFileDestroyed(case_id=CASE, day=IN_TIME), SOMEBODY_ELSE, IN_TIME, record=FILE),
}


def life(*, without: str = "", after: tuple[str, Told] | None = None, **instead: Told) -> list[Told]:
    """The whole life of a case, changed in one place."""
    told = []
    for name, each in LIFE.items():
        if name != without:
            told.append(instead.get(name.replace("-", "_"), each))
        if after and after[0] == name:
            told.append(after[1])
    return told


def a_world(told: Iterable[Told]) -> World:
    """The records that this history leads to, whatever the rules say."""
    world, told = World(IN_TIME), list(told)
    history = Given(FAMILY, CASE, tuple((each.record or CASE, each.fact) for each in told))
    for event, each in zip(history.events(*(each.on for each in told)), told, strict=True):
        known = world.records.setdefault(event.record_id, Known(event.fact.kind))
        envelope = replace(
            event.envelope, actor=each.by, deputising_for=each.place, channel=each.channel, org_unit=each.unit
        )
        known.events.append(replace(event, envelope=envelope))
        known.state = FAMILY.evolve(known.state, event.fact)
    return world


def test_a_life_that_keeps_all_rules_passes() -> None:
    check(a_world(life()), CASE)


def test_a_citizen_may_have_filed_what_the_staff_sign() -> None:
    check(a_world(life(draft=by_a_citizen("draft"))), CASE)


def test_what_was_classified_late_may_have_been_closed_before() -> None:
    later = late("ConfidentialityChanged", on=date(2026, 4, 1), **CLASSIFIED)
    check(a_world(life(after=("draft", later))), CASE)


def changed(name: str, **changes: Any) -> Told:
    return LIFE[name]._replace(fact=replace(LIFE[name].fact, **changes))


def by_a_citizen(name: str) -> Told:
    return LIFE[name]._replace(channel=Channel.SERVICE_PORTAL)


SKIPPED = Told(
    facts.CirculationStepSkipped(
        circulation=1, no=1, step_kind=StepKind.CO_SIGN, objector=None, drafters=(ACTOR,), reason=REASON, day=TODAY
    ),
    SOMEBODY_ELSE,
)

OBJECTED = signed(1, SOMEBODY_ELSE, drafters=(ACTOR,), outcome=StepOutcome.OBJECTED)

BROKEN: dict[str, tuple[list[Told], str]] = {
    "destroyed under a hold": (life(after=("approved", late("LegalHoldPlaced", **HELD))), "under a hold"),
    "destroyed under a hold on its file": (
        life(after=("approved", Told(facts.FileLegalHoldPlaced(**HELD, day=IN_TIME), on=IN_TIME, record=FILE))),
        "under a hold",
    ),
    "destroyed without an offer": (life(without="offered"), "there is no"),
    "destroyed without an appraisal": (life(without="appraised"), "there is no"),
    "destroyed without an approval": (life(without="approved"), "there is no"),
    "destroyed although the archive waits for it": (
        life(appraised=late("AppraisalReceived", decision=Appraisal.ARCHIVE, **APPRAISED)),
        "there is no",
    ),
    "destroyed on the last day of its retention": (
        [
            each._replace(fact=replace(each.fact, day=LAST_DAY), on=LAST_DAY)
            if isinstance(each.fact, facts.DisposalStep)
            else each
            for each in life()
        ],
        "before the end of its retention",
    ),
    "destroyed although it is kept for ever": (
        life(closed=changed("closed", retention_until=None, retention_years=None)),
        "kept for ever",
    ),
    "destroyed by who approved": (
        life(destroyed=late("Destroyed", ACTOR, process_id=AUS, approvers=(SOMEBODY_ELSE, ACTOR))),
        "by one person",
    ),
    "destroyed in the place of who approved": (life(destroyed=LIFE["destroyed"]._replace(place=ACTOR)), "one person"),
    "approved by a citizen": (life(approved=by_a_citizen("approved")), "DestructionApproved by no staff"),
    "destroyed by a citizen": (life(destroyed=by_a_citizen("destroyed")), "Destroyed by no staff"),
    "co-signed by a citizen": (life(co_signed=by_a_citizen("co-signed")), "Completed by no staff"),
    "finally signed by a citizen": (life(signed=by_a_citizen("signed")), "Completed by no staff"),
    "a step skipped by a citizen": (
        life(co_signed=SKIPPED._replace(channel=Channel.SERVICE_PORTAL)),
        "Skipped by no staff",
    ),
    "destroyed before it was classified": (
        life(after=("approved", late("ConfidentialityChanged", on=date(2037, 2, 2), **CLASSIFIED))),
        "before the last of it",
    ),
    "worked on after destruction": (life(after=("destroyed", late("LegalHoldPlaced", **HELD))), "no more"),
    "kept to the middle of a year": (life(closed=changed("closed", retention_until=date(2036, 6, 30))), "whole years"),
    "closed before the last work": (
        life(after=("draft", Told(replace(ATTACHED, day=date(2026, 4, 1)), on=date(2026, 4, 1)))),
        "before the last work",
    ),
    "filed after closing": (
        life(after=("closed", Told(replace(FILED, document_id=an_id("2"), no=2)))),
        "after closing",
    ),
    "attached to by somebody who is not named": (
        life(after=("draft", Told(replace(ATTACHED, added_by=None)))),
        "not named",
    ),
    "destroyed before its hold was released": (
        life(
            after=("closed", late("LegalHoldPlaced", **HELD)),
            told=late("LegalHoldReleased", on=date(2037, 2, 2), **RELEASED),
        ),
        "before a hold was released",
    ),
    "finally signed by who attached something": (
        life(after=("draft", Told(replace(ATTACHED, added_by=THIRD), THIRD))),
        "by a drafter",
    ),
    "co-signed for another unit": (life(co_signed=LIFE["co-signed"]._replace(unit="41")), "for another unit"),
    "finally signed for another unit": (life(signed=LIFE["signed"]._replace(unit="6")), "for another unit"),
    "co-signed by the drafter": (life(co_signed=signed(1, ACTOR, drafters=(SOMEBODY_ELSE,))), "by a drafter"),
    "finally signed by the drafter": (life(signed=signed(2, ACTOR, drafters=(SOMEBODY_ELSE,))), "by a drafter"),
    "finally signed for the drafter": (life(signed=LIFE["signed"]._replace(place=ACTOR)), "four eyes"),
    "finally signed by who drafted the version before": (
        life(
            after=("co-signed", Told(NEW_VERSION, SOMEBODY_ELSE)),
            signed=signed(2, SOMEBODY_ELSE, version=2, sha256=SECOND_HASH, drafters=(ACTOR,)),
        ),
        "by a drafter",
    ),
    "finally signed over a co-signature for the version before": (
        life(
            after=("co-signed", Told(NEW_VERSION)),
            signed=signed(2, THIRD, version=2, sha256=SECOND_HASH, drafters=(ACTOR,)),
        ),
        "before all had signed",
    ),
    "finally signed without a co-signature": (life(without="co-signed"), "before all had signed"),
    "signed for another hash": (life(co_signed=signed(1, SOMEBODY_ELSE, sha256=SECOND_HASH)), "not the latest"),
    "finally signed in another round, past an objection": (
        life(
            co_signed=OBJECTED,
            after=("co-signed", Told(replace(STARTED, circulation=2, steps=(FINAL_SIGN,)))),
        ),
        "over an objection",
    ),
    "an objection overruled without naming who objected": (
        life(co_signed=OBJECTED, after=("co-signed", SKIPPED)),
        "is not named",
    ),
    "attached to what is finally signed": (life(after=("signed", Told(ATTACHED))), "signed without it"),
    "final signature left out by the drafter": (
        life(
            signed=Told(
                facts.CirculationStepSkipped(
                    circulation=1,
                    no=FINAL_SIGN.no,
                    step_kind=StepKind.FINAL_SIGN,
                    objector=None,
                    drafters=(SOMEBODY_ELSE,),
                    reason=REASON,
                    day=TODAY,
                )
            )
        ),
        "did without",
    ),
    "objection overruled by the drafter": (
        life(
            co_signed=Told(
                facts.CirculationStepSkipped(
                    circulation=1,
                    no=1,
                    step_kind=StepKind.CO_SIGN,
                    objector=SOMEBODY_ELSE,
                    drafters=(THIRD,),
                    reason=REASON,
                    day=TODAY,
                )
            )
        ),
        "did without",
    ),
    "offered before its retention had ended": (
        life(offered=late("DisposalOffered", on=TOO_SOON, process_id=AUS, archive="Stadtarchiv")),
        "DisposalOffered before",
    ),
    "appraised before it was offered": (
        life(appraised=late("AppraisalReceived", on=TOO_SOON, decision=Appraisal.DESTROY, **APPRAISED)),
        "AppraisalReceived before",
    ),
    "destroyed before it was approved": (
        life(destroyed=changed("destroyed", day=TOO_SOON)._replace(on=TOO_SOON)),
        "Destroyed before",
    ),
    "held before it was opened": (
        life(after=("draft", late("LegalHoldPlaced", on=date(2000, 1, 1), **HELD))),
        "before it was opened",
    ),
    "released before it was held": (
        life(
            after=("closed", late("LegalHoldPlaced", **HELD)),
            told=late("LegalHoldReleased", on=TOO_SOON, **RELEASED),
        ),
        "before it was held",
    ),
    "signed before its round began": (
        life(signed=changed("signed", day=DAY_BEFORE)._replace(on=DAY_BEFORE)),
        "CirculationStepCompleted before the last about the rounds",
    ),
    "a version before the one before": (
        life(after=("draft", Told(replace(NEW_VERSION, day=DAY_BEFORE), on=DAY_BEFORE))),
        "DocumentVersionAdded before the last about the document",
    ),
    "a classification corrected for a day before it changed": (
        [
            *list(LIFE.values())[:4],
            late("ConfidentialityChanged", on=TODAY, **CLASSIFIED),
            Told(DECLASSIFIED, on=DAY_BEFORE),
        ],
        "CaseCorrected before the last about the classification",
    ),
    "filed before the case was opened": (
        life(draft=changed("draft", day=DAY_BEFORE)._replace(on=DAY_BEFORE)),
        "before the opening",
    ),
    "filed on a day on which the case was closed": (
        [*list(LIFE.values())[:9], REOPENED, Told(SECOND_FILED, on=CLOSED_THEN)],
        "on a day on which it was closed",
    ),
    "a source that nobody imported": (
        life(after=("draft", Told(facts.CirculationStepRecorded(entry=1, step=STEP, source="log", day=TODAY)))),
        "no import has read",
    ),
    "opened before its file": (
        life(case=LIFE["case"]._replace(on=date(2026, 3, 1))),
        "before its file",
    ),
    "a reference given again": (
        life(after=("gone", Told(CASE_OPENED, record=an_id("other")))),
        "given twice",
    ),
    "a reference given again in capital letters": (
        life(
            case=changed("case", reference="v-1"),
            after=("gone", Told(replace(CASE_OPENED, reference="V-1"), record=an_id("other"))),
        ),
        "given twice",
    ),
    "a file closed before its cases": (
        [*list(LIFE.values())[:8], Told(FILE_CLOSED, record=FILE)],
        "before its cases",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_no_rule_would_let_pass_is_found(name: str) -> None:
    history, said = BROKEN[name]
    with pytest.raises(AssertionError, match=said):
        check(a_world(history), CASE)


DATED_BACK = (
    facts.FilePlanUnitRevised(
        version=2,
        valid_from=DAY_BEFORE,
        title=DEFINED.title,
        retention_years=0,
        disposal_kind=DEFINED.disposal_kind,
        reason=REASON,
    ),
    facts.FilePlanUnitEnded(valid_to=DAY_BEFORE, reason=REASON),
)


@pytest.mark.parametrize("fact", DATED_BACK)
def test_a_plan_dated_back_is_found_unless_it_was_imported(fact: Fact) -> None:
    told = Told(fact, record=PLAN_UNIT)
    with pytest.raises(AssertionError, match="dated back"):
        check(a_world([LIFE["unit"], told]), PLAN_UNIT)
    check(a_world([LIFE["unit"], told._replace(channel=Channel.IMPORT)]), PLAN_UNIT)
