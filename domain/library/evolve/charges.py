"""Charges after a fact."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from domain.library.state import Charge
from domain.library.vocabulary import ChargeStatus


def settled(charges: tuple[Charge, ...], charge_id: UUID, status: ChargeStatus, day: date) -> tuple[Charge, ...]:
    """The charges, of which one has another status since a day."""
    return tuple(replace(each, status=status, since=day) if each.id == charge_id else each for each in charges)
