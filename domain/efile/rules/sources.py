"""The laws that rules of the e-file family rest on."""

from typing import Final

RECORD_KEEPING: Final = "§ 9 EGovG NRW"
"""Proper record-keeping (ordnungsgemäße Aktenführung) must be technically assured."""
TRACEABILITY: Final = "GoBD Rz. 58, 107"
"""Original content stays determinable, later changes recognisable."""
OFFER_TO_ARCHIVE: Final = "§ 4, § 10 ArchivG NRW"
"""Offer to the archive before destruction, thirty years after closing at the latest; a duty of municipalities too."""
