"""Makes leaf.json (`python -m tests.vectors.leaf > tests/vectors/leaf.json`). What was shipped is never changed."""

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from infra import leaf, sealing

LOG = "stadtbuch.example/1"
RECORD = UUID(int=1)
READER = UUID("5eed0000-0000-4000-8000-00000000cafe")


@dataclass(frozen=True, kw_only=True)
class Example:
    """One event. `parts` lists the key id and the texts by field name of each sealed part."""

    name: str
    record_id: UUID = RECORD
    version: int = 1
    topic: str = "example.nothing_sealed.v1"
    recorded_at: datetime = datetime(2024, 3, 1, 8, 30, 0, 1, UTC)
    effective_at: datetime = datetime(2024, 2, 29, tzinfo=UTC)
    envelope: str = "{}"
    body: str = "{}"
    parts: tuple[tuple[UUID, dict[str, str]], ...] = ()


EXAMPLES = (
    Example(name="nothing sealed, the shortest texts"),
    Example(
        name="umlauts, characters beyond the basic plane, escapes and white space are hashed as they stand",
        version=2,
        topic="example.texts.v1",
        envelope='{"role": "Prüferin",\n\t"org_unit":"Straße 7"}',
        body='{"a":"Ä ö ß ẞ – 𝄞","b":"\\u00e4 \\" \\\\ \\/ \\n \\ud834\\udd1e","c":[1, 2.50,true ,null],"a":"twice"}',
    ),
    Example(
        name="one sealed part",
        version=3,
        topic="example.one_part.v1",
        body='{"subject":{"sealed":0}}',
        parts=((RECORD, {"subject": "Bauantrag Müller, Königsallee 1"}),),
    ),
    Example(
        name="several sealed parts under their own keys, one of them of the envelope",
        version=4,
        topic="example.three_parts.v2",
        envelope='{"reason":{"sealed":2},"person":{"sealed":1}}',
        body='{"title":{"sealed":0},"reader":{"sealed":1},"note":{"sealed":0}}',
        parts=(
            (RECORD, {"title": "Der Schimmelreiter", "note": 'Einband "beschädigt"\n'}),
            (READER, {"reader": "Ada Lesefroh", "envelope.person": "Ada Lesefroh"}),
            (UUID(int=2**128 - 1), {"envelope.reason": "Rückruf 𝄞"}),
        ),
    ),
    Example(
        name="a sealed part whose text is empty",
        version=5,
        topic="example.one_part.v1",
        body='{"subject":{"sealed":0}}',
        parts=((RECORD, {"subject": ""}),),
    ),
    Example(
        name="the first and the last moment",
        record_id=UUID("ffffffff-ffff-ffff-ffff-ffffffffffff"),
        version=2**53 - 1,
        recorded_at=datetime(9999, 12, 31, 23, 59, 59, 999999, UTC),
        effective_at=datetime(1, 1, 1, tzinfo=UTC),
    ),
    Example(
        name="times with few digits",
        record_id=UUID("00010203-0405-0607-0809-0a0b0c0d0e0f"),
        version=10,
        topic="a",
        recorded_at=datetime(987, 6, 5, 4, 3, 2, 10, UTC),
        effective_at=datetime(1970, 1, 1, 0, 0, 0, 100000, UTC),
    ),
)


def vector(example: Example) -> dict[str, Any]:
    """The example with all that follows from it. Keys and nonces are fixed here; the ledger's are random."""
    salt = bytes(range(16))
    parts = []
    for part, (key_id, texts) in enumerate(example.parts):
        secret = sha256(b"example key" + key_id.bytes).digest()
        key = sealing.DataKey(key_id, secret, sealing.commitment(key_id, secret))
        nonce = bytes([part]) * 12
        plaintext = json.dumps(texts, ensure_ascii=False).encode()
        bound_to = sealing.associated_data(example.record_id, example.version, example.topic, part)
        ciphertext = AESGCM(secret).encrypt(nonce, plaintext, bound_to)
        parts.append(
            {
                "part": part,
                "key_id": str(key_id),
                "key": secret.hex(),
                "commitment": key.commitment.hex(),
                "associated_data": bound_to.hex(),
                "plaintext": plaintext.decode(),
                "nonce": nonce.hex(),
                "ciphertext": ciphertext.hex(),
                "digest": sealing.digest(part, key_id, key.commitment, nonce, ciphertext).hex(),
            }
        )
    entry = leaf.entry(
        LOG,
        example.record_id,
        example.version,
        example.topic,
        example.recorded_at,
        example.effective_at,
        example.envelope.encode(),
        example.body.encode(),
        salt,
        [bytes.fromhex(str(part["digest"])) for part in parts] or None,
    )
    return {
        "name": example.name,
        "log": LOG,
        "record_id": str(example.record_id),
        "version": example.version,
        "topic": example.topic,
        "recorded_at": leaf.timestamp(example.recorded_at),
        "effective_at": leaf.timestamp(example.effective_at),
        "envelope": example.envelope,
        "body": example.body,
        "salt": salt.hex(),
        "parts": parts,
        "entry": entry.decode(),
        "leaf": leaf.leaf(entry).hex(),
    }


def page() -> str:
    """The text of leaf.json."""
    return json.dumps([vector(example) for example in EXAMPLES], ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
