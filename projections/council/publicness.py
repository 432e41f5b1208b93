"""Who sees what the council does not do in public: those who work with it, and those who check them."""

from __future__ import annotations

from typing import Final

from domain.rights import Role
from projections.rights import OFFICE, Is, Readers

PUBLIC_OR_STAFF: Final[Readers] = {**OFFICE, Role.ANALYST: (Is("public", True),)}
"""Analysts count what is public (öffentlich); staff keep secret what is not."""
