"""OParl 1.1 objects as the council family takes them: papers, meetings, organizations, consultations, agenda items."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypedDict, TypeVar

from domain.council.commands import (
    SourceAgendaItem,
    SourceBody,
    SourceConsultation,
    SourceFile,
    SourceMeeting,
    SourcePaper,
)
from domain.council.parts import (
    AgendaItemData,
    BodyData,
    ConsultationData,
    FileData,
    MeetingData,
    PaperData,
    imported_id,
)
from domain.council.vocabulary import ConsultationRole, FileRole, MeetingStatus, PaperType
from domain.kernel import Sealed
from infra.imports.oparl import words
from infra.imports.oparl.fields import SCHEMA, Fields, bad

Part = TypeVar("Part", SourceFile, SourceConsultation, SourceAgendaItem)

PLACE: Final = ("description", "room", "streetAddress", "postalCode", "subLocality", "locality")

# OParl publishes what is public (its own scope); only an agenda item says so for itself, and defaults to non-public.
PUBLIC: Final = True


@dataclass(frozen=True, slots=True)
class ItemOfMeeting:
    """An agenda item that stands for itself, with its files."""

    item: SourceAgendaItem
    files: tuple[SourceFile, ...]


@dataclass(frozen=True, slots=True)
class ConsultationOfPaper:
    """A consultation that stands for itself."""

    consultation: SourceConsultation


Thing = SourceBody | SourcePaper | SourceMeeting | ConsultationOfPaper | ItemOfMeeting


class _Common(TypedDict):
    source_id: str
    created: datetime | None
    modified: datetime | None
    web: str | None
    body: str | None
    deleted: bool


def parsed(thing: Mapping[str, Any]) -> tuple[str, Thing]:
    """The address of the record that an object is about, and the object. Raises BadField."""
    kind = thing.get("type")
    if not isinstance(kind, str) or not kind.startswith(SCHEMA):
        raise bad("type", f"is not one of {SCHEMA}", f"ist keine Art aus {SCHEMA}")
    parse = OBJECTS.get(kind.removeprefix(SCHEMA))
    if parse is None:
        known = ", ".join(OBJECTS)
        raise bad("type", f"is none that is kept here ({known})", f"gehört nicht zu den geführten ({known})")
    fields = Fields(thing)
    return parse(fields)


def _common(fields: Fields, name: str) -> _Common:
    fields.is_a(name)
    return {
        "source_id": fields.required_url("id"),
        "created": fields.instant("created"),
        "modified": fields.instant("modified"),
        "web": fields.url("web"),
        "body": fields.url("body"),
        "deleted": bool(fields.flag("deleted")),
    }


def organization(fields: Fields) -> tuple[str, SourceBody]:
    """A body."""
    common = _common(fields, "Organization")
    name = fields.text("name")
    kind, classification = fields.code("organizationType"), fields.code("classification")
    data = BodyData(
        body_type=words.body_type(name.text if name else None, kind, classification),
        short_name=fields.code("shortName"),
        parent=fields.reference("subOrganizationOf"),
        valid_from=fields.day("startDate"),
        valid_until=fields.day("endDate"),
        website=fields.url("website"),
        source_type=kind,
        source_classification=classification,
    )
    location = _location(fields)
    return common["source_id"], SourceBody(**common, data=data, name=name, location=location, further=fields.further())


def paper(fields: Fields) -> tuple[str, SourcePaper]:
    """A paper with its consultations and files."""
    common = _common(fields, "Paper")
    kind = fields.code("paperType")
    data = PaperData(
        paper_type=words.meant(kind, words.PAPER_TYPES, PaperType.OTHER),
        public=PUBLIC,
        dated=fields.day("date"),
        originators=fields.references("originatorOrganization"),
        under_direction_of=fields.references("underDirectionOf"),
        related=fields.references("relatedPaper"),
        superordinated=fields.references("superordinatedPaper"),
        subordinated=fields.references("subordinatedPaper"),
        source_type=kind,
    )
    files = [
        *_files(fields.all_inner("mainFile"), FileRole.MAIN),
        *_files(fields.inners("auxiliaryFile"), FileRole.AUXILIARY),
    ]
    consultations = [consultation(each, common["source_id"]) for each in fields.inners("consultation")]
    # One id may stand for several agenda items; their order is the source's whim.
    consultations.sort(key=lambda each: (each.source_id, each.data.item.source_id or "" if each.data.item else ""))
    return common["source_id"], SourcePaper(
        **common,
        reference=fields.code("reference"),
        title=fields.text("name"),
        data=data,
        location=_location(fields),
        consultations=_told_apart(consultations),
        files=_told_apart(files),
        further=fields.further(),
    )


def consultation(fields: Fields, within: str) -> SourceConsultation:
    """A consultation of the paper with this address."""
    common = _common(fields, "Consultation")
    paper_url = fields.url("paper")
    if paper_url is not None and paper_url != within:
        fields.keep("paper", paper_url)
    role = fields.code("role")
    data = ConsultationData(
        bodies=fields.references("organization"),
        role=words.meant(role, words.ROLES, ConsultationRole.OTHER),
        source_role=role,
        authoritative=bool(fields.flag("authoritative")),
        meeting=fields.reference("meeting"),
        item=fields.reference("agendaItem"),
    )
    return SourceConsultation(**common, key=common["source_id"], data=data, further=fields.further())


def lone_consultation(fields: Fields) -> tuple[str, ConsultationOfPaper]:
    """A consultation that stands for itself; it must name its paper."""
    paper_url = fields.peek_url("paper")
    return paper_url, ConsultationOfPaper(consultation(fields, paper_url))


def meeting(fields: Fields) -> tuple[str, SourceMeeting]:
    """A meeting with its agenda and files."""
    common = _common(fields, "Meeting")
    state = fields.code("meetingState")
    cancelled = bool(fields.flag("cancelled"))
    data = MeetingData(
        bodies=fields.references("organization"),
        start=fields.instant("start"),
        end=fields.instant("end"),
        source_state=state,
    )
    files = [
        *_files(fields.all_inner("invitation"), FileRole.INVITATION),
        *_files(fields.all_inner("resultsProtocol"), FileRole.RESULTS_PROTOCOL),
        *_files(fields.all_inner("verbatimProtocol"), FileRole.VERBATIM_PROTOCOL),
        *_files(fields.inners("auxiliaryFile"), FileRole.AUXILIARY),
    ]
    items = []
    for each in fields.inners("agendaItem"):
        item, files_of_item = agenda_item(each, common["source_id"])
        items.append(item)
        files.extend(files_of_item)
    return common["source_id"], SourceMeeting(
        **common,
        data=data,
        status=MeetingStatus.CANCELLED if cancelled else words.meant(state, words.STATES, MeetingStatus.SCHEDULED),
        name=fields.text("name"),
        location=_location(fields),
        items=_told_apart(items),
        files=_told_apart(files),
        further=fields.further(),
    )


def agenda_item(fields: Fields, within: str) -> tuple[SourceAgendaItem, tuple[SourceFile, ...]]:
    """An agenda item of the meeting with this address, and its files."""
    common = _common(fields, "AgendaItem")
    meeting_url = fields.url("meeting")
    if meeting_url is not None and meeting_url != within:
        fields.keep("meeting", meeting_url)
    order = fields.number("order")
    if order is None and not common["deleted"]:
        raise bad(fields.path("order"), "is missing", "fehlt")
    result = fields.code("result")
    data = AgendaItemData(
        number=fields.code("number"),
        order=order or 0,
        public=bool(fields.flag("public")),
        consultation=fields.reference("consultation"),
        outcome=words.outcome(result),
        start=fields.instant("start"),
        end=fields.instant("end"),
        source_result=result,
    )
    files = [
        *_files(fields.all_inner("resolutionFile"), FileRole.RESOLUTION, common["source_id"], public=data.public),
        *_files(fields.inners("auxiliaryFile"), FileRole.AUXILIARY, common["source_id"], public=data.public),
    ]
    item = SourceAgendaItem(
        **common,
        key=common["source_id"],
        data=data,
        title=fields.text("name"),
        resolution_text=fields.text("resolutionText"),
        further=fields.further(),
    )
    return item, () if item.deleted else tuple(files)


def lone_agenda_item(fields: Fields) -> tuple[str, ItemOfMeeting]:
    """An agenda item that stands for itself; it must name its meeting."""
    meeting_url = fields.peek_url("meeting")
    item, files = agenda_item(fields, meeting_url)
    return meeting_url, ItemOfMeeting(item, _told_apart(files))


def _files(
    given: Iterable[Fields], role: FileRole, item: str | None = None, *, public: bool = PUBLIC
) -> Iterator[SourceFile]:
    for fields in given:
        common = _common(fields, "File")
        if common["deleted"]:
            continue
        data = FileData(
            role=role,
            public=public,
            item=imported_id(item) if item else None,
            mime_type=fields.code("mimeType"),
            size=fields.number("size"),
            sha1=fields.checksum("sha1Checksum"),
            sha512=fields.checksum("sha512Checksum"),
            dated=fields.day("date"),
            access_url=fields.required_url("accessUrl"),
            download_url=fields.url("downloadUrl"),
        )
        yield SourceFile(
            **common,
            key=common["source_id"],
            data=data,
            name=fields.text("name"),
            file_name=fields.text("fileName"),
            further=fields.further(),
        )


def _location(fields: Fields) -> Sealed[str] | None:
    """Where it is, in words; what else the source says of the place is kept with what nobody read."""
    words_of_place: list[str] = []
    others: list[dict[str, Any]] = []
    for place in fields.all_inner("location"):
        place.drop("type", "created", "modified")
        texts = [place.text(name) for name in PLACE]
        words_of_place.extend(text.text for text in texts if text is not None and text.text)
        others.append(place.rest())
    if any(others):
        fields.keep("location", others)
    return Sealed(", ".join(words_of_place)) if words_of_place else None


def _told_apart(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts that are there, each once; where the source gives one id twice, the second has a key of its own."""
    times: dict[str, int] = {}
    seen: set[Part] = set()
    found = []
    for part in parts:
        if part.deleted or part in seen:
            continue
        seen.add(part)
        times[part.source_id] = times.get(part.source_id, 0) + 1
        again = times[part.source_id]
        found.append(part if again == 1 else replace(part, key=f"{part.source_id}#{again}"))
    return tuple(found)


OBJECTS: Final[Mapping[str, Callable[[Fields], tuple[str, Thing]]]] = {
    "Paper": paper,
    "Meeting": meeting,
    "Organization": organization,
    "Consultation": lone_consultation,
    "AgendaItem": lone_agenda_item,
}
