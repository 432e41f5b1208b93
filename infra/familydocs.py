"""The tables of docs/families/*.md, written from the code between marker comments; the prose around them is by hand."""

from __future__ import annotations

import inspect
import re
import sys
import types
import typing
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

from domain.families import FAMILIES
from domain.kernel import Command, Fact, Family, Meaning, Sealed
from domain.probe import filled
from projections.duties import Duty
from projections.families import DUTIES

SIMPLE = {
    UUID: "id",
    str: "text",
    date: "day",
    datetime: "instant",
    int: "integer",
    bool: "yes or no",
    Meaning.CODE: "code",
    Meaning.NUMBER: "number",
    Meaning.PUBLIC: "public text",
}


def page(text: str, family: Family) -> str:
    """A family's page with its tables written anew. Raises ValueError where a pair of markers is missing."""
    tables = [("facts", _facts), ("values", _values), ("commands", _commands), ("rules", _rules)]
    if _duties_of(family):
        tables.append(("duties", _duties))
    for name, table in tables:
        begin, end = f"<!-- {name}: written by make docs -->", f"<!-- end of {name} -->"
        pattern = re.compile(rf"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        if len(pattern.findall(text)) != 1:
            raise ValueError(f"the page of {family.name} needs one pair of lines {begin} and {end}")
        written = "\n".join([begin, "", *table(family), "", end])
        text = pattern.sub(written.replace("\\", "\\\\"), text)
    return text


def _table(*header: str, rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{' --- |' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') or '–' for cell in row)} |"


def _facts(family: Family) -> Iterator[str]:
    def row(fact: type[Fact]) -> tuple[str, ...]:
        topics = [f"`{fact.topic}`", *(f"reads `{old}` too" for old in _older(family, fact.topic))]
        return (
            f"`{fact.__name__}`",
            fact.kind,
            _meaning(fact),
            "<br>".join([*_fields(fact), *_marks(fact)]),
            "<br>".join(topics),
        )

    yield from _table("Fact", "On", "Means", "Holds", "Topic", rows=map(row, family.facts))


def _older(family: Family, topic: str) -> Iterator[str]:
    """The topics that are read as this one, by however many steps, the latest first."""
    for old in sorted((old for old, (new, _) in family.upcasters.items() if new == topic), reverse=True):
        yield old
        yield from _older(family, old)


def _marks(fact: type[Fact]) -> Iterator[str]:
    """What else a fact does: it gives the record its number, claims a value or gives it up, or has a key of its own."""
    example = filled(fact, date.min)
    if example.number() is not None:
        yield "*gives the record its number*"
    for verb, claims in (("claims", example.claims()), ("gives up", example.releases())):
        for kind in dict.fromkeys(claim.kind for claim in claims):
            yield f"*{verb} `{kind}`*"
    if example.sealing_key() is not None:
        other = UUID(int=1)
        ids = [each.name for each in fields(fact) if isinstance(getattr(example, each.name), UUID)]
        key = next(name for name in ids if replace(example, **{name: other}).sealing_key() == other)
        yield f"*sealed under the key of `{key}`*"


def _commands(family: Family) -> Iterator[str]:
    def row(command: type[Command]) -> tuple[str, ...]:
        kind = f"new {command.kind}" if command.creates else command.kind
        return f"`{command.__name__}`", kind, _meaning(command), "<br>".join(_fields(command))

    yield from _table("Command", "On", "Means", "Holds", rows=map(row, family.commands))


def _rules(family: Family) -> Iterator[str]:
    yield from _table(
        "Rule",
        "Protects",
        "What to do",
        "About",
        "Source",
        rows=(
            (f"`{rule.id}`", "<br>".join(rule.protects), "<br>".join(rule.next_step), rule.about, rule.source or "")
            for rule in family.rules
        ),
    )


def _duties_of(family: Family) -> list[Duty]:
    return [duty for duty in DUTIES if duty.name.startswith(f"{family.name}.")]


def _duties(family: Family) -> Iterator[str]:
    """What falls due by the calendar: `stadtbuch tick` asks the register and sends the command that follows."""
    rows = ((f"`{duty.name}`", "<br>".join(duty.comment), f"`{duty.source.name}`") for duty in _duties_of(family))
    yield from _table("Duty", "What falls due", "Found in", rows=rows)


def _values(family: Family) -> Iterator[str]:
    """The enumerations and the parts that its facts and commands hold, by name."""
    found: dict[str, type] = {}
    for cls in (*family.facts, *family.commands):
        _collect(cls, found)
    rows = []
    for name, cls in sorted(found.items()):
        content = (
            ", ".join(f"`{member.value}`" for member in cls) if issubclass(cls, Enum) else "<br>".join(_fields(cls))
        )
        rows.append((name, _meaning(cls), content))
    yield from _table("Type", "Means", "Values or parts", rows=rows)


def _collect(cls: type, found: dict[str, type]) -> None:
    for hint in typing.get_type_hints(cls).values():
        for inner in _inner(hint):
            if (
                isinstance(inner, type)
                and (issubclass(inner, Enum) or is_dataclass(inner))
                and inner.__name__ not in found
            ):
                found[inner.__name__] = inner
                if is_dataclass(inner):
                    _collect(inner, found)


def _inner(hint: Any) -> Iterator[Any]:
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) in (types.UnionType, typing.Union, tuple):
        for argument in arguments:
            yield from _inner(argument)
    else:
        yield hint


def _fields(cls: type) -> Iterator[str]:
    hints = typing.get_type_hints(cls, include_extras=True)
    for each in fields(cls):
        yield f"`{each.name}` {_shown(hints[each.name])}"


def _shown(hint: Any) -> str:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return f"{_shown(next(each for each in arguments if each is not types.NoneType))}, optional"
    if origin is tuple:
        return f"list of {_shown(arguments[0])}"
    if origin is Sealed:
        return "**sealed**"
    if origin is typing.Annotated:
        return next((SIMPLE[note] for note in arguments[1:] if isinstance(note, Meaning)), _shown(arguments[0]))
    return SIMPLE[hint] if hint in SIMPLE else str(hint.__name__)


def _meaning(cls: type) -> str:
    """Its docstring on one line; none where a dataclass has but the signature that Python made up."""
    text = vars(cls).get("__doc__") or ""
    return "" if text.startswith(f"{cls.__name__}(") else " ".join(inspect.cleandoc(text).split())


def main(paths: Iterable[Path]) -> None:
    """Writes the tables of the pages anew; a page's name is its family's."""
    by_name = {family.name: family for family in FAMILIES}
    for path in paths:
        path.write_text(page(path.read_text(encoding="utf-8"), by_name[path.stem]), encoding="utf-8")


if __name__ == "__main__":
    main(map(Path, sys.argv[1:]))
