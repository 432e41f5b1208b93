"""A small office to write e-file scenarios in: a plan unit, a file, a case, a document and its round."""

from datetime import date
from hashlib import sha256

from domain.efile.commands import FileDocument, OpenCase, OpenFile, StartCirculation
from domain.efile.facts import (
    CaseAddedToFile,
    CaseClosed,
    CaseOpened,
    CirculationStarted,
    DocumentFiled,
    FileClosed,
    FileOpened,
    FilePlanUnitDefined,
    PlannedStep,
)
from domain.efile.vocabulary import Confidentiality, DisposalKind, DocumentKind, Medium, StepKind
from domain.kernel import Sealed
from tests.scenario import ACTOR, an_id

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
)

CASE_ADDED = CaseAddedToFile(case_id=CASE, reference="61-20/2026-17-1")

CASE_CLOSED = CaseClosed(
    zda_on=date(2026, 3, 2),
    retention_years=10,
    retention_until=date(2036, 12, 31),
    disposal_kind=DisposalKind.APPRAISE,
    reason=REASON,
)

FILE_CLOSED = FileClosed(
    zda_on=date(2026, 3, 2),
    retention_years=10,
    retention_until=date(2036, 12, 31),
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
)

CO_SIGN = PlannedStep(no=1, kind=StepKind.CO_SIGN, addressee="37/1", due=date(2026, 3, 9))
FINAL_SIGN = PlannedStep(no=2, kind=StepKind.FINAL_SIGN, addressee="61/L")
TAKE_NOTE = PlannedStep(no=1, kind=StepKind.TAKE_NOTE, addressee="30/1")

STARTED = CirculationStarted(circulation=1, document_id=DOCUMENT, steps=(CO_SIGN, FINAL_SIGN))
TO_BE_NOTED = CirculationStarted(circulation=1, document_id=None, steps=(TAKE_NOTE,))


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
