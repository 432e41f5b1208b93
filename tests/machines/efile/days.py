"""What the rules promise of days: as of any of them, nothing stands there without what it rests on."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from domain.efile import facts
from domain.efile.vocabulary import CaseField, FileField
from domain.kernel import Channel, Fact, Recorded

CLOSED = (facts.FileClosed, facts.CaseClosed)
REOPENED = (facts.FileReopened, facts.CaseReopened)
ANY_DAY = (
    facts.DisposalStep,
    facts.LegalHoldPlaced,
    facts.LegalHoldReleased,
    facts.ConfidentialityChanged,
    facts.ResubmissionBecameOverdue,
    facts.CaseOfFileClosed,
    facts.CaseOfFileDestroyed,
    *CLOSED,
    *REOPENED,
)
"""What may fall on a day on which the record was closed, or has promises of its own."""


def each_thing_keeps_its_days(events: Sequence[Recorded]) -> None:
    """The facts about a document, the rounds, a resubmission, the lead and the classification are in order of days."""
    latest: dict[str, date] = {}
    circulating: UUID | None = None
    for event in events:
        if isinstance(event.fact, facts.CirculationStarted):
            circulating = event.fact.document_id
        for thing in _about(event.fact, circulating):
            day = event.effective.day
            assert latest.get(thing, day) <= day, f"{type(event.fact).__name__} before the last about the {thing}"
            latest[thing] = day
        if _reclassifies(event.fact) and event.envelope.channel is not Channel.IMPORT:
            known = latest.get("classification", event.effective.day)
            assert known <= event.effective.day, f"{type(event.fact).__name__} before the last about the classification"


def _reclassifies(fact: Fact) -> bool:
    return isinstance(fact, (facts.FileCorrected, facts.CaseCorrected)) and fact.field in (
        FileField.CONFIDENTIALITY,
        CaseField.CONFIDENTIALITY,
    )


def _about(fact: Fact, circulating: UUID | None) -> list[str]:
    match fact:
        case facts.DocumentFiled() | facts.DocumentVersionAdded() | facts.AttachmentAdded():
            return [f"document {fact.document_id}"]
        case (
            facts.CirculationStarted()
            | facts.CirculationStepAdded()
            | facts.CirculationStepCompleted()
            | facts.CirculationStepSkipped()
        ):
            return ["rounds"] if circulating is None else ["rounds", f"document {circulating}"]
        case facts.ResubmissionScheduled() | facts.ResubmissionDone() | facts.ResubmissionCancelled():
            return [f"resubmission {fact.no}"]
        case facts.FileLeadUnitTransferred() | facts.CaseLeadUnitTransferred():
            return ["lead"]
        case facts.ConfidentialityChanged():
            return ["classification"]
    return []


def work_falls_on_open_days(events: Sequence[Recorded]) -> None:
    """From its opening on, and on no day between a closing and the reopening after it; imports tell of elsewhere."""
    opened = events[0].effective.day
    closures: list[tuple[date, date]] = []
    closed = date.min
    for event in events:
        day = event.effective.day
        if isinstance(event.fact, CLOSED):
            closed = day
        elif isinstance(event.fact, REOPENED):
            closures.append((closed, day))
        elif event.envelope.channel is not Channel.IMPORT:
            early = day < opened and not isinstance(event.fact, (facts.CaseOfFileClosed, facts.CaseOfFileDestroyed))
            assert not early, f"{type(event.fact).__name__} before the opening"
            if not isinstance(event.fact, ANY_DAY):
                shut = any(since < day < until for since, until in closures)
                assert not shut, f"{type(event.fact).__name__} on a day on which it was closed"
