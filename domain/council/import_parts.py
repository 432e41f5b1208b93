"""What the parts of an imported object change: consultations, files and agenda items."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from uuid import UUID

from domain.council import checks, facts
from domain.council.commands import SourceAgendaItem, SourceConsultation, SourceFile, SourceObject
from domain.council.parts import AgendaPlace, Digest, Source, imported_id
from domain.council.state import ConsultationState, FileState, ItemState
from domain.kernel import Fact, Invalid, Message, Sealed

Texts = Mapping[str, Sealed[str] | None]
Pseudonym = Callable[[str, str], str]
DIGEST_DIGITS: Final = 32
PLACE: Final = frozenset({"number", "order"})


def source_of(system: str, thing: SourceObject, texts: Texts, pseudonym: Pseudonym) -> Source:
    """Where an object comes from, with a digest of each of its texts."""

    def digest(name: str, text: str) -> Digest:
        # Keyed, and bound to the object, so that equal texts of two objects cannot be told to be equal.
        return Digest(name, pseudonym("council.source_text", f"{thing.source_id}\0{name}\0{text}")[:DIGEST_DIGITS])

    return Source(
        system=system,
        source_id=thing.source_id,
        created=thing.created,
        modified=thing.modified,
        web=thing.web,
        body=thing.body,
        digests=tuple(digest(name, text.text) for name, text in texts.items() if text is not None and text.text),
    )


def source_changes(old: Source | None, new: Source) -> tuple[str, ...]:
    """The names of the texts that differ, and of what else does; another time of change is no difference."""
    if old is None:
        return ()
    before = {digest.field: digest.value for digest in old.digests}
    after = {digest.field: digest.value for digest in new.digests}
    texts = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    return tuple(texts) + tuple(name for name in ("created", "web", "body") if getattr(old, name) != getattr(new, name))


def given_texts(texts: Texts, changed: Iterable[str]) -> dict[str, Sealed[str] | None]:
    """The texts that changed; an amendment leaves out the others."""
    return {name: texts[name] for name in changed if name in texts}


Known = ConsultationState | FileState | ItemState
Part = TypeVar("Part", SourceConsultation, SourceFile, SourceAgendaItem)


@dataclass(frozen=True, slots=True)
class _Kind(Generic[Part]):
    """How the differences of one kind of part are told: its texts, and the fact for each case."""

    field: str
    texts: Callable[[Part], dict[str, Sealed[str] | None]]
    added: Callable[[UUID, Part, Source], Fact]
    changed: Callable[[Known, Part, Source, tuple[str, ...]], Fact]
    removed: Callable[[UUID], Fact]

    def differences(
        self, known: Sequence[Known], given: Iterable[Part], system: str, pseudonym: Pseudonym
    ) -> Iterator[Fact]:
        """First what is new or changed, in the source's order, then what the source no longer has."""
        left = {part.id: part for part in known}
        seen: set[UUID] = set()
        for part in given:
            part_id = imported_id(part.key)
            if part_id in seen:
                raise Invalid(self.field, Message(f"holds {part.key} twice", f"enthält {part.key} zweimal"))
            seen.add(part_id)
            source = source_of(system, part, self.texts(part), pseudonym)
            before = left.pop(part_id, None)
            if before is None:
                yield self.added(part_id, part, source)
            elif changes := checks.changed_fields(before.data, part.data) + source_changes(before.source, source):
                yield self.changed(before, part, source, changes)
        for part_id in left:
            yield self.removed(part_id)


def _file_texts(part: SourceFile) -> dict[str, Sealed[str] | None]:
    return {"name": part.name, "file_name": part.file_name, "further": part.further}


def _item_texts(part: SourceAgendaItem) -> dict[str, Sealed[str] | None]:
    return {"title": part.title, "resolution_text": part.resolution_text, "further": part.further}


def _item_changed(known: Known, part: SourceAgendaItem, source: Source, changed: tuple[str, ...]) -> Fact:
    if isinstance(known, ItemState) and PLACE.issuperset(changed):
        old = AgendaPlace(known.data.number, known.data.order)
        return facts.AgendaItemMoved(item=known.id, old=old, new=AgendaPlace(part.data.number, part.data.order))
    texts = given_texts(_item_texts(part), changed)
    return facts.AgendaItemChanged(item=known.id, changed=changed, data=part.data, source=source, **texts)


CONSULTATIONS: Final[_Kind[SourceConsultation]] = _Kind(
    "consultations",
    lambda part: {"further": part.further},
    lambda key, part, source: facts.ConsultationPlanned(
        consultation=key, data=part.data, source=source, further=part.further
    ),
    lambda known, part, source, changed: facts.ConsultationChanged(
        consultation=known.id,
        changed=changed,
        data=part.data,
        source=source,
        further=part.further if "further" in changed else None,
    ),
    lambda key: facts.ConsultationCancelled(consultation=key),
)
ITEMS: Final[_Kind[SourceAgendaItem]] = _Kind(
    "items",
    _item_texts,
    lambda key, part, source: facts.AgendaItemAdded(
        item=key, data=part.data, source=source, decides_again=None, added_on=None, **_item_texts(part)
    ),
    _item_changed,
    lambda key: facts.AgendaItemRemoved(item=key),
)
PAPER_FILES: Final[_Kind[SourceFile]] = _Kind(
    "files",
    _file_texts,
    lambda key, part, source: facts.PaperFileAttached(
        file=key, data=part.data, source=source, changed_by=(), changed_on=None, voids=(), **_file_texts(part)
    ),
    lambda known, part, source, changed: facts.PaperFileChanged(
        file=known.id, changed=changed, data=part.data, source=source, **given_texts(_file_texts(part), changed)
    ),
    lambda key: facts.PaperFileRemoved(file=key),
)
MEETING_FILES: Final[_Kind[SourceFile]] = _Kind(
    "files",
    _file_texts,
    lambda key, part, source: facts.MeetingFileAttached(file=key, data=part.data, source=source, **_file_texts(part)),
    lambda known, part, source, changed: facts.MeetingFileChanged(
        file=known.id, changed=changed, data=part.data, source=source, **given_texts(_file_texts(part), changed)
    ),
    lambda key: facts.MeetingFileRemoved(file=key),
)
