"""What facts change alike in files and cases: corrected fields, closing, legal holds, the way to disposal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TypeVar, assert_never

from domain.efile import facts, order
from domain.efile.state import Case, Disposal, File
from domain.efile.vocabulary import CaseField, Confidentiality, FileField, Medium, Status
from domain.kernel import Fact

Record = TypeVar("Record", File, Case)


def corrected(state: File | Case, fact: facts.FileCorrected | facts.CaseCorrected) -> File | Case:
    if fact.new is None:
        return replace(state, subject=fact.new_sealed) if fact.new_sealed else state
    match fact.field:
        case FileField.SUBJECT | CaseField.SUBJECT | CaseField.DETAILS:
            return state
        case FileField.CUSTODIAN_UNIT | CaseField.CUSTODIAN_UNIT:
            return replace(state, custodian_unit=fact.new)
        case FileField.CONFIDENTIALITY | CaseField.CONFIDENTIALITY:
            return replace(state, confidentiality=Confidentiality(fact.new))
        case FileField.MEDIUM | CaseField.MEDIUM:
            return replace(state, medium=Medium(fact.new))
        case _:
            assert_never(fact.field)


def closed(fact: facts.FileClosed | facts.CaseClosed) -> Disposal:
    return Disposal(
        zda_on=fact.zda_on,
        retention_until=fact.retention_until,
        offer_due_on=fact.offer_due_on,
        disposal_kind=fact.disposal_kind,
    )


def reopened(state: Record, fact: facts.FileReopened | facts.CaseReopened) -> Record:
    """Keeps from when to when it was closed; a reopening that does not say its day leaves that open."""
    since: date | None = state.zda_on
    closure: tuple[tuple[date, date], ...] = ((since, fact.day),) if since and fact.day else ()
    return replace(state, disposal=None, closures=(*state.closures, *closure))


def worked_on(state: Record, fact: Fact) -> Record:
    """Keeps the last day that a fact says, of the record and of what the fact is about. Holds and classifications are
    no work: the record's day is not theirs."""
    if isinstance(fact, order.CLOSING):
        return replace(state, last_day=max(fact.zda_on, state.last_day))
    day = fact.day if isinstance(fact, facts.Dated) else None
    if day is None:
        return state
    things = order.things(state, fact)
    if things:
        state = replace(state, days={**state.days, **{each: max(day, state.days.get(each, day)) for each in things}})
    return state if isinstance(fact, order.CUSTODY) else replace(state, last_day=max(day, state.last_day))


def held(state: File | Case, fact: facts.LegalHoldPlaced | facts.LegalHoldReleased) -> File | Case:
    """A hold says whether it makes an approval of the destruction void; where it does not say it, it does."""
    if isinstance(fact, facts.LegalHoldReleased):
        return replace(state, holds=tuple(hold for hold in state.holds if hold != fact.hold))
    disposal = state.disposal
    if disposal and fact.voids_approval is not False:
        disposal = replace(disposal, approved_by=())
    return replace(state, hold_count=fact.hold, holds=(*state.holds, fact.hold), disposal=disposal)


def disposed(disposal: Disposal, fact: facts.DisposalFact) -> Disposal:
    match fact:
        case facts.RetentionExpired():
            return replace(disposal, stage=Status.RETENTION_EXPIRED)
        case facts.OfferBecameDue():
            return replace(disposal, offer_due=True)
        case facts.DisposalOffered():
            return replace(disposal, stage=Status.OFFERED, process_id=fact.process_id)
        case facts.AppraisalReceived():
            return replace(disposal, stage=Status.APPRAISED, decision=fact.decision)
        case facts.TransferSent():
            return replace(disposal, stage=Status.TRANSFERRED)
        case facts.TransferFailed():
            return replace(disposal, stage=Status.APPRAISED)
        case facts.ImportConfirmed():
            return replace(disposal, stage=Status.IMPORT_CONFIRMED)
        case facts.DestructionApproved():
            deputised = (fact.deputising_for,) if fact.deputising_for else ()
            file_holds = fact.file_holds if isinstance(fact, facts.CaseDestructionApproved) else None
            return replace(disposal, approved_by=(fact.approver, *deputised), approved_file_holds=file_holds or 0)
        case facts.Destroyed():
            return replace(disposal, stage=Status.DESTROYED)
        case _:
            assert_never(fact)
