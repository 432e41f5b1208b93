"""Report: orders and revenue by product and month, for the cadastre office and the treasurer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.cadastre.vocabulary import Product
from domain.kernel import Message
from projections.model import Chart, Report, column
from projections.rights import OFFICE


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueRow:
    """What happened to the orders of one product in one month. Each step counts in the month it took effect in."""

    month: date = column(
        "The month, by its first day.", "Der Monat, als sein erster Tag.", filterable=True, sortable=True
    )
    product: Product = column("The product.", "Das Produkt.", filterable=True, sortable=True)
    orders: int = column("Orders placed.", "Eingegangene Bestellungen.", sortable=True)
    refusals: int = column("Orders refused.", "Abgelehnte Bestellungen.", sortable=True)
    cancelled: int = column("Orders cancelled.", "Stornierte Bestellungen.", sortable=True)
    delivered: int = column("Orders delivered.", "Ausgelieferte Bestellungen.", sortable=True)
    free: int = column("Orders free of charge, of those delivered.", "Davon gebührenfrei ausgeliefert.")
    paid: Decimal = column("Fees paid, in euros.", "Gezahlte Gebühren in Euro.", sortable=True)
    refunded: Decimal = column("Fees refunded, in euros.", "Erstattete Gebühren in Euro.", sortable=True)
    revenue: Decimal = column("Paid less refunded, in euros.", "Einnahmen nach Erstattungen in Euro.", sortable=True)
    delivery_p50: Decimal | None = column(
        "Days that half of the deliveries took at most.",
        "Die Hälfte dauerte höchstens so lange.",
        sortable=True,
    )
    delivery_p90: Decimal | None = column(
        "Days that nine in ten took at most.",
        "Neun von zehn dauerten höchstens so lange.",
        sortable=True,
    )


REPORT = Report(
    name="orders_and_revenue_by_product",
    plural="ordersAndRevenueByProduct",
    comment=Message(
        "Cadastre orders by month and product: what came in, went out, and what it brought.",
        "Katasterbestellungen nach Monat und Produkt: Eingang, Ausgang und Einnahmen.",
    ),
    row=RevenueRow,
    readers=OFFICE,
    reads=("cadastre_order", "cadastre_refund"),
    order=("-month", "product"),
    chart=Chart(x="month", y="revenue", by="product"),
)
