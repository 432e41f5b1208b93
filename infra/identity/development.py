"""Tokens for development: signed with a key of this installation, good on this machine and nowhere else."""

from __future__ import annotations

import json
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import Key, OKPKey

ISSUER: Final = "https://stadtbuch.invalid/development"
AUDIENCE: Final = "stadtbuch"
ALGORITHM: Final = "Ed25519"
FILE: Final = "development-token-key.json"


class DevelopmentKeys:
    """The one key of this installation's development tokens, a file in its home that its owner alone can read."""

    issuer = ISSUER

    def __init__(self, home: Path) -> None:
        self._file = home / FILE
        self._key: OKPKey | None = None

    def known(self, kid: str | None) -> Key | None:
        """The key, if the token names it and a token was ever made here."""
        if self._key is None and self._file.exists():
            self._key = OKPKey.import_key(json.loads(self._file.read_text()))
        return self._key if self._key is not None and kid == self._key.kid else None

    def key(self, kid: str | None) -> Key | None:
        """The same; there is nobody else to ask."""
        return self.known(kid)

    def token(self, subject: str, seconds: int, **claims: Any) -> str:
        """A token for a subject, good for so many seconds. Makes the key where there is none."""
        key = self._made()
        now = int(time.time())
        said = {"iss": ISSUER, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + seconds, **claims}
        return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, said, key, algorithms=[ALGORITHM])

    def _made(self) -> OKPKey:
        if not self._file.exists():
            fresh = OKPKey.generate_key("Ed25519", auto_kid=True)
            descriptor, scratch = tempfile.mkstemp(dir=self._file.parent)  # made with mode 0600
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                json.dump(fresh.as_dict(private=True), file)
            with suppress(FileExistsError):  # of two that start at once the first wins, and both use its key
                os.link(scratch, self._file)
            Path(scratch).unlink()
        return OKPKey.import_key(json.loads(self._file.read_text()))
