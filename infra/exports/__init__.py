"""Takes ledger and read models away at one position, in the formats that others read."""

from infra.exports.destination import destination
from infra.exports.source import Source, source
from infra.exports.terms import ALWAYS, BadDestination, Exported, Kind, NotAllowed, NotYet, Period, StandsStill

__all__ = [
    "ALWAYS",
    "BadDestination",
    "Exported",
    "Kind",
    "NotAllowed",
    "NotYet",
    "Period",
    "Source",
    "StandsStill",
    "destination",
    "source",
]
