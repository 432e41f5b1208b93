"""The closed vocabularies of cost figures."""

from enum import StrEnum


class FigureStatus(StrEnum):
    """Whether the product is still offered (Stand des Produkts)."""

    ACTIVE = "ACTIVE"
    RETIRED = "RETIRED"


class FigureField(StrEnum):
    """What of a cost figure can be corrected (Berichtigung).

    The product's code and the months stay: reports were made by them.
    """

    TITLE = "title"
    MINUTES = "minutes"
    HOURLY_RATE = "hourly_rate"
    OVERHEAD_PERCENT = "overhead_percent"
    MATERIAL = "material"
