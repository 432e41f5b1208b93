"""How stored bodies of outdated shapes become those of today."""

from __future__ import annotations

from typing import Any, Final

from domain.efile.facts import CaseOpened
from domain.efile.vocabulary import Medium


def case_opened_with_medium(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 had no medium: all cases were electronic."""
    return {**body, "medium": Medium.ELECTRONIC.value}


UPCASTERS: Final = {"efile.case_opened.v1": (CaseOpened.topic, case_opened_with_medium)}
