"""An office at work: a stream of e-file commands, random but the same for the same seed, through the real ledger."""

from datetime import date
from itertools import count
from random import Random
from uuid import UUID

from domain.efile.commands import (
    CloseCase,
    CorrectFile,
    DefineFilePlanUnit,
    FileDocument,
    OpenCase,
    OpenFile,
    ReopenCase,
    TransferCaseLeadUnit,
    TransferFileLeadUnit,
)
from domain.efile.vocabulary import DisposalKind, DocumentKind, FileField
from domain.kernel import Command, Recorded, Sealed
from domain.requests import Outcome, Request
from infra.codec import Codec
from infra.database import Database
from infra.ledger import Ledger
from infra.projector.events import Events, connect
from tests.database import CLERK

UNITS = ("10", "32-1", "61", "61-3", "Ä 7")
A_HASH = "ab" * 32


class Office:
    """Hands in commands one by one or in bulk, and knows what it has opened. Those of other seeds use other numbers."""

    def __init__(self, ledger: Ledger, seed: int = 1) -> None:
        self.ledger = ledger
        self.random = Random(seed)
        self.numbers = count((seed - 1) * 1_000_000 + 1)
        self.files: list[UUID] = []
        self.cases: list[UUID] = []
        self.last_position = 0
        self.plan_unit = self.do(
            DefineFilePlanUnit(
                code=f"61.{11 + seed}",
                title="Bebauungspläne",
                retention_years=10,
                disposal_kind=DisposalKind.APPRAISE,
                valid_from=date(2020, 1, 1),
            )
        ).record_id

    def request(self, command: Command, record_id: UUID | None = None) -> Request:
        return Request(
            command=command, principal=CLERK, idempotency_key=f"office {next(self.numbers)}", record_id=record_id
        )

    def do(self, command: Command, record_id: UUID | None = None) -> Outcome:
        """One command that no rule stands against."""
        outcome = self.ledger.handle(self.request(command, record_id))
        self.last_position = outcome.last_position or self.last_position
        return outcome

    def work(self, commands: int, at_once: int = 20) -> None:
        """So many commands; those that a rule forbids are refused, as in life."""
        for start in range(0, commands, at_once):
            requests = [self.next_request() for _ in range(min(at_once, commands - start))]
            for request, outcome in zip(requests, self.ledger.handle_all(requests), strict=True):
                if isinstance(outcome, Outcome):
                    self.last_position = max(self.last_position, outcome.last_position or 0)
                    if isinstance(request.command, OpenFile):
                        self.files.append(outcome.record_id)
                    if isinstance(request.command, OpenCase):
                        self.cases.append(outcome.record_id)

    def next_request(self) -> Request:
        pick, number = self.random, next(self.numbers)
        unit = pick.choice(UNITS)
        choice = pick.random()
        if choice < 0.15 or not self.files:
            return self.request(
                OpenFile(
                    reference=f"61-{number}/2026",
                    subject=Sealed(f"Vorgarten Nr. {number}"),
                    plan_unit_id=self.plan_unit,
                    lead_unit=unit,
                    custodian_unit="10",
                )
            )
        file = pick.choice(self.files)
        if choice < 0.4 or not self.cases:
            return self.request(
                OpenCase(
                    file_id=file,
                    plan_unit_id=self.plan_unit,
                    reference=f"61-{number}/2026-V",
                    subject=Sealed(f"Antrag {number}"),
                    lead_unit=unit,
                    custodian_unit="10",
                )
            )
        case = pick.choice(self.cases)
        if choice < 0.5:
            return self.request(TransferFileLeadUnit(new_lead_unit=unit, reason=Sealed("Umzug")), file)
        if choice < 0.6:
            return self.request(
                CorrectFile(field=FileField.SUBJECT, new_sealed=Sealed(f"Hof {number}"), reason=Sealed("Vertippt")),
                file,
            )
        if choice < 0.8:
            return self.request(
                FileDocument(
                    document_kind=DocumentKind.INCOMING,
                    title=Sealed(f"Antrag {number}"),
                    received_on=date(2026, 3, 1),
                    filename=Sealed(f"antrag-{number}.pdf"),
                    mime="application/pdf",
                    size=number,
                    sha256=A_HASH,
                ),
                case,
            )
        if choice < 0.9:
            return self.request(TransferCaseLeadUnit(new_lead_unit=unit, reason=Sealed("Zuständig")), case)
        if choice < 0.97:
            return self.request(CloseCase(reason=Sealed("Erledigt")), case)
        return self.request(ReopenCase(authority="61", reason=Sealed("Nachtrag")), case)


def events_of(database: Database, codec: Codec) -> list[Recorded]:
    """Everything that was recorded."""
    with connect(database.conninfo("projector")) as connection:
        return [event for event in Events(connection, codec).after(0, 1_000_000) if isinstance(event, Recorded)]
