"""How stored bodies of outdated shapes become those of today."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from domain.library.facts import ItemAcquired, ItemReturned
from domain.library.terms import TERMS


def item_acquired_with_title(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 had the text of the title alone: titles were no records yet."""
    return {**body, "title_id": None}


def item_returned_with_settlement(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 did not say where, and raised no charges: the loan is forgotten when the first terms have it so."""
    day = date.fromisoformat(body["returned_on"]) + timedelta(days=TERMS[0].keep_days)
    return {**body, "place": None, "anonymise_from": day.isoformat()}


UPCASTERS: Final = {
    "library.item_acquired.v1": (ItemAcquired.topic, item_acquired_with_title),
    "library.item_returned.v1": (ItemReturned.topic, item_returned_with_settlement),
}
