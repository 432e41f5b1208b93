"""The cryptography of sealed parts, as docs/leaf-format.md specifies it: encryption, digests, commitments."""

from __future__ import annotations

import hashlib
import hmac
import ssl
import struct
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = b"stadtbuch sealed part v1"
# Of OpenSSL's generator. The kernel's (os.urandom), like hmac.digest, lets go of the interpreter lock each time. Where
# many callers wait, another one is woken for nothing then: five times for a command, which cost as much as the command.
random_bytes = ssl.RAND_bytes
_LENGTH = struct.Struct(">I")


class SealBroken(Exception):
    """A ciphertext does not belong to this event, part or key, or was altered."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """An AES-256 key for one subject, such as a record or a loan."""

    id: UUID
    secret: bytes = field(repr=False)
    commitment: bytes = field(repr=False)

    @classmethod
    def make(cls, key_id: UUID) -> DataKey:
        """A new random key with its commitment."""
        secret = random_bytes(32)
        return cls(key_id, secret, commitment(key_id, secret))


def commitment(key_id: UUID, secret: bytes) -> bytes:
    """HMAC-SHA-256(key, "commit" || key id): the key cannot be swapped for one that decrypts to something else."""
    return mac(secret, b"commit" + key_id.bytes)


def mac(secret: bytes, message: bytes) -> bytes:
    """HMAC-SHA-256."""
    return hmac.new(secret, message, "sha256").digest()


def prefixed(*parts: bytes) -> bytes:
    """Each part behind its length as four bytes, big-endian, so that no two lists give the same bytes."""
    return b"".join([_LENGTH.pack(len(part)) + part for part in parts])


def associated_data(record_id: UUID, version: int, topic: str, part: int) -> bytes:
    """What a ciphertext is bound to: its event and its place in it."""
    name = topic.encode()
    # As `prefixed`, all in one: the lengths of the others are known.
    return struct.pack(f">I16sIQI{len(name)}sII", 16, record_id.bytes, 8, version, len(name), name, 4, part)


def seal(key: DataKey, plaintext: bytes, bound_to: bytes, part: int) -> tuple[bytes, bytes, bytes]:
    """Encrypt with AES-256-GCM under a random nonce; answers nonce, ciphertext and the part's digest."""
    nonce = random_bytes(12)
    ciphertext = AESGCM(key.secret).encrypt(nonce, plaintext, bound_to)
    return nonce, ciphertext, digest(part, key.id, key.commitment, nonce, ciphertext)


def open_sealed(key: DataKey, nonce: bytes, ciphertext: bytes, bound_to: bytes) -> bytes:
    """The plaintext. Raises SealBroken."""
    try:
        return AESGCM(key.secret).decrypt(nonce, ciphertext, bound_to)
    except InvalidTag:
        raise SealBroken(f"a sealed part under key {key.id} does not decrypt: run `stadtbuch verify`") from None


def digest(part: int, key_id: UUID, key_commitment: bytes, nonce: bytes, ciphertext: bytes) -> bytes:
    """SHA-256 over the length-prefixed format, part, key id, key commitment, nonce and ciphertext."""
    return hashlib.sha256(
        prefixed(FORMAT, part.to_bytes(4, "big"), key_id.bytes, key_commitment, nonce, ciphertext)
    ).digest()
