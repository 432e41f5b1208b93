"""The closed list of record families: adding one is adding one line."""

from __future__ import annotations

from domain import library
from domain import efile
from domain.kernel import Family

FAMILIES: tuple[Family, ...] = (library.FAMILY,)
