"""Reports on e-files: where files and cases stand, where rounds wait, what is overdue, what goes to the archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.efile.vocabulary import DisposalKind, ResubmissionStatus, Status, StepKind
from domain.kernel import Code, Message, Number
from projections.efile.cases import PROJECTION as CASES
from projections.model import Chart, Report, column
from projections.rights import OFFICE, within

_KIND: Final = Message("`file` or `case`.", "`file` (Akte) oder `case` (Vorgang).")


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRow:
    """The files, or the cases, of one unit at one stage."""

    lead_unit: Code = column("The unit that is responsible.", "Federführende Stelle.", filterable=True, sortable=True)
    kind: Code = column(*_KIND, filterable=True, sortable=True)
    status: Status = column("Where they stand.", "Bearbeitungsstand.", filterable=True, sortable=True)
    records: int = column("How many there are.", "Wie viele es sind.", sortable=True)
    confidential: int = column("How many of them are not open to all.", "Wie viele davon nicht offen sind.")
    held: int = column("How many of them are under a legal hold.", "Wie viele davon gesperrt sind.")
    oldest: date = column("When the oldest was opened.", "Anlage der ältesten.", sortable=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class BottleneckRow:
    """What one unit is asked for in the rounds of cases: what waits there now, and how long it took before.

    What it took is told by the last round of each case. Days are calendar days.
    """

    addressee: Code = column("The unit.", "Die Stelle.", filterable=True, sortable=True)
    step_kind: StepKind = column("What it is asked for.", "Worum sie gebeten wird.", filterable=True, sortable=True)
    waiting: int = column("Steps that wait there now.", "Schritte, die dort warten.", sortable=True)
    overdue: int = column("Those past their due day.", "Davon über der Frist.", sortable=True)
    longest_days: int | None = column("Days the longest has waited.", "Tage, die der älteste wartet.", sortable=True)
    done: int = column("Steps done there.", "Dort erledigte Schritte.", sortable=True)
    median_days: Decimal | None = column(
        "Days that half of these took at most.", "Die Hälfte davon dauerte höchstens so viele Tage.", sortable=True
    )
    p90_days: Decimal | None = column(
        "Days that nine in ten took at most.", "Neun von zehn dauerten höchstens so viele Tage.", sortable=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueResubmissionRow:
    """A resubmission whose day has passed and that nobody has seen to."""

    case_id: UUID = column("The case.", "Der Vorgang.", filterable=True)
    no: int = column("Its number in the case.", "Ihre Nummer im Vorgang.")
    case_reference: Number = column("The case reference.", "Das Geschäftszeichen.", sortable=True)
    addressee: Code = column("The unit it is for.", "Die Stelle.", filterable=True, sortable=True)
    lead_unit: Code = column("The case's lead unit.", "Federführende Stelle.", filterable=True, sortable=True)
    due: date = column("The day.", "Der Tag.", filterable=True, sortable=True)
    days_overdue: int = column("Days since.", "Tage seither.", filterable=True, sortable=True)
    status: ResubmissionStatus = column(
        "`OVERDUE` once the calendar has recorded it.", "`OVERDUE`, sobald der Kalender es verzeichnet hat."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalDueRow:
    """Files, or cases, that are closed and not yet offered, by the year in which their retention ends."""

    year: int = column("The year.", "Das Jahr.", filterable=True, sortable=True)
    disposal_kind: DisposalKind = column(
        "What becomes of them: A, B or V.", "Aussonderungsart: A, B oder V.", filterable=True, sortable=True
    )
    kind: Code = column(*_KIND, filterable=True, sortable=True)
    records: int = column("How many there are.", "Wie viele es sind.", sortable=True)
    expired: int = column("How many of them have reached the end.", "Bei wie vielen die Frist abgelaufen ist.")
    offer_due: int = column("How many offers of them are late.", "Wie viele Anbietungen überfällig sind.")
    held: int = column("How many of them are under a legal hold.", "Wie viele davon gesperrt sind.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalStatusRow:
    """How far one disposal is: the files and cases that the archive was offered in it."""

    process_id: Number = column("The disposal.", "Die Aussonderung.", filterable=True, sortable=True)
    archive: Code = column("The archive.", "Das Archiv.", filterable=True, sortable=True)
    offered_on: date = column(
        "When the first was offered.", "Tag der ersten Anbietung.", filterable=True, sortable=True
    )
    records: int = column("How many were offered.", "Wie viele angeboten sind.", sortable=True)
    undecided: int = column("Those without a decision.", "Davon ohne Bewertung.", sortable=True)
    to_archive: int = column("Those the archive wants.", "Davon archivwürdig.", sortable=True)
    to_destroy: int = column("Those it does not.", "Davon zu vernichten.", sortable=True)
    transferred: int = column("Handed over, without an answer yet.", "Abgegeben, noch ohne Antwort.", sortable=True)
    confirmed: int = column("Confirmed to be in the archive.", "Übernahme bestätigt.", sortable=True)
    destroyed: int = column("Destroyed.", "Vernichtet.", sortable=True)
    held: int = column("Under a legal hold.", "Gesperrt.", sortable=True)


REPORTS: Final = (
    Report(
        name="files_by_stage_and_unit",
        plural="filesByStageAndUnit",
        comment=Message(
            "How many files and cases stand at which stage, by lead unit.",
            "Wie viele Akten und Vorgänge wo stehen, nach federführender Stelle.",
        ),
        row=StageRow,
        readers=OFFICE,
        reads=("file", "case_record"),
        order=("lead_unit", "kind", "status"),
        chart=Chart(x="lead_unit", y="records", by="status"),
    ),
    Report(
        name="circulation_bottlenecks",
        plural="circulationBottlenecks",
        comment=Message(
            "Where the rounds of cases wait, and how long steps take there.",
            "Wo Geschäftsgänge warten, und wie lange Schritte dort dauern.",
        ),
        row=BottleneckRow,
        readers=OFFICE,
        reads=("case_record",),
        order=("addressee", "step_kind"),
        chart=Chart(x="addressee", y="waiting", by="step_kind"),
    ),
    Report(
        name="overdue_resubmissions",
        plural="overdueResubmissions",
        comment=Message("Resubmissions whose day has passed.", "Überfällige Wiedervorlagen."),
        row=OverdueResubmissionRow,
        readers=within("case_id", CASES),
        reads=("resubmission", "case_record"),
        order=("due", "case_id", "no"),
        chart=Chart(x="lead_unit"),
    ),
    Report(
        name="disposal_due_by_year",
        plural="disposalDueByYear",
        comment=Message(
            "What is to be offered to the archive, by the year in which retention ends and by disposal kind.",
            "Was dem Archiv anzubieten ist, nach dem Jahr des Fristendes und der Aussonderungsart.",
        ),
        row=DisposalDueRow,
        readers=OFFICE,
        reads=("file", "case_record"),
        order=("year", "disposal_kind", "kind"),
        chart=Chart(x="year", y="records", by="disposal_kind"),
    ),
    Report(
        name="disposal_status",
        plural="disposalStatus",
        comment=Message("How far each disposal is.", "Wie weit jede Aussonderung ist."),
        row=DisposalStatusRow,
        readers=OFFICE,
        reads=("file", "case_record"),
        order=("-offered_on", "process_id", "archive"),
        chart=Chart(x="process_id", y="records", by="archive"),
    ),
)
