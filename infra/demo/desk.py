"""What the generated city's clerks do with a case: receive, draft, revise, sign, correct, close."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from domain.efile.commands import (
    AddAttachment,
    AddDocumentVersion,
    CancelResubmission,
    ChangeCaseConfidentiality,
    CloseCase,
    CompleteCirculationStep,
    CompleteResubmission,
    CorrectCase,
    CorrectDocument,
    FileDocument,
    RecordResubmissionOverdue,
    ReopenCase,
    ScheduleResubmission,
    SkipCirculationStep,
    TransferCaseLeadUnit,
)
from domain.efile.facts import PlannedStep
from domain.efile.vocabulary import CaseField, Confidentiality, DocumentField, DocumentKind, StepKind, StepOutcome
from domain.kernel import Channel, Command, Effective, Sealed, day_of
from domain.requests import Principal
from infra.demo.archive import at_night
from infra.demo.people import People
from infra.demo.simulation import Simulation, Work
from infra.tick import PRINCIPAL

NOTES: Final = (
    "Keine Bedenken.", "Bitte Auflage Nr. 3 übernehmen.", "Rücksprache mit der Antragstellerin erfolgt.",
    "Unterlagen sind vollständig.", "Frist beachten!", "Einverstanden, sofern der Stellplatznachweis vorliegt.",
)  # fmt: skip
CLOSED: Final = ("Verfahren abgeschlossen.", "Bescheid ist bestandskräftig.", "Antrag wurde zurückgenommen.")
RESUBMITTED: Final = ("Bestandskraft prüfen.", "Stellungnahme anmahnen.", "Nachweis angefordert.")
REOPENED: Final = ("Rechtsmittel eingelegt.", "Nachträgliche Unterlagen eingegangen.")


@dataclass(slots=True)
class OpenedCase:
    """A case as the generator remembers it: `version` is what ids of its documents derive from."""

    record: UUID
    clerk: Principal
    unit: str
    reference: str
    correlation: UUID
    opened: datetime
    version: int = 1
    resubmissions: int = 0
    contents: dict[UUID, str] = field(default_factory=dict)
    filed: dict[UUID, Effective] = field(default_factory=dict)
    received: dict[UUID, date] = field(default_factory=dict)


class Desk:
    """Acts on one case; each leads to one fact of it."""

    def __init__(self, simulation: Simulation, people: People) -> None:
        self._simulation = simulation
        self._people = people
        self._random = simulation.random

    def act(self, case: OpenedCase, who: Principal, command: Command, effective: Effective | None = None) -> None:
        """A command on a case that leads to one fact of the case itself."""
        self._simulation.do(who, command, case.record, effective=effective, correlation=case.correlation)
        case.version += 1

    def receive(self, case: OpenedCase, title: str, received_on: date | None = None) -> UUID:
        """A letter that came in; where its day is given, it is filed as of that day."""
        citizen = self._random.random() < 0.35
        who = self._people.citizen(Channel.SERVICE_PORTAL, self._people.name()) if citizen else case.clerk
        return self.file_document(case, who, DocumentKind.INCOMING, title, received_on)

    def draft(self, case: OpenedCase, title: str) -> UUID:
        """A document that the case's clerk drafts."""
        return self.file_document(case, case.clerk, DocumentKind.INTERNAL, title)

    def file_document(
        self, case: OpenedCase, who: Principal, kind: DocumentKind, title: str, received_on: date | None = None
    ) -> UUID:
        """A document in the case. Its id derives from the case and its version, as the command says."""
        document = uuid5(case.record, f"document:{case.version}")
        sha256 = self._sha256()
        filename = f"{title.lower().replace(' ', '_')}.pdf"
        incoming = kind is DocumentKind.INCOMING
        command = FileDocument(
            document_kind=kind,
            title=Sealed(title),
            received_on=received_on or (self._simulation.today if incoming else None),
            filename=Sealed(filename),
            mime="application/pdf",
            size=self._random.randint(20_000, 4_000_000),
            sha256=sha256,
        )
        today = self._simulation.today
        day = max(received_on, day_of(case.opened)) if received_on else today  # nothing is filed before there is a case
        effective = Effective.on(day) if day < today else Effective(self._simulation.now)
        self.act(case, who, command, effective)
        case.contents[document] = sha256
        case.filed[document] = effective
        case.received[document] = received_on or today
        return document

    def attach(self, case: OpenedCase, document: UUID, title: str) -> None:
        """Something that goes with a document."""
        attachment = AddAttachment(
            document_id=document,
            title=Sealed(title),
            filename=Sealed(f"{title.lower()}.pdf"),
            mime="application/pdf",
            size=self._random.randint(20_000, 4_000_000),
            sha256=self._sha256(),
        )
        self.act(case, case.clerk, attachment)

    def resubmit(self, case: OpenedCase, forgotten: bool = False) -> Work:
        """The case is laid before its clerk again; where that is `forgotten`, nobody ever sees to it."""
        random = self._random
        due = self._simulation.today + timedelta(days=random.randint(5, 30))
        case.resubmissions += 1
        no = case.resubmissions
        reason = Sealed[str](random.choice(RESUBMITTED))
        self.act(case, case.clerk, ScheduleResubmission(due=due, addressee=case.unit, reason=reason))
        if not forgotten and random.random() < 0.75:
            yield self._simulation.at_work(at_night(due))
        else:
            since = due + timedelta(days=1)
            yield at_night(since)
            self.act(case, PRINCIPAL, RecordResubmissionOverdue(no=no), Effective.on(since))
            if forgotten:
                return
            yield self._simulation.later(6)
        if random.random() < 0.9:
            self.act(case, case.clerk, CompleteResubmission(no=no))
        else:
            self.act(case, case.clerk, CancelResubmission(no=no, reason=Sealed("Hat sich erledigt.")))

    def classify(self, case: OpenedCase) -> None:
        """It turns out that not everybody may read the case."""
        level = Confidentiality.RESTRICTED
        self.act(case, case.clerk, ChangeCaseConfidentiality(confidentiality=level, reason=Sealed("Geheimschutz.")))

    def leave_out(self, case: OpenedCase, step: PlannedStep, reason: str) -> None:
        """The head leaves a step of the round out."""
        who = self._people.member(case.unit, "head_of_unit", 0)
        self.act(case, who, SkipCirculationStep(no=step.no, reason=Sealed(reason)))

    def revise(self, case: OpenedCase, document: UUID) -> None:
        """Another version of a document."""
        sha256 = case.contents[document] = self._sha256()
        size = self._random.randint(20_000, 4_000_000)
        version = AddDocumentVersion(
            document_id=document, filename=Sealed("entwurf_2.pdf"), mime="application/pdf", size=size, sha256=sha256
        )
        self.act(case, case.clerk, version)

    def complete(
        self,
        case: OpenedCase,
        step: PlannedStep,
        draft: UUID,
        outcome: StepOutcome | None = None,
        note: str | None = None,
    ) -> None:
        """The addressee does a step; the final signature is the head's, or the deputy's, who draft nothing."""
        who = self._people.staff(step.addressee)
        if step.kind is StepKind.FINAL_SIGN:
            who = self._people.member(step.addressee, "head_of_unit", 0)
            if self._random.random() < 0.12:
                deputy = self._people.member(step.addressee, "deputy_head", 0)
                who = replace(deputy, deputising_for=who.actor)
        if note is None and self._random.random() < 0.25:
            note = self._random.choice(NOTES)
        signature = step.kind.is_signature
        command = CompleteCirculationStep(
            no=step.no,
            outcome=outcome or (StepOutcome.SIGNED if signature else StepOutcome.DONE),
            signed_sha256=case.contents[draft] if signature else None,
            note=Sealed(note) if note else None,
        )
        self.act(case, who, command)

    def correct_received(self, case: OpenedCase, document: UUID, reason: str) -> None:
        """The day a letter came in was recorded wrongly. A correction takes effect when what it corrects did."""
        filed = case.filed[document]
        right = case.received[document] - timedelta(days=3)
        command = CorrectDocument(
            document_id=document, field=DocumentField.RECEIVED_ON, new=right.isoformat(), reason=Sealed(reason)
        )
        self.act(case, case.clerk, command, filed)

    def correct_subject(self, case: OpenedCase, subject: str) -> None:
        """The subject was wrong from the beginning."""
        self._simulation.flush()
        reason = Sealed[str]("Hausnummer verwechselt.")
        command = CorrectCase(field=CaseField.SUBJECT, new_sealed=Sealed(subject), reason=reason)
        self.act(case, case.clerk, command, Effective(case.opened))

    def transfer(self, case: OpenedCase, unit: str) -> None:
        """Another unit takes the lead."""
        command = TransferCaseLeadUnit(new_lead_unit=unit, reason=Sealed("Zuständigkeit geklärt."))
        self.act(case, case.clerk, command)

    def close(self, case: OpenedCase) -> None:
        """The case is done (zdA)."""
        self.act(case, case.clerk, CloseCase(reason=Sealed(self._random.choice(CLOSED))))

    def reopen(self, case: OpenedCase) -> None:
        """The case is not done after all."""
        self.act(case, case.clerk, ReopenCase(authority="Amtsleitung", reason=Sealed(self._random.choice(REOPENED))))

    def _sha256(self) -> str:
        return self._random.randbytes(32).hex()
