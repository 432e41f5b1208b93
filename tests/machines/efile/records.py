"""Moves of the file plan, of files and cases, and of the documents in them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from domain.efile import commands as c
from domain.efile.state import Case, File, FilePlanUnit
from domain.efile.vocabulary import CaseField, DisposalKind, DocumentField, DocumentKind, FileField, Medium
from tests.machines.efile.said import HASHES, a_reason, an_authority, anything, deputised, mostly_imported, not_before
from tests.machines.machine import Attempt, NotYet, Scene

T = TypeVar("T")
EPOCH = date(1970, 1, 1)
RETENTIONS = (None, 0, 1, 5, 30, 60)

# The file plan


def defining(scene: Scene, code: str) -> c.DefineFilePlanUnit:
    return c.DefineFilePlanUnit(
        code=code,
        title=scene.number("Aufgabe "),
        retention_years=scene.pick(RETENTIONS),
        disposal_kind=scene.pick(DisposalKind),
        valid_from=EPOCH,
        valid_to=scene.often(None, scene.today, EPOCH - timedelta(days=1)),
    )


def define(scene: Scene) -> Attempt:
    return Attempt(command=defining(scene, scene.number("61-")))


def define_twice(scene: Scene) -> Attempt:
    return Attempt(command=defining(scene, scene.taken("efile.plan_code")))


def revise(scene: Scene) -> Attempt:
    record, unit = scene.some(FilePlanUnit)
    last = unit.versions[-1]
    revised = c.ReviseFilePlanUnit(
        valid_from=scene.often(scene.today, last.valid_from),
        title=last.title,
        retention_years=scene.often(scene.pick(RETENTIONS), last.retention_years),
        disposal_kind=last.disposal_kind,
        reason=a_reason(scene),
    )
    return mostly_imported(scene, Attempt(command=revised, record=record))


def end_unit(scene: Scene) -> Attempt:
    record, _ = scene.some(FilePlanUnit, lambda unit: unit.valid_to is None)
    if sum(unit.valid_to is None for unit in scene.world.of(FilePlanUnit).values()) < 3:
        raise NotYet  # else soon nothing can be opened any more
    valid_to = scene.often(scene.today, EPOCH - timedelta(days=1))
    command = c.EndFilePlanUnit(valid_to=valid_to, reason=a_reason(scene))
    return mostly_imported(scene, Attempt(command=command, record=record))


# Files


def mostly(scene: Scene, cls: type[T], fits: Callable[[T], bool]) -> tuple[UUID, T]:
    """A record of the kind, and mostly one that fits."""
    fitting = any(map(fits, scene.world.of(cls).values()))
    return scene.some(cls, fits) if fitting and scene.chance(0.85) else scene.some(cls)


def opening_file(scene: Scene, reference: str) -> c.OpenFile:
    unit, _ = mostly(scene, FilePlanUnit, lambda unit: unit.valid_on(scene.today))
    return c.OpenFile(
        reference=reference,
        subject=scene.text(),
        plan_unit_id=scene.often(unit, unit, anything(scene)),
        lead_unit="61",
        custodian_unit="61",
    )


def open_file(scene: Scene) -> Attempt:
    return Attempt(command=opening_file(scene, scene.number("F-")))


def open_file_twice(scene: Scene) -> Attempt:
    return Attempt(command=opening_file(scene, scene.taken("efile.file_reference")))


def transfer_file(scene: Scene) -> Attempt:
    record, file = scene.some(File)
    unit = scene.often(scene.number("A"), file.lead_unit)
    return Attempt(command=c.TransferFileLeadUnit(new_lead_unit=unit, reason=a_reason(scene)), record=record)


def correct_file(scene: Scene) -> Attempt:
    record, file = scene.some(File)
    medium = scene.often(scene.pick(Medium), file.medium)
    return Attempt(
        command=c.CorrectFile(field=FileField.MEDIUM, new=medium.value, reason=a_reason(scene)), record=record
    )


def close_file(scene: Scene) -> Attempt:
    record, file = scene.some(File)
    now = not_before(scene, file)
    day = scene.often(now, now, file.opened_on - timedelta(days=1))
    return Attempt(command=c.CloseFile(reason=a_reason(scene)), record=record, on=day)


def reopen_file(scene: Scene) -> Attempt:
    record, file = scene.some(File)
    now, before = not_before(scene, file), file.last_day - timedelta(days=1)
    command = c.ReopenFile(authority=an_authority(scene), reason=a_reason(scene))
    return Attempt(command=command, record=record, on=scene.often(now, now, before))


# Cases and their documents


def opening_case(scene: Scene, reference: str) -> c.OpenCase:
    def fits(file: File) -> bool:
        unit = scene.world.state(file.plan_unit_id)
        return not file.closed and isinstance(unit, FilePlanUnit) and unit.valid_on(scene.today)

    file_id, file = mostly(scene, File, fits)
    other, _ = scene.some(FilePlanUnit)
    return c.OpenCase(
        file_id=scene.often(file_id, file_id, anything(scene)),
        plan_unit_id=scene.often(file.plan_unit_id, file.plan_unit_id, other),
        reference=reference,
        subject=scene.text(),
        lead_unit="61",
        custodian_unit="61",
    )


def open_case(scene: Scene) -> Attempt:
    return Attempt(command=opening_case(scene, scene.number("V-")))


def open_case_twice(scene: Scene) -> Attempt:
    return Attempt(command=opening_case(scene, scene.taken("efile.case_reference")))


def open_case_early(scene: Scene) -> Attempt:
    """On the first day of its file, or the day before."""
    opening = opening_case(scene, scene.number("V-"))
    file = scene.world.state(opening.file_id)
    if not isinstance(file, File):
        raise NotYet
    return Attempt(command=opening, on=file.opened_on - timedelta(days=scene.pick([0, 1])))


def transfer_case(scene: Scene) -> Attempt:
    record, case = scene.some(Case)
    unit = scene.often(scene.number("A"), case.lead_unit)
    return Attempt(command=c.TransferCaseLeadUnit(new_lead_unit=unit, reason=a_reason(scene)), record=record)


def correct_case(scene: Scene) -> Attempt:
    record, _ = scene.some(Case)
    correct = c.CorrectCase(field=CaseField.SUBJECT, new_sealed=scene.text(), reason=a_reason(scene))
    return Attempt(command=correct, record=record)


def close_case(scene: Scene) -> Attempt:
    record, case = scene.some(Case)
    now = not_before(scene, case)
    day = scene.often(now, now, case.opened_on - timedelta(days=1))
    return Attempt(command=c.CloseCase(reason=a_reason(scene)), record=record, on=day)


def reopen_case(scene: Scene) -> Attempt:
    record, case = scene.some(Case)
    now, before = not_before(scene, case), case.last_day - timedelta(days=1)
    command = c.ReopenCase(authority=an_authority(scene), reason=a_reason(scene))
    return Attempt(command=command, record=record, on=scene.often(now, now, before))


def a_document(scene: Scene, case: Case) -> UUID:
    return scene.pick(case.documents).id if case.documents and scene.chance(0.9) else anything(scene)


def file_document(scene: Scene) -> Attempt:
    record, _ = scene.some(Case, lambda case: len(case.documents) < 3)
    filed = c.FileDocument(
        document_kind=scene.pick(DocumentKind),
        title=scene.text(),
        filename=scene.text(),
        mime="application/pdf",
        size=scene.random.randint(0, 10_000),
        sha256=scene.pick(HASHES),
    )
    return deputised(scene, Attempt(command=filed, record=record))


def add_version(scene: Scene) -> Attempt:
    record, case = scene.some(Case)
    running = case.circulation.document_id if case.circulation else None
    document = running if running and scene.chance(0.7) else a_document(scene, case)
    version = c.AddDocumentVersion(
        document_id=document, filename=scene.text(), mime="text/plain", size=1, sha256=scene.pick(HASHES)
    )
    return deputised(scene, Attempt(command=version, record=record))


def add_version_again(scene: Scene) -> Attempt:
    record, case = scene.some(Case, lambda case: bool(case.documents))
    document = scene.pick(case.documents)
    sha256 = document.versions[-1].sha256
    again = c.AddDocumentVersion(
        document_id=document.id, filename=scene.text(), mime="text/plain", size=1, sha256=sha256
    )
    return Attempt(command=again, record=record)


def attach(scene: Scene) -> Attempt:
    record, case = scene.some(Case)
    attachment = c.AddAttachment(
        document_id=a_document(scene, case),
        title=scene.text(),
        filename=scene.text(),
        mime="image/png",
        size=1,
        sha256=scene.pick(HASHES),
    )
    return deputised(scene, Attempt(command=attachment, record=record))


def attach_to_signed(scene: Scene) -> Attempt:
    def signed(case: Case) -> bool:
        return any(document.signed_version == len(document.versions) for document in case.documents)

    record, case = scene.some(Case, lambda case: signed(case) and not case.closed and not case.circulation)
    document = next(each for each in case.documents if each.signed_version == len(each.versions))
    attachment = c.AddAttachment(
        document_id=document.id,
        title=scene.text(),
        filename=scene.text(),
        mime="image/png",
        size=1,
        sha256=scene.pick(HASHES),
    )
    return Attempt(command=attachment, record=record)


def correct_document(scene: Scene) -> Attempt:
    record, case = scene.some(Case)
    correct = c.CorrectDocument(
        document_id=a_document(scene, case),
        field=DocumentField.KIND,
        new=scene.pick(DocumentKind).value,
        reason=a_reason(scene),
    )
    return Attempt(command=correct, record=record)


MOVES = (
    define,
    define_twice,
    revise,
    end_unit,
    open_file,
    open_file_twice,
    transfer_file,
    correct_file,
    close_file,
    reopen_file,
    open_case,
    open_case_twice,
    open_case_early,
    transfer_case,
    correct_case,
    close_case,
    reopen_case,
    file_document,
    add_version,
    add_version_again,
    attach,
    attach_to_signed,
    correct_document,
)
