"""What the register says of a cadastre order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from domain.cadastre.vocabulary import (
    Assurance,
    CancelCause,
    DeliveryChannel,
    ExemptionGround,
    Format,
    InterestGround,
    PaperSize,
    PaymentMethod,
    Product,
    Stage,
    WaiverGround,
)
from domain.kernel import Channel, Code, Number, Sealed
from projections.model import Json, column
from projections.rights import INTERNAL


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """One order, or the basket that it is before it is submitted. Amounts are euros."""

    record_id: UUID = column("The record.", "Der Datensatz.", filterable=True)
    order_number: Number | None = column(
        "The order's number; none before it is submitted.", "Die Bestellnummer; keine vor dem Absenden.",
        filterable=True, sortable=True,
    )  # fmt: skip
    stage: Stage = column("Where the order stands.", "Bearbeitungsstand.", filterable=True)
    product: Product = column("What was ordered.", "Das bestellte Produkt.", filterable=True)
    owner_data: bool = column("Whether it names owners.", "Ob es Eigentümerdaten enthält.", filterable=True)
    parcels: tuple[Number, ...] = column("The parcels.", "Die Flurstücke.", filterable=True)
    area: Json | None = column(
        "The area, where no parcels are named: gemarkung, west, south, east, north.",
        "Das Gebiet, wo keine Flurstücke genannt sind: Gemarkung, West, Süd, Ost, Nord.",
    )
    office: Code | None = column("The cadastre office that keeps them.", "Das zuständige Katasteramt.", filterable=True)
    format: Format = column("PDF, NAS or DXF.", "PDF, NAS oder DXF.", filterable=True)
    paper_size: PaperSize | None = column("The sheet, for PDF.", "Das Blattformat, bei PDF.", filterable=True)
    copies: int = column("How many copies.", "Zahl der Ausfertigungen.")
    assurance: Assurance | None = column("How surely the requester is known.", "Vertrauensniveau.", filterable=True)
    channel: Channel = column("The way the order came in.", "Eingangskanal der Bestellung.", filterable=True)
    requester: Sealed[str] | None = column("Who ordered.", "Wer bestellt hat.")
    purpose: Sealed[str] | None = column("What for.", "Der Verwendungszweck.")
    placed_on: date | None = column(
        "When it was ordered; none for a basket.", "Tag der Bestellung; keiner beim Warenkorb.",
        filterable=True, sortable=True,
    )  # fmt: skip
    ground_kind: InterestGround | None = column(
        "What the legitimate interest rests on.", "Art des berechtigten Interesses.", filterable=True, default=None
    )
    ground: Sealed[str] | None = column("The ground given.", "Der dargelegte Grund.", default=None)
    reviewer: UUID | None = column(
        "Who reviewed the interest.", "Wer das Interesse prüfte.", readers=INTERNAL, default=None
    )
    refused_on: date | None = column("When it was refused.", "Tag der Ablehnung.", filterable=True, default=None)
    assessed_on: date | None = column(
        "When the fee was assessed.", "Tag der Festsetzung.", filterable=True, sortable=True, default=None
    )
    fee: Decimal | None = column(
        "The assessed fee.", "Festgesetzte Gebühr.", filterable=True, sortable=True, default=None
    )
    tariff_version: Code | None = column(
        "The tariff's version, by its first day.", "Fassung des Tarifs, nach ihrem ersten Tag.", default=None
    )
    exemption_ground: ExemptionGround | None = column(
        "Why no fee is due.", "Grund der Gebührenfreiheit.", filterable=True, default=None
    )
    notice_number: Number | None = column(
        "The fee notice.", "Nummer des Gebührenbescheids.", filterable=True, default=None
    )
    invoice_number: Number | None = column(
        "The invoice that stands.", "Nummer der geltenden Rechnung.", filterable=True, default=None
    )
    cancelled_invoices: tuple[Number, ...] = column(
        "Invoices that were cancelled.", "Stornierte Rechnungen.", filterable=True, default=()
    )
    due_on: date | None = column(
        "The last day for the payment.", "Letzter Tag für die Zahlung.", filterable=True, sortable=True, default=None
    )
    settled: bool = column("Whether nothing is owed.", "Ob nichts mehr zu zahlen ist.", filterable=True, default=False)
    overdue_on: date | None = column(
        "Since when the payment is overdue.", "Seit wann die Zahlung überfällig ist.",
        filterable=True, sortable=True, default=None,
    )  # fmt: skip
    reminders: int = column("How often it was reminded of.", "Zahl der Mahnungen.", filterable=True, default=0)
    waived: Decimal | None = column("What was waived.", "Niedergeschlagener Betrag.", default=None)
    waived_on: date | None = column("When it was waived.", "Tag des Verzichts.", filterable=True, default=None)
    waiver_ground: WaiverGround | None = column("Why.", "Grund des Verzichts.", filterable=True, default=None)
    paid: Decimal | None = column("What was paid.", "Gezahlter Betrag.", default=None)
    paid_on: date | None = column("When it was paid.", "Tag der Zahlung.", filterable=True, sortable=True, default=None)
    payment_method: PaymentMethod | None = column("How it was paid.", "Zahlungsart.", filterable=True, default=None)
    data_as_of: date | None = column("The day the data shows.", "Stand der Daten.", filterable=True, default=None)
    sha256: Code | None = column("The hash of the extract.", "Hashwert des Auszugs.", filterable=True, default=None)
    delivery_channel: DeliveryChannel | None = column(
        "The way it was delivered.", "Weg der Auslieferung.", filterable=True, default=None
    )
    delivered_on: date | None = column(
        "When it was delivered.", "Tag der Auslieferung.", filterable=True, sortable=True, default=None
    )
    delivery_days: int | None = column(
        "Days from order to delivery.", "Tage von der Bestellung zur Auslieferung.",
        filterable=True, sortable=True, default=None,
    )  # fmt: skip
    expires_on: date | None = column(
        "The last day of a download.", "Letzter Tag des Downloads.", filterable=True, default=None
    )
    expired_on: date | None = column(
        "Since when the download is closed.", "Seit wann der Download geschlossen ist.", filterable=True, default=None
    )
    completed_on: date | None = column("When it was completed.", "Tag des Abschlusses.", default=None)
    cancelled_on: date | None = column("When it was cancelled.", "Tag der Stornierung.", filterable=True, default=None)
    cancel_cause: CancelCause | None = column("Why.", "Grund der Stornierung.", filterable=True, default=None)
    refunded: Decimal | None = column("What was refunded, all in all.", "Insgesamt erstatteter Betrag.", default=None)
    refunded_on: date | None = column(
        "When it was last refunded.", "Tag der letzten Erstattung.", filterable=True, default=None
    )
    corrections: int = column("How often it was corrected.", "Zahl der Berichtigungen.", filterable=True, default=0)
    version: int = column("How many events it has.", "Zahl seiner Ereignisse.")
    position: int = column("Its last event.", "Sein letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was first recorded.", "Wann sie aufgezeichnet wurde.", filterable=True)
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True,
    )  # fmt: skip
