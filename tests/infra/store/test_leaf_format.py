"""docs/leaf-format.md: the golden vectors come out by the project, by SQL and by the standard library alone."""

import hashlib
import hmac
import json
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from infra import leaf, sealing
from tests.vectors.leaf import EXAMPLES, page

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "vectors" / "leaf.json"
VECTORS: list[dict[str, Any]] = json.loads(GOLDEN.read_text(encoding="utf-8"))
Admin = psycopg.Connection[tuple[object, ...]]

ENTRY = """
select ledger.entry(%(log)s, %(record_id)s::uuid, %(version)s, %(topic)s, %(recorded_at)s::timestamptz,
  %(effective_at)s::timestamptz, %(envelope)s, %(body)s, decode(%(salt)s, 'hex'), %(digests)s::bytea)
"""


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def joined(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def digests(vector: dict[str, Any]) -> list[bytes]:
    return [bytes.fromhex(part["digest"]) for part in vector["parts"]]


named = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])


def test_the_vectors_that_were_shipped_are_those_that_the_project_makes() -> None:
    assert GOLDEN.read_text(encoding="utf-8") == page()


@named
def test_an_entry_follows_from_the_page_by_the_standard_library_alone(vector: dict[str, Any]) -> None:
    salt = bytes.fromhex(vector["salt"])
    members = {
        "v": 1,
        "log": vector["log"],
        "record": vector["record_id"],
        "version": vector["version"],
        "topic": vector["topic"],
        "recorded_at": vector["recorded_at"],
        "effective_at": vector["effective_at"],
        "envelope": sha256(salt, vector["envelope"].encode()).hex(),
        "body": sha256(salt, vector["body"].encode()).hex(),
        "sealed": sha256(*digests(vector)).hex() if vector["parts"] else None,
    }
    entry = json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert entry == vector["entry"]
    assert sha256(b"\0", entry.encode()).hex() == vector["leaf"]


@named
def test_the_digests_of_sealed_parts_follow_from_the_page_by_the_standard_library_alone(vector: dict[str, Any]) -> None:
    for number, part in enumerate(vector["parts"]):
        key_id, key = UUID(part["key_id"]).bytes, bytes.fromhex(part["key"])
        commitment = hmac.digest(key, b"commit" + key_id, "sha256")
        place = number.to_bytes(4, "big")
        nonce, ciphertext = bytes.fromhex(part["nonce"]), bytes.fromhex(part["ciphertext"])
        digest = sha256(joined(b"stadtbuch sealed part v1", place, key_id, commitment, nonce, ciphertext))
        record, version = UUID(vector["record_id"]).bytes, vector["version"].to_bytes(8, "big")
        assert part["part"] == number
        assert commitment.hex() == part["commitment"]
        assert digest.hex() == part["digest"]
        assert joined(record, version, vector["topic"].encode(), place).hex() == part["associated_data"]
        assert len(ciphertext) == len(part["plaintext"].encode()) + 16


@named
def test_a_sealed_part_opens_with_its_key_in_its_place_only(vector: dict[str, Any]) -> None:
    for part in vector["parts"]:
        key = sealing.DataKey(UUID(part["key_id"]), bytes.fromhex(part["key"]), bytes.fromhex(part["commitment"]))
        nonce, ciphertext = bytes.fromhex(part["nonce"]), bytes.fromhex(part["ciphertext"])
        place = (UUID(vector["record_id"]), vector["version"], vector["topic"], part["part"])
        opened = sealing.open_sealed(key, nonce, ciphertext, sealing.associated_data(*place))
        assert opened.decode() == part["plaintext"]
        for elsewhere in (
            (UUID(int=7), *place[1:]),
            (place[0], place[1] + 1, *place[2:]),
            (*place[:2], "another.topic.v1", place[3]),
            (*place[:3], place[3] + 1),
        ):
            with pytest.raises(sealing.SealBroken):
                sealing.open_sealed(key, nonce, ciphertext, sealing.associated_data(*elsewhere))


@named
def test_the_program_computes_the_golden_leaf(vector: dict[str, Any]) -> None:
    entry = leaf.entry(
        vector["log"],
        UUID(vector["record_id"]),
        vector["version"],
        vector["topic"],
        datetime.fromisoformat(vector["recorded_at"]),
        datetime.fromisoformat(vector["effective_at"]),
        vector["envelope"].encode(),
        vector["body"].encode(),
        bytes.fromhex(vector["salt"]),
        digests(vector) or None,
    )
    assert entry.decode() == vector["entry"]
    assert leaf.leaf(entry).hex() == vector["leaf"]


def test_the_server_computes_every_golden_leaf(admin: Admin) -> None:
    # Neither the session's time zone nor its styles may show in a leaf.
    admin.execute("set timezone = 'America/St_Johns'; set datestyle = 'SQL, DMY'; set bytea_output = 'escape'")
    for vector in VECTORS:
        row = admin.execute(ENTRY, {**vector, "digests": b"".join(digests(vector)) or None}).fetchone()
        assert row is not None
        assert isinstance(row[0], bytes)
        assert row[0].decode() == vector["entry"]
        hashed = admin.execute("select sha256('\\x00'::bytea || %s::bytea)", [row[0]]).fetchone()
        assert hashed == (bytes.fromhex(vector["leaf"]),)


def test_the_page_shows_the_first_vector() -> None:
    text = (ROOT / "docs" / "leaf-format.md").read_text(encoding="utf-8")
    assert VECTORS[0]["entry"] in text
    assert f"leaf = {VECTORS[0]['leaf']}" in text


def test_the_examples_cover_what_is_easily_got_wrong() -> None:
    bodies = "".join(example.body for example in EXAMPLES)
    assert {"ä" in bodies.lower(), "\\u00e4" in bodies, "𝄞" in bodies} == {True}
    assert {len(example.parts) for example in EXAMPLES} >= {0, 1, 3}
    years = {time.year for example in EXAMPLES for time in (example.recorded_at, example.effective_at)}
    assert {1, 9999} <= years
