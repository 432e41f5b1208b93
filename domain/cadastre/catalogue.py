"""What the cadastre office offers (Produktkatalog), by the days from which and until which it does.

The catalogue stands in code, as the tariff does: an offer needs a position of the tariff, rules about owner data and
somebody who makes it, so that it changes with a release and is reviewed like one. What an order was checked against is
in its fact, by the offer's first day. The days are this project's own; a city sets those of its register.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.cadastre.vocabulary import Format, PaperSize, Product


@dataclass(frozen=True, slots=True)
class Offer:
    """A product as it is offered from one day until another, both included: formats, sizes for PDF, parcels or areas.

    Whether a legitimate interest is needed follows from the product: it is, where it names owners.
    """

    product: Product
    valid_from: date
    valid_to: date | None
    formats: tuple[Format, ...]
    sizes: tuple[PaperSize, ...] = ()
    by_area: bool = False

    @property
    def version(self) -> str:
        """How a fact names this version of the offer."""
        return self.valid_from.isoformat()

    def holds(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


_ALKIS: Final = date(2016, 1, 1)
_BY_AREA: Final = date(2020, 3, 1)
_DAY_BEFORE: Final = date(2020, 2, 29)
_ALL_FORMATS: Final = (Format.PDF, Format.NAS, Format.DXF)
_DATA: Final = (Format.NAS, Format.DXF)
_SHEETS: Final = tuple(PaperSize)
_A4: Final = (PaperSize.A4,)

CATALOGUE: Final = (
    Offer(Product.PROPERTY_MAP, _ALKIS, _DAY_BEFORE, _ALL_FORMATS, _SHEETS),
    Offer(Product.PROPERTY_MAP, _BY_AREA, None, _ALL_FORMATS, _SHEETS, by_area=True),
    Offer(Product.PARCEL_STATEMENT, _ALKIS, None, (Format.PDF,), _A4),
    Offer(Product.OWNER_STATEMENT, _ALKIS, None, (Format.PDF,), _A4),
    Offer(Product.HOLDING_STATEMENT, _ALKIS, None, (Format.PDF,), _A4),
    Offer(Product.DATA_EXTRACT, _ALKIS, _DAY_BEFORE, _DATA),
    Offer(Product.DATA_EXTRACT, _BY_AREA, None, _DATA, by_area=True),
)
"""All offers. One that ends gets its last day, one that begins a line; what was ordered stays as it was recorded."""


def offer_on(product: Product, day: date) -> Offer | None:
    """The offer of a product that holds on a day."""
    return next((offer for offer in CATALOGUE if offer.product is product and offer.holds(day)), None)
