"""Report: charges and fees raised, paid, waived and refunded, by family and month, for the treasurer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.kernel import ChargeKind, Code, Message
from projections.model import Chart, Report, column
from projections.rights import OFFICE


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargesRow:
    """The charges of one family in one month, in euros. Each step counts in the month it took effect in."""

    month: date = column(
        "The month, by its first day.", "Der Monat, als sein erster Tag.", filterable=True, sortable=True
    )
    family: Code = column("The record family.", "Das Verfahren.", filterable=True, sortable=True)
    kind: ChargeKind = column("Under private or public law.", "Entgelt oder Gebühr.", filterable=True, sortable=True)
    charges: int = column(
        "Charges raised, those of zero too.", "Erhobene Posten, auch solche über null.", sortable=True
    )
    raised: Decimal = column("What was raised.", "Erhoben.", sortable=True)
    paid: Decimal = column("What was paid.", "Gezahlt.", sortable=True)
    waived: Decimal = column("What was waived.", "Erlassen oder niedergeschlagen.", sortable=True)
    lapsed: Decimal = column(
        "What was raised and fell away unpaid with a cancelled order.",
        "Erhoben und mit einer Stornierung unbezahlt entfallen.",
        sortable=True,
    )
    refunded: Decimal = column("What was paid back.", "Erstattet.", sortable=True)
    income: Decimal = column("Paid less refunded.", "Einnahmen nach Erstattungen.", sortable=True)


REPORT = Report(
    name="charges_by_month",
    plural="chargesByMonth",
    comment=Message(
        "Charges and fees by month and family: raised, paid, waived, refunded.",
        "Entgelte und Gebühren nach Monat und Verfahren: erhoben, gezahlt, erlassen, erstattet.",
    ),
    row=ChargesRow,
    readers=OFFICE,
    reads=("cadastre_order", "cadastre_refund", "charge"),
    order=("-month", "family", "kind"),
    chart=Chart(x="month", y="income", by="family"),
)
