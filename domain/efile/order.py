"""The order of days in a file or case: nothing takes effect before what it follows, or while the record was closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from domain.efile import facts
from domain.efile.rules import records
from domain.efile.state import Case, File
from domain.efile.vocabulary import CaseField, FileField
from domain.kernel import Channel, Context, Fact, Rejected

CLOSING = (facts.FileClosed, facts.CaseClosed)
REOPENING = (facts.FileReopened, facts.CaseReopened)
LEAVING = (facts.CaseOfFileClosed, facts.CaseOfFileDestroyed)
CALENDAR = (facts.RetentionExpired, facts.OfferBecameDue, facts.ResubmissionBecameOverdue)
CUSTODY = (facts.LegalHoldPlaced, facts.LegalHoldReleased, facts.ConfidentialityChanged)

HOLDS = "holds"


def require(record: File | Case, fact: Fact, context: Context) -> None:
    """Raises Rejected where the fact would take effect on a day that is not open to it."""
    day = context.day
    if day < (floor := _not_before(record, fact, context)):
        raise Rejected(records.OUT_OF_ORDER, day=day, not_before=floor)
    if not _is_work(fact) or context.channel is Channel.IMPORT:
        return
    for closed_on, reopened_on in record.closures:
        if closed_on < day < reopened_on:
            raise Rejected(records.OUT_OF_ORDER, day=day, closed_on=closed_on, reopened_on=reopened_on)


def things(record: File | Case, fact: Fact) -> tuple[str, ...]:
    """What the fact goes on with: the facts about each of these take effect in the order in which they are recorded."""
    match fact:
        case facts.LegalHoldPlaced() | facts.LegalHoldReleased():
            return (HOLDS,)
        case (
            facts.ConfidentialityChanged()
            | facts.FileCorrected(field=FileField.CONFIDENTIALITY)
            | facts.CaseCorrected(field=CaseField.CONFIDENTIALITY)
        ):
            return ("confidentiality",)
        case facts.FileLeadUnitTransferred() | facts.CaseLeadUnitTransferred():
            return ("lead unit",)
        case facts.DocumentFiled() | facts.DocumentVersionAdded() | facts.AttachmentAdded():
            return (f"document {fact.document_id}",)
        case facts.CirculationStarted():
            return ("rounds", f"document {fact.document_id}")
        case facts.CirculationStepAdded() | facts.CirculationStepCompleted() | facts.CirculationStepSkipped():
            circulating = record.circulations[-1].document_id if isinstance(record, Case) else None
            return ("rounds", f"document {circulating}")
        case facts.ResubmissionScheduled() | facts.ResubmissionDone() | facts.ResubmissionCancelled():
            return (f"resubmission {fact.no}",)
        case _:
            return ()


def _not_before(record: File | Case, fact: Fact, context: Context) -> date:
    match fact:
        case facts.LegalHoldReleased():
            return max(record.opened_on, _last(record.days, HOLDS))
        case facts.LegalHoldPlaced():  # may be known late
            return record.opened_on
        case facts.DestructionApproved() | facts.Destroyed():
            file = context.reads.get(record.file_id) if isinstance(record, Case) else None
            held = _last(file.days, HOLDS) if isinstance(file, File) else date.min
            return max(record.last_day, *record.days.values(), held)
        case _ if isinstance(fact, (*CALENDAR, *LEAVING)):
            return date.min
        case _ if isinstance(fact, (facts.DisposalStep, *CLOSING, *REOPENING)):
            return record.last_day
        case _ if context.channel is Channel.IMPORT:  # tells what happened elsewhere, in the order of its source
            return date.min
        case facts.DocumentCorrected():
            document = record.document(fact.document_id) if isinstance(record, Case) else None
            return (document and document.filed_on) or record.opened_on
        case _:
            return max((record.opened_on, *(_last(record.days, thing) for thing in things(record, fact))))


def _is_work(fact: Fact) -> bool:
    """What is done to an open record only, be it told later. Classifying and holding is not."""
    return not isinstance(fact, (*CUSTODY, *CALENDAR, *LEAVING, *CLOSING, *REOPENING, facts.DisposalStep))


def _last(days: Mapping[str, date], thing: str) -> date:
    return days.get(thing, date.min)
