"""The key-encryption key: it wraps every data key and lives outside the database."""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

KEY_BYTES = 32


class KeyUnavailable(Exception):
    """The key-encryption key is missing, unsafe, or not the one that wrapped a data key."""


@dataclass(frozen=True, slots=True)
class KeyEncryptionKey:
    """An AES-256 key that wraps data keys by RFC 3394. `id` names it without telling anything about it."""

    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """The first 16 hex digits of SHA-256("stadtbuch kek" || key)."""
        return hashlib.sha256(b"stadtbuch kek" + self.secret).hexdigest()[:16]

    def wrap(self, key: bytes) -> bytes:
        """A data key, encrypted and authenticated."""
        return aes_key_wrap(self.secret, key)

    def unwrap(self, wrapped: bytes) -> bytes:
        """The data key. Raises KeyUnavailable where another key wrapped it, or it was altered."""
        try:
            return aes_key_unwrap(self.secret, wrapped)
        except InvalidUnwrap as error:
            raise KeyUnavailable(
                f"a data key cannot be unwrapped with key-encryption key {self.id}: "
                "point STADTBUCH_KEK_FILE or STADTBUCH_KEK_COMMAND at the key this ledger was created with"
            ) from error


def from_file(path: Path, *, create: bool = False) -> KeyEncryptionKey:
    """The key in a file of 64 hex digits and mode 0600; made where it is absent and `create` is set.

    Raises KeyUnavailable where it is missing, readable by others, or malformed.
    """
    if create and not path.exists():
        try:
            _make(path)
        except OSError as error:
            raise KeyUnavailable(f"no key-encryption key can be made at {path}: {error}") from error
    try:
        mode = path.stat().st_mode
        text = path.read_bytes()
    except FileNotFoundError:
        raise KeyUnavailable(f"there is no key-encryption key at {path}: restore it from its backup") from None
    except OSError as error:
        raise KeyUnavailable(f"the key-encryption key at {path} cannot be read: {error}") from error
    if mode & 0o077:
        raise KeyUnavailable(f"{path} can be read by others: run `chmod 600 {path}`")
    return _parse(text, str(path))


def _make(path: Path) -> None:
    # It appears whole and on disk or not at all, and the first to make it wins.
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(os.urandom(KEY_BYTES).hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def from_command(command: str) -> KeyEncryptionKey:
    """The key that a command prints as 64 hex digits, for a key server or a hardware module. Raises KeyUnavailable."""
    try:
        words = shlex.split(command)
        done = subprocess.run(words or [""], capture_output=True, check=True, timeout=30)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        # The error's own text could carry what the command printed.
        raise KeyUnavailable(
            f"STADTBUCH_KEK_COMMAND failed ({type(error).__name__}): run it by hand to see why"
        ) from None
    return _parse(done.stdout, "STADTBUCH_KEK_COMMAND")


def _parse(text: bytes, source: str) -> KeyEncryptionKey:
    try:
        secret = bytes.fromhex(text.decode("ascii").strip())
    except ValueError:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise KeyUnavailable(f"{source} does not hold a key: expected {2 * KEY_BYTES} hex digits")
    return KeyEncryptionKey(secret)
