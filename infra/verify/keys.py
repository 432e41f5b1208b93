"""Checks the vault: every wrapped key opens and is the one committed to, and what was destroyed is gone."""

from __future__ import annotations

from hmac import compare_digest
from typing import Final
from uuid import UUID

import psycopg

from infra.keys import KeyEncryptionKey, KeyUnavailable
from infra.queries import named
from infra.sealing import commitment
from infra.vault import own_secret_id
from infra.verify.reading import CHUNK, Connection
from infra.verify.report import Report

RESTORE: Final = "restore vault.key from a backup"
_SQL: Final = named("verify_keys")


def check_vault(connection: Connection, report: Report, log: str | None, kek: KeyEncryptionKey) -> None:
    """Check all keys; a fault stands at the first event that the key seals. The last check, for it changes the role."""
    if log is not None and report.rows:
        # Without its own secret a ledger would make another, and know no repeat and no personal claim any more.
        secret = connection.execute(_SQL["own_secret"], (own_secret_id(log),)).fetchone()
        if secret is None or secret[0]:
            report.found(None, "key", f"the ledger's own secret is not in the vault: {RESTORE}")
    for position, message in connection.execute(_SQL["half_destroyed"]).fetchall():
        report.found(position, "key", message)
    connection.execute(_SQL["as_writer"])
    with psycopg.ServerCursor(connection, "wrapped") as cursor:
        cursor.itersize = CHUNK
        cursor.execute(_SQL["wrapped"], binary=True)
        for key_id, wrapped, kek_id, committed, position in cursor:
            if problem := _problem(key_id, wrapped, kek_id, committed, kek):
                report.found(position, "key", f"the key {key_id} {problem}")
            if report.full:
                return


def _problem(key_id: UUID, wrapped: bytes, kek_id: str, committed: bytes, kek: KeyEncryptionKey) -> str | None:
    if kek_id != kek.id:
        return f"is wrapped by key-encryption key {kek_id}, this is {kek.id}: verify with that one"
    try:
        secret = kek.unwrap(wrapped)
    except KeyUnavailable:
        return f"was altered, it does not open: {RESTORE}"
    if not compare_digest(commitment(key_id, secret), committed):
        return f"is not the one committed to, it was swapped: {RESTORE}"
    return None
