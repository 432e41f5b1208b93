"""The closed vocabularies of cadastre orders. Names are this project's; the German office term stands beside each."""

from enum import StrEnum


class Product(StrEnum):
    """What can be ordered from the property register (Liegenschaftskataster, kept in ALKIS)."""

    PROPERTY_MAP = "property_map"
    """Auszug aus der Liegenschaftskarte"""
    PARCEL_STATEMENT = "parcel_statement"
    """Flurstücksnachweis, without the owner"""
    OWNER_STATEMENT = "owner_statement"
    """Flurstücks- und Eigentumsnachweis"""
    HOLDING_STATEMENT = "holding_statement"
    """Bestandsnachweis: all parcels of a folio of the land register, with the owner"""
    DATA_EXTRACT = "data_extract"
    """Bestandsdatenauszug, without the owner"""

    @property
    def has_owner_data(self) -> bool:
        """Whether the product names owners, so that a legitimate interest is needed."""
        return self in (Product.OWNER_STATEMENT, Product.HOLDING_STATEMENT)


class Format(StrEnum):
    """The form of a product. PDF covers the sheet of paper: both are priced alike (Kreis Steinfurt, Preise)."""

    PDF = "PDF"
    NAS = "NAS"
    """Normbasierte Austauschschnittstelle, the exchange format of ALKIS"""
    DXF = "DXF"

    @property
    def is_data(self) -> bool:
        """Whether the product is delivered as data, priced by working time and without a sheet size."""
        return self is not Format.PDF


class PaperSize(StrEnum):
    """Sheet sizes of ISO 216 (Papierformat). Statements are A4."""

    A4 = "A4"
    A3 = "A3"
    A2 = "A2"
    A1 = "A1"
    A0 = "A0"


class Assurance(StrEnum):
    """How surely the requester's identity is known (Vertrauensniveau): Regulation (EU) 910/2014 (eIDAS), Art. 8."""

    NONE = "none"
    LOW = "low"
    SUBSTANTIAL = "substantial"
    HIGH = "high"


class InterestGround(StrEnum):
    """What a legitimate interest (berechtigtes Interesse) in owner data rests on."""

    OWNER = "owner"
    """Eigentümer or heir"""
    RIGHT_HOLDER = "right_holder"
    """Inhaber eines Rechts am Grundstück, such as a right of way or a heritable building right"""
    NEIGHBOUR = "neighbour"
    """Nachbar with a matter of the common boundary"""
    CREDITOR = "creditor"
    """Gläubiger with an enforceable title"""
    BUILDING_PROJECT = "building_project"
    """Bauvorhaben that needs the consent of the owner of a neighbouring parcel"""
    PUBLIC_TASK = "public_task"
    """Aufgabe einer öffentlichen Stelle, notary or publicly appointed surveyor"""
    PURCHASE = "purchase"
    """Kaufinteresse alone, which is not enough"""
    OTHER = "other"


class ExemptionGround(StrEnum):
    """Why no fee is due (Gebührenfreiheit)."""

    PERSONAL = "personal"
    """persönliche Gebührenfreiheit, compare § 8 GebG NRW"""
    EQUITY = "equity"
    """Ermäßigung und Befreiung, compare § 6 GebG NRW"""
    ADMINISTRATIVE_ASSISTANCE = "administrative_assistance"
    """Amtshilfe, compare § 8 VwVfG NRW"""


class TariffPosition(StrEnum):
    """The positions of the fee tariff (Gebührentarif)."""

    MAP_A4_A3 = "map_a4_a3"
    MAP_A2_A0 = "map_a2_a0"
    STATEMENT = "statement"
    EXTRA_COPY = "extra_copy"
    """Mehrausfertigung"""
    QUARTER_HOUR = "quarter_hour"
    """je angefangene Arbeitsviertelstunde, compare § 2 (7) VermWertKostO NRW"""


class PaymentMethod(StrEnum):
    """How a fee was paid (Zahlungsart)."""

    CASH = "cash"
    CARD = "card"
    TRANSFER = "transfer"
    E_PAYMENT = "e_payment"


class DeliveryChannel(StrEnum):
    """The way a product reaches the requester (Lieferweg)."""

    COUNTER = "counter"
    POST = "post"
    DOWNLOAD = "download"


class SeriesKind(StrEnum):
    """What a series of numbers (Nummernkreis) is for."""

    FEE_NOTICE = "fee_notice"
    """Gebührenbescheide"""
    INVOICE = "invoice"
    """Rechnungen, and the Stornorechnungen that take them back"""


class NumberUse(StrEnum):
    """What a number of a series was given to (Verwendung einer Nummer)."""

    FEE_NOTICE = "fee_notice"
    INVOICE = "invoice"
    CANCELLATION_INVOICE = "cancellation_invoice"
    """Stornorechnung"""
    TAKEN_OVER = "taken_over"
    """übernommener Bescheid, which bore the number before the series reached it"""


class WaiverGround(StrEnum):
    """Why the city no longer demands a fee that is owed (Niederschlagung, Erlass)."""

    UNCOLLECTIBLE = "uncollectible"
    """Niederschlagung: it cannot be collected, or not at a reasonable cost"""
    HARDSHIP = "hardship"
    """Erlass: to collect it would be inequitable"""


class CancelCause(StrEnum):
    """Why an order ends without a product (Stornierungsgrund)."""

    WITHDRAWN = "withdrawn"
    """Rücknahme des Antrags"""
    NOT_PAID = "not_paid"
    NOT_POSSIBLE = "not_possible"
    DUPLICATE = "duplicate"


class Stage(StrEnum):
    """Where an order stands (Bearbeitungsstand)."""

    DRAFT = "draft"
    """Warenkorb"""
    SUBMITTED = "submitted"
    """eingegangen"""
    INTEREST_REVIEW = "interest_review"
    """berechtigtes Interesse in Prüfung"""
    APPROVED = "approved"
    """berechtigtes Interesse anerkannt"""
    REFUSED = "refused"
    """abgelehnt"""
    PRICED = "priced"
    """Gebühr festgesetzt"""
    INVOICED = "invoiced"
    """Gebührenbescheid erlassen or Rechnung gestellt"""
    PAID = "paid"
    """bezahlt, or nothing to pay (any more)"""
    PRODUCED = "produced"
    """hergestellt"""
    DELIVERED = "delivered"
    """ausgeliefert"""
    COMPLETED = "completed"
    """abgeschlossen"""
    CANCELLED = "cancelled"
    """storniert"""
    REFUNDED = "refunded"
    """storniert und erstattet"""


class OrderField(StrEnum):
    """The fields of an order that can be corrected (Berichtigung). Another product or format is another order."""

    PARCELS = "parcels"
    PAPER_SIZE = "paper_size"
    COPIES = "copies"
    DATA_AS_OF = "data_as_of"
    REQUESTER = "requester"
    PURPOSE = "purpose"
    GROUND = "ground"

    @property
    def is_sealed(self) -> bool:
        return self in (OrderField.REQUESTER, OrderField.PURPOSE, OrderField.GROUND)

    @property
    def is_priced(self) -> bool:
        """Whether the fee depends on it."""
        return self in (OrderField.PAPER_SIZE, OrderField.COPIES)
