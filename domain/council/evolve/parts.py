"""What changes alike on several kinds of records: parts by their id, files, publication."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from domain.council.facts.common import FileAttached, FileChanged, FileRemoved
from domain.council.state import ConsultationState, FileState, ItemState
from domain.council.vocabulary import Publication

Part = TypeVar("Part", FileState, ConsultationState, ItemState)
Files = tuple[FileState, ...]


def each(parts: tuple[Part, ...], part: UUID, change: Callable[[Part], Part]) -> tuple[Part, ...]:
    """The parts, with the one of this id changed."""
    return tuple(change(known) if known.id == part else known for known in parts)


def files_after(files: Files, fact: FileAttached | FileChanged | FileRemoved) -> Files:
    match fact:
        case FileRemoved():
            return tuple(file for file in files if file.id != fact.file)
        case FileChanged():
            changed = FileState(id=fact.file, data=fact.data, source=fact.source)
            return each(files, fact.file, lambda _: changed)
        case _:
            return (*files, FileState(id=fact.file, data=fact.data, source=fact.source))


def depublished(at_source: bool) -> Publication:
    return Publication.DELETED_AT_SOURCE if at_source else Publication.DEPUBLISHED
