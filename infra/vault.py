"""Data keys: made, wrapped and kept beside the ledger; and the texts they seal, revealed to those who may read them."""

from __future__ import annotations

import hmac
import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.postgres import PostgresDatastore
from psycopg.rows import tuple_row

from domain.kernel import Sealed
from infra.keys import KeyEncryptionKey, KeyUnavailable
from infra.sealing import DataKey, associated_data, commitment, open_sealed, prefixed
from infra.store.commit import GroupCommit
from infra.store.line import Connection, Line

INSERT_KEYS = """
insert into vault.key (key_id, wrapped_key, kek_id, commitment)
select * from unnest(%b::uuid[], %b::bytea[], %b::text[], %b::bytea[])
on conflict do nothing returning key_id
"""
SELECT_KEYS = "select key_id, wrapped_key, kek_id, commitment from vault.key where key_id = any(%b::uuid[])"
SELECT_PARTS = """
select r.n, e.record_id, e.version, e.topic, s.nonce, s.ciphertext, s.key_id, k.wrapped_key, k.kek_id, k.commitment
from unnest(%b::bigint[], %b::int[]) with ordinality r(position, part, n)
join ledger.event e using (position)
join ledger.sealed s using (position, part)
join vault.key k using (key_id)
where k.destroyed_at is null
"""
CACHED_KEYS = 50_000


class KeyDestroyed(Exception):
    """The key of a subject was destroyed: nothing more can be sealed for it."""


class Vault:
    """Makes data keys (committed before the events they seal), seals for them, reveals references, and computes keyed
    hashes. Safe to share between threads; key requests of many callers share one transaction.
    """

    def __init__(self, datastore: PostgresDatastore, conninfo: str, kek: KeyEncryptionKey, log_name: str) -> None:
        self._datastore = datastore
        self._line = Line(conninfo)
        self._kek = kek
        self._keys: dict[UUID, DataKey] = {}
        self._drafts: dict[UUID, DataKey] = {}
        self._lock = threading.Lock()
        self._requests: GroupCommit[tuple[UUID, ...], Mapping[UUID, DataKey]] = GroupCommit(
            "stadtbuch-keys", self._carry, weight=len
        )
        # The ledger's own secret: for request digests, pseudonyms and personal claims.
        self._secret = self.keys([uuid5(NAMESPACE_URL, f"stadtbuch:secret:{log_name}")]).popitem()[1].secret

    def close(self) -> None:
        """Finish outstanding key requests."""
        self._requests.close()
        self._line.close()

    def keys(self, key_ids: Iterable[UUID]) -> dict[UUID, DataKey]:
        """The keys of these subjects, made where they have none. Raises KeyDestroyed and KeyUnavailable."""
        found: dict[UUID, DataKey] = {}
        missing: list[UUID] = []
        for key_id in key_ids:
            key = self._keys.get(key_id)
            if key is None:
                missing.append(key_id)
            else:
                found[key_id] = key
        if missing:
            found.update(self._requests.submit(tuple(missing)).result())
            for key_id in missing:
                if key_id not in found:
                    raise _destroyed(key_id)
        return found

    def hmac(self, purpose: str, message: bytes) -> bytes:
        """HMAC-SHA-256 under the ledger's own secret, separate for each purpose."""
        return hmac.digest(self._secret, purpose.encode() + b"\0" + message, "sha256")

    def pseudonym(self, purpose: str, text: str, key: DataKey | None = None) -> str:
        """A keyed hash of a personal identifier: comparable, never readable. 64 hex digits.

        Under the ledger's own secret, or under a subject's key: then it is lost with that key.
        """
        if key is None:
            return self.hmac("pseudonym:" + purpose, text.encode()).hex()
        return hmac.digest(key.secret, prefixed(b"pseudonym", purpose.encode(), text.encode()), "sha256").hex()

    def key_or_draft(self, key_id: UUID) -> DataKey:
        """The key of a subject. Where it has none, a draft that `keys` keeps, unless another process is faster: who
        used a draft compares it with what `keys` answers. Raises KeyDestroyed and KeyUnavailable.
        """
        key = self._keys.get(key_id)
        if key is not None:
            return key
        with self._datastore.get_connection() as connection:
            cursor = connection.cursor(binary=True, row_factory=tuple_row)
            row = cursor.execute(SELECT_KEYS, ([key_id],)).fetchone()
        with self._lock:
            if row is None:
                if len(self._drafts) >= CACHED_KEYS:
                    self._drafts = {}
                return self._drafts.setdefault(key_id, DataKey.make(key_id))
            if row[1] is None:
                raise _destroyed(key_id)
            self._keys[key_id] = self._unwrap(*row)
            return self._keys[key_id]

    def reveal(self, references: Sequence[Sealed[str]]) -> list[str | None]:
        """The clear texts of stored references, in order; None where the text was erased. One query."""
        parts = list({(reference.position, reference.part) for reference in references})
        opened: dict[tuple[Any, Any], dict[str, str]] = {}
        if parts:
            with self._datastore.get_connection() as connection:
                positions, numbers = [part[0] for part in parts], [part[1] for part in parts]
                cursor = connection.cursor(binary=True, row_factory=tuple_row)
                cursor.execute(SELECT_PARTS, (positions, numbers))
                for n, record_id, version, topic, nonce, ciphertext, *key in cursor:
                    part = parts[n - 1]
                    bound_to = associated_data(record_id, version, topic, part[1] or 0)
                    opened[part] = json.loads(open_sealed(self._unwrap(*key), nonce, ciphertext, bound_to))
        return [
            opened.get((reference.position, reference.part), {}).get(reference.name or "") for reference in references
        ]

    def _unwrap(self, key_id: UUID, wrapped: bytes, kek_id: str, committed: bytes) -> DataKey:
        if kek_id != self._kek.id:
            raise KeyUnavailable(
                f"key {key_id} was wrapped by key-encryption key {kek_id}, this is {self._kek.id}: "
                "point STADTBUCH_KEK_FILE or STADTBUCH_KEK_COMMAND at the key this ledger was created with"
            )
        secret = self._kek.unwrap(wrapped)
        if not hmac.compare_digest(commitment(key_id, secret), committed):
            raise KeyUnavailable(f"key {key_id} does not match its commitment: it was swapped; run `stadtbuch verify`")
        return DataKey(key_id, secret, committed)

    def _carry(self, requests: Sequence[tuple[UUID, ...]]) -> list[Mapping[UUID, DataKey] | Exception | None]:
        wanted = list({key_id for request in requests for key_id in request})
        found, _ = self._line.call(lambda connection: self._fetch_or_make(connection, wanted))
        with self._lock:
            if len(self._keys) + len(found) > CACHED_KEYS:
                self._keys = {}
            self._keys.update(found)
            for key_id in found:
                self._drafts.pop(key_id, None)
        return [{key_id: found[key_id] for key_id in request if key_id in found} for request in requests]

    def _fetch_or_make(self, connection: Connection, wanted: list[UUID]) -> dict[UUID, DataKey]:
        made = {key_id: self._drafts.get(key_id) or DataKey.make(key_id) for key_id in wanted}
        keys = list(made.values())
        inserted = connection.execute(
            INSERT_KEYS,
            (
                wanted,
                [self._kek.wrap(key.secret) for key in keys],
                [self._kek.id] * len(keys),
                [key.commitment for key in keys],
            ),
        ).fetchall()
        found = {key_id: made[key_id] for (key_id,) in inserted}
        others = [key_id for key_id in wanted if key_id not in found]
        if others:
            for key_id, wrapped, kek_id, committed in connection.execute(SELECT_KEYS, (others,)):
                if wrapped is not None:
                    found[key_id] = self._unwrap(key_id, wrapped, kek_id, committed)
        return found


def _destroyed(key_id: UUID) -> KeyDestroyed:
    return KeyDestroyed(f"the key {key_id} was destroyed: its subject is forgotten and takes no new text")
