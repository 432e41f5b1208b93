"""The fees for extracts from the property register, by the day from which each version of the tariff holds.

Vermessungs- und Wertermittlungskostenordnung NRW (VermWertKostO NRW). The flat fees, and 23 or 25 euros for a working
quarter of an hour, are those that Nettetal and the Kreise Coesfeld, Steinfurt and Wesel publish, without a date.
The 27 euros and the days from which each version holds are as recalled, and to be checked against the gazette
(GV. NRW.); for the last version the flat fees before it were carried over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from domain.cadastre.facts import FeeAssessed, FeeLine
from domain.cadastre.vocabulary import ExemptionGround, Format, PaperSize, Product, TariffPosition
from domain.kernel import ChargeKind, Money

TARIFF: Final = "VermWertKostO NRW"


@dataclass(frozen=True, slots=True)
class Tariff:
    """The prices of one version."""

    valid_from: date
    prices: Mapping[TariffPosition, Money]


def _prices(quarter_hour: int) -> dict[TariffPosition, Money]:
    euros = {
        TariffPosition.MAP_A4_A3: 30,
        TariffPosition.MAP_A2_A0: 60,
        TariffPosition.STATEMENT: 30,
        TariffPosition.EXTRA_COPY: 10,
        TariffPosition.QUARTER_HOUR: quarter_hour,
    }
    return {position: Money(Decimal(f"{amount}.00")) for position, amount in euros.items()}


TARIFFS: Final = (
    Tariff(date(2020, 3, 1), _prices(quarter_hour=23)),
    Tariff(date(2023, 1, 7), _prices(quarter_hour=25)),
    Tariff(date(2024, 8, 10), _prices(quarter_hour=27)),
)
"""All versions, oldest first. A new one is added at the end; what was assessed stays as it was recorded."""


def tariff_on(day: date) -> Tariff | None:
    """The version that holds on a day, or None before the first."""
    return next((tariff for tariff in reversed(TARIFFS) if tariff.valid_from <= day), None)


def assess(
    tariff: Tariff,
    *,
    product: Product,
    format: Format,
    paper_size: PaperSize | None,
    copies: int,
    minutes: int,
    tariff_day: date,
    exemption_ground: ExemptionGround | None,
    assessed_on: date,
) -> FeeAssessed:
    """The fee for one extract: a sheet by its size, a statement flat, data by started quarter hours; and copies."""
    position = _position(product, format, paper_size)
    quantity = -(-minutes // 15) if position is TariffPosition.QUARTER_HOUR else 1
    lines = [_line(tariff, position, quantity)]
    if copies > 1:
        lines.append(_line(tariff, TariffPosition.EXTRA_COPY, copies - 1))
    nothing = Money(Decimal("0.00"))
    base = lines[0].amount
    extra = lines[1].amount if copies > 1 else nothing
    return FeeAssessed(
        charge_kind=ChargeKind.GEBUEHR,
        tariff=TARIFF,
        tariff_version=tariff.valid_from.isoformat(),
        tariff_no=position,
        tariff_day=tariff_day,
        lines=tuple(lines),
        minutes=minutes if format.is_data else None,
        base=base,
        copies=extra,
        exemption_ground=exemption_ground,
        total=nothing if exemption_ground else base + extra,
        assessed_on=assessed_on,
    )


def _position(product: Product, format: Format, paper_size: PaperSize | None) -> TariffPosition:
    if format.is_data:
        return TariffPosition.QUARTER_HOUR
    if product is not Product.PROPERTY_MAP:
        return TariffPosition.STATEMENT
    return TariffPosition.MAP_A4_A3 if paper_size in (PaperSize.A4, PaperSize.A3) else TariffPosition.MAP_A2_A0


def _line(tariff: Tariff, position: TariffPosition, quantity: int) -> FeeLine:
    price = tariff.prices[position]
    return FeeLine(position, quantity, price, price * quantity)
