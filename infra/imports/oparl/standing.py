"""How far a record has come in what a file says of it, so that no older version is recorded over a newer one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from domain.council.commands import SourceBody, SourceMeeting, SourcePaper
from domain.council.parts import imported_id
from infra.imports.oparl.objects import ConsultationOfPaper, ItemOfMeeting, Thing

Whole = SourceBody | SourcePaper | SourceMeeting
Lone = ConsultationOfPaper | ItemOfMeeting


def standing(things: Sequence[Thing], is_current: Callable[[Thing], bool]) -> int:
    """How many of a record's objects, in the order of the file, lie behind it: up to the last one after which it is as
    it is now. `is_current` tells whether the record already is as one object says.
    """
    for count in range(len(things), 0, -1):
        if all(is_current(thing) for thing in said_last(things[:count])):
            return count
    return 0


def said_last(things: Sequence[Thing]) -> Iterator[Thing]:
    """What counts of objects that were said one after the other: the last whole one, with the parts that came after."""
    whole: Whole | None = None
    parts: dict[str, Lone] = {}
    for thing in things:
        match thing:
            case ConsultationOfPaper():
                parts[thing.consultation.key] = thing
            case ItemOfMeeting():
                parts[thing.item.key] = thing
            case _:
                whole = thing
                parts.clear()
    if isinstance(whole, SourcePaper) and not whole.deleted:
        consultations = {each.key: each for each in whole.consultations}
        lone = [part.consultation for part in parts.values() if isinstance(part, ConsultationOfPaper)]
        consultations.update((each.key, each) for each in lone)
        yield replace(whole, consultations=tuple(each for each in consultations.values() if not each.deleted))
    elif isinstance(whole, SourceMeeting) and not whole.deleted:
        yield _with_items(whole, [part for part in parts.values() if isinstance(part, ItemOfMeeting)])
    else:
        if whole is not None:
            yield whole
        yield from parts.values()


def _with_items(meeting: SourceMeeting, lone: Sequence[ItemOfMeeting]) -> SourceMeeting:
    items = {each.key: each for each in meeting.items} | {each.item.key: each.item for each in lone}
    renewed = {imported_id(each.item.key) for each in lone}
    files = [file for file in meeting.files if file.data.item not in renewed]
    files.extend(file for each in lone for file in each.files)
    there = tuple(item for item in items.values() if not item.deleted)
    return replace(meeting, items=there, files=tuple(files))
