"""Who may ask and who may do: the roles, and the sets of them that commands and read models are declared with."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a principal may be. A provider's roles lead to these by `STADTBUCH_OIDC_ROLES`; others count for nothing."""

    CITIZEN = "citizen"
    """Acts for themselves, through a portal (Bürgerin, Bürger)."""
    CLERK = "clerk"
    """Keeps the records, for a unit (Sachbearbeitung)."""
    AUDITOR = "auditor"
    """Sees everything and changes nothing (Rechnungsprüfung)."""
    ANALYST = "analyst"
    """Counts: registers and reports without texts (Auswertung)."""
    ADMIN = "admin"
    """Keeps the program running, and has no business with what it holds (Betrieb)."""


ROLES: Final = {role.value: role for role in Role}
"""The roles by their names."""

Roles = frozenset[Role]

NOBODY: Final[Roles] = frozenset()
"""Nobody through the API: what is declared to be no one's, and what is not declared at all."""
CLERKS: Final[Roles] = frozenset({Role.CLERK})
CITIZENS: Final[Roles] = frozenset({Role.CITIZEN, Role.CLERK})
"""Citizens on what is their own, and clerks for them."""


def role_of(name: str) -> Role | None:
    """The role of this name; None for other names, which imports and the ledger's own processes go by."""
    return ROLES.get(name)
