"""Decisions about a paper (Vorlage), its consultations and files."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, assert_never

from domain.council import checks, commands, facts
from domain.council.files import new_file
from domain.council.parts import ConsultationData, PaperData, Reference
from domain.council.rules import papers as rules
from domain.council.rules import records
from domain.council.state import MeetingState, PaperState, State
from domain.council.vocabulary import PaperField, PaperStatus, PaperType, Publication
from domain.kernel import Context, Fact, Invalid, Message, On, Rejected

Facts = tuple[Fact | On, ...]


def decide_paper(state: State | None, command: commands.PaperCommand, context: Context) -> Facts:
    """The facts that a command about a paper leads to."""
    match command:
        case commands.DraftPaper():
            return _draft(state, command, context)
        case commands.CoSignPaper():
            return _co_sign(checks.led_here(state, PaperState), command, context)
        case commands.ReleasePaper():
            return _release(checks.led_here(state, PaperState), context)
        case commands.AmendPaper():
            return _amend(_open(state), command, context)
        case commands.WithdrawPaper():
            _open(state)
            return (facts.PaperWithdrawn(reason=checks.text("reason", command.reason)),)
        case commands.PlanConsultation():
            return _plan(_open(state), command, context)
        case commands.CancelConsultation():
            return _cancel(_open(state), command)
        case commands.AttachPaperFile():
            return _attach(checks.led_here(state, PaperState), command, context)
        case commands.RemovePaperFile():
            return _remove(_open(state), command, context)
        case commands.PublishPaper():
            return _publish(checks.known(state, PaperState))
        case commands.DepublishPaper():
            checks.may_depublish(checks.known(state, PaperState).publication)
            return (facts.PaperDepublished(reason=checks.text("reason", command.reason)),)
        case commands.CorrectPaper():
            return _correct(checks.led_here(state, PaperState), command, context)
        case _:
            assert_never(command)


def _draft(state: State | None, command: commands.DraftPaper, context: Context) -> Facts:
    checks.expect_new(state)
    if command.originator is not None:
        checks.meeting_body(context, command.originator)
    data = PaperData(
        paper_type=command.paper_type,
        public=command.public,
        dated=command.dated or context.day,
        lead_unit=checks.short("lead_unit", command.lead_unit),
        originators=(Reference(command.originator),) if command.originator else (),
    )
    reference = checks.short("reference", command.reference)
    title = checks.text("title", command.title)
    return (
        facts.PaperDrafted(
            reference=reference,
            data=data,
            title=title,
            drafted_by=context.actor,
            deputising_for=context.deputising_for,
            drafted_on=context.day,
        ),
    )


def _co_sign(paper: PaperState, command: commands.CoSignPaper, context: Context) -> Facts:
    if paper.status not in (PaperStatus.DRAFT, PaperStatus.CO_SIGNED):
        raise Rejected(rules.PAPER_NOT_DRAFT)
    checks.by_staff(context)
    if set(context.persons) & set(paper.drafters):
        raise Rejected(rules.OWN_PAPER)
    unit = checks.short("unit", command.unit, 40)
    if unit != context.org_unit:
        raise Rejected(rules.OTHER_UNIT, unit=unit, own=context.org_unit)
    if unit in paper.co_signed_by:
        raise Rejected(rules.UNIT_CO_SIGNED, unit=unit)
    return (
        facts.PaperCoSigned(
            unit=unit,
            drafters=paper.drafters,
            signatory=context.actor,
            deputising_for=context.deputising_for,
            signed_on=context.day,
        ),
    )


def _release(paper: PaperState, context: Context) -> Facts:
    if paper.status is PaperStatus.DRAFT:
        raise Rejected(rules.PAPER_NOT_CO_SIGNED)
    if paper.status is not PaperStatus.CO_SIGNED:
        raise Rejected(rules.PAPER_NOT_DRAFT)
    if paper.data.dated is not None and context.day < paper.data.dated:
        raise Rejected(rules.RELEASED_TOO_EARLY, dated=paper.data.dated)
    return (facts.PaperReleased(released_on=context.day),)


def _attach(paper: PaperState, command: commands.AttachPaperFile, context: Context) -> Facts:
    data = new_file(command)
    if data.public and not paper.data.public:
        raise Rejected(rules.FILE_MORE_PUBLIC)
    name = checks.text("name", command.name)
    file_name = checks.text("file_name", command.file_name)
    file = checks.new_part(context, "file")
    attached = facts.PaperFileAttached(file=file, data=data, name=name, file_name=file_name, **_change(paper, context))
    return (attached,)


def _remove(paper: PaperState, command: commands.RemovePaperFile, context: Context) -> Facts:
    if all(file.id != command.file for file in paper.files):
        raise Rejected(rules.FILE_UNKNOWN, file=command.file)
    reason = checks.text("reason", command.reason)
    return (facts.PaperFileRemoved(file=command.file, reason=reason, **_change(paper, context)),)


def _change(paper: PaperState, context: Context) -> dict[str, Any]:
    """Who changes the contents of a paper, when, and whose co-signatures to the former contents are void for that."""
    return {"changed_by": context.persons, "changed_on": context.day, "voids": paper.co_signed_by}


def _amend(paper: PaperState, command: commands.AmendPaper, context: Context) -> Facts:
    title = checks.optional_text("title", command.title)
    data = replace(
        paper.data,
        paper_type=command.paper_type or paper.data.paper_type,
        lead_unit=paper.data.lead_unit if command.lead_unit is None else checks.short("lead_unit", command.lead_unit),
        public=paper.data.public if command.public is None else command.public,
    )
    if paper.data.public and not data.public and paper.publication is Publication.PUBLISHED:
        raise Rejected(rules.DEPUBLISH_FIRST)
    if paper.data.public and not data.public and _in_public(paper, context):
        raise Rejected(rules.PAPER_IN_PUBLIC)
    changed = checks.changed_fields(paper.data, data) + (("title",) if title else ())
    if not changed:
        raise Rejected(records.NOTHING_CHANGED)
    reason = checks.text("reason", command.reason)
    amended = facts.PaperAmended(changed=changed, data=data, title=title, reason=reason, **_change(paper, context))
    return (amended,)


def _in_public(paper: PaperState, context: Context) -> bool:
    """Whether an item that is to be decided brings the paper before the public."""
    meetings = (context.reads.get(record) for record in paper.on_agendas)
    items = (item for meeting in meetings if isinstance(meeting, MeetingState) for item in meeting.items)
    return any(
        item.data.public and not item.decided and item.data.paper == Reference(context.record_id) for item in items
    )


def _plan(paper: PaperState, command: commands.PlanConsultation, context: Context) -> Facts:
    body = checks.meeting_body(context, command.body)
    checks.not_planned_for(paper, command.body, body)
    if command.authoritative and any(c.data.authoritative and not c.decided for c in paper.consultations):
        raise Rejected(rules.ONE_AUTHORITATIVE)
    order = 1 + max((c.order or 0 for c in paper.consultations), default=0) if command.order is None else command.order
    if order < 1:
        raise Invalid("order", Message("counts from 1", "zählt ab 1"))
    data = ConsultationData(bodies=(Reference(command.body),), role=command.role, authoritative=command.authoritative)
    consultation = checks.new_part(context, "consultation")
    return (facts.ConsultationPlanned(consultation=consultation, data=data, order=order),)


def _cancel(paper: PaperState, command: commands.CancelConsultation) -> Facts:
    consultation = paper.consultation(command.consultation)
    if consultation is None:
        raise Rejected(rules.CONSULTATION_UNKNOWN, consultation=command.consultation)
    if consultation.decided or consultation.data.meeting is not None:
        raise Rejected(rules.CONSULTATION_BEGUN)
    reason = checks.text("reason", command.reason)
    return (facts.ConsultationCancelled(consultation=consultation.id, reason=reason),)


def _publish(paper: PaperState) -> Facts:
    checks.may_publish(paper.publication)
    if not paper.released:
        raise Rejected(rules.PAPER_IS_DRAFT)
    if not paper.data.public:
        raise Rejected(rules.PAPER_NOT_PUBLIC)
    return (facts.PaperPublished(),)


def _correct(paper: PaperState, command: commands.CorrectPaper, context: Context) -> Facts:
    corrected = partial(facts.PaperCorrected, field=command.field, **_change(paper, context))
    reason = checks.text("reason", command.reason)
    if command.field is PaperField.TITLE:
        position = paper.title.position if paper.title else None
        title = checks.text("new_sealed", command.new_sealed or checks.NO_TEXT)
        return (corrected(corrected_position=position, new_sealed=title, reason=reason),)
    new = checks.short("new", command.new or "")
    match command.field:
        case PaperField.PAPER_TYPE:
            old = paper.data.paper_type.value
            if new not in {known.value for known in PaperType}:
                raise Invalid("new", Message("is not a type of paper", "ist keine Vorlagenart"))
        case PaperField.LEAD_UNIT:
            old = paper.data.lead_unit or ""
        case PaperField.DATED:
            old = paper.data.dated.isoformat() if paper.data.dated else ""
            new = _day(new)
            if paper.released_on is not None and new > paper.released_on.isoformat():
                raise Rejected(rules.RELEASED_TOO_EARLY, dated=new, released=paper.released_on)
        case _:
            assert_never(command.field)
    if new == old:
        raise Rejected(records.NOTHING_CHANGED)
    return (corrected(old=old or None, new=new, reason=reason),)


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise Invalid(
            "new", Message("must be a date such as 2026-03-02", "muss ein Datum wie 2026-03-02 sein")
        ) from None


def _open(state: State | None) -> PaperState:
    paper = checks.led_here(state, PaperState)
    if paper.status.settled:
        raise Rejected(rules.PAPER_SETTLED, status=paper.status)
    return paper
