"""Deputies: whoever acts in somebody's place does not turn one person into two."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from domain.efile import FAMILY
from domain.efile.commands import AddDocumentVersion, CompleteCirculationStep, SkipCirculationStep
from domain.efile.facts import CirculationStepCompleted, CirculationStepSkipped, DocumentFiled, DocumentVersionAdded
from domain.efile.vocabulary import Appraisal, DisposalKind, StepKind, StepOutcome
from domain.kernel import Fact, Sealed, Supervised, Supervision
from tests.domain.efile.examples import (
    CASE,
    CASE_OPENED,
    CASES,
    DOCUMENT,
    FILED,
    FIRST_HASH,
    REASON,
    SECOND_HASH,
    STARTED,
    file_document,
)
from tests.scenario import ACTOR, SOMEBODY_ELSE, TODAY, Given, an_id, given

HEAD, DEPUTY, THIRD = an_id("head"), an_id("deputy"), an_id("third")


def sign(no: int, sha256: str = FIRST_HASH) -> CompleteCirculationStep:
    return CompleteCirculationStep(no=no, outcome=StepOutcome.SIGNED, signed_sha256=sha256)


def a_case(*more: Any) -> Given:
    """A document that ACTOR drafted is on its round, and was co-signed."""
    started = given(FAMILY, CASE_OPENED, FILED, *more, STARTED, record_id=CASE)
    return started.when(sign(1), actor=SOMEBODY_ELSE).so()


def last(scenario: Given) -> Fact:
    return scenario.history[-1][1]


@pytest.mark.allows("efile.four_eyes")
def test_a_deputy_signs_in_the_place_of_the_head() -> None:
    signed = last(a_case().when(sign(2), actor=DEPUTY, deputising_for=HEAD).so())
    assert isinstance(signed, CirculationStepCompleted)
    assert (signed.performer, signed.deputising_for, signed.drafters) == (DEPUTY, HEAD, (ACTOR,))


def test_nobody_signs_finally_in_the_place_of_the_drafter() -> None:
    a_case().when(sign(2), actor=DEPUTY, deputising_for=ACTOR).refused("efile.four_eyes")


def test_the_drafter_does_not_sign_finally_as_a_deputy_either() -> None:
    a_case().when(sign(2), actor=ACTOR, deputising_for=HEAD).refused("efile.four_eyes")


def test_whoever_had_a_deputy_draft_does_not_sign_finally() -> None:
    drafted = given(FAMILY, CASE_OPENED, record_id=CASE).when(file_document(), actor=DEPUTY, deputising_for=HEAD)
    (filed,) = drafted.facts
    assert isinstance(filed, DocumentFiled)
    assert (filed.drafter, filed.deputising_for) == (DEPUTY, HEAD)
    version = AddDocumentVersion(
        document_id=DOCUMENT, filename=Sealed("b"), mime="text/plain", size=1, sha256=SECOND_HASH
    )
    versioned = given(FAMILY, CASE_OPENED, FILED, STARTED, record_id=CASE).when(
        version, actor=DEPUTY, deputising_for=HEAD
    )
    (added,) = versioned.facts
    assert isinstance(added, DocumentVersionAdded)
    assert (added.drafter, added.deputising_for) == (DEPUTY, HEAD)
    co_signed = versioned.so().when(sign(1, SECOND_HASH), actor=SOMEBODY_ELSE).so()
    for actor in (HEAD, DEPUTY, ACTOR):
        co_signed.when(sign(2, SECOND_HASH), actor=actor).refused("efile.four_eyes")
    co_signed.when(sign(2, SECOND_HASH), actor=THIRD).so()


# What those see who watch over the rules


def test_a_final_signature_is_four_eyes_against_all_drafters() -> None:
    signed = last(a_case().when(sign(2), actor=THIRD).so())
    assert signed.supervised() == Supervised(by=Supervision.FOUR_EYES, rules=("efile.four_eyes",), others=(ACTOR,))


def test_a_co_signature_is_four_eyes_too() -> None:
    assert last(a_case()).supervised() == Supervised(
        by=Supervision.FOUR_EYES, rules=("efile.four_eyes",), others=(ACTOR,)
    )


@pytest.mark.parametrize(("actor", "deputised"), [(ACTOR, HEAD), (DEPUTY, ACTOR)])
def test_the_drafter_co_signs_by_no_deputy_and_overrules_no_objection_by_one(actor: UUID, deputised: UUID) -> None:
    started = given(FAMILY, CASE_OPENED, FILED, STARTED, record_id=CASE)
    started.when(sign(1), actor=actor, deputising_for=deputised).refused("efile.four_eyes")
    objection = CompleteCirculationStep(no=1, outcome=StepOutcome.OBJECTED, signed_sha256=FIRST_HASH)
    objected = started.when(objection, actor=SOMEBODY_ELSE).so()
    skip = SkipCirculationStep(no=1, reason=REASON)
    objected.when(skip, actor=actor, deputising_for=deputised).refused("efile.drafter_skips_signature")


def test_a_co_signature_of_before_that_was_held_against_nobody_is_nothing_to_watch_over() -> None:
    co_signed = last(a_case())
    assert isinstance(co_signed, CirculationStepCompleted)
    assert replace(co_signed, drafters=()).supervised() is None


def test_an_objection_is_nothing_to_watch_over() -> None:
    objection = CompleteCirculationStep(no=2, outcome=StepOutcome.OBJECTED, signed_sha256=FIRST_HASH)
    assert last(a_case().when(objection, actor=THIRD).so()).supervised() is None


def test_overruling_an_objection_is_an_override() -> None:
    started = given(FAMILY, CASE_OPENED, FILED, STARTED, record_id=CASE)
    objection = CompleteCirculationStep(no=1, outcome=StepOutcome.OBJECTED, signed_sha256=FIRST_HASH)
    skip = SkipCirculationStep(no=1, reason=REASON)
    (skipped,) = started.when(objection, actor=SOMEBODY_ELSE).so().when(skip, actor=HEAD).facts
    assert isinstance(skipped, CirculationStepSkipped)
    assert (skipped.step_kind, skipped.objector) == (StepKind.CO_SIGN, SOMEBODY_ELSE)
    rules = ("efile.co_signatures_open",)
    assert skipped.supervised() == Supervised(
        by=Supervision.OVERRIDE, rules=rules, others=(SOMEBODY_ELSE, ACTOR), reason=REASON
    )
    (left_out,) = started.when(skip, actor=HEAD).facts
    assert isinstance(left_out, CirculationStepSkipped)
    assert left_out.supervised() == Supervised(by=Supervision.OVERRIDE, rules=rules, others=(ACTOR,), reason=REASON)


def test_leaving_out_a_step_that_signs_nothing_is_no_override() -> None:
    skipped = CirculationStepSkipped(
        circulation=1, no=1, step_kind=StepKind.COMMENT, objector=None, drafters=(), reason=REASON, day=TODAY
    )
    assert skipped.supervised() is None


def test_leaving_out_the_final_signature_is_an_override_against_all_drafters() -> None:
    skip = SkipCirculationStep(no=2, reason=REASON)
    skipped = last(a_case().when(skip, actor=DEPUTY, deputising_for=HEAD).so())
    assert skipped.supervised() == Supervised(
        by=Supervision.OVERRIDE, rules=("efile.four_eyes",), others=(ACTOR,), reason=REASON
    )


@pytest.mark.parametrize(("actor", "deputised"), [(ACTOR, HEAD), (DEPUTY, ACTOR)])
def test_the_drafter_leaves_the_final_signature_out_by_no_deputy_either(actor: UUID, deputised: UUID) -> None:
    skip = SkipCirculationStep(no=2, reason=REASON)
    a_case().when(skip, actor=actor, deputising_for=deputised).refused("efile.drafter_skips_signature")


def test_a_destruction_is_four_eyes_and_an_appraisal_against_the_plan_an_override() -> None:
    destroyed = CASES.facts["Destroyed"](process_id="A", approvers=(ACTOR, SOMEBODY_ELSE))
    assert destroyed.supervised() == Supervised(
        by=Supervision.FOUR_EYES, rules=("efile.two_people_destroy",), others=(ACTOR,)
    )
    appraised = {"process_id": "A", "decision": Appraisal.DESTROY, "reason": REASON}
    against = CASES.facts["AppraisalReceived"](disposal_kind=DisposalKind.ARCHIVE, **appraised)
    assert against.supervised() == Supervised(
        by=Supervision.OVERRIDE, rules=("efile.appraisal_deviates",), reason=REASON
    )
    for planned in (DisposalKind.DESTROY, DisposalKind.APPRAISE):
        assert CASES.facts["AppraisalReceived"](disposal_kind=planned, **appraised).supervised() is None


def test_the_rules_that_are_watched_over_exist() -> None:
    known = {rule.id for rule in FAMILY.rules}
    assert {
        "efile.four_eyes",
        "efile.co_signatures_open",
        "efile.two_people_destroy",
        "efile.appraisal_deviates",
    } <= known
