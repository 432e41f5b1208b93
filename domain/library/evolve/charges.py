"""Charges after a fact."""

from dataclasses import replace
from uuid import UUID

from domain.library.state import Charge
from domain.library.vocabulary import ChargeStatus


def settled(charges: tuple[Charge, ...], charge_id: UUID, status: ChargeStatus) -> tuple[Charge, ...]:
    """The charges, of which one has another status."""
    return tuple(replace(charge, status=status) if charge.id == charge_id else charge for charge in charges)
