"""How stored bodies of outdated shapes become those of today."""

from typing import Any, Final

from domain.cadastre.facts import (
    LegitimateInterestClaimed,
    LegitimateInterestConfirmed,
    LegitimateInterestRefused,
    OrderPlaced,
)


def order_of_parcels(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 knew parcels only. It was checked against no catalogue, and did not say for whom a deputy acted."""
    return {**body, "catalogue": None, "area": None, "placed_for": None}


def claimed_for_nobody_known(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 named who claimed, and not in whose place."""
    return {**body, "claimed_for": None}


def held_against_nobody_known(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 named the reviewer alone; that he was none of the others was decided, and not said."""
    return {**body, "held_against": []}


UPCASTERS: Final = {
    "cadastre.order_placed.v1": (OrderPlaced.topic, order_of_parcels),
    "cadastre.legitimate_interest_claimed.v1": (LegitimateInterestClaimed.topic, claimed_for_nobody_known),
    "cadastre.legitimate_interest_confirmed.v1": (LegitimateInterestConfirmed.topic, held_against_nobody_known),
    "cadastre.legitimate_interest_refused.v1": (LegitimateInterestRefused.topic, held_against_nobody_known),
}
