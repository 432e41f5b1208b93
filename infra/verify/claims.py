"""Checks ledger.claim against the claims and releases of the events, in both directions."""

from __future__ import annotations

from domain.kernel import Claim, Fact
from infra.verify.reading import Connection, Row, claims
from infra.verify.report import Report


class Claims:
    """Claims that ledger.claim has are compared where they were made; those it lacks must be released later."""

    def __init__(self, report: Report, connection: Connection) -> None:
        self._report = report
        self._stored = claims(connection)
        self._next = next(self._stored, None)
        self._to_be_released: dict[Claim, tuple[str, int]] = {}

    def check(self, row: Row, fact: Fact | None) -> None:
        """Check what one event claims and releases."""
        stored = self._stored_at(row.position)
        if fact is None:
            return  # told already; what it claims cannot be known
        for claim in fact.claims():
            if claim in self._to_be_released:
                _, position = self._to_be_released[claim]
                self._found(row.position, f"claims {_named(claim)}, which was claimed at position {position:,}")
            elif claim in stored:
                if stored.pop(claim) != row.record_id:
                    self._found(row.position, f"claims {_named(claim)}, which ledger.claim gives to another record")
                continue
            self._to_be_released[claim] = (row.record_id, row.position)
        for claim in fact.releases():
            holder, _ = self._to_be_released.pop(claim, (None, 0))
            if holder != row.record_id:
                self._found(
                    row.position, f"releases {_named(claim)}, which by ledger.claim or the events is not its own"
                )
        for claim in stored:
            self._found(row.position, f"ledger.claim has {_named(claim)} here, which the event does not claim")

    def end(self) -> None:
        """Check what is left: claims that were never released, and rows that lie behind the last event."""
        for claim, (_, position) in self._to_be_released.items():
            self._found(position, f"claims {_named(claim)}, which ledger.claim lacks although nothing released it")
        self._stored_at(2**63)

    def _stored_at(self, position: int) -> dict[Claim, str]:
        found: dict[Claim, str] = {}
        while self._next is not None and self._next.position <= position:
            row, self._next = self._next, next(self._stored, None)
            claim = Claim(row.kind, row.key)
            if row.position == position:
                found[claim] = row.record_id
            else:
                self._found(row.position, f"ledger.claim has {_named(claim)} here, where no event is")
        return found

    def _found(self, position: int, message: str) -> None:
        self._report.found(position, "claim", f"{message}. Correct ledger.claim: it follows from the events")


def _named(claim: Claim) -> str:
    return f"{claim.kind} {claim.key!r}"
