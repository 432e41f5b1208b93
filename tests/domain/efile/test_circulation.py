"""Circulations: steps in their order, signatures bound to a version, four eyes."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain.efile import FAMILY
from domain.efile.commands import (
    AddCirculationStep,
    AddDocumentVersion,
    CompleteCirculationStep,
    SkipCirculationStep,
    StartCirculation,
)
from domain.efile.facts import (
    CirculationStepAdded,
    CirculationStepCompleted,
    CirculationStepSkipped,
    PlannedStep,
)
from domain.efile.vocabulary import Status, StepKind, StepOutcome, StepStatus
from domain.kernel import Channel, Sealed, Supervision
from tests.domain.efile.examples import (
    CASE,
    CASE_OPENED,
    CO_SIGN,
    DOCUMENT,
    FILED,
    FINAL_SIGN,
    FIRST_HASH,
    REASON,
    SECOND_HASH,
    STARTED,
    TAKE_NOTE,
    TO_BE_NOTED,
    circulate,
)
from tests.scenario import ACTOR, SOMEBODY_ELSE, TODAY, Given, an_id, given

CO_SIGNER = an_id("co-signer")
BLANK: Sealed[str] = Sealed(" ")
NEW_VERSION = AddDocumentVersion(
    document_id=DOCUMENT, filename=Sealed("b.pdf"), mime="application/pdf", size=2, sha256=SECOND_HASH
)


def a_case(*more: Any) -> Given:
    return given(FAMILY, CASE_OPENED, FILED, *more, record_id=CASE)


def sign(no: int, sha256: str | None = FIRST_HASH, outcome: StepOutcome = StepOutcome.SIGNED) -> Any:
    return CompleteCirculationStep(no=no, outcome=outcome, signed_sha256=sha256)


def statuses(scenario: Given) -> list[StepStatus]:
    return [step.status for step in scenario.state.circulations[-1].steps]


@pytest.mark.allows(
    "efile.circulation_running",
    "efile.step_order",
    "efile.final_signature_last",
    "efile.nothing_to_sign",
    "efile.document_unknown",
)
def test_a_circulation_starts_with_its_first_step() -> None:
    after = a_case().when(circulate(CO_SIGN, FINAL_SIGN)).then(STARTED)
    assert statuses(after) == [StepStatus.CURRENT, StepStatus.FUTURE]
    assert after.state.status is Status.IN_CIRCULATION


@pytest.mark.allows("efile.circulation_running", "efile.outcome_not_of_kind")
def test_a_case_circulates_without_a_document() -> None:
    after = a_case().when(StartCirculation(steps=(TAKE_NOTE,))).then(TO_BE_NOTED)
    done = CirculationStepCompleted(
        circulation=1,
        no=1,
        outcome=StepOutcome.DONE,
        performer=ACTOR,
        deputising_for=None,
        signed_version=None,
        signed_sha256=None,
        drafters=(),
        note=Sealed("gesehen"),
        day=TODAY,
    )
    finished = after.when(
        CompleteCirculationStep(no=1, outcome=StepOutcome.DONE, signed_sha256=FIRST_HASH, note=Sealed("gesehen"))
    ).then(done)
    assert finished.state.status is Status.OPEN
    finished.when(circulate(CO_SIGN)).so()


def test_a_case_is_on_one_round_at_a_time() -> None:
    a_case(STARTED).when(circulate(CO_SIGN)).refused("efile.circulation_running")


@pytest.mark.parametrize("numbers", [(2, 1), (1, 1), (0, 1), (-1,)])
def test_steps_are_numbered_in_their_order(numbers: tuple[int, ...]) -> None:
    steps = [PlannedStep(no=no, kind=StepKind.TAKE_NOTE, addressee="30/1") for no in numbers]
    a_case().when(circulate(*steps)).refused("efile.step_order")


@pytest.mark.parametrize("count", [0, 101])
def test_a_circulation_has_steps_and_not_too_many(count: int) -> None:
    steps = [PlannedStep(no=no + 1, kind=StepKind.TAKE_NOTE, addressee="30/1") for no in range(count)]
    a_case().when(circulate(*steps)).invalid("steps")


def test_a_step_has_an_addressee() -> None:
    a_case().when(circulate(PlannedStep(no=1, kind=StepKind.TAKE_NOTE, addressee=""))).invalid("steps.addressee")


@pytest.mark.allows("efile.final_signature_last")
def test_the_final_signature_comes_last_and_once() -> None:
    early = PlannedStep(no=1, kind=StepKind.FINAL_SIGN, addressee="61/L")
    late = PlannedStep(no=2, kind=StepKind.CO_SIGN, addressee="37/1")
    a_case().when(circulate(early, late)).refused("efile.final_signature_last")
    twice = PlannedStep(no=2, kind=StepKind.FINAL_SIGN, addressee="61/L")
    a_case().when(circulate(early, twice)).refused("efile.final_signature_last")
    note = PlannedStep(no=2, kind=StepKind.TAKE_NOTE, addressee="37/1")
    a_case().when(circulate(early, note)).so()


def test_a_signature_is_for_a_document() -> None:
    a_case().when(StartCirculation(steps=(CO_SIGN,))).refused("efile.nothing_to_sign")
    add = AddCirculationStep(no=2, step_kind=StepKind.CO_SIGN, addressee="37/1", reason=REASON)
    a_case(TO_BE_NOTED).when(add).refused("efile.nothing_to_sign")


def test_a_document_of_the_case_circulates() -> None:
    a_case().when(StartCirculation(document_id=an_id("elsewhere"), steps=(TAKE_NOTE,))).refused(
        "efile.document_unknown"
    )


@pytest.mark.allows(
    "efile.version_outdated",
    "efile.no_circulation",
    "efile.step_unknown",
    "efile.step_finished",
    "efile.outcome_not_of_kind",
)
def test_a_signature_is_bound_to_version_and_hash() -> None:
    signed = CirculationStepCompleted(
        circulation=1,
        no=1,
        outcome=StepOutcome.SIGNED,
        performer=SOMEBODY_ELSE,
        deputising_for=None,
        signed_version=1,
        signed_sha256=FIRST_HASH,
        drafters=(ACTOR,),
        note=None,
        day=TODAY,
    )
    after = a_case(STARTED).when(sign(1), actor=SOMEBODY_ELSE).then(signed)
    assert statuses(after) == [StepStatus.DONE, StepStatus.CURRENT]


@pytest.mark.parametrize("outcome", [StepOutcome.SIGNED, StepOutcome.OBJECTED])
@pytest.mark.allows("efile.other_unit")
def test_a_unit_signs_through_its_own_people(outcome: StepOutcome) -> None:
    asked = a_case().when(circulate(replace(CO_SIGN, addressee="37"), replace(FINAL_SIGN, addressee="61/L"))).so()
    word = sign(1, outcome=outcome)
    for unit in ("41", "3", "370", "37-1", "-", "", "61/37"):
        asked.when(word, actor=CO_SIGNER, org_unit=unit).refused("efile.other_unit")
    deputy = asked.when(word, actor=CO_SIGNER, deputising_for=an_id("of 37"), org_unit="41")
    deputy.refused("efile.other_unit")
    for unit in ("37", "37/1", "37.1"):
        asked.when(word, actor=CO_SIGNER, org_unit=unit).so()


@pytest.mark.allows("efile.other_unit")
def test_the_final_signature_is_given_by_the_unit_that_is_asked() -> None:
    final = a_case().when(circulate(replace(FINAL_SIGN, no=1, addressee="61/L"))).so()
    for unit in ("61", "61/2", "99"):
        final.when(sign(1), actor=CO_SIGNER, org_unit=unit).refused("efile.other_unit")
    final.when(sign(1), actor=CO_SIGNER, org_unit="61/L").so()


@pytest.mark.allows("efile.other_unit")
def test_an_objection_is_withdrawn_by_the_unit_that_raised_it() -> None:
    ask = replace(CO_SIGN, addressee="37")
    objected = a_case().when(circulate(ask)).so()
    ended = objected.when(sign(1, outcome=StepOutcome.OBJECTED), actor=CO_SIGNER, org_unit="37").so()
    again = ended.when(circulate(ask, FINAL_SIGN)).so()
    again.when(sign(1), actor=SOMEBODY_ELSE, org_unit="41").refused("efile.other_unit")
    again.when(sign(1), actor=SOMEBODY_ELSE, org_unit="37").so()


@pytest.mark.parametrize("channel", sorted(set(Channel) - {Channel.STAFF}))
@pytest.mark.allows("efile.staff_only")
def test_staff_alone_sign_and_skip(channel: Channel) -> None:
    skip = SkipCirculationStep(no=1, reason=REASON)
    object_to = sign(1, outcome=StepOutcome.OBJECTED)
    for command in (sign(1), object_to, skip):
        a_case(STARTED).when(command, actor=CO_SIGNER, channel=channel).refused("efile.staff_only")
        a_case(STARTED).when(command, actor=CO_SIGNER, channel=Channel.STAFF).so()
    co_signed = a_case(STARTED).when(sign(1), actor=CO_SIGNER).so()
    co_signed.when(sign(2), actor=CO_SIGNER, channel=channel).refused("efile.staff_only")
    co_signed.when(sign(2), actor=CO_SIGNER, channel=Channel.STAFF).so()
    a_case(TO_BE_NOTED).when(skip, channel=channel).refused("efile.staff_only")


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.allows("efile.staff_only")
def test_what_signs_nothing_is_done_by_whatever_way(channel: Channel) -> None:
    done = CompleteCirculationStep(no=1, outcome=StepOutcome.DONE)
    a_case(TO_BE_NOTED).when(done, channel=channel).so()


@pytest.mark.parametrize("sha256", [None, SECOND_HASH])
def test_only_the_latest_version_is_signed(sha256: str | None) -> None:
    a_case(STARTED).when(sign(1, sha256), actor=CO_SIGNER).refused("efile.version_outdated")


def test_a_hash_is_well_formed() -> None:
    a_case(STARTED).when(sign(1, "x"), actor=CO_SIGNER).invalid("signed_sha256")


def test_steps_need_a_running_circulation() -> None:
    a_case().when(sign(1), actor=CO_SIGNER).refused("efile.no_circulation")
    a_case().when(SkipCirculationStep(no=1, reason=REASON)).refused("efile.no_circulation")
    add = AddCirculationStep(no=1, step_kind=StepKind.TAKE_NOTE, addressee="30/1", reason=REASON)
    a_case().when(add).refused("efile.no_circulation")


def test_only_steps_that_exist_are_taken() -> None:
    a_case(STARTED).when(sign(3)).refused("efile.step_unknown")
    a_case(STARTED).when(SkipCirculationStep(no=3, reason=REASON)).refused("efile.step_unknown")


def test_a_finished_step_stays_finished() -> None:
    after = a_case(STARTED).when(sign(1), actor=CO_SIGNER).so()
    after.when(sign(1), actor=CO_SIGNER).refused("efile.step_finished")
    after.when(SkipCirculationStep(no=1, reason=REASON)).refused("efile.step_finished")


@pytest.mark.allows("efile.step_not_current", "efile.step_finished")
def test_steps_are_taken_in_their_order() -> None:
    second = PlannedStep(no=2, kind=StepKind.PROCESS, addressee="61/2")
    started = a_case().when(circulate(CO_SIGN, second)).so()
    done = CompleteCirculationStep(no=2, outcome=StepOutcome.DONE)
    started.when(done).refused("efile.step_not_current")
    started.when(sign(1), actor=CO_SIGNER).so().when(done).so()


@pytest.mark.allows("efile.co_signatures_open")
def test_the_final_signature_waits_for_all_co_signatures() -> None:
    started = a_case(STARTED)
    started.when(sign(2), actor=SOMEBODY_ELSE).refused("efile.co_signatures_open")
    started.when(sign(1), actor=CO_SIGNER).so().when(sign(2), actor=SOMEBODY_ELSE).so()


def test_an_objection_is_no_co_signature() -> None:
    objected = a_case(STARTED).when(sign(1, outcome=StepOutcome.OBJECTED), actor=CO_SIGNER).so()
    objected.when(sign(2), actor=SOMEBODY_ELSE).refused("efile.co_signatures_open")


@pytest.mark.allows("efile.co_signatures_open", "efile.step_finished")
def test_an_objection_can_be_overruled_with_a_reason() -> None:
    objected = a_case(STARTED).when(sign(1, outcome=StepOutcome.OBJECTED), actor=CO_SIGNER).so()
    skip = SkipCirculationStep(no=1, reason=REASON)
    objected.when(skip, actor=ACTOR).refused("efile.drafter_skips_signature")
    overruled = objected.when(skip, actor=SOMEBODY_ELSE).then(
        CirculationStepSkipped(
            circulation=1,
            no=1,
            step_kind=StepKind.CO_SIGN,
            objector=CO_SIGNER,
            drafters=(ACTOR,),
            reason=REASON,
            day=TODAY,
        )
    )
    overruled.when(sign(2), actor=SOMEBODY_ELSE).so()


def test_an_open_step_can_be_skipped_with_a_reason() -> None:
    skipped = a_case(STARTED).when(SkipCirculationStep(no=1, reason=REASON), actor=SOMEBODY_ELSE).so()
    assert statuses(skipped) == [StepStatus.SKIPPED, StepStatus.CURRENT]
    a_case(STARTED).when(SkipCirculationStep(no=1, reason=BLANK)).refused("efile.reason_missing")


@pytest.mark.allows("efile.four_eyes")
def test_the_drafter_does_not_sign_finally() -> None:
    co_signed = a_case(STARTED).when(sign(1), actor=CO_SIGNER).so()
    co_signed.when(sign(2), actor=ACTOR).refused("efile.four_eyes")
    co_signed.when(sign(2), actor=SOMEBODY_ELSE).so()


@pytest.mark.allows("efile.four_eyes")
def test_the_drafter_does_not_co_sign_either() -> None:
    for outcome in (StepOutcome.SIGNED, StepOutcome.OBJECTED):
        a_case(STARTED).when(sign(1, outcome=outcome), actor=ACTOR).refused("efile.four_eyes")
        a_case(STARTED).when(sign(1, outcome=outcome), actor=SOMEBODY_ELSE).so()


@pytest.mark.allows("efile.drafter_skips_signature")
def test_a_co_signature_is_left_out_by_somebody_else_than_the_drafter() -> None:
    skip = SkipCirculationStep(no=1, reason=REASON)
    a_case(STARTED).when(skip, actor=ACTOR).refused("efile.drafter_skips_signature")
    a_case(STARTED).when(skip, actor=SOMEBODY_ELSE).so()


def test_who_drafted_an_earlier_version_does_not_sign_the_later_one_finally() -> None:
    later = a_case(STARTED).when(NEW_VERSION, actor=SOMEBODY_ELSE).so().when(sign(1, SECOND_HASH), actor=CO_SIGNER).so()
    later.when(sign(2, SECOND_HASH), actor=ACTOR).refused("efile.four_eyes")
    later.when(sign(2, SECOND_HASH), actor=an_id("third")).so()


def test_a_new_version_invalidates_open_signatures() -> None:
    co_signed = a_case(STARTED).when(sign(1), actor=CO_SIGNER).so()
    versioned = co_signed.when(NEW_VERSION)
    assert versioned.facts[0].invalidated_steps == (1,)  # type: ignore[union-attr]
    after = versioned.so()
    assert statuses(after) == [StepStatus.CURRENT, StepStatus.FUTURE]
    after.when(sign(2, SECOND_HASH), actor=SOMEBODY_ELSE).refused("efile.co_signatures_open")
    after.when(sign(1, SECOND_HASH), actor=CO_SIGNER).so().when(sign(2, SECOND_HASH), actor=an_id("third")).so()


def test_a_new_version_leaves_other_steps_and_skipped_ones_alone() -> None:
    steps = (
        PlannedStep(no=1, kind=StepKind.PROCESS, addressee="61/2"),
        PlannedStep(no=2, kind=StepKind.CO_SIGN, addressee="37/1"),
        PlannedStep(no=3, kind=StepKind.FINAL_SIGN, addressee="61/L"),
    )
    started = a_case().when(circulate(*steps)).so()
    done = started.when(CompleteCirculationStep(no=1, outcome=StepOutcome.DONE)).so()
    skipped = done.when(SkipCirculationStep(no=2, reason=REASON), actor=SOMEBODY_ELSE).so()
    assert skipped.when(NEW_VERSION).facts[0].invalidated_steps == ()  # type: ignore[union-attr]


def test_a_final_signature_keeps_its_version() -> None:
    note = PlannedStep(no=3, kind=StepKind.TAKE_NOTE, addressee="30/1")
    started = a_case().when(circulate(CO_SIGN, FINAL_SIGN, note)).so()
    signed = started.when(sign(1), actor=CO_SIGNER).so().when(sign(2), actor=SOMEBODY_ELSE).so()
    assert signed.when(NEW_VERSION).facts[0].invalidated_steps == ()  # type: ignore[union-attr]


def test_a_version_of_another_document_invalidates_nothing() -> None:
    other = a_case(STARTED).when(sign(1), actor=CO_SIGNER).so()
    filed = replace(FILED, document_id=an_id("d2"))
    two = other.beside(CASE, filed)
    version = AddDocumentVersion(
        document_id=an_id("d2"), filename=Sealed("c"), mime="text/plain", size=1, sha256=SECOND_HASH
    )
    assert two.when(version).facts[0].invalidated_steps == ()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("no", "outcome"),
    [(1, StepOutcome.DONE)],
)
def test_a_signing_step_is_signed_or_objected_to(no: int, outcome: StepOutcome) -> None:
    a_case(STARTED).when(sign(no, outcome=outcome), actor=CO_SIGNER).refused("efile.outcome_not_of_kind")


def test_another_step_is_done() -> None:
    noted = a_case(TO_BE_NOTED)
    noted.when(sign(1), actor=CO_SIGNER).refused("efile.outcome_not_of_kind")
    noted.when(CompleteCirculationStep(no=1, outcome=StepOutcome.DONE)).so()


def test_a_note_is_not_blank() -> None:
    noted = CompleteCirculationStep(no=1, outcome=StepOutcome.DONE, note=BLANK)
    a_case(TO_BE_NOTED).when(noted).invalid("note")


@pytest.mark.allows("efile.step_order", "efile.nothing_to_sign", "efile.no_circulation", "efile.reason_missing")
def test_a_step_is_added_behind_the_finished_ones() -> None:
    add = AddCirculationStep(no=3, step_kind=StepKind.TAKE_NOTE, addressee="14", due=date(2026, 3, 20), reason=REASON)
    added = CirculationStepAdded(
        circulation=1,
        step=PlannedStep(no=3, kind=StepKind.TAKE_NOTE, addressee="14", due=date(2026, 3, 20)),
        reason=REASON,
        day=TODAY,
    )
    after = a_case(STARTED).when(add).then(added)
    assert statuses(after) == [StepStatus.CURRENT, StepStatus.FUTURE, StepStatus.FUTURE]
    a_case(STARTED).when(AddCirculationStep(no=3, step_kind=StepKind.COMMENT, addressee="", reason=REASON)).invalid(
        "addressee"
    )
    a_case(STARTED).when(AddCirculationStep(no=3, step_kind=StepKind.COMMENT, addressee="1", reason=BLANK)).refused(
        "efile.reason_missing"
    )


@pytest.mark.allows("efile.drafter_skips_signature")
def test_the_final_signature_is_left_out_by_somebody_else_than_the_drafter() -> None:
    co_signed = a_case(STARTED).when(sign(1), actor=CO_SIGNER).so()
    skip = SkipCirculationStep(no=2, reason=REASON)
    co_signed.when(skip, actor=ACTOR).refused("efile.drafter_skips_signature")
    skipped = CirculationStepSkipped(
        circulation=1,
        no=2,
        step_kind=StepKind.FINAL_SIGN,
        objector=None,
        drafters=(ACTOR,),
        reason=REASON,
        day=TODAY,
    )
    after = co_signed.when(skip, actor=SOMEBODY_ELSE).then(skipped)
    assert after.state.documents[0].signed_version is None


def test_who_drafted_any_version_leaves_no_final_signature_out() -> None:
    later = a_case(STARTED).when(NEW_VERSION, actor=SOMEBODY_ELSE).so()
    skip = SkipCirculationStep(no=2, reason=REASON)
    for drafter in (ACTOR, SOMEBODY_ELSE):
        later.when(skip, actor=drafter).refused("efile.drafter_skips_signature")
    later.when(skip, actor=an_id("third")).so()


@pytest.mark.allows("efile.drafter_skips_signature")
def test_the_drafter_leaves_out_steps_that_sign_nothing() -> None:
    a_case(TO_BE_NOTED).when(SkipCirculationStep(no=1, reason=REASON), actor=ACTOR).so()


def test_added_steps_count_from_one_too() -> None:
    later = PlannedStep(no=2, kind=StepKind.COMMENT, addressee="30/1")
    started = a_case().when(circulate(later)).so()
    for no in (0, -1):
        add = AddCirculationStep(no=no, step_kind=StepKind.TAKE_NOTE, addressee="14", reason=REASON)
        started.when(add).refused("efile.step_order")
    started.when(AddCirculationStep(no=1, step_kind=StepKind.TAKE_NOTE, addressee="14", reason=REASON)).so()


@pytest.mark.parametrize("no", [0, 1, 2])
def test_a_step_is_added_neither_twice_nor_before_a_finished_one(no: int) -> None:
    add = AddCirculationStep(no=no, step_kind=StepKind.TAKE_NOTE, addressee="14", reason=REASON)
    a_case(STARTED).when(sign(1), actor=CO_SIGNER).so().when(add).refused("efile.step_order")


def test_no_co_signature_is_added_behind_the_final_one() -> None:
    add = AddCirculationStep(no=3, step_kind=StepKind.CO_SIGN, addressee="14", reason=REASON)
    a_case(STARTED).when(add).refused("efile.final_signature_last")


def test_a_step_added_before_the_current_one_becomes_current() -> None:
    late = (PlannedStep(no=5, kind=StepKind.PROCESS, addressee="61/2"),)
    add = AddCirculationStep(no=2, step_kind=StepKind.COMMENT, addressee="14", reason=REASON)
    after = a_case().when(circulate(*late)).so().when(add).so()
    assert statuses(after) == [StepStatus.CURRENT, StepStatus.FUTURE]


OBJECTED_TO = (
    a_case(replace(STARTED, steps=(CO_SIGN,))).when(sign(1, outcome=StepOutcome.OBJECTED), actor=CO_SIGNER).so()
)
"""A round that ended with an objection."""


@pytest.mark.allows("efile.co_signatures_open")
def test_no_new_round_leads_past_an_objection() -> None:
    final = PlannedStep(no=1, kind=StepKind.FINAL_SIGN, addressee="61/L")
    OBJECTED_TO.when(circulate(final)).refused("efile.co_signatures_open")
    somebody = PlannedStep(no=1, kind=StepKind.CO_SIGN, addressee="14")
    OBJECTED_TO.when(circulate(somebody, FINAL_SIGN)).refused("efile.co_signatures_open")
    noted = OBJECTED_TO.when(circulate(TAKE_NOTE)).so()
    add = AddCirculationStep(no=2, step_kind=StepKind.FINAL_SIGN, addressee="61/L", reason=REASON)
    noted.when(add).refused("efile.co_signatures_open")
    noted.when(replace(add, step_kind=StepKind.CO_SIGN, addressee=CO_SIGN.addressee)).so().when(replace(add, no=3)).so()


@pytest.mark.allows("efile.co_signatures_open")
def test_an_objection_is_withdrawn_overruled_or_answered_by_a_new_version() -> None:
    final = PlannedStep(no=1, kind=StepKind.FINAL_SIGN, addressee="61/L")
    asked_again = OBJECTED_TO.when(circulate(CO_SIGN, FINAL_SIGN)).so()
    asked_again.when(sign(2), actor=SOMEBODY_ELSE).refused("efile.co_signatures_open")
    overruled = asked_again.when(SkipCirculationStep(no=1, reason=REASON), actor=SOMEBODY_ELSE).so()
    (_, skipped) = overruled.history[-1]
    told = skipped.supervised()
    assert told is not None
    assert told.others == (CO_SIGNER, ACTOR), "whose objection of the round before is overruled is named"
    for settled in (asked_again.when(sign(1), actor=CO_SIGNER).so(), overruled):
        settled.when(sign(2), actor=SOMEBODY_ELSE).so()
    OBJECTED_TO.when(NEW_VERSION).so().when(circulate(final)).so()
    signed_after_all = OBJECTED_TO.when(circulate(CO_SIGN)).so().when(sign(1), actor=CO_SIGNER).so()
    signed_after_all.when(circulate(final)).so()


def test_only_who_objected_last_and_was_not_overruled_yet_is_named_as_overruled() -> None:
    again = PlannedStep(no=2, kind=StepKind.CO_SIGN, addressee=CO_SIGN.addressee)
    elsewhere = PlannedStep(no=3, kind=StepKind.CO_SIGN, addressee="30/1")
    third_round = OBJECTED_TO.when(circulate(CO_SIGN, again, elsewhere)).so()

    def skipped(scenario: Given, no: int) -> Given:
        return scenario.when(SkipCirculationStep(no=no, reason=REASON), actor=SOMEBODY_ELSE).so()

    def objector(scenario: Given) -> UUID | None:
        (_, fact) = scenario.history[-1]
        assert isinstance(fact, CirculationStepSkipped)
        return fact.objector

    assert objector(skipped(third_round, 1)) == CO_SIGNER
    assert objector(skipped(third_round, 3)) is None
    assert objector(skipped(skipped(third_round, 1), 2)) is None
    assert objector(skipped(third_round.when(sign(1), actor=CO_SIGNER).so(), 2)) is None
    assert objector(skipped(third_round.when(NEW_VERSION).so(), 1)) is None


def test_a_step_that_was_left_out_first_overrules_no_objection_of_its_round() -> None:
    again = PlannedStep(no=2, kind=StepKind.CO_SIGN, addressee=CO_SIGN.addressee)
    final = PlannedStep(no=1, kind=StepKind.FINAL_SIGN, addressee="61/L")
    left_out = a_case().when(circulate(CO_SIGN, again)).so()
    left_out = left_out.when(SkipCirculationStep(no=2, reason=REASON), actor=SOMEBODY_ELSE).so()
    objected = left_out.when(sign(1, outcome=StepOutcome.OBJECTED), actor=CO_SIGNER).so()
    objected.when(circulate(final)).refused("efile.co_signatures_open")
    objected.when(circulate(CO_SIGN, FINAL_SIGN)).so()


@pytest.mark.allows("efile.co_signatures_open", "efile.drafter_skips_signature")
def test_who_objected_may_withdraw_it_and_that_counts_as_overruling_it() -> None:
    objected = a_case(STARTED).when(sign(1, outcome=StepOutcome.OBJECTED), actor=CO_SIGNER).so()
    withdrawn = objected.when(SkipCirculationStep(no=1, reason=REASON), actor=CO_SIGNER).so()
    (_, skipped) = withdrawn.history[-1]
    told = skipped.supervised()
    assert told is not None
    assert (told.by, told.others) == (Supervision.OVERRIDE, (CO_SIGNER, ACTOR))
    withdrawn.when(sign(2), actor=SOMEBODY_ELSE).so()
