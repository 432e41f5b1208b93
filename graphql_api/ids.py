"""Relay's opaque ids: the type and the key of a node, so that any row can be asked for again."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import b2a_base64
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from domain.kernel import Invalid, Message
from projections.model import ColumnType, Source, columns_of

_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")
_PLAIN: Final = frozenset({ColumnType.UUID, ColumnType.INTEGER, ColumnType.DATE})
_MALFORMED = Message(
    "This is not an id of the ledger: use an `id` or a `recordId` that it has answered.",
    "Das ist keine Kennung des Registers: bitte eine `id` oder `recordId` aus einer Antwort verwenden.",
)


class NodeId(NamedTuple):
    """A type of the schema and the values of its key, as text."""

    type: str
    key: tuple[str, ...]

    def encode(self) -> str:
        """Base64 of compact JSON, safe in addresses."""
        text = json.dumps([self.type, *self.key], separators=(",", ":"), ensure_ascii=False)
        return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def encoder(type_name: str, keys: Sequence[ColumnType]) -> Callable[..., str]:
    """`NodeId.encode` for keys of these types, quicker where none of their texts needs an escape."""
    if any(holds not in _PLAIN for holds in keys):
        return lambda *key: NodeId(type_name, tuple(map(str, key))).encode()
    text = json.dumps([type_name, *("%s" for _ in keys)], separators=(",", ":"), ensure_ascii=False)
    return lambda *key: b2a_base64((text % key).encode(), newline=False).translate(_URL_SAFE, b"=").decode()


def decode(node_id: str, field: str = "id") -> NodeId:
    """The parts of an id. Raises `Invalid` for what `NodeId.encode` has not made."""
    try:
        raw = node_id.encode("ascii")
        parts = json.loads(urlsafe_b64decode(raw + b"=" * (-len(raw) % 4))) if len(raw) <= 1000 else None
        if not isinstance(parts, list) or len(parts) < 2 or not all(isinstance(part, str) for part in parts):
            raise ValueError(node_id)
    except (ValueError, RecursionError) as error:
        raise Invalid(field, _MALFORMED) from error
    return NodeId(parts[0], tuple(parts[1:]))


def record_id(given: str, field: str) -> UUID:
    """The record that a node id or a plain uuid names. Raises `Invalid` for anything else."""
    try:
        key = given if len(given) == 36 else decode(given, field).key[0]
        return UUID(key)
    except ValueError as error:
        raise Invalid(field, _MALFORMED) from error


def key_of(node: NodeId, source: Source) -> tuple[Any, ...]:
    """A node's key as values of the read model's key columns. Raises `Invalid` where it is not one."""
    columns = columns_of(source.row)
    if len(node.key) != len(source.unique):
        raise Invalid("id", _MALFORMED)
    try:
        return tuple(_value(columns[name].holds, text) for name, text in zip(source.unique, node.key, strict=True))
    except ValueError as error:
        raise Invalid("id", _MALFORMED) from error


def _value(holds: ColumnType, text: str) -> Any:
    match holds:
        case ColumnType.UUID:
            return UUID(text)
        case ColumnType.INTEGER if len(text) < 20 and text.isascii():
            return int(text)
        case ColumnType.DATE:
            return date.fromisoformat(text)
        case ColumnType.TEXT | ColumnType.CHOICE if "\0" not in text:
            return text
    raise ValueError(text)
