"""What a caller may write into an order: texts, numbers, parcels, formats; else `Invalid`, or `Rejected` by a rule."""

import re
from datetime import date
from typing import Final, NamedTuple, Protocol

from domain.cadastre import input_rules
from domain.cadastre.area import Area
from domain.cadastre.catalogue import Offer, offer_on
from domain.cadastre.parcels import LAND, Gemarkung, ParcelId, districts
from domain.cadastre.vocabulary import Format, PaperSize, Product
from domain.kernel import Invalid, Message, Rejected, Sealed

NUMBER_LENGTH: Final = 40
TEXT_LENGTH: Final = 4_000
MOST_PARCELS: Final = 100
MOST_COPIES: Final = 100

_SHA256: Final = re.compile(r"[0-9a-f]{64}")


class Ordered(Protocol):
    """What is ordered: the fields that a basket and the commands about it have in common."""

    @property
    def product(self) -> Product: ...
    @property
    def parcels(self) -> tuple[str, ...]: ...
    @property
    def area(self) -> Area | None: ...
    @property
    def format(self) -> Format: ...
    @property
    def paper_size(self) -> PaperSize | None: ...
    @property
    def copies(self) -> int: ...


class Offered(NamedTuple):
    """What the office makes of it: who keeps the parcels, and the version of the offer."""

    office: str
    catalogue: str


def required_number(field: str, value: str) -> str:
    """A number that an office assigns: something, and not longer than such numbers are."""
    if not value.strip() or len(value) > NUMBER_LENGTH:
        raise Invalid(
            field,
            Message(f"Give 1 to {NUMBER_LENGTH} characters.", f"Geben Sie 1 bis {NUMBER_LENGTH} Zeichen an."),
        )
    return value


def required_text(field: str, sealed: Sealed[str] | None) -> Sealed[str]:
    """A sealed text that says something."""
    text = sealed.text if sealed is not None else None
    if sealed is None or not text or not text.strip() or len(text) > TEXT_LENGTH:
        raise Invalid(
            field,
            Message(f"Give 1 to {TEXT_LENGTH} characters.", f"Geben Sie 1 bis {TEXT_LENGTH} Zeichen an."),
        )
    return sealed


def optional_text(field: str, sealed: Sealed[str] | None) -> Sealed[str] | None:
    """A sealed text, or none."""
    return None if sealed is None else required_text(field, sealed)


def hash_of_product(value: str) -> str:
    """SHA-256 in lower-case hex."""
    if not _SHA256.fullmatch(value):
        raise Invalid(
            "sha256",
            Message(
                "Give the 64 lower-case hex digits of SHA-256.", "Geben Sie die 64 Hexziffern von SHA-256 klein an."
            ),
        )
    return value


def district_of(parcel: str) -> Gemarkung:
    """The Gemarkung of a parcel id that is well-formed and whose Gemarkung and Flur exist in NRW."""
    parts = ParcelId.parse(parcel)
    if parts is None:
        raise Rejected(input_rules.PARCEL_ID_MALFORMED, parcel=parcel[:40])
    gemarkung = districts().gemarkungen.get(parts.gemarkung) if parts.land == LAND else None
    if gemarkung is None:
        raise Rejected(input_rules.GEMARKUNG_UNKNOWN, parcel=parcel, gemarkung=parts.land + parts.gemarkung)
    if parts.flur is None or not gemarkung.has_flur(parts.flur):
        raise Rejected(input_rules.FLUR_UNKNOWN, parcel=parcel, gemarkung=gemarkung.name, fluren=gemarkung.runs)
    return gemarkung


def office_of(parcels: tuple[str, ...], expected: str | None = None) -> str:
    """The one cadastre office (Katasteramt) that keeps all these parcels; `expected`, where it is already settled."""
    if not 1 <= len(parcels) <= MOST_PARCELS:
        raise Invalid(
            "parcels",
            Message(f"Give 1 to {MOST_PARCELS} parcels.", f"Geben Sie 1 bis {MOST_PARCELS} Flurstücke an."),
        )
    if len(set(parcels)) < len(parcels):
        raise Invalid("parcels", Message("Give each parcel once.", "Geben Sie jedes Flurstück einmal an."))
    offices = {district_of(parcel).office for parcel in parcels} | ({expected} if expected else set())
    if len(offices) > 1:
        raise Rejected(input_rules.ONE_OFFICE, offices=", ".join(sorted(offices)))
    return offices.pop()


def office_of_area(area: Area) -> str:
    """The cadastre office that keeps the Gemarkung in which an area lies."""
    gemarkung = districts().gemarkungen.get(area.gemarkung[2:]) if area.gemarkung.startswith(LAND) else None
    if gemarkung is None:
        raise Rejected(input_rules.GEMARKUNG_UNKNOWN, gemarkung=area.gemarkung[:40])
    if not area.possible:
        raise Rejected(input_rules.AREA_IMPOSSIBLE)
    return gemarkung.office


def check_ordered(what: Ordered, day: date) -> Offered:
    """What is ordered is offered on the day, and is all of one office."""
    if bool(what.parcels) == (what.area is not None):
        raise Rejected(input_rules.PARCELS_OR_AREA)
    office = office_of(what.parcels) if what.area is None else office_of_area(what.area)
    offer = check_sheet(what.product, what.format, what.paper_size, what.copies, day)
    if what.area is not None and not offer.by_area:
        raise Rejected(input_rules.AREA_NOT_OFFERED, product=what.product)
    return Offered(office, offer.version)


def check_sheet(product: Product, format: Format, paper_size: PaperSize | None, copies: int, day: date) -> Offer:
    """Product, format and size go together as offered on the day; data comes once and without a size."""
    offer = offer_on(product, day)
    if offer is None:
        raise Rejected(input_rules.PRODUCT_NOT_OFFERED, product=product, day=day)
    if format not in offer.formats:
        raise Rejected(input_rules.FORMAT_NOT_OFFERED, product=product, formats=", ".join(offer.formats))
    if format.is_data and (paper_size is not None or copies != 1):
        raise Rejected(input_rules.FORMAT_NOT_OFFERED, product=product, format=format, sizes="none", copies=1)
    if not format.is_data and paper_size not in offer.sizes:
        raise Rejected(input_rules.FORMAT_NOT_OFFERED, product=product, sizes=", ".join(offer.sizes))
    if not 1 <= copies <= MOST_COPIES:
        raise Invalid("copies", Message(f"Give 1 to {MOST_COPIES} copies.", f"Geben Sie 1 bis {MOST_COPIES} Stück an."))
    return offer
