"""The library's reports over its registers: what comes back late, how long readers wait, what was charged and paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.kernel import Message, Number
from domain.library.vocabulary import ChargeCause, MediaType
from projections.model import Chart, Report, column
from projections.rights import OFFICE


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueRateRow:
    """Loans that were due in one month, by branch and medium, and how many of them came late or not at all."""

    month: date = column("The month of the due date.", "Monat der Fälligkeit.", filterable=True, sortable=True)
    branch: Number = column("Where it was lent.", "Wo ausgeliehen wurde.", filterable=True, sortable=True)
    media_type: MediaType = column("The kind of medium.", "Medienart.", filterable=True, sortable=True)
    loans: int = column("Loans due in the month.", "Im Monat fällige Ausleihen.", sortable=True)
    overdue: int = column("Of these, late or still out.", "Davon verspätet oder noch offen.", sortable=True)
    out: int = column("Of these, overdue and still out.", "Davon überfällig und noch offen.", sortable=True)
    lost: int = column("Of these, given up.", "Davon verloren.", sortable=True)
    overdue_rate: Decimal = column("Overdue in percent of loans.", "Anteil überfälliger Ausleihen in Prozent.")


OVERDUE_RATE = Report(
    name="overdue_rate",
    plural="overdueRate",
    comment=Message(
        "How many loans came back late or not at all, by month of the due date, branch and medium.",
        "Wie viele Ausleihen verspätet oder gar nicht zurückkamen, nach Monat der Fälligkeit, Zweigstelle, Medienart.",
    ),
    row=OverdueRateRow,
    readers=OFFICE,
    reads=("loan",),
    order=("-month", "branch", "media_type"),
    chart=Chart(x="month", y="overdue", by="branch"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldWaitingTimeRow:
    """Holds placed in one month for one place of pick-up, what became of them, and how long they waited."""

    month: date = column("The month of placing.", "Monat der Vormerkung.", filterable=True, sortable=True)
    pickup_branch: Number = column("Where they are picked up.", "Abholort.", filterable=True, sortable=True)
    holds: int = column("Holds placed.", "Vormerkungen.", sortable=True)
    waiting: int = column("Of these, still waiting.", "Davon noch offen.", sortable=True)
    fulfilled: int = column("Of these, lent.", "Davon ausgeliehen.", sortable=True)
    expired: int = column("Of these, not picked up.", "Davon nicht abgeholt.", sortable=True)
    cancelled: int = column("Of these, given up.", "Davon gelöscht.", sortable=True)
    days_p50: Decimal | None = column("Days until set aside, median.", "Wartetage, Median.")
    days_p90: Decimal | None = column("Days until set aside, of 90 percent.", "Wartetage, 90-Prozent-Wert.")


HOLD_WAITING_TIME = Report(
    name="hold_waiting_time",
    plural="holdWaitingTime",
    comment=Message(
        "How long readers wait for what they hold, by month and place of pick-up.",
        "Wie lange auf Vorgemerktes gewartet wird, nach Monat und Abholort.",
    ),
    row=HoldWaitingTimeRow,
    readers=OFFICE,
    reads=("hold",),
    order=("-month", "pickup_branch"),
    chart=Chart(x="month", y="days_p50", by="pickup_branch", line=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryChargesRow:
    """What happened to charges in one month, by branch and cause, in EUR."""

    month: date = column("The month.", "Der Monat.", filterable=True, sortable=True)
    branch: Number = column("Where it was lent, or registered.", "Ort der Ausleihe oder Anmeldung.", filterable=True)
    cause: ChargeCause = column("What for.", "Wofür.", filterable=True, sortable=True)
    charges: int = column("Charges raised.", "Erhobene Entgelte.", sortable=True)
    raised: Decimal = column("Raised.", "Erhoben.", sortable=True)
    paid: Decimal = column("Paid.", "Bezahlt.", sortable=True)
    waived: Decimal = column("Waived.", "Erlassen.", sortable=True)
    refunded: Decimal = column("Paid back.", "Erstattet.", sortable=True)
    income: Decimal = column("Paid and not paid back.", "Bezahlt und nicht erstattet.", sortable=True)


LIBRARY_CHARGES = Report(
    name="library_charges_by_month",
    plural="libraryChargesByMonth",
    comment=Message(
        "Charges raised, paid, waived and paid back by month, branch and cause.",
        "Erhobene, bezahlte, erlassene und erstattete Entgelte nach Monat, Ort und Anlass.",
    ),
    row=LibraryChargesRow,
    readers=OFFICE,
    reads=("charge",),
    order=("-month", "branch", "cause"),
    chart=Chart(x="month", y="income", by="cause"),
)
