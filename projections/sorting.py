"""German order for columns that the database compares by code point: a key per text, stored in a column of its own."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_NUMBER: Final = re.compile(r"[0-9]+", re.ASCII)
_LETTERS: Final = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "ð": "d"})
_TIE: Final = "\t"


def sort_key(text: str) -> str:
    """A key whose code point order is the order of DIN 5007-1, variant 1 (words): ä is a, ß is ss, marks and case do
    not count, and of equals the one without marks comes first.

    Numbers go by their value (as file references are read: 9/2026 before 10/2026), before letters. That is ours.
    """
    folded = unicodedata.normalize("NFC", text).lower()
    letters = unicodedata.normalize("NFD", folded.translate(_LETTERS))
    plain = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return _NUMBER.sub(_by_value, " ".join(plain.split())) + _TIE + folded


def _by_value(number: re.Match[str]) -> str:
    digits = number[0].lstrip("0") or "0"
    # The length comes first: "1" and a digit for up to nine digits, "2" and two digits for up to 99.
    size = str(len(digits))
    return f"{len(size)}{size}{digits}" if len(size) < 10 else digits
