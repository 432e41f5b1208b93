"""From a decided fact to what is stored of it: texts sealed under their keys, references in their place."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from domain.kernel import Authentication, Channel, Effective, Envelope, Precision, Recorded, Sealed
from infra.codec import Codec
from infra.sealing import DataKey, SealBroken, associated_data, digest, open_sealed
from infra.store.mapper import LedgerMapper, Pending
from infra.store.unit import LedgerEvent
from tests.infra.lockers import FAMILY, LockerOpened, LockerTaken

RECORD, GUEST = UUID(int=1), UUID(int=2)
KEYS = {key_id: DataKey.make(key_id) for key_id in (RECORD, GUEST)}
ENVELOPE = Envelope(
    actor=UUID(int=7),
    role="clerk",
    org_unit="10",
    authentication=Authentication.NONE_DEV,
    client="tests/1",
    channel=Channel.STAFF,
    effective_precision=Precision.INSTANT,
    effective_zone="Europe/Berlin",
    correlation_id=UUID(int=8),
    command_id=UUID(int=9),
)
TAKEN = LockerTaken(door="1", content=Sealed("Schuhe"), guest=GUEST, guest_name=Sealed("Ada Lesefroh", GUEST))
EFFECTIVE = Effective(datetime(2024, 2, 29, tzinfo=UTC))


@pytest.fixture
def mapper() -> LedgerMapper:
    made = LedgerMapper(JSONTranscoder())
    made.equip(Codec((FAMILY,)))
    return made


def pending(fact: Any = TAKEN, envelope: Envelope = ENVELOPE, version: int = 1) -> Pending:
    return Pending(RECORD, version, fact, EFFECTIVE, envelope, KEYS)


def opened(event: LedgerEvent, part: int) -> dict[str, str]:
    """The texts of a part, as whoever has the key reads them."""
    assert isinstance(event.originator_id, UUID)
    place = associated_data(event.originator_id, event.originator_version, event.topic, part)
    sealed = event.parts[part]
    texts: dict[str, str] = json.loads(open_sealed(KEYS[sealed.key_id], sealed.nonce, sealed.ciphertext, place))
    return texts


def test_it_is_a_mapper_of_the_library(mapper: LedgerMapper) -> None:
    assert isinstance(mapper, Mapper)


def test_a_fact_without_sealed_texts_has_no_parts(mapper: LedgerMapper) -> None:
    event = mapper.to_stored_event(pending(LockerOpened(by="key")))
    assert (event.originator_id, event.originator_version, event.topic) == (RECORD, 1, "locker.opened.v1")
    assert json.loads(event.state) == {"by": "key"}
    assert event.effective_at == EFFECTIVE.at
    assert event.parts == ()


def test_texts_are_sealed_each_under_its_key_and_references_stand_in_their_place(mapper: LedgerMapper) -> None:
    event = mapper.to_stored_event(pending())
    body = json.loads(event.state)
    assert (body["content"], body["guest_name"]) == ({"sealed": 0}, {"sealed": 1})
    assert [part.key_id for part in event.parts] == [RECORD, GUEST]
    assert opened(event, 0) == {"content": "Schuhe"}
    assert opened(event, 1) == {"guest_name": "Ada Lesefroh"}
    assert "Schuhe" not in repr(event)
    assert "Lesefroh" not in str(vars(event))


def test_texts_under_one_key_share_a_part_the_envelopes_too(mapper: LedgerMapper) -> None:
    envelope = replace(ENVELOPE, reason=Sealed("vergessen"), person=Sealed("Ada Lesefroh", GUEST))
    event = mapper.to_stored_event(pending(envelope=envelope))
    stored = json.loads(event.envelope)
    assert (stored["reason"], stored["person"]) == ({"sealed": 0}, {"sealed": 1})
    assert opened(event, 0) == {"content": "Schuhe", "envelope.reason": "vergessen"}
    assert opened(event, 1) == {"guest_name": "Ada Lesefroh", "envelope.person": "Ada Lesefroh"}


def test_the_digest_of_a_part_covers_its_key_nonce_and_ciphertext(mapper: LedgerMapper) -> None:
    for number, part in enumerate(mapper.to_stored_event(pending()).parts):
        commitment = KEYS[part.key_id].commitment
        assert part.digest == digest(number, part.key_id, commitment, part.nonce, part.ciphertext)
        others = {
            digest(number + 1, part.key_id, commitment, part.nonce, part.ciphertext),
            digest(number, uuid4(), commitment, part.nonce, part.ciphertext),
            digest(number, part.key_id, bytes(32), part.nonce, part.ciphertext),
            digest(number, part.key_id, commitment, bytes(12), part.ciphertext),
            digest(number, part.key_id, commitment, part.nonce, part.ciphertext + b"\0"),
        }
        assert len(others) == 5
        assert part.digest not in others


def test_a_sealed_text_opens_at_its_own_event_only(mapper: LedgerMapper) -> None:
    event = mapper.to_stored_event(pending())
    with pytest.raises(SealBroken):
        opened(replace(event, originator_version=2), 0)
    with pytest.raises(SealBroken):
        opened(replace(event, parts=event.parts[::-1]), 0)


def test_salts_and_nonces_are_never_the_same(mapper: LedgerMapper) -> None:
    first, second = mapper.to_stored_event(pending()), mapper.to_stored_event(pending())
    assert first.salt != second.salt
    assert len({part.nonce for event in (first, second) for part in event.parts}) == 4


def test_what_is_recorded_comes_back_as_the_event_that_rules_see(mapper: LedgerMapper) -> None:
    stored = mapper.to_stored_event(pending(envelope=replace(ENVELOPE, reason=Sealed("vergessen"))))
    recorded_at = datetime(2024, 3, 1, tzinfo=UTC)
    event = mapper.to_domain_event(replace(stored, position=5, recorded_at=recorded_at))
    assert isinstance(event, Recorded)
    assert (event.position, event.record_id, event.version, event.recorded_at) == (5, RECORD, 1, recorded_at)
    assert event.fact == replace(
        TAKEN, content=Sealed.stored(5, 0, "content"), guest_name=Sealed.stored(5, 1, "guest_name")
    )
    assert event.envelope == replace(ENVELOPE, reason=Sealed.stored(5, 0, "envelope.reason"))
    assert event.effective.at == EFFECTIVE.at
    assert event.body == stored.state.decode()


def test_only_what_was_decided_is_stored_and_only_what_was_recorded_is_read(mapper: LedgerMapper) -> None:
    with pytest.raises(TypeError, match="pending facts"):
        mapper.to_stored_event(SimpleNamespace(originator_id=RECORD, originator_version=1))
    with pytest.raises(TypeError, match="events that it recorded"):
        mapper.to_domain_event(StoredEvent(RECORD, 1, "locker.opened.v1", b"{}"))
    with pytest.raises(TypeError, match="events that it recorded"):
        mapper.to_domain_event(mapper.to_stored_event(pending()))


def test_a_reference_to_a_stored_text_is_not_stored_as_a_text(mapper: LedgerMapper) -> None:
    fact = replace(TAKEN, content=Sealed.stored(3, 0, "content"))
    with pytest.raises(ValueError, match=r"content of locker\.taken\.v1 holds a reference"):
        mapper.to_stored_event(pending(fact))
