"""Checks the entries about sealed texts that left in clear: each against its leaf, and against the one before it."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Final, NamedTuple
from uuid import UUID

from infra.verify.reading import SQL, Connection, streamed
from infra.verify.report import Report

RESTORE: Final = "restore what was recorded from a backup, and find out who altered it"


class Entry(NamedTuple):
    """A row of access.export."""

    entry: int
    at: datetime
    actor: UUID
    role: str
    org_unit: str
    authentication: str
    kind: str
    position: int
    reason: str
    previous: bytes
    leaf: bytes

    def computed(self) -> bytes:
        """What its leaf has to be: the JSON array is written as PostgreSQL writes it."""
        at = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        told = [
            "stadtbuch.access.export.v1", self.entry, at, str(self.actor), self.role, self.org_unit,
            self.authentication, self.kind, self.position, self.reason, self.previous.hex(),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).digest()


def check_access(connection: Connection, report: Report) -> None:
    """Check them all. The oldest may have been deleted, and the last is always there."""
    last: Entry | None = None
    for each in map(Entry._make, streamed(connection, "exports")):
        if each.computed() != each.leaf:
            _found(report, f"entry {each.entry:,} is not what its leaf was computed from: {RESTORE}")
        if last is not None and each.entry != last.entry + 1:
            _found(report, f"between entries {last.entry:,} and {each.entry:,} some are missing: {RESTORE}")
        elif (last is not None and each.previous != last.leaf) or (each.entry == 1 and each.previous):
            _found(report, f"entry {each.entry:,} does not follow the one before it: {RESTORE}")
        last = each
    known = (last.entry, last.leaf) if last else (0, b"")
    if connection.execute(SQL["exports_head"], binary=True).fetchall() != [known]:
        _found(report, f"the last entry is {known[0]:,}, and access.head tells of another: restore both from a backup")


def _found(report: Report, message: str) -> None:
    report.found(None, "clear export", message)
