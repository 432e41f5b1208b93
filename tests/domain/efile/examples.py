"""A small office to write e-file scenarios in: a plan unit, a file, a case, a document and its round."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from domain.efile import FAMILY, commands
from domain.efile.commands import FileDocument, OpenCase, OpenFile, StartCirculation
from domain.efile.facts import (
    FACTS,
    CaseAddedToFile,
    CaseClosed,
    CaseDestructionApproved,
    CaseOfFileClosed,
    CaseOpened,
    CirculationStarted,
    Dated,
    DocumentFiled,
    FileClosed,
    FileDestructionApproved,
    FileOpened,
    FilePlanUnitDefined,
    PlannedStep,
)
from domain.efile.vocabulary import Appraisal, Confidentiality, DisposalKind, DocumentKind, Medium, StepKind
from domain.kernel import Command, Fact, Sealed
from tests.scenario import ACTOR, TODAY, Given, an_id, given

PLAN_UNIT = an_id("plan unit 61-20")
OTHER_PLAN_UNIT = an_id("plan unit 37-10")
FILE = an_id("file")
CASE = an_id("case")
DOCUMENT = an_id("document")

FIRST_HASH = sha256(b"first").hexdigest()
SECOND_HASH = sha256(b"second").hexdigest()

REASON: Sealed[str] = Sealed("the permit is final")

DEFINED = FilePlanUnitDefined(
    code="61-20",
    title="Baugenehmigungen",
    retention_years=10,
    disposal_kind=DisposalKind.APPRAISE,
    valid_from=date(2020, 1, 1),
    valid_to=date(2030, 12, 31),
)

OPENED = FileOpened(
    reference="61-20/2026-17",
    subject=Sealed("Kaiserswerther Straße"),
    plan_unit_id=PLAN_UNIT,
    plan_code="61-20",
    lead_unit="61/2",
    custodian_unit="61/0",
    confidentiality=Confidentiality.OPEN,
    medium=Medium.ELECTRONIC,
    opened_on=date(2026, 3, 2),
    reference_key="61-20/2026-17",
)

CASE_OPENED = CaseOpened(
    file_id=FILE,
    reference="61-20/2026-17-1",
    subject=Sealed("Carport, Frau Yılmaz"),
    plan_unit_id=PLAN_UNIT,
    plan_code="61-20",
    lead_unit="61/2",
    custodian_unit="61/0",
    confidentiality=Confidentiality.OPEN,
    medium=Medium.ELECTRONIC,
    opened_on=date(2026, 3, 2),
    reference_key="61-20/2026-17-1",
)

CASE_ADDED = CaseAddedToFile(case_id=CASE, reference="61-20/2026-17-1")

CASE_CLOSED = CaseClosed(
    zda_on=date(2026, 3, 2),
    plan_version=1,
    retention_years=10,
    retention_until=date(2036, 12, 31),
    offer_due_on=date(2038, 1, 1),
    disposal_kind=DisposalKind.APPRAISE,
    reason=REASON,
)

FILE_CLOSED = FileClosed(
    zda_on=date(2026, 3, 2),
    plan_version=1,
    retention_years=10,
    retention_until=date(2036, 12, 31),
    offer_due_on=date(2038, 1, 1),
    disposal_kind=DisposalKind.APPRAISE,
    reason=REASON,
)

FILED = DocumentFiled(
    document_id=DOCUMENT,
    no=1,
    document_kind=DocumentKind.OUTGOING,
    title=Sealed("Bescheid"),
    received_on=None,
    letter_date=date(2026, 2, 27),
    foreign_reference=None,
    filename=Sealed("bescheid.pdf"),
    mime="application/pdf",
    size=48_213,
    sha256=FIRST_HASH,
    drafter=ACTOR,
    deputising_for=None,
    day=TODAY,
)

CO_SIGN = PlannedStep(no=1, kind=StepKind.CO_SIGN, addressee="61", due=date(2026, 3, 9))
FINAL_SIGN = PlannedStep(no=2, kind=StepKind.FINAL_SIGN, addressee="61")
TAKE_NOTE = PlannedStep(no=1, kind=StepKind.TAKE_NOTE, addressee="30/1")

STARTED = CirculationStarted(circulation=1, document_id=DOCUMENT, steps=(CO_SIGN, FINAL_SIGN), day=TODAY)
TO_BE_NOTED = CirculationStarted(circulation=1, document_id=None, steps=(TAKE_NOTE,), day=TODAY)


def open_file(**changes: object) -> OpenFile:
    """The command that leads to OPENED, with changes."""
    fields: dict[str, object] = {
        "reference": "61-20/2026-17",
        "subject": Sealed("Kaiserswerther Straße"),
        "plan_unit_id": PLAN_UNIT,
        "lead_unit": "61/2",
        "custodian_unit": "61/0",
    }
    return OpenFile(**(fields | changes))  # type: ignore[arg-type]  # any field may be changed to any value


def open_case(**changes: object) -> OpenCase:
    """The command that leads to CASE_OPENED, with changes."""
    fields: dict[str, object] = {
        "file_id": FILE,
        "plan_unit_id": PLAN_UNIT,
        "reference": "61-20/2026-17-1",
        "subject": Sealed("Carport, Frau Yılmaz"),
        "lead_unit": "61/2",
        "custodian_unit": "61/0",
    }
    return OpenCase(**(fields | changes))  # type: ignore[arg-type]  # any field may be changed to any value


def file_document(**changes: object) -> FileDocument:
    """The command that leads to FILED but for its id, with changes."""
    fields: dict[str, object] = {
        "document_kind": DocumentKind.OUTGOING,
        "title": Sealed("Bescheid"),
        "letter_date": date(2026, 2, 27),
        "filename": Sealed("bescheid.pdf"),
        "mime": "application/pdf",
        "size": 48_213,
        "sha256": FIRST_HASH,
    }
    return FileDocument(**(fields | changes))  # type: ignore[arg-type]  # any field may be changed to any value


def circulate(*steps: PlannedStep) -> StartCirculation:
    """Send the document round."""
    return StartCirculation(document_id=DOCUMENT, steps=steps)


@dataclass(frozen=True)
class Sort:
    """What is alike in files and cases on their way to disposal, by the names it has for each."""

    name: str
    record: UUID
    change_confidentiality: type[commands.ChangeConfidentiality]
    place_hold: type[commands.PlaceLegalHold]
    release_hold: type[commands.ReleaseLegalHold]
    expire: type[Command]
    record_offer_due: type[Command]
    offer: type[commands.OfferForDisposal]
    appraise: type[commands.RecordAppraisal]
    send: type[commands.SendToArchive]
    fail: type[commands.RecordTransferErrors]
    confirm: type[commands.ConfirmImport]
    approve: type[Command]
    destroy: type[Command]
    close: Command
    closed: FileClosed | CaseClosed
    reopen: Command
    approval: FileDestructionApproved | CaseDestructionApproved
    facts: Mapping[str, type[Any]]
    """The facts, by the name of their shape."""

    def open(self, *more: Fact) -> Given:
        """The record while it is worked on, in an office with a plan unit and a file."""
        office = given(FAMILY, record_id=self.record).beside(PLAN_UNIT, DEFINED).beside(FILE, OPENED)
        if self.record == CASE:
            office = office.beside(FILE, CASE_ADDED).beside(CASE, CASE_OPENED)
        return office.beside(self.record, *more)

    def kept(self, *more: Fact) -> Given:
        """The record after closing; a case's file knows."""
        known = (
            self.open() if self.record == FILE else self.open().beside(FILE, CaseOfFileClosed(case_id=CASE, day=TODAY))
        )
        return known.beside(self.record, self.closed, *more)

    def expired(self, *more: Fact) -> Given:
        return self.kept(self.facts["RetentionExpired"](retention_until=date(2036, 12, 31)), *more)

    def offered(self, *more: Fact) -> Given:
        return self.expired(self.facts["DisposalOffered"](process_id="AUS-2037-1", archive="Stadtarchiv"), *more)

    def appraised(self, decision: Appraisal, *more: Fact) -> Given:
        fact = self.facts["AppraisalReceived"](
            process_id="AUS-2037-1", decision=decision, disposal_kind=DisposalKind.APPRAISE, reason=None
        )
        return self.offered(fact, *more)

    def transferred(self, *more: Fact) -> Given:
        sent = self.facts["TransferSent"](process_id="AUS-2037-1", sha256=FIRST_HASH, size=4_096)
        return self.appraised(Appraisal.ARCHIVE, sent, *more)

    def approved(self, *more: Fact) -> Given:
        """Not worth archiving, and the first of two people has approved the destruction."""
        return self.appraised(Appraisal.DESTROY, self.approval, *more)


def _facts_of(kind: str) -> dict[str, type[Any]]:
    own = [fact for fact in FACTS if fact.kind == kind and fact.__base__ not in (Fact, Dated)]
    return {fact.__base__.__name__: fact for fact in own if fact.__base__ is not None}


FILES = Sort(
    name="file",
    record=FILE,
    change_confidentiality=commands.ChangeFileConfidentiality,
    place_hold=commands.PlaceFileLegalHold,
    release_hold=commands.ReleaseFileLegalHold,
    expire=commands.RecordFileRetentionExpiry,
    record_offer_due=commands.RecordFileOfferDue,
    offer=commands.OfferFile,
    appraise=commands.RecordFileAppraisal,
    send=commands.SendFileToArchive,
    fail=commands.RecordFileTransferErrors,
    confirm=commands.ConfirmFileImport,
    approve=commands.ApproveFileDestruction,
    destroy=commands.DestroyFile,
    close=commands.CloseFile(reason=REASON),
    closed=FILE_CLOSED,
    reopen=commands.ReopenFile(authority="61/L", reason=REASON),
    approval=FileDestructionApproved(process_id="AUS-2037-1", approver=ACTOR, deputising_for=None),
    facts=_facts_of("file"),
)

CASES = Sort(
    name="case",
    record=CASE,
    change_confidentiality=commands.ChangeCaseConfidentiality,
    place_hold=commands.PlaceCaseLegalHold,
    release_hold=commands.ReleaseCaseLegalHold,
    expire=commands.RecordCaseRetentionExpiry,
    record_offer_due=commands.RecordCaseOfferDue,
    offer=commands.OfferCase,
    appraise=commands.RecordCaseAppraisal,
    send=commands.SendCaseToArchive,
    fail=commands.RecordCaseTransferErrors,
    confirm=commands.ConfirmCaseImport,
    approve=commands.ApproveCaseDestruction,
    destroy=commands.DestroyCase,
    close=commands.CloseCase(reason=REASON),
    closed=CASE_CLOSED,
    reopen=commands.ReopenCase(authority="61/L", reason=REASON),
    approval=CaseDestructionApproved(process_id="AUS-2037-1", approver=ACTOR, deputising_for=None, file_holds=0),
    facts=_facts_of("case"),
)

of_files_and_cases = pytest.mark.parametrize("sort", [FILES, CASES], ids=lambda sort: sort.name)
"""For what holds for both."""
