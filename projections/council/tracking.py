"""Report: the resolutions that are not done with, by body, and which of them are overdue."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.council.vocabulary import TrackingStatus
from domain.kernel import Code, Message, Number, Sealed
from projections.council.resolutions import PROJECTION as RESOLUTIONS
from projections.model import Chart, Report, column
from projections.rights import within


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionTrackingRow:
    """One resolution of one body that is open, or done and not yet reported for the last time."""

    body: Number = column(
        "The body's code; its id where it has none.", "Das Kürzel des Gremiums; sonst seine Kennung.",
        filterable=True, sortable=True,
    )  # fmt: skip
    body_id: UUID = column("The body.", "Das Gremium.", filterable=True)
    resolution_number: Number = column("The resolution.", "Die Beschlussnummer.", filterable=True, sortable=True)
    resolution_id: UUID = column("Its record.", "Der Datensatz des Beschlusses.", filterable=True)
    paper_reference: Number | None = column("The paper's reference.", "Die Drucksachennummer.", filterable=True)
    text: Sealed[str] = column("Its text.", "Der Wortlaut.")
    public: bool = column("Whether it was adopted in public.", "Ob er öffentlich gefasst wurde.", filterable=True)
    adopted_on: date = column("When it was adopted.", "Tag der Beschlussfassung.", filterable=True, sortable=True)
    status: TrackingStatus = column("How far it is implemented.", "Stand der Umsetzung.", filterable=True)
    unit: Code | None = column("The unit that implements it.", "Die umsetzende Stelle.", filterable=True, sortable=True)
    due: date | None = column("Until when.", "Die Frist.", filterable=True, sortable=True)
    overdue: bool = column("Whether that day has passed.", "Ob die Frist verstrichen ist.", filterable=True)
    days_overdue: int | None = column(
        "How many days ago; negative: days left.", "Vor wie vielen Tagen; negativ: verbleibende Tage.",
        filterable=True, sortable=True,
    )  # fmt: skip
    reports: int = column("How often progress was reported.", "Zahl der Sachstände.", sortable=True)
    delay_reason: Sealed[str] | None = column("Why it is delayed.", "Grund der Verzögerung.")
    note: Sealed[str] | None = column("The last note.", "Der letzte Vermerk.")
    completed_on: date | None = column("When it was done.", "Tag der Erledigung.", filterable=True, sortable=True)
    tracking_reports: int = column(
        "How many reports it was in.", "Zahl der Berichte, in denen er stand.", filterable=True, sortable=True
    )
    last_reported_on: date | None = column(
        "When a report last told of it.", "Wann zuletzt darüber berichtet wurde.", filterable=True, sortable=True
    )
    last_report_meeting_id: UUID | None = column(
        "The meeting of that report.", "Die Sitzung dieses Berichts.", filterable=True
    )


REPORT = Report(
    name="resolution_tracking",
    plural="resolutionTracking",
    comment=Message(
        "Resolutions by body until they are done and were reported for the last time.",
        "Beschlusskontrolle: Beschlüsse je Gremium, bis ihre Erledigung berichtet ist.",
    ),
    row=ResolutionTrackingRow,
    readers=within("resolution_id", RESOLUTIONS),
    reads=("resolution", "body", "paper"),
    order=("body", "resolution_number", "body_id"),
    chart=Chart(x="body", by="status"),
)
