"""Report: what products brought in against what they took, for the treasurer and the council's budget debate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.kernel import Code, Message
from projections.model import Chart, Report, column
from projections.rights import OFFICE


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRow:
    """One product in one month, in euros. Without a figure that held in that month, what it took is not known."""

    month: date = column(
        "The month, by its first day.", "Der Monat, als sein erster Tag.", filterable=True, sortable=True
    )
    product: Code = column("Family and product.", "Verfahren und Produkt.", filterable=True, sortable=True)
    title: str | None = column("What it is called.", "Bezeichnung.", sortable=True)
    pieces: int = column("Pieces delivered or charged for.", "Gelieferte oder berechnete Stücke.", sortable=True)
    income: Decimal = column("Paid less refunded.", "Einnahmen nach Erstattungen.", sortable=True)
    effort_version: int | None = column(
        "The version of the cost figure that held.", "Der Kostensatz, der galt.", filterable=True
    )
    cost: Decimal | None = column("What a piece took by it.", "Stückkosten danach.", sortable=True)
    effort: Decimal | None = column("What all pieces took.", "Aufwand aller Stücke.", sortable=True)
    result: Decimal | None = column(
        "Income less effort.", "Einnahmen abzüglich Aufwand.", filterable=True, sortable=True
    )
    coverage: Decimal | None = column(
        "Income in percent of the effort; null where nothing was taken.",
        "Kostendeckungsgrad: Einnahmen in Prozent des Aufwands.",
        filterable=True,
        sortable=True,
    )


REPORT = Report(
    name="cost_coverage",
    plural="costCoverage",
    comment=Message(
        "Income against effort by product and month, by the cost figure that held in that month.",
        "Kostendeckung nach Produkt und Monat: Einnahmen gegen Aufwand, nach dem Kostensatz, der galt.",
    ),
    row=CoverageRow,
    readers=OFFICE,
    reads=("cost_figure", "effort", "cadastre_order", "cadastre_refund", "charge"),
    order=("-month", "product"),
    chart=Chart(x="month", y="coverage", by="product", line=True),
)
