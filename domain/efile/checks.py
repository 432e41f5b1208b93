"""What any field of an e-file command must satisfy before a rule is asked: not empty, not too long, well-formed."""

from __future__ import annotations

import re
from typing import Final

from domain.efile.facts.references import key_of
from domain.efile.rules import records
from domain.efile.state import FilePlanUnit
from domain.kernel import Channel, Context, Invalid, Message, Rejected, Sealed

LONGEST_DETAILS: Final = 20_000
"""Characters that what a source tells beside the fields of its own may have."""

_CODE: Final = re.compile(r"\S(?:.{0,78}\S)?")
_NUMBER: Final = re.compile(r"\S(?:.{0,118}\S)?")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_MIME: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")


def require_code(field: str, value: str | None) -> None:
    """1 to 80 characters on one line, no spaces around."""
    if value is not None and not _CODE.fullmatch(value):
        raise Invalid(
            field,
            Message(
                "Give 1 to 80 characters on one line, without spaces around them.",
                "1 bis 80 Zeichen in einer Zeile angeben, ohne Leerzeichen am Rand.",
            ),
        )


def require_number(field: str, value: str | None) -> None:
    """1 to 120 characters on one line, no spaces around."""
    if value is not None and not _NUMBER.fullmatch(value):
        raise Invalid(
            field,
            Message(
                "Give 1 to 120 characters on one line, without spaces around them.",
                "1 bis 120 Zeichen in einer Zeile angeben, ohne Leerzeichen am Rand.",
            ),
        )


def require_text(field: str, value: Sealed[str] | None, *, longest: int = 1000) -> None:
    """A sealed text, where given, is neither blank nor longer than `longest` characters."""
    require_plain_text(field, value.text if value else None, given=value is not None, longest=longest)


def require_plain_text(field: str, value: str | None, *, given: bool, longest: int = 1000) -> None:
    if given and not (value or "").strip():
        raise Invalid(field, Message("Give a text.", "Einen Text angeben."))
    if value and len(value) > longest:
        raise Invalid(
            field,
            Message(f"Give at most {longest} characters.", f"Höchstens {longest} Zeichen angeben."),
        )


def require_reason(reason: Sealed[str]) -> None:
    if not (reason.text or "").strip():
        raise Rejected(records.REASON_MISSING)
    require_text("reason", reason, longest=4000)


def require_sha256(field: str, value: str | None) -> None:
    if value is not None and not _SHA256.fullmatch(value):
        raise Invalid(
            field,
            Message(
                "Give a SHA-256 in 64 lower-case hex digits.",
                "Einen SHA-256 in 64 kleinen Hexadezimalziffern angeben.",
            ),
        )


def require_content(filename: Sealed[str], mime: str, size: int, sha256: str) -> None:
    """What a version of a document is described by."""
    require_text("filename", filename, longest=255)
    if not _MIME.fullmatch(mime):
        raise Invalid(
            "mime",
            Message(
                "Give a media type in lower case, such as application/pdf.",
                "Einen Medientyp in Kleinbuchstaben angeben, etwa application/pdf.",
            ),
        )
    require_package(size, sha256)


def require_package(size: int, sha256: str) -> None:
    """What bytes are known by without being kept."""
    if size < 0:
        raise Invalid("size", Message("Give the size in bytes.", "Die Größe in Bytes angeben."))
    require_sha256("sha256", sha256)


def require_authority(authority: str) -> None:
    if not authority.strip():
        raise Rejected(records.AUTHORITY_MISSING)
    require_code("authority", authority)


def require_staff(context: Context) -> None:
    """Who comes as a citizen is recorded as the channel alone, and could be the same person as the clerk."""
    if context.channel is not Channel.STAFF:
        raise Rejected(records.STAFF_ONLY, channel=context.channel)


def reference_key(reference: str, context: Context) -> str | None:
    """None for an import: what its source keeps apart by capital letters stays apart."""
    return None if context.channel is Channel.IMPORT else key_of(reference)


def require_import(context: Context, *told: object) -> None:
    """What is told of a source, such as its name or the hash of a row, comes from whoever has read it."""
    if context.channel is not Channel.IMPORT and any(each is not None for each in told):
        raise Rejected(records.SOURCE_OF_IMPORT, channel=context.channel)


def valid_plan_unit(unit: object, context: Context) -> FilePlanUnit:
    """The plan unit under which something is opened that day."""
    if not isinstance(unit, FilePlanUnit):
        raise Rejected(records.PLAN_UNIT_UNKNOWN)
    if not unit.valid_on(context.day):
        raise Rejected(records.PLAN_UNIT_NOT_VALID, code=unit.code, day=context.day)
    return unit
