"""What the types that facts, commands and rows are declared with look like in GraphQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import partial
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from strawberry.types.enum import EnumValue, StrawberryEnumDefinition

from domain.kernel import Invalid, Meaning, Message, Money, Sealed
from domain.text import BadText, normalise
from graphql_api.building import Type, field, list_of, made_type, optional
from graphql_api.naming import Names, camel, described, member_notes, owner
from graphql_api.scalars import BigInt
from projections.model import Column, ColumnType, Json

Read = Callable[[Any, str], Any]
"""Turns an input value into the domain's, given the path to name when it is refused. Raises `Invalid`."""

_ABOUT: Final = {
    Meaning.CODE: "A code.",
    Meaning.NUMBER: "A number that an office, a register or a source system assigns.",
    Meaning.PUBLIC: "A text without personal data.",
    Sealed: "Free text or personal data: stored encrypted, and can be forgotten.",
}
_SHOWN: Final = {
    ColumnType.INTEGER: int,
    ColumnType.TEXT: str,
    ColumnType.BOOLEAN: bool,
    ColumnType.UUID: UUID,
    ColumnType.DATE: date,
    ColumnType.INSTANT: datetime,
    ColumnType.DECIMAL: Decimal,
    ColumnType.JSON: Json,
    ColumnType.TEXTS: str,
    ColumnType.UUIDS: UUID,
}
_PASSED_ON: Final = (int, bool, UUID, date, datetime, Decimal)


def unwrapped(annotation: Any) -> tuple[Any, Meaning | None, bool]:
    """The bare type of an annotation, what a string means, and whether it may be missing."""
    missing = False
    if get_origin(annotation) in (Union, UnionType):
        missing = type(None) in get_args(annotation)
        (annotation,) = (part for part in get_args(annotation) if part is not type(None))
    meaning = None
    if get_origin(annotation) is Annotated:
        annotation, *notes = get_args(annotation)
        meaning = next((note for note in notes if isinstance(note, Meaning)), None)
    return annotation, meaning, missing


def is_sealed(annotation: Any) -> bool:
    """Whether a column holds references to sealed texts."""
    bare = unwrapped(annotation)[0]
    return bare is Sealed or get_origin(bare) is Sealed


def is_big(name: str) -> bool:
    """Whether an integer of this name can outgrow the 32 bits of GraphQL's Int."""
    return name in ("position", "version", "size") or name.endswith(("_position", "_version", "_bytes"))


def text(value: str, path: str, *, multiline: bool) -> str:
    """A text in NFC and within DIN 91379. Raises `Invalid` with the path."""
    try:
        return normalise(value, multiline=multiline)
    except BadText as error:
        raise Invalid(path, Message(error.en, error.de)) from error


def _read_line(value: str, path: str) -> str:
    return text(value, path, multiline=False)


def _read_sealed(value: str, path: str) -> Sealed[str]:
    return Sealed(text(value, path, multiline=True))


def _read_as_is(value: Any, path: str) -> Any:
    return value


def _read_money(value: dict[str, Any], path: str) -> Money:
    return Money(value["amount"], _read_line(value["currency"], f"{path}.currency"))


def _read_optional(read: Read, value: Any, path: str) -> Any:
    return None if value is None else read(value, path)


def _read_list(read: Read, value: list[Any], path: str) -> tuple[Any, ...]:
    return tuple(read(item, f"{path}.{index}") for index, item in enumerate(value))


@dataclass(frozen=True, slots=True)
class Member:
    """One field of an input: its GraphQL name, the dataclass's own, and how it is read.

    `nullable` tells whether None is a value, `required` whether the dataclass has no default of its own.
    """

    name: str
    target: str
    read: Read
    nullable: bool
    required: bool


def read_members(cls: type, members: tuple[Member, ...], value: dict[str, Any], path: str) -> Any:
    """The dataclass that an input value describes; what the value leaves out keeps the dataclass's own default."""
    prefix = f"{path}." if path else ""
    given = {}
    for member in members:
        if value.get(member.name) is not None:
            given[member.target] = member.read(value[member.name], prefix + member.name)
        elif member.nullable and (member.required or member.name in value):
            given[member.target] = None
    return cls(**given)


class Shapes:
    """The enums and input types of one schema, each made once."""

    def __init__(self) -> None:
        self.names = Names()
        self._enums: dict[type[Enum], StrawberryEnumDefinition] = {}
        self._inputs: dict[type, tuple[Type, Read]] = {}

    def enum(self, cls: type[Enum]) -> StrawberryEnumDefinition:
        """A closed vocabulary: the names of its members, each described by what is stored for it."""
        if cls not in self._enums:
            self._enums[cls] = StrawberryEnumDefinition(
                wrapped_cls=cls,
                name=self.names.take(cls.__name__, owner(cls), cls),
                values=[EnumValue(member.name, member.value, description=_meaning(member)) for member in cls],
                description=described(cls),
            )
        return self._enums[cls]

    def column(self, column: Column, sealed: Type) -> Type:
        """The type that shows a column; `sealed` is the type of a sealed text."""
        shown: Type
        match column.holds:
            case ColumnType.CHOICE if column.choices is not None:
                shown = self.enum(column.choices)
            case ColumnType.SEALED:
                shown = sealed
            case ColumnType.INTEGER if is_big(column.name):
                shown = BigInt
            case ColumnType.TEXTS | ColumnType.UUIDS:
                shown = list_of(_SHOWN[column.holds])
            case _:
                shown = _SHOWN[column.holds]
        return optional(shown) if column.nullable else shown

    def input(self, name: str, annotation: Any) -> tuple[Type, Read]:
        """The type of a command's field, and how its value is read."""
        bare, _, missing = unwrapped(annotation)
        taken: Type
        read: Read
        if get_origin(bare) is tuple:
            item, read_item = self.input(name, get_args(bare)[0])
            taken, read = list_of(item), partial(_read_list, read_item)
        elif is_sealed(bare):
            taken, read = str, _read_sealed
        elif bare is str:
            taken, read = str, _read_line
        elif isinstance(bare, type) and issubclass(bare, Enum):
            taken, read = self.enum(bare), _read_as_is
        elif bare is Money:
            taken, read = self._money()
        elif bare is int and is_big(name):
            taken, read = BigInt, _read_as_is
        elif bare in _PASSED_ON:
            taken, read = bare, _read_as_is
        elif isinstance(bare, type) and is_dataclass(bare):
            taken, read = self._nested(bare)
        else:
            raise TypeError(f"{name}: a field of type {annotation!r} cannot be taken as input")
        return (optional(taken), partial(_read_optional, read)) if missing else (taken, read)

    def members(self, cls: type, comments: Mapping[str, str]) -> tuple[list[Any], tuple[Member, ...]]:
        """The GraphQL fields of a dataclass's input, and how they are read. `comments` describe fields by name."""
        hints = get_type_hints(cls, include_extras=True)
        shown, members = [], []
        for declared in fields(cls):
            taken, read = self.input(declared.name, hints[declared.name])
            taken, default = _defaulted(taken, declared)
            about = _about(declared, hints[declared.name], comments)
            name = camel(declared.name)
            shown.append(field(name, taken, about, default=default))
            required = declared.default is MISSING and declared.default_factory is MISSING
            members.append(Member(name, declared.name, read, unwrapped(hints[declared.name])[2], required))
        return shown, tuple(members)

    def _nested(self, cls: type) -> tuple[Type, Read]:
        if cls not in self._inputs:
            name = self.names.take(f"{cls.__name__}Input", owner(cls), cls)
            shown, members = self.members(cls, {})
            self._inputs[cls] = (
                made_type(name, shown, described(cls), kind="input"),
                partial(read_members, cls, members),
            )
        return self._inputs[cls]

    def _money(self) -> tuple[Type, Read]:
        if Money not in self._inputs:
            shown = [
                field("amount", Decimal, "The amount; EUR has two decimals."),
                field("currency", str, "ISO 4217.", default="EUR"),
            ]
            name = self.names.take("MoneyInput", owner(Money), Money)
            self._inputs[Money] = made_type(name, shown, described(Money), kind="input"), _read_money
        return self._inputs[Money]


def _meaning(member: Enum) -> str:
    stored = f"Stored as `{member.value}`."
    note = member_notes(type(member)).get(member.name)
    return f"{note} – {stored}" if note else stored


def _defaulted(taken: Type, declared: Field[Any]) -> tuple[Type, object]:
    """The type and published default of a field that has one: a value GraphQL can write, or leaving it out."""
    default = declared.default
    if default is MISSING and declared.default_factory is MISSING:
        return taken, MISSING
    if default == () and isinstance(default, tuple):
        return taken, []
    if isinstance(default, str | int | Enum):
        return taken, default
    return optional(taken), MISSING


def _about(declared: Field[Any], annotation: Any, comments: Mapping[str, str]) -> str:
    if "comment" in declared.metadata:
        return str(declared.metadata["comment"].en)
    if declared.name in comments:
        return comments[declared.name]
    words = declared.name.replace("_", " ").strip().capitalize()
    meaning = Sealed if is_sealed(annotation) else unwrapped(annotation)[1]
    return f"{words}. {_ABOUT[meaning]}" if meaning in _ABOUT else f"{words}."
