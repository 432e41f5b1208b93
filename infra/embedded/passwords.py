"""Random passwords of the login roles: made once, kept in files of mode 0600, known to PostgreSQL as verifiers only."""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from typing import Final, Literal, get_args

from infra.embedded.place import Place

Role = Literal["admin", "app", "analyst"]

LOGINS: Final[Mapping[str, str]] = {role: f"stadtbuch_{role}" for role in get_args(Role)}
ITERATIONS = 4096  # PostgreSQL's own number; these passwords hold 256 random bits


def missing(place: Place) -> bool:
    return not all(place.passfile(role).is_file() for role in LOGINS)


def ensure_passwords(place: Place) -> dict[str, str]:
    """The password of each login role, from its file or new. Files are in the format of libpq's passfile."""
    passwords = {}
    for role, login in LOGINS.items():
        path = place.passfile(role)
        if not path.is_file():
            unfinished = path.with_suffix(".new")
            unfinished.unlink(missing_ok=True)
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(f"*:*:*:{login}:{secrets.token_urlsafe(32)}\n")
                file.flush()
                os.fsync(descriptor)
            unfinished.rename(path)
        passwords[login] = path.read_text(encoding="ascii").strip().rpartition(":")[2]
    return passwords


def verifier(password: str) -> str:
    """The SCRAM-SHA-256 verifier of RFC 5803 as PostgreSQL stores it: the password itself never reaches the server."""
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    salt64, stored64, server64 = (base64.b64encode(part).decode("ascii") for part in (salt, stored, server))
    return f"SCRAM-SHA-256${ITERATIONS}:{salt64}${stored64}:{server64}"
