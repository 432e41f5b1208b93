"""The closed vocabularies of library loans. Names and codes are this project's own where no source stands by them."""

from enum import StrEnum


class MediaType(StrEnum):
    """What kind of medium an item is (Medienart); it decides how long it may be borrowed."""

    BOOK = "BOOK"
    CHILDRENS_BOOK = "CHILDRENS_BOOK"
    MAGAZINE = "MAGAZINE"
    AUDIOBOOK = "AUDIOBOOK"
    MUSIC = "MUSIC"
    FILM = "FILM"
    GAME = "GAME"
    SHEET_MUSIC = "SHEET_MUSIC"
    THING = "THING"


class AgeBand(StrEnum):
    """What the rules need to know of a reader's age, so that the date of birth can stay sealed (Altersgruppe).

    Under 16 a guardian consents; under 21 no annual fee is asked.
    """

    ADULT = "ADULT"
    FROM_16_TO_20 = "FROM_16_TO_20"
    UNDER_16 = "UNDER_16"


class BlockGround(StrEnum):
    """Why a reader may not borrow for the time being (Sperrgrund)."""

    OVERDUE_ITEMS = "OVERDUE_ITEMS"
    OPEN_CHARGES = "OPEN_CHARGES"
    CARD_LOST = "CARD_LOST"
    HOUSE_RULES = "HOUSE_RULES"


class DeactivationGround(StrEnum):
    """Why a membership rests (Grund für das Ruhen der Mitgliedschaft)."""

    EXPIRED = "EXPIRED"
    ON_REQUEST = "ON_REQUEST"


class WithdrawalGround(StrEnum):
    """Why an item leaves the stock (Aussonderung aus dem Bestand)."""

    WORN = "WORN"
    OUTDATED = "OUTDATED"
    DUPLICATE = "DUPLICATE"
    MISSING = "MISSING"


class CancellationGround(StrEnum):
    """Who gave up a hold (Grund der Stornierung einer Vormerkung)."""

    BY_READER = "BY_READER"
    BY_LIBRARY = "BY_LIBRARY"


class PatronStatus(StrEnum):
    """Where a reader's membership stands (Stand der Mitgliedschaft).

    BLOCKED is an active membership that may not be used.
    """

    ACTIVE = "ACTIVE"
    BLOCKED = "BLOCKED"
    INACTIVE = "INACTIVE"


class ItemStatus(StrEnum):
    """Where an item stands (Exemplarstatus)."""

    AVAILABLE = "AVAILABLE"
    LENT = "LENT"
    IN_TRANSIT = "IN_TRANSIT"
    LOST = "LOST"
    WITHDRAWN = "WITHDRAWN"


class LoanStatus(StrEnum):
    """Where a loan stands (Stand der Ausleihe).

    A renewed loan is ACTIVE again; PAID is a lost one of which nothing is owed any more.
    """

    ACTIVE = "ACTIVE"
    OVERDUE = "OVERDUE"
    CLAIMED_RETURNED = "CLAIMED_RETURNED"
    RETURNED = "RETURNED"
    LOST = "LOST"
    PAID = "PAID"
    FOUND = "FOUND"
    ANONYMISED = "ANONYMISED"


class ReturnPlace(StrEnum):
    """Where an item was given back (Rückgabeort).

    The return box is emptied on the next opening day, and booked with its own day.
    """

    COUNTER = "COUNTER"
    RETURN_BOX = "RETURN_BOX"


class ChargeCause(StrEnum):
    """What a charge is for (Entgeltart)."""

    OVERDUE = "OVERDUE"
    REPLACEMENT = "REPLACEMENT"
    MEMBERSHIP = "MEMBERSHIP"


class ChargeStatus(StrEnum):
    """Where a charge stands (Stand der Forderung). OPEN is owed; the others are settled."""

    OPEN = "OPEN"
    PAID = "PAID"
    WAIVED = "WAIVED"
    REFUNDED = "REFUNDED"


class MeansOfPayment(StrEnum):
    """How a charge was paid (Zahlungsart)."""

    CASH = "CASH"
    CARD = "CARD"
    TRANSFER = "TRANSFER"
    ONLINE = "ONLINE"


class ReliefGround(StrEnum):
    """Why a charge is waived or paid back (Erlassgrund).

    ITEM_FOUND is the one ground that needs nobody's discretion.
    """

    GOODWILL = "GOODWILL"
    HARDSHIP = "HARDSHIP"
    MISTAKE = "MISTAKE"
    ITEM_FOUND = "ITEM_FOUND"


class HoldStatus(StrEnum):
    """Where a hold stands (Vormerkung)."""

    PLACED = "PLACED"
    IN_TRANSIT = "IN_TRANSIT"
    READY = "READY"
    FULFILLED = "FULFILLED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"


class TransitStatus(StrEnum):
    """Where a transit between two branches stands (Transportstatus).

    RECORDED is one that a list names without following the item.
    """

    SENT = "SENT"
    ARRIVED = "ARRIVED"
    RECORDED = "RECORDED"
    RETRACTED = "RETRACTED"
