"""Takes ledger and read models away at one position, in the formats that others read."""

from infra.exports.destination import destination
from infra.exports.source import Source, source
from infra.exports.terms import BadDestination, Exported, Kind, NotYet

__all__ = ["BadDestination", "Exported", "Kind", "NotYet", "Source", "destination", "source"]
