"""The laws that rules of the e-file family serve. None of them words a rule: how a duty is met here is our own."""

from typing import Final

RECORD_KEEPING: Final = "§ 9 EGovG NRW"
"""Proper record-keeping (ordnungsgemäße Aktenführung) must be technically assured."""
TRACEABILITY: Final = "GoBD Rz. 58, 107"
"""Original content stays determinable, later changes recognisable."""
OFFER_TO_ARCHIVE: Final = "§ 4, § 10 ArchivG NRW"
"""Offer to the archive before destruction, after thirty years at the latest; a duty of municipalities too."""
