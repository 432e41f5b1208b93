"""How the references of files and cases are kept apart."""

from __future__ import annotations

import unicodedata

from domain.kernel import Claim


def key_of(reference: str) -> str:
    """The form by which references are compared: capital letters count as small ones."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", reference).casefold())


def reference_claims(kind: str, reference: str, key: str | None) -> tuple[Claim, ...]:
    """The reference as it is written, and its key. A reference without a key, as an import takes it over, is held as it
    is written alone: another way to write it is free, except where that is the key of a reference that has one.
    """
    return tuple(Claim(kind, each) for each in dict.fromkeys((reference, key or reference)))
