"""Who sees files and cases: open ones all of the office do, those of a level the people who have to do with them."""

from __future__ import annotations

from typing import Final

from domain.efile.vocabulary import Confidentiality
from domain.rights import Role
from projections.rights import OFFICE, Is, Readers, SameOffice

_OPEN: Final = Is("confidentiality", Confidentiality.OPEN)


def by_level(*units: str) -> Readers:
    """Clerks see what is open (003, offen), and of any level what one of these columns names their office for."""
    return {**OFFICE, Role.CLERK: (_OPEN, SameOffice(units)), Role.ANALYST: (_OPEN,)}
