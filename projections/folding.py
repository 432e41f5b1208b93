"""How texts are compared when people search: without case, accents and umlauts, by pieces of three characters."""

from __future__ import annotations

import unicodedata
from typing import Final

PIECE: Final = 3
_WRITTEN_OUT: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
)


def folded(text: str) -> str:
    """The form in which texts are compared: small letters, ä as ae, ß as ss, other letters without their marks, and
    one space for any run of spaces. So Müller, Mueller and MÜLLER are the same, and Muller is another.
    """
    # Once before the marks are gone, and once for what case-folding brings forth; NFC, so that ä is one letter.
    small = unicodedata.normalize("NFC", text).casefold().translate(_WRITTEN_OUT)
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", small) if not unicodedata.combining(sign))
    return " ".join(bare.casefold().split())


def pieces(folded_text: str) -> tuple[str, ...]:
    """All runs of three characters of a folded text, each once, in order; none where it is shorter. Every text that
    contains another has all of its pieces.
    """
    return tuple(sorted({folded_text[start : start + PIECE] for start in range(len(folded_text) - PIECE + 1)}))
