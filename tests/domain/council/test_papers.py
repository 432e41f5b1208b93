"""Papers: drafted, released, amended, withdrawn, consulted, published, corrected."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.council.commands import (
    AmendPaper,
    AttachPaperFile,
    CancelConsultation,
    CorrectPaper,
    CoSignPaper,
    DepublishPaper,
    DraftPaper,
    PlanConsultation,
    PublishPaper,
    ReleasePaper,
    RemovePaperFile,
    WithdrawPaper,
)
from domain.council.facts import (
    ConsultationCancelled,
    ConsultationPlanned,
    PaperAmended,
    PaperCorrected,
    PaperCoSigned,
    PaperDecided,
    PaperDepublished,
    PaperDrafted,
    PaperFileAttached,
    PaperFileRemoved,
    PaperPublished,
    PaperReleased,
    PaperWithdrawn,
)
from domain.council.parts import ConsultationData, FileData, PaperData, Reference
from domain.council.state import PaperState
from domain.council.vocabulary import ConsultationRole, FileRole, Outcome, PaperField, PaperStatus, PaperType
from domain.kernel import Channel, Sealed, Supervision
from tests.domain.council.examples import (
    BLANK,
    CO_SIGNED,
    COMMITTEE,
    CONSULTATION,
    COUNCIL,
    DISSOLVED,
    DRAFTED,
    ESTABLISHED,
    ITEM,
    MEETING,
    ON_AGENDA,
    PAPER,
    PLANNED,
    REASON,
    RELEASED,
    SHA512,
    TITLE,
    a_city,
    a_paper,
)
from tests.scenario import ACTOR, SOMEBODY_ELSE, TODAY, Decision, Given, an_id

NEW_TITLE: Sealed[str] = Sealed("Umbau des Alten Marktplatzes")
DRAFT = DraftPaper(reference="01/18/2026", title=TITLE, paper_type=PaperType.MOTION, lead_unit="61")
AMEND = AmendPaper(title=NEW_TITLE, lead_unit="66", reason=REASON)
PLAN = PlanConsultation(body=COUNCIL, role=ConsultationRole.DECISION, authoritative=True)
ATTACH = AttachPaperFile(
    role=FileRole.MAIN,
    name=TITLE,
    file_name=Sealed("vorlage.pdf"),
    mime_type="application/pdf",
    size=1024,
    sha512=SHA512,
)
FILE = PaperFileAttached(
    file=an_id("file"),
    data=FileData(role=FileRole.MAIN, mime_type="application/pdf", size=1024, sha512=SHA512),
    name=TITLE,
)
WITHDRAWN = PaperWithdrawn(reason=REASON)


def decided(outcome: Outcome, *, authoritative: bool = True) -> PaperDecided:
    return PaperDecided(
        consultation=CONSULTATION,
        meeting=MEETING,
        item=ITEM,
        outcome=outcome,
        authoritative=authoritative,
        pending=outcome is Outcome.POSTPONED,
    )


DATED = date(2026, 2, 2)
DAY = timedelta(days=1)


def paper_of(scenario: Given) -> PaperState:
    state = scenario.state_of(PAPER)
    assert isinstance(state, PaperState)
    return state


@pytest.mark.allows("council.paper_reference_taken")
def test_a_paper_is_drafted_non_public_and_of_today() -> None:
    data = PaperData(paper_type=PaperType.MOTION, public=False, dated=TODAY, lead_unit="61")
    a_city().when(DRAFT).then(
        PaperDrafted(reference="01/18/2026", data=data, title=TITLE, drafted_by=ACTOR, drafted_on=TODAY)
    )


def test_a_paper_may_come_from_a_body() -> None:
    scenario = a_city().when(replace(DRAFT, originator=COUNCIL, dated=date(2026, 1, 5))).so()
    assert scenario.state.data.originators == (Reference(COUNCIL),)
    a_city().when(replace(DRAFT, originator=an_id("nobody"))).refused("council.body_unknown")


def test_a_paper_is_drafted_once() -> None:
    a_paper().when(DRAFT).refused("council.record_exists")


def test_a_reference_is_never_used_again_even_after_a_withdrawal() -> None:
    again = replace(DRAFT, reference="01/17/2026")
    a_paper(WITHDRAWN).about(an_id("another")).when(again).refused("council.paper_reference_taken")


def test_a_paper_needs_a_reference_a_title_and_a_unit() -> None:
    a_city().when(replace(DRAFT, reference="")).invalid("reference")
    a_city().when(replace(DRAFT, title=BLANK)).invalid("title")
    a_city().when(replace(DRAFT, title=Sealed("x" * 2001))).invalid("title")
    a_city().when(replace(DRAFT, lead_unit="")).invalid("lead_unit")


@pytest.mark.allows("council.own_paper", "council.unit_co_signed", "council.paper_not_draft")
def test_a_paper_is_co_signed_by_somebody_else_for_each_unit_once() -> None:
    sign = CoSignPaper(unit="20")
    signed = a_paper().when(sign, actor=SOMEBODY_ELSE, org_unit="20", on=DATED).then(CO_SIGNED)
    assert paper_of(signed).status is PaperStatus.CO_SIGNED
    signed.when(sign, actor=SOMEBODY_ELSE, org_unit="20").refused("council.unit_co_signed")
    signed.when(CoSignPaper(unit="30"), actor=SOMEBODY_ELSE, org_unit="30").so()
    a_paper().when(sign, actor=ACTOR, org_unit="20").refused("council.own_paper")
    a_paper(CO_SIGNED, RELEASED).when(sign, actor=SOMEBODY_ELSE, org_unit="20").refused("council.paper_not_draft")


@pytest.mark.allows("council.other_unit", "council.staff_only")
def test_a_unit_co_signs_by_a_member_of_its_own_staff() -> None:
    sign = CoSignPaper(unit="20")
    a_paper().when(sign, actor=SOMEBODY_ELSE, org_unit="30").refused("council.other_unit")
    portal = a_paper().when(sign, actor=SOMEBODY_ELSE, org_unit="20", channel=Channel.SERVICE_PORTAL)
    portal.refused("council.staff_only")
    a_paper().when(sign, actor=SOMEBODY_ELSE, org_unit="20", on=DATED).then(CO_SIGNED)


@pytest.mark.allows("council.own_paper")
def test_a_deputy_is_the_person_they_stand_in_for_when_a_paper_is_co_signed() -> None:
    sign, third = CoSignPaper(unit="20"), an_id("third")
    a_paper().when(sign, actor=SOMEBODY_ELSE, deputising_for=ACTOR, org_unit="20").refused("council.own_paper")
    a_paper().when(sign, actor=ACTOR, deputising_for=SOMEBODY_ELSE, org_unit="20").refused("council.own_paper")
    drafted = a_city(PAPER).when(DRAFT, deputising_for=SOMEBODY_ELSE).so()
    drafted.when(sign, actor=SOMEBODY_ELSE, org_unit="20").refused("council.own_paper")
    drafted.when(sign, actor=third, deputising_for=SOMEBODY_ELSE, org_unit="20").refused("council.own_paper")
    (signed,) = drafted.when(sign, actor=third, deputising_for=an_id("fourth"), org_unit="20").facts
    assert signed == PaperCoSigned(
        unit="20",
        drafters=(ACTOR, SOMEBODY_ELSE),
        signatory=third,
        deputising_for=an_id("fourth"),
        signed_on=TODAY,
    )
    assert isinstance(signed, PaperCoSigned)
    supervised = signed.supervised()
    assert supervised is not None
    assert supervised.others == (ACTOR, SOMEBODY_ELSE)


@pytest.mark.allows("council.own_paper")
@pytest.mark.parametrize(
    "change",
    [
        AMEND,
        CorrectPaper(field=PaperField.LEAD_UNIT, new="66", reason=REASON),
        ATTACH,
        RemovePaperFile(file=FILE.file, reason=REASON),
    ],
    ids=lambda command: type(command).__name__,
)
def test_whoever_changed_a_paper_wrote_it_too_and_does_not_co_sign_it(change: Any) -> None:
    sign, editor, chief = CoSignPaper(unit="20"), an_id("editor"), an_id("chief")
    changed = a_paper(FILE, CO_SIGNED).when(change, actor=editor, deputising_for=chief).so()
    assert paper_of(changed).status is PaperStatus.DRAFT
    for writer in (ACTOR, editor, chief):
        changed.when(sign, actor=writer, org_unit="20").refused("council.own_paper")
        changed.when(sign, actor=SOMEBODY_ELSE, deputising_for=writer, org_unit="20").refused("council.own_paper")
    (signed,) = changed.when(sign, actor=SOMEBODY_ELSE, org_unit="20").facts
    assert signed == PaperCoSigned(unit="20", drafters=(ACTOR, editor, chief), signatory=SOMEBODY_ELSE, signed_on=TODAY)


@pytest.mark.allows("council.released_too_early")
def test_a_paper_is_released_on_its_date_at_the_earliest() -> None:
    a_paper(CO_SIGNED).when(ReleasePaper(), on=DATED - timedelta(days=1)).refused("council.released_too_early")
    a_paper(CO_SIGNED).when(ReleasePaper(), on=DATED).then(PaperReleased(released_on=DATED))


@pytest.mark.allows("council.released_too_early")
def test_the_date_of_a_released_paper_is_not_corrected_to_one_after_its_release() -> None:
    def corrected(day: date, *facts: Any) -> Decision:
        correct = CorrectPaper(field=PaperField.DATED, new=day.isoformat(), reason=REASON)
        return a_paper(CO_SIGNED, *facts).when(correct)

    released_on = RELEASED.released_on
    assert released_on is not None
    corrected(released_on + timedelta(days=1), RELEASED).refused("council.released_too_early")
    corrected(released_on, RELEASED).so()
    corrected(released_on + timedelta(days=1)).so()
    corrected(released_on + timedelta(days=1), PaperReleased()).so()


@pytest.mark.allows("council.out_of_order")
def test_a_paper_is_co_signed_after_it_was_written_and_released_after_that() -> None:
    sign = CoSignPaper(unit="20")
    a_paper().when(sign, actor=SOMEBODY_ELSE, org_unit="20", on=DATED - DAY).refused("council.out_of_order")
    changed = a_paper().when(AMEND, on=DATED + DAY).so()
    changed.when(sign, actor=SOMEBODY_ELSE, org_unit="20", on=DATED).refused("council.out_of_order")
    signed = changed.when(sign, actor=SOMEBODY_ELSE, org_unit="20", on=DATED + 2 * DAY).so()
    signed.when(ReleasePaper(), on=DATED + DAY).refused("council.out_of_order")
    signed.when(ReleasePaper(), on=DATED + 2 * DAY).so()


@pytest.mark.allows("council.out_of_order")
def test_a_correction_is_of_the_day_that_it_corrects() -> None:
    correct = CorrectPaper(field=PaperField.TITLE, new_sealed=NEW_TITLE, reason=REASON)
    a_paper(CO_SIGNED, RELEASED).when(correct, on=DATED).so()
    a_paper(CO_SIGNED, RELEASED).when(correct, on=DATED - DAY).refused("council.out_of_order")
    old = a_city(PAPER).beside(PAPER, replace(DRAFTED, drafted_on=None))
    old.when(correct, on=DATED - DAY).so()


def test_a_draft_that_was_withdrawn_is_not_published() -> None:
    a_paper(WITHDRAWN).when(PublishPaper()).refused("council.paper_is_draft")
    a_paper(CO_SIGNED, WITHDRAWN).when(PublishPaper()).refused("council.paper_is_draft")
    a_paper(CO_SIGNED, RELEASED, WITHDRAWN).when(PublishPaper()).so()


def test_who_drafted_an_older_paper_is_not_known_so_anybody_may_co_sign() -> None:
    old = a_city(PAPER).beside(PAPER, replace(DRAFTED, drafted_by=None))
    (signed,) = old.when(CoSignPaper(unit="20"), org_unit="20").facts
    assert signed == PaperCoSigned(unit="20", signatory=ACTOR, signed_on=TODAY)
    assert isinstance(signed, PaperCoSigned)
    assert signed.supervised() is None


def test_a_co_signature_is_an_act_of_two_people() -> None:
    supervised = CO_SIGNED.supervised()
    assert supervised is not None
    assert (supervised.by, supervised.others) == (Supervision.FOUR_EYES, (ACTOR,))


@pytest.mark.parametrize(
    "change",
    [AMEND, ATTACH, CorrectPaper(field=PaperField.LEAD_UNIT, new="66", reason=REASON)],
    ids=lambda command: type(command).__name__,
)
def test_a_change_voids_the_co_signatures_but_releases_nothing(change: Any) -> None:
    changed = a_paper(CO_SIGNED).when(change).so()
    assert (paper_of(changed).status, paper_of(changed).co_signed_by) == (PaperStatus.DRAFT, ())
    _, fact = changed.history[-1]
    assert isinstance(fact, PaperAmended | PaperCorrected | PaperFileAttached)
    assert fact.voids == ("20",)
    kept = a_paper(CO_SIGNED, replace(fact, voids=())).state_of(PAPER)
    assert kept.status is PaperStatus.CO_SIGNED
    # Version 1 did not name them, and voided all.
    older = a_paper(CO_SIGNED, replace(fact, voids=None)).state_of(PAPER)
    assert (older.status, older.co_signed_by) == (PaperStatus.DRAFT, ())
    assert paper_of(a_paper(CO_SIGNED, RELEASED).when(change).so()).status is PaperStatus.RELEASED


@pytest.mark.allows("council.paper_not_co_signed")
def test_a_co_signed_paper_is_released() -> None:
    a_paper(CO_SIGNED).when(ReleasePaper()).then(PaperReleased(released_on=TODAY))
    a_paper().when(ReleasePaper()).refused("council.paper_not_co_signed")


def test_a_released_paper_is_not_released_again() -> None:
    a_paper(RELEASED).when(ReleasePaper()).refused("council.paper_not_draft")


@pytest.mark.allows("council.paper_settled")
def test_an_amendment_names_what_changed_and_why() -> None:
    amended = PaperAmended(
        changed=("lead_unit", "title"),
        data=replace(DRAFTED.data, lead_unit="66"),
        title=NEW_TITLE,
        reason=REASON,
        changed_by=(ACTOR,),
        changed_on=TODAY,
    )
    a_paper(RELEASED).when(AMEND).then(amended)


def test_an_amendment_that_changes_nothing_is_refused() -> None:
    a_paper().when(AmendPaper(lead_unit="61", reason=REASON)).refused("council.nothing_changed")


@pytest.mark.allows("council.depublish_first")
def test_what_is_published_does_not_become_non_public_by_an_amendment() -> None:
    hide = AmendPaper(public=False, reason=REASON)
    a_paper(RELEASED, PaperPublished()).when(hide).refused("council.depublish_first")
    a_paper(RELEASED).when(hide).so()


def test_a_withdrawal_has_a_reason() -> None:
    a_paper(RELEASED).when(WithdrawPaper(reason=REASON)).then(WITHDRAWN)
    a_paper(RELEASED).when(WithdrawPaper(reason=BLANK)).invalid("reason")


@pytest.mark.parametrize("command", [AMEND, WithdrawPaper(reason=REASON), PLAN], ids=lambda c: type(c).__name__)
@pytest.mark.parametrize("end", [WITHDRAWN, decided(Outcome.ADOPTED), decided(Outcome.REJECTED)], ids=str)
def test_a_settled_paper_stays_as_it_is(command: Any, end: Any) -> None:
    a_paper(RELEASED, PLANNED, ON_AGENDA, end).when(command).refused("council.paper_settled")


@pytest.mark.allows("council.already_planned")
def test_a_consultation_is_planned_for_a_body() -> None:
    data = ConsultationData(bodies=(Reference(COUNCIL),), role=ConsultationRole.DECISION, authoritative=True)
    scenario = a_paper().when(PLAN).so()
    (consultation,) = paper_of(scenario).consultations
    assert consultation.data == data
    assert scenario.history[-1][1] == ConsultationPlanned(consultation=consultation.id, data=data, order=1)


def test_bodies_consult_one_after_the_other_unless_said_otherwise() -> None:
    both = a_paper(PLANNED).beside(COMMITTEE, replace(ESTABLISHED, code="HFA"))
    plan = replace(PLAN, body=COMMITTEE, authoritative=False)
    assert paper_of(both.when(plan).so()).consultations[1].order == 3
    assert paper_of(both.when(replace(plan, order=2)).so()).consultations[1].order == 2
    both.when(replace(plan, order=0)).invalid("order")


@pytest.mark.allows("council.file_more_public")
def test_a_file_of_a_non_public_paper_is_not_public() -> None:
    hidden = replace(DRAFTED, data=replace(DRAFTED.data, public=False))
    a_paper().when(replace(ATTACH, public=True)).so()
    a_city(PAPER).beside(PAPER, hidden).when(replace(ATTACH, public=True)).refused("council.file_more_public")
    a_city(PAPER).beside(PAPER, hidden).when(ATTACH).so()


def test_a_body_consults_once_at_a_time() -> None:
    a_paper(PLANNED).when(PLAN).refused("council.already_planned")


def test_a_body_consults_again_after_it_has_referred_the_paper() -> None:
    again = replace(PLAN, authoritative=False)
    a_paper(RELEASED, PLANNED, ON_AGENDA, decided(Outcome.REFERRED)).when(again).so()


@pytest.mark.allows("council.one_authoritative")
def test_one_body_decides() -> None:
    both = a_paper(PLANNED).beside(COMMITTEE, replace(ESTABLISHED, code="HFA"))
    both.when(replace(PLAN, body=COMMITTEE)).refused("council.one_authoritative")
    both.when(replace(PLAN, body=COMMITTEE, authoritative=False)).so()


def test_a_body_that_is_dissolved_or_unknown_does_not_consult() -> None:
    a_paper().when(replace(PLAN, body=COMMITTEE)).refused("council.body_unknown")
    a_paper().beside(COUNCIL, DISSOLVED).when(PLAN).refused("council.body_gone")


@pytest.mark.allows("council.consultation_unknown", "council.consultation_begun")
def test_a_planned_consultation_is_cancelled() -> None:
    cancel = CancelConsultation(consultation=CONSULTATION, reason=REASON)
    scenario = a_paper(PLANNED).when(cancel).then(ConsultationCancelled(consultation=CONSULTATION, reason=REASON))
    assert paper_of(scenario).consultations == ()


def test_a_consultation_on_an_agenda_or_unknown_is_not_cancelled() -> None:
    cancel = CancelConsultation(consultation=CONSULTATION, reason=REASON)
    a_paper(RELEASED, PLANNED, ON_AGENDA).when(cancel).refused("council.consultation_begun")
    a_paper(RELEASED).when(cancel).refused("council.consultation_unknown")


@pytest.mark.parametrize(
    ("outcome", "authoritative", "status"),
    [
        (Outcome.ADOPTED, True, PaperStatus.DECIDED),
        (Outcome.ADOPTED_AMENDED, True, PaperStatus.DECIDED),
        (Outcome.NOTED, True, PaperStatus.DECIDED),
        (Outcome.REJECTED, True, PaperStatus.REJECTED),
        (Outcome.POSTPONED, True, PaperStatus.POSTPONED),
        (Outcome.WITHDRAWN, True, PaperStatus.WITHDRAWN),
        (Outcome.REFERRED, True, PaperStatus.IN_CONSULTATION),
        (Outcome.ADOPTED, False, PaperStatus.IN_CONSULTATION),
        (Outcome.REJECTED, False, PaperStatus.IN_CONSULTATION),
    ],
)
def test_what_an_outcome_makes_of_a_paper(outcome: Outcome, authoritative: bool, status: PaperStatus) -> None:
    scenario = a_paper(RELEASED, PLANNED, ON_AGENDA, decided(outcome, authoritative=authoritative))
    assert paper_of(scenario).status is status


def test_a_decided_paper_is_not_reopened_by_another_body_that_postpones() -> None:
    scenario = a_paper(
        RELEASED, PLANNED, ON_AGENDA, decided(Outcome.ADOPTED), decided(Outcome.POSTPONED, authoritative=False)
    )
    assert paper_of(scenario).status is PaperStatus.DECIDED


@pytest.mark.allows("council.file_unknown")
def test_a_file_is_attached_with_its_hash_and_removed_with_a_reason() -> None:
    data = FileData(role=FileRole.MAIN, mime_type="application/pdf", size=1024, sha512=SHA512)
    scenario = a_paper().when(ATTACH).so()
    (file,) = paper_of(scenario).files
    assert scenario.history[-1][1] == PaperFileAttached(
        file=file.id, data=data, name=TITLE, file_name=ATTACH.file_name, changed_by=(ACTOR,), changed_on=TODAY
    )
    removed = scenario.when(RemovePaperFile(file=file.id, reason=REASON)).then(
        PaperFileRemoved(file=file.id, reason=REASON, changed_by=(ACTOR,), changed_on=TODAY)
    )
    assert paper_of(removed).files == ()


def test_a_file_needs_a_hash_a_size_and_names() -> None:
    a_paper().when(replace(ATTACH, sha512="ab")).invalid("sha512")
    a_paper().when(replace(ATTACH, size=-1)).invalid("size")
    a_paper().when(replace(ATTACH, name=BLANK)).invalid("name")
    a_paper().when(replace(ATTACH, file_name=BLANK)).invalid("file_name")


def test_only_an_attached_file_is_removed() -> None:
    a_paper().when(RemovePaperFile(file=PAPER, reason=REASON)).refused("council.file_unknown")


@pytest.mark.allows("council.paper_is_draft", "council.paper_not_public")
def test_a_released_public_paper_is_published_and_depublished_with_a_tombstone() -> None:
    published = a_paper(RELEASED).when(PublishPaper()).then(PaperPublished())
    published.when(PublishPaper()).refused("council.already_published")
    depublished = published.when(DepublishPaper(reason=REASON)).then(PaperDepublished(reason=REASON))
    assert paper_of(depublished).title is not None
    depublished.when(DepublishPaper(reason=REASON)).refused("council.not_published")
    depublished.when(PublishPaper()).then(PaperPublished())


def test_a_draft_is_not_published() -> None:
    a_paper().when(PublishPaper()).refused("council.paper_is_draft")
    a_paper(CO_SIGNED).when(PublishPaper()).refused("council.paper_is_draft")


def test_a_non_public_paper_is_not_published() -> None:
    hidden = replace(DRAFTED, data=replace(DRAFTED.data, public=False))
    a_city(PAPER).beside(PAPER, hidden, RELEASED).when(PublishPaper()).refused("council.paper_not_public")


def test_a_corrected_title_names_the_position_of_the_old_one() -> None:
    scenario = a_paper(RELEASED)
    old = paper_of(scenario).title
    assert old is not None
    scenario.when(CorrectPaper(field=PaperField.TITLE, new_sealed=NEW_TITLE, reason=REASON)).then(
        PaperCorrected(
            field=PaperField.TITLE,
            corrected_position=old.position,
            new_sealed=NEW_TITLE,
            reason=REASON,
            changed_by=(ACTOR,),
            changed_on=TODAY,
        )
    )


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        (PaperField.PAPER_TYPE, "proposal", "motion"),
        (PaperField.LEAD_UNIT, "61", "66"),
        (PaperField.DATED, "2026-02-02", "2026-02-01"),
    ],
)
def test_a_clear_field_is_corrected_with_old_and_new_even_on_a_settled_paper(
    field: PaperField, old: str, new: str
) -> None:
    correct = CorrectPaper(field=field, new=new, reason=REASON)
    fact = PaperCorrected(field=field, old=old, new=new, reason=REASON, changed_by=(ACTOR,), changed_on=TODAY)
    corrected = a_paper(WITHDRAWN).when(correct).then(fact)
    corrected.when(correct).refused("council.nothing_changed")


def test_a_correction_needs_a_possible_value_and_a_reason() -> None:
    a_paper().when(CorrectPaper(field=PaperField.PAPER_TYPE, new="poem", reason=REASON)).invalid("new")
    a_paper().when(CorrectPaper(field=PaperField.DATED, new="yesterday", reason=REASON)).invalid("new")
    a_paper().when(CorrectPaper(field=PaperField.LEAD_UNIT, reason=REASON)).invalid("new")
    a_paper().when(CorrectPaper(field=PaperField.TITLE, reason=REASON)).invalid("new_sealed")
    a_paper().when(CorrectPaper(field=PaperField.LEAD_UNIT, new="66", reason=BLANK)).invalid("reason")
