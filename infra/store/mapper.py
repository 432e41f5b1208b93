"""Between events and stored rows: bodies through the codec's closed registry, sealed texts through the vault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, StoredEvent

from domain.kernel import Effective, Envelope, Fact, Recorded, Sealed
from infra.sealing import DataKey, associated_data, seal
from infra.store.unit import LedgerEvent, SealedPart

if TYPE_CHECKING:
    from infra.codec import Codec


@dataclass(frozen=True, slots=True)
class Pending:
    """A fact that has been decided and not yet recorded. Sealed texts are in clear, in memory only.

    `keys` are those that what it was decided with was hashed under and that its texts are to be sealed under.
    """

    record_id: UUID
    version: int
    fact: Fact
    effective: Effective
    envelope: Envelope
    keys: Mapping[UUID, DataKey]

    @property
    def originator_id(self) -> UUID:
        """The record, by the name the eventsourcing library uses."""
        return self.record_id

    @property
    def originator_version(self) -> int:
        """The version, by the name the eventsourcing library uses."""
        return self.version

    def sealed(self, codec: Codec) -> list[tuple[str, Sealed[str]]]:
        """The sealed texts of fact and envelope, with the names they are stored under."""
        envelope = [(f"envelope.{name}", value) for name, value in codec.sealed(self.envelope)]
        return codec.sealed(self.fact) + envelope


class LedgerMapper(Mapper[UUID]):
    """The mapper of the ledger. `equip` gives it what the library's constructor has no place for."""

    codec: Codec

    def equip(self, codec: Codec) -> None:
        """Set the codec."""
        self.codec = codec

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> LedgerEvent:
        """Encode and seal a pending event. Texts under the same key share a part."""
        if not isinstance(domain_event, Pending):
            raise TypeError(f"the ledger stores pending facts, not {type(domain_event).__name__}")
        topic = domain_event.fact.topic
        texts: dict[UUID, dict[str, str]] = {}
        for name, value in domain_event.sealed(self.codec):
            if value.text is None:
                raise ValueError(f"the sealed field {name} of {topic} holds a reference where a text is wanted")
            texts.setdefault(value.key or domain_event.record_id, {})[name] = value.text
        order = {key_id: part for part, key_id in enumerate(texts)}

        def part_of(value: Sealed[str]) -> int:
            return order[value.key or domain_event.record_id]

        parts = []
        for part, (key_id, fields) in enumerate(texts.items()):
            bound_to = associated_data(domain_event.record_id, domain_event.version, topic, part)
            plaintext = msgspec.json.encode(fields)
            parts.append(SealedPart(key_id, *seal(domain_event.keys[key_id], plaintext, bound_to, part)))
        return LedgerEvent(
            originator_id=domain_event.record_id,
            originator_version=domain_event.version,
            topic=topic,
            state=self.codec.encode(domain_event.fact, part_of),
            envelope=self.codec.encode(domain_event.envelope, part_of),
            effective_at=domain_event.effective.at,
            parts=tuple(parts),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Recorded:
        """A recorded event, upcast, with references for its sealed texts. Raises UnknownTopic and UnreadableEvent."""
        if not isinstance(stored_event, LedgerEvent) or stored_event.position is None:
            raise TypeError("the ledger reads events that it recorded")
        recorded_at: Any = stored_event.recorded_at
        originator_id: Any = stored_event.originator_id
        return self.codec.recorded(
            stored_event.position,
            originator_id,
            stored_event.originator_version,
            stored_event.topic,
            recorded_at,
            stored_event.effective_at,
            stored_event.envelope,
            stored_event.state,
        )
