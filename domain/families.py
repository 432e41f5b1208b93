"""The closed list of record families: adding one is adding one line."""

from __future__ import annotations

from domain import cadastre, costs, council, efile, library
from domain.kernel import Family

FAMILIES: tuple[Family, ...] = (efile.FAMILY, council.FAMILY, library.FAMILY, cadastre.FAMILY, costs.FAMILY)
