"""Data keys: made, wrapped and kept beside the ledger; and the texts they seal, revealed to those who may read them."""

from __future__ import annotations

import hmac
import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.postgres import PostgresDatastore
from psycopg.rows import tuple_row

from domain.kernel import Sealed
from infra.keys import KeyEncryptionKey, KeyUnavailable
from infra.sealing import DataKey, associated_data, commitment, mac, open_sealed, prefixed
from infra.store.reading import KeyRow, Question, Reading
from infra.store.unit import KeyEntry

ADD_OWN_KEY = """
insert into vault.key (key_id, wrapped_key, kek_id, commitment) values (%b, %b, %b, %b) on conflict do nothing
"""
# Each by its key: a join of three tables could be planned, while they are small, to read one of them whole.
SELECT_PARTS = """
select r.n, e.record_id, e.version, e.topic, s.nonce, s.ciphertext, k.key_id, k.wrapped_key, k.kek_id, k.commitment
from unnest(%b::bigint[], %b::int[]) with ordinality r(position, part, n)
join lateral (select * from ledger.event x where x.position = r.position limit 1) e on true
join lateral (select * from ledger.sealed x where x.position = r.position and x.part = r.part limit 1) s on true
join lateral (select * from vault.key x where x.key_id = s.key_id and x.destroyed_at is null limit 1) k on true
"""
CACHED_KEYS = 50_000


class KeyDestroyed(Exception):
    """The key of a subject was destroyed: nothing more can be sealed for it."""


def own_secret_id(log_name: str) -> UUID:
    """The id of the key under which a ledger computes its own keyed hashes."""
    return uuid5(NAMESPACE_URL, f"stadtbuch:secret:{log_name}")


class Vault:
    """Makes data keys, seals and reveals with them, and computes keyed hashes. Safe to share between threads.

    A new key is a draft until the first event that it seals is recorded: `entries` go with the event into the same
    transaction, so no text is ever stored whose key is not. Where two processes make a key for one subject at once, the
    second to record is told so (KeyConflict) and must `forget` its draft and seal again.
    """

    def __init__(self, datastore: PostgresDatastore, reading: Reading, kek: KeyEncryptionKey, log_name: str) -> None:
        self._datastore = datastore
        self._reading = reading
        self._kek = kek
        self._keys: dict[UUID, DataKey] = {}
        self._drafts: dict[UUID, DataKey] = {}
        self._lock = threading.Lock()
        # The ledger's own secret: for request digests, pseudonyms and personal claims.
        self._secret = self._own_secret(own_secret_id(log_name))

    def keys(self, key_ids: Iterable[UUID]) -> dict[UUID, DataKey]:
        """The keys of these subjects, drafts where they have none. Raises KeyDestroyed and KeyUnavailable."""
        found: dict[UUID, DataKey] = {}
        missing: list[UUID] = []
        for key_id in key_ids:
            key = self._keys.get(key_id) or self._drafts.get(key_id)
            if key is None:
                missing.append(key_id)
            else:
                found[key_id] = key
        if missing:
            found.update(self.learn(missing, self._reading.ask(Question(keys=missing)).keys))
            for key_id in missing:
                if key_id not in found:
                    raise KeyDestroyed(
                        f"the key {key_id} was destroyed: its subject is forgotten and takes no new text"
                    )
        return found

    def lacks(self, key_ids: Iterable[UUID]) -> list[UUID]:
        """Those of the keys that would have to be read."""
        return [key_id for key_id in key_ids if key_id not in self._keys and key_id not in self._drafts]

    def learn(self, asked: Iterable[UUID], rows: Mapping[UUID, KeyRow]) -> dict[UUID, DataKey]:
        """Take in what was read of these keys: unwrap those that are there, draft those that are not. Answers them;
        only those that were destroyed are left out.
        """
        learnt: dict[UUID, DataKey] = {}
        with self._lock:
            if len(self._keys) + len(self._drafts) > CACHED_KEYS:
                self._keys, self._drafts = {}, {}
            for key_id in asked:
                row = rows.get(key_id)
                if row is None:
                    known = self._keys.get(key_id)
                    learnt[key_id] = known or self._drafts.setdefault(key_id, DataKey.make(key_id))
                elif row.wrapped_key is not None:
                    key = self._unwrap(key_id, row.wrapped_key, row.kek_id, row.commitment)
                    learnt[key_id] = self._keys[key_id] = key
                    self._drafts.pop(key_id, None)
        return learnt

    def entries(self, keys: Iterable[DataKey]) -> tuple[KeyEntry, ...]:
        """What is to be recorded of the drafts among these keys, together with what they seal.

        A draft counts as one even where another process's key has been read since: append finds out.
        """
        return tuple(
            KeyEntry(key.id, self._kek.wrap(key.secret), self._kek.id, key.commitment)
            for key in keys
            if self._keys.get(key.id) != key
        )

    def recorded(self, keys: Iterable[DataKey]) -> None:
        """These keys are stored now; they are drafts no longer."""
        with self._lock:
            for key in keys:
                self._keys[key.id] = key
                self._drafts.pop(key.id, None)

    def forget(self, key_ids: Iterable[UUID]) -> None:
        """Drop what is held in memory of these keys; they are read again when wanted."""
        with self._lock:
            for key_id in key_ids:
                self._keys.pop(key_id, None)
                self._drafts.pop(key_id, None)

    @contextmanager
    def recording(self, keys: Mapping[UUID, DataKey]) -> Iterator[None]:
        """Where what is done here fails, the drafts among these keys are no good any more: somebody else may record
        another key for the same subject. `keys` is looked at when it has failed, with what was added to it.
        """
        try:
            yield
        except BaseException:
            self.discard(keys)
            raise

    def discard(self, key_ids: Iterable[UUID]) -> None:
        """Drop the drafts among these keys, since what was decided with them is not recorded: the next decision reads
        whether somebody else has made one.
        """
        with self._lock:
            for key_id in key_ids:
                self._drafts.pop(key_id, None)

    def hmac(self, purpose: str, message: bytes) -> bytes:
        """HMAC-SHA-256 under the ledger's own secret, separate for each purpose."""
        return mac(self._secret, purpose.encode() + b"\0" + message)

    def pseudonym(self, purpose: str, text: str, key: DataKey | None = None) -> str:
        """A keyed hash of a personal identifier: comparable, never readable. 64 hex digits.

        Under the ledger's own secret, or under a subject's key: then it is lost with that key.
        """
        if key is None:
            return self.hmac("pseudonym:" + purpose, text.encode()).hex()
        return mac(key.secret, prefixed(b"pseudonym", purpose.encode(), text.encode())).hex()

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

    def _own_secret(self, key_id: UUID) -> bytes:
        key = DataKey.make(key_id)
        rows = self._reading.ask(Question(keys=[key_id])).keys
        if not rows:
            with self._datastore.get_connection() as connection:
                values = (key_id, self._kek.wrap(key.secret), self._kek.id, key.commitment)
                connection.execute(ADD_OWN_KEY, values)
            rows = self._reading.ask(Question(keys=[key_id])).keys
        row = rows[key_id]
        if row.wrapped_key is None:
            raise KeyDestroyed("the ledger's own secret was destroyed: restore vault.key from its backup")
        return self._unwrap(key_id, row.wrapped_key, row.kek_id, row.commitment).secret
