"""Checks sealed parts against the digests that their events keep of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from uuid import UUID

from domain.kernel import Fact
from infra.sealing import digest
from infra.verify.reading import Connection, Part, Row, destroyed
from infra.verify.report import Report


class Seals:
    """Parts that are there, and parts that are not. A part may be gone only when its key was destroyed."""

    def __init__(self, report: Report, connection: Connection) -> None:
        self._report = report
        self._connection = connection
        self._gone: list[tuple[int, int, set[UUID]]] = []

    def check(self, row: Row, parts: Sequence[Part], fact: Fact | None) -> None:
        """Check the parts of one event."""
        digests = row.sealed or ()
        if not digests and not parts:
            return
        there = {part.part: part for part in parts}
        for number, recorded in enumerate(digests):
            part = there.pop(number, None)
            if part is None:
                self._gone.append((row.position, number, {UUID(row.record_id), *_mentioned(fact)}))
            elif part.commitment is None:
                message = f"the key {part.key_id} of part {number} is not in the vault: restore vault.key from a backup"
                self._report.found(row.position, "seal", message)
            elif digest(number, part.key_id, part.commitment, part.nonce, part.ciphertext) != recorded:
                message = f"part {number} is not what was recorded: its ciphertext, its key or the key's commitment"
                self._report.found(row.position, "seal", f"{message} was altered; restore them from a backup")
        self._not_recorded(row.position, there.values())

    def settle(self, between: Mapping[int, Sequence[Part]]) -> None:
        """Judge the parts that were missed since the last time, and those that lie where no event is."""
        known = destroyed(self._connection, {key_id for *_, key_ids in self._gone for key_id in key_ids})
        for position, number, key_ids in self._gone:
            if not key_ids & known:
                message = f"part {number} is missing, and no key that it can have had was destroyed: restore it"
                self._report.found(position, "seal", f"{message} from a backup")
        self._gone.clear()
        for position, parts in between.items():
            self._not_recorded(position, parts)

    def _not_recorded(self, position: int, parts: Iterable[Part]) -> None:
        for part in parts:
            message = f"ledger.sealed has a part {part.part} that no event recorded: delete it after looking into it"
            self._report.found(position, "seal", message)


def _mentioned(thing: object) -> Iterator[UUID]:
    """The uuids in a fact, and the key it names: one of them is the key of each of its parts."""
    if isinstance(thing, UUID):
        yield thing
    elif isinstance(thing, tuple):
        for item in thing:
            yield from _mentioned(item)
    elif is_dataclass(thing):
        if isinstance(thing, Fact) and (key := thing.sealing_key()) is not None:
            yield key
        for field in fields(thing):
            yield from _mentioned(getattr(thing, field.name))
