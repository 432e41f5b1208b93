"""The leaf of an event: a pure function of its row, as docs/leaf-format.md has it and ledger.entry computes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID


def entry(
    log: str,
    record_id: UUID | str,
    version: int,
    topic: str,
    recorded_at: datetime,
    effective_at: datetime,
    envelope: bytes,
    body: bytes,
    salt: bytes,
    sealed: Sequence[bytes] | None,
) -> bytes:
    """The entry of an event: RFC 8785 JSON of hashes and pseudonyms. `sealed` holds the digests of its parts."""
    parts = "null" if sealed is None else f'"{sha256(b"".join(sealed)).hexdigest()}"'
    return (
        f'{{"body":"{sha256(salt + body).hexdigest()}","effective_at":"{timestamp(effective_at)}",'
        f'"envelope":"{sha256(salt + envelope).hexdigest()}","log":"{log}","record":"{record_id}",'
        f'"recorded_at":"{timestamp(recorded_at)}","sealed":{parts},"topic":"{topic}","v":1,"version":{version}}}'
    ).encode()


def leaf(of: bytes) -> bytes:
    """The leaf hash of RFC 6962, section 2.1: SHA-256(0x00 || entry)."""
    return sha256(b"\0" + of).digest()


def timestamp(at: datetime) -> str:
    """UTC with six decimals and Z; the year always has four digits. `at` is aware."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
