"""What text a command may carry: Unicode NFC and the characters of DIN 91379, refused with a reason otherwise.

The set is datatype E of DIN 91379:2022-08, the widest of the norm's five: the Latin letters and letter sequences, the
non-letters N1 to N4, and the extended Greek and Cyrillic letters and non-letters. The norm covers names (of people,
companies, places, titles) and says nothing about running text, so `RUNNING_TEXT` adds the few signs that German office
texts are written with and the norm leaves out; it allows such additions. The norm is sold by DIN Media; the code points
were checked against two public readings of it, the lists of String-Latin/DIN-91379-Characters-and-Sequences (CC BY 4.0)
and the pattern for datatype A that German school software validates names with.
"""

import re
import unicodedata
from typing import Final

LATIN_LETTERS: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017e\u0187\u0188\u018f\u0197\u01a0\u01a1\u01af\u01b0\u01b7\u01cd-\u01dc"
    "\u01de\u01df\u01e2-\u01f0\u01f4\u01f5\u01f8-\u01ff\u0212\u0213\u0218-\u021b\u021e\u021f\u0227-\u0233\u0259\u0268"
    "\u0292\u1e02\u1e03\u1e06\u1e07\u1e0a-\u1e11\u1e17\u1e1c-\u1e2b\u1e2f-\u1e37\u1e3a\u1e3b\u1e40-\u1e49\u1e52-\u1e5b"
    "\u1e5e-\u1e63\u1e6a-\u1e6f\u1e80-\u1e87\u1e8c-\u1e97\u1e9e\u1ea0-\u1ef9"
)
"""The normative Latin letters that are one code point, as the inside of a character class."""

NON_LETTERS: Final = (
    " -@\\[-`{-~\u00a0-\u00ac\u00ae-\u00bf\u00d7\u00f7\u02b9\u02ba\u02be\u02bf\u02c8\u02cc\u2019\u2021\u20ac"
)
"""Groups N1 to N4 without tab and line ends, which `normalise` treats apart. The soft hyphen U+00AD is in none."""

EXTENDED: Final = (
    "\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce"
    "\u040d\u0410-\u042a\u042c\u042e-\u044a\u044c\u044e\u044f\u045d"
    "\u0192\u02b0\u02b3\u02c6\u02dc\u02e2\u1d48\u1d57\u2018\u201a\u201c-\u201e\u2020\u2026\u2030\u2032\u2033\u2039\u203a"
    "\u2070\u2074-\u2079\u207f-\u2089\u2122\u221e\u2264\u2265"
)
"""Greek as Greece and Cyprus use it, Cyrillic as Bulgaria uses it, and the extended non-letters E1."""

RUNNING_TEXT: Final = "\u2010\u2011\u2013\u2014\u2022\u202f\u2212"
"""Not in the norm: hyphen and no-break hyphen, en and em dash, bullet, narrow no-break space, minus sign."""

SEQUENCES: Final = """
A030B C0300 C0304 C0306 C0308 C0315 C0323 C0326 C0328+0306 D0302 F0300 F0304 G0300 H0304 H0326 H0331 J0301 J030C
K0300 K0302 K0304 K0307 K0315 K031B K0326 K035F+0048 K035F+0068 L0302 L0325 L0325+0304 L0326 M0300 M0302 M0306 M0310
N0302 N0304 N0306 N0326 P0300 P0304 P0315 P0323 R0306 R0325 R0325+0304 S0300 S0304 S031B+0304 S0331
T0300 T0304 T0308 T0315 T031B U0307 Z0300 Z0304 Z0306 Z0308 Z0327
a030B c0300 c0304 c0306 c0308 c0315 c0323 c0326 c0328+0306 d0302 f0300 f0304 g0300 h0304 h0326 j0301
k0300 k0302 k0304 k0307 k0315 k031B k0326 k035F+0068 l0302 l0325 l0325+0304 l0326 m0300 m0302 m0306 m0310
n0302 n0304 n0306 n0326 p0300 p0304 p0315 p0323 r0306 r0325 r0325+0304 s0300 s0304 s031B+0304 s0331
t0300 t0304 t0315 t031B u0307 z0300 z0304 z0306 z0308 z0327
Ç0306 Û0304 ç0306 û0304 ÿ0301 Č0315 Č0323 č0315 č0323 ē030D Ī0301 ī0301 ō030D Ž0326 Ž0327 ž0326 ž0327
Ḳ0304 ḳ0304 Ṣ0304 ṣ0304 Ṭ0304 ṭ0304 Ạ0308 ạ0308 Ọ0308 ọ0308 Ụ0304 Ụ0308 ụ0304 ụ0308
"""
"""Letters that Unicode writes as a base letter and combining marks even in NFC: the letter, then the marks in hex."""


def _letter(token: str) -> str:
    return token[0] + "".join(chr(int(mark, 16)) for mark in token[1:].split("+"))


def _pattern(letters: str) -> re.Pattern[str]:
    # Atomic and possessive, so that a refused text costs one pass; the match ends where the text leaves the set.
    sequences = sorted(map(_letter, SEQUENCES.split()), key=len, reverse=True)
    marks = "".join(sorted({mark for sequence in sequences for mark in sequence if unicodedata.combining(mark)}))
    return re.compile(f"(?>[{letters}]+(?![{marks}])|{'|'.join(sequences)})*+")


_LETTERS: Final = LATIN_LETTERS + NON_LETTERS + EXTENDED + RUNNING_TEXT
_LINE: Final = _pattern(_LETTERS)
_LINES: Final = _pattern(_LETTERS + "\t\n")
_LINE_END: Final = re.compile(r"\r\n?")
# Normalising a long run of combining marks takes quadratic time. No text of the norm has more than three of them in a
# row; 30 is what Unicode (UAX #15, stream-safe text) bounds such runs to.
_TANGLE: Final = re.compile(f"[^{_LETTERS}\\t\\n]{{31}}")

_REASONS: Final = {
    "too_long": (
        "The text has more than {limit} characters: shorten it, or file it as a document.",
        "Der Text hat mehr als {limit} Zeichen: bitte kürzen oder als Dokument ablegen.",
    ),
    "nul": (
        "Character {place} is NUL (U+0000), which no text holds: the source is probably binary or wrongly decoded. "
        "Export it again as UTF-8.",
        "Zeichen {place} ist NUL (U+0000), das in keinem Text steht: Vermutlich ist die Quelle binär oder falsch "
        "dekodiert. Bitte neu als UTF-8 ausgeben.",
    ),
    "surrogate": (
        "Character {place} is half of a surrogate pair ({shown}): the source was cut or wrongly decoded. "
        "Export it again as UTF-8.",
        "Zeichen {place} ist ein halbes Ersatzzeichenpaar ({shown}): Die Quelle wurde abgeschnitten oder falsch "
        "dekodiert. Bitte neu als UTF-8 ausgeben.",
    ),
    "line_break": (
        "Character {place} is a tab or a line break ({shown}), but this field is a single line: use a space.",
        "Zeichen {place} ist ein Tabulator oder Zeilenumbruch ({shown}), das Feld ist aber einzeilig: bitte ein "
        "Leerzeichen setzen.",
    ),
    "control": (
        "Character {place} is the control character {shown}: remove it.",
        "Zeichen {place} ist das Steuerzeichen {shown}: bitte entfernen.",
    ),
    "character": (
        "Character {place}, {shown}, is not in DIN 91379: write it with letters of the norm (for a name, its "
        "transliteration), or leave it out.",
        "Zeichen {place}, {shown}, gehört nicht zu DIN 91379: bitte mit Buchstaben der Norm schreiben (einen Namen in "
        "Transliteration) oder weglassen.",
    ),
    "sequence": (
        "Character {place}, {shown}, is a letter with a mark that DIN 91379 does not combine: write the letter without "
        "the mark, or with one of the norm.",
        "Zeichen {place}, {shown}, ist ein Buchstabe mit einem Zusatz, den DIN 91379 so nicht kennt: bitte ohne den "
        "Zusatz oder mit einem der Norm schreiben.",
    ),
}


class BadText(ValueError):
    """A text that no command may carry. It quotes the refused character only, since the rest may be personal.

    `code` is a key of the reasons above; `position` counts code points of the NFC text from 0 (the messages from 1);
    `character` is the refused character with its combining marks, empty where the text is too long.
    """

    def __init__(self, code: str, position: int, character: str, limit: int = 0) -> None:
        shown = " ".join(f"U+{ord(point):04X}" for point in character)
        if character.isprintable():  # a direction override or a zero-width space is named only
            shown = f"{character} ({shown})"
        self.code = code
        self.position = position
        self.character = character
        self.en, self.de = (reason.format(place=position + 1, shown=shown, limit=limit) for reason in _REASONS[code])
        super().__init__(self.en)


def normalise(text: str, *, max_length: int = 10_000, multiline: bool = False) -> str:
    """The text in NFC, if every character of it may be stored; raises `BadText` otherwise.

    With `multiline` tabs and line ends are allowed, and CR LF or CR becomes LF. `max_length` counts code points of the
    result. Spaces are left as they are: whether a field may be blank is its own rule.
    """
    if len(text) <= max_length and text.isascii() and text.isprintable():
        return text
    if len(text) > 4 * max_length:  # NFC shrinks a text to a quarter at most, so this one need not be looked at
        raise BadText("too_long", max_length, "", max_length)
    if multiline:
        text = _LINE_END.sub("\n", text)
    if tangle := _TANGLE.search(text):
        raise _refusal(text, tangle.start())
    text = unicodedata.normalize("NFC", text)
    if len(text) > max_length:
        raise BadText("too_long", max_length, "", max_length)
    match = (_LINES if multiline else _LINE).match(text)
    end = match.end() if match else 0
    if end < len(text):
        raise _refusal(text, end)
    return text


def _refusal(text: str, at: int) -> BadText:
    """Why the text is refused at this place; a mark is reported with the letter before it, a run of marks in part."""
    start, stop = at, at + 1
    while start > 0 and unicodedata.combining(text[start]):
        start -= 1
    while stop < len(text) and unicodedata.combining(text[stop]):
        stop += 1
    character = text[start : min(stop, start + 8)]
    if len(character) > 1 or unicodedata.combining(character):
        return BadText("sequence", start, character)
    if character == "\0":
        code = "nul"
    elif character in "\t\n\r":
        code = "line_break"
    elif unicodedata.category(character) == "Cs":
        code = "surrogate"
    elif unicodedata.category(character) == "Cc":
        code = "control"
    else:
        code = "character"
    return BadText(code, start, character)
