"""Decisions on legal holds and on confidentiality, alike for files and cases."""

from __future__ import annotations

from typing import TypeVar

from domain.efile import checks, commands, facts
from domain.efile.rules import disposal, records
from domain.efile.state import Case, File
from domain.efile.vocabulary import Status
from domain.kernel import Context, Rejected

Changed = TypeVar("Changed", bound=facts.ConfidentialityChanged)
Placed = TypeVar("Placed", bound=facts.LegalHoldPlaced)
Released = TypeVar("Released", bound=facts.LegalHoldReleased)


def change_confidentiality(
    record: File | Case, command: commands.ChangeConfidentiality, fact: type[Changed]
) -> Changed:
    _require_there(record)
    checks.require_reason(command.reason)
    if command.confidentiality is record.confidentiality:
        raise Rejected(records.NOTHING_CHANGED, confidentiality=record.confidentiality)
    return fact(old=record.confidentiality, new=command.confidentiality, reason=command.reason)


def place_hold(record: File | Case, command: commands.PlaceLegalHold, context: Context, fact: type[Placed]) -> Placed:
    """A hold may be known late, so it may be placed on a day before the last work on the record, or an approval."""
    _require_there(record)
    checks.require_authority(command.authority)
    checks.require_reason(command.reason)
    return fact(
        hold=record.hold_count + 1,
        authority=command.authority,
        reason=command.reason,
        voids_approval=record.disposal is not None and bool(record.disposal.approved_by),
    )


def release_hold(
    record: File | Case, command: commands.ReleaseLegalHold, context: Context, fact: type[Released]
) -> Released:
    if not record.holds:
        raise Rejected(disposal.NOT_HELD)
    if command.hold not in record.holds:
        raise Rejected(disposal.HOLD_UNKNOWN, hold=command.hold, holds=", ".join(map(str, record.holds)))
    checks.require_authority(command.authority)
    checks.require_reason(command.reason)
    return fact(hold=command.hold, authority=command.authority, reason=command.reason)


def _require_there(record: File | Case) -> None:
    if record.status is Status.DESTROYED:
        raise Rejected(disposal.DESTROYED)
