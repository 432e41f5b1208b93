"""The importer of case logs: where their cases are kept, and what each row leads to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final
from uuid import UUID

from domain.efile.commands import (
    CorrectCase,
    CorrectCirculationStep,
    DefineFilePlanUnit,
    OpenCase,
    OpenFile,
    RecordCirculationStep,
)
from domain.efile.facts import FILE_REFERENCE_CLAIM, PLAN_CODE_CLAIM, StepContent
from domain.efile.state import Case, File
from domain.efile.vocabulary import CaseField, DisposalKind
from domain.kernel import Command, Effective, Message, Sealed
from domain.requests import Request
from infra.imports import framework
from infra.imports.framework import (
    BadField,
    BadRow,
    Book,
    Group,
    Head,
    Item,
    Planned,
    Row,
    Setup,
    SourceError,
    clean,
    idempotency_key,
)
from infra.imports.seen import Seen
from infra.imports.sources import open_source
from infra.imports.xes.alignment import Known, align
from infra.imports.xes.mapping import LONGEST_NAME, CaseHead, Place, StepRow, head_of, name_of, step_of
from infra.imports.xes.parser import LogName, StrayEvent, Trace, read_log

KIND: Final = "xes"
_CHANGED: Final = "Die Quelle hat sich geändert."


@dataclass(frozen=True, slots=True, kw_only=True)
class XesImporter:
    """Imports case logs in XES.

    `source` names the log; by default its own `concept:name`, or else the name of its file. Two imports of one source
    are the same cases. `file` is the reference of the file that the cases are opened in; without it one is opened for
    the source, under the plan unit `plan_code`, which is defined where there is none. `zone` is where the log's clock
    hangs: midnight there stands for a day.
    """

    source: str | None = None
    file: str | None = None
    plan_code: str = "XES"
    lead_unit: str = "import"
    zone: str = "Europe/Berlin"

    @property
    def kind(self) -> str:
        return KIND

    def record_id(self, key: str, book: Book) -> UUID:
        """The case of a trace."""
        return framework.record_id(KIND, f"case\0{key}")

    def read(self, path: Path, book: Book) -> Iterator[Item[StepRow]]:
        """Each trace as a head and its events as rows. Raises SourceError."""
        place: Place | None = None
        with open_source(path) as source, closing(Seen()) as names:
            for part in read_log(source):
                if isinstance(part, LogName):
                    name = self._source(part.name, path)
                elif isinstance(part, StrayEvent):
                    message = Message("The event belongs to no trace.", "Das Ereignis gehört zu keinem Trace.")
                    yield BadRow(number=part.number, source_id=None, message=message)
                else:
                    if place is None:
                        setup = self._setup(name, path, book)
                        if setup:
                            yield Setup(requests=setup)
                        place = self._place(name, book)
                    yield from self._trace(part, place, names)

    def plan(self, group: Group[StepRow], book: Book) -> Sequence[Planned]:
        """The case is opened or corrected with its first row; each row is a step, a correction, or nothing."""
        head: CaseHead = group.head
        first = self._head_request(group, head, book)
        follows = group.version + (1 if first else 0)
        if not group.rows:
            return [Planned(row=None, requests=(first,) if first else ())]
        entries = group.state.entries if isinstance(group.state, Case) else ()
        digests = [book.pseudonym("import.xes.event", row.content.canonical()) for row in group.rows]
        known = [
            Known(digest, row.content.instance, row.content.activity)
            for digest, row in zip(digests, group.rows, strict=True)
        ]
        planned = []
        for row, digest, match in zip(group.rows, digests, align(entries, known), strict=True):
            requests = [first] if first else []
            first = None
            if match is None or match[1]:
                command = self._step(head, row, digest, book, None if match is None else match[0] + 1)
                requests.append(self._request(group, command, digest, follows, row.content.effective))
                follows += 1
            planned.append(Planned(row=row.number, requests=tuple(requests)))
        return planned

    def _head_request(self, group: Group[StepRow], head: CaseHead, book: Book) -> Request | None:
        digest = book.pseudonym("import.xes.trace", head.canonical())
        effective = head.opened or (group.rows[0].content.effective if group.rows else None)
        details = Sealed(head.details) if head.details else None
        if not isinstance(group.state, Case):
            opening = OpenCase(
                file_id=head.place.file_id,
                plan_unit_id=head.place.plan_unit_id,
                reference=f"{head.place.file_reference}/{head.name}",
                subject=Sealed(head.subject),
                lead_unit=head.place.lead_unit,
                custodian_unit=head.place.lead_unit,
                details=details,
                source=head.place.source,
                source_id=head.name,
                source_digest=digest,
            )
            return self._request(group, opening, digest, group.version, effective)
        if group.state.source_digest == digest:
            return None
        correction = CorrectCase(
            field=CaseField.DETAILS,
            new_sealed=details or Sealed("{}"),
            source_digest=digest,
            reason=Sealed(_CHANGED),
        )
        return self._request(group, correction, digest, group.version, effective)

    def _step(self, head: CaseHead, row: Row[StepRow], digest: str, book: Book, entry: int | None) -> Command:
        content = row.content
        step = StepContent(
            activity=content.activity,
            performer=self._performer(head.place.source, content.resource, book),
            unit=content.group,
            outcome=content.outcome,
        )
        if entry is not None:
            return CorrectCirculationStep(
                entry=entry,
                step=step,
                details=Sealed(content.details or "{}"),
                source_digest=digest,
                reason=Sealed(_CHANGED),
            )
        return RecordCirculationStep(
            step=step,
            details=Sealed(content.details) if content.details else None,
            source=head.place.source,
            source_id=content.instance,
            source_row=row.number,
            source_digest=digest,
        )

    def _performer(self, source: str, resource: str | None, book: Book) -> UUID | None:
        """A pseudonym: the same person of one source always has the same, and nobody learns who it is."""
        if resource is None:
            return None
        return UUID(hex=book.pseudonym("import.xes.performer", f"{source}\0{resource}")[:32], version=4)

    def _request(
        self, group: Group[StepRow], command: Command, digest: str, follows: int, effective: Effective | None
    ) -> Request:
        return Request(
            command=command,
            principal=framework.principal(KIND),
            idempotency_key=idempotency_key(KIND, group.key, digest, follows),
            record_id=group.record_id,
            effective=effective,
            correlation_id=group.record_id,
        )

    # Reading

    def _trace(self, trace: Trace, place: Place, names: Seen) -> Iterator[Item[StepRow]]:
        try:
            if trace.fault is not None:
                raise BadField(trace.fault)
            name = name_of(trace.attributes)
            key = f"{place.source}\0{name}"
            times = names.add(name)
            if times > 1:
                # No name has a NUL: a trace that the log itself calls `name#2` is not taken for the second of a name.
                key = f"{key}\0{times}"
                name = clean(f"{name}#{times}", longest=LONGEST_NAME, field="concept:name")
            head = head_of(trace.attributes, name, place, self.zone)
        except BadField as error:
            if not trace.events:
                yield BadRow(number=None, source_id=trace.attributes.get("concept:name"), message=error.message)
            for event in trace.events:
                yield BadRow(number=event.number, source_id=None, message=error.message)
            return
        yield Head(key=key, content=head)
        for ordinal, event in enumerate(trace.events, start=1):
            source_id = f"{name}#{ordinal}"
            if event.fault is not None:
                yield BadRow(number=event.number, source_id=source_id, message=event.fault)
                continue
            try:
                content = step_of(event.attributes, self.zone)
            except BadField as error:
                yield BadRow(number=event.number, source_id=source_id, message=error.message)
            else:
                yield Row(number=event.number, source_id=source_id, key=key, content=content)

    # Where the cases are kept

    def _source(self, log_name: str | None, path: Path) -> str:
        try:
            return clean(self.source or (log_name or "").strip() or _stem(path), longest=120, field="concept:name")
        except BadField as error:
            raise SourceError(error.message) from error

    def _setup(self, source: str, path: Path, book: Book) -> tuple[Request, ...]:
        """What opens the file for the source's cases, where it is missing."""
        file_id = self._file_id(source, book)
        if book.streams([file_id]):
            return ()
        requests = []
        plan_unit_id = book.lookup(PLAN_CODE_CLAIM, self.plan_code)
        if plan_unit_id is None:
            plan_unit_id = framework.record_id(KIND, f"plan unit\0{self.plan_code}")
            define = DefineFilePlanUnit(
                code=self.plan_code,
                title="Übernommene Fallprotokolle",
                retention_years=None,
                disposal_kind=DisposalKind.APPRAISE,
                valid_from=date(1900, 1, 1),
            )
            requests.append(_creating(define, plan_unit_id))
        opening = OpenFile(
            reference=f"{self.plan_code}/{_stem(path)}"[:60].strip(),
            subject=Sealed(f"Fallprotokoll {source}"),
            plan_unit_id=plan_unit_id,
            lead_unit=self.lead_unit,
            custodian_unit=self.lead_unit,
            source=source,
        )
        return (*requests, _creating(opening, file_id))

    def _file_id(self, source: str, book: Book) -> UUID:
        if self.file is None:
            return framework.record_id(KIND, f"file\0{source}")
        found = book.lookup(FILE_REFERENCE_CLAIM, self.file)
        if found is None:
            raise SourceError(
                Message(
                    f"There is no file {self.file}. Open it first, or let the import open one.",
                    f"Es gibt keine Akte {self.file}. Bitte zuerst anlegen oder den Import eine anlegen lassen.",
                )
            )
        return found

    def _place(self, source: str, book: Book) -> Place:
        file_id = self._file_id(source, book)
        file = book.streams([file_id])[file_id].state
        if not isinstance(file, File):
            raise TypeError(f"record {file_id} is no file")
        return Place(source, file_id, file.reference, file.plan_unit_id, file.lead_unit)


def _creating(command: Command, record_id: UUID) -> Request:
    return Request(
        command=command,
        principal=framework.principal(KIND),
        idempotency_key=idempotency_key(KIND, str(record_id), "created", 0),
        record_id=record_id,
    )


def _stem(path: Path) -> str:
    """A file's name without directory and endings."""
    return path.name.removesuffix(".gz").removesuffix(".xes").strip() or "log"
