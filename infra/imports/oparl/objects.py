"""OParl 1.1 objects as the council family takes them: papers, meetings, organizations, consultations, agenda items."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypedDict, TypeVar

from domain.council.commands import (
    SourceAgendaItem,
    SourceBody,
    SourceConsultation,
    SourceFile,
    SourceMeeting,
    SourcePaper,
)
from domain.council.parts import AgendaItemData, BodyData, ConsultationData, FileData, MeetingData, PaperData, imported_id
from domain.council.vocabulary import ConsultationRole, FileRole, MeetingStatus, PaperType
from domain.kernel import Sealed
from infra.imports.framework import BadField
from infra.imports.oparl import words
from infra.imports.oparl.fields import SCHEMA, Fields, bad

Part = TypeVar("Part", SourceFile, SourceConsultation, SourceAgendaItem)

# OParl publishes what is public (its own scope); only an agenda item says so for itself, and defaults to non-public.
PUBLIC: Final = True


@dataclass(frozen=True, slots=True)
class ItemOfMeeting:
    """An agenda item that stands for itself, with its files and the address of its meeting."""

    meeting: str
    item: SourceAgendaItem
    files: tuple[SourceFile, ...]


@dataclass(frozen=True, slots=True)
class ConsultationOfPaper:
    """A consultation that stands for itself, with the address of its paper."""

    paper: str
    consultation: SourceConsultation


Thing = SourceBody | SourcePaper | SourceMeeting | ConsultationOfPaper | ItemOfMeeting


class _Common(TypedDict):
    source_id: str
    created: Any
    modified: Any
    web: str | None
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
    fields.drop("type")
    try:
        return parse(fields)
    except RecursionError as error:
        raise bad("object", "is nested too deeply", "ist zu tief geschachtelt") from error


def _common(fields: Fields, name: str | None = None) -> _Common:
    if name is not None:
        fields.is_a(name)
    return {
        "source_id": fields.required_url("id"),
        "created": fields.instant("created"),
        "modified": fields.instant("modified"),
        "web": fields.url("web"),
        "deleted": bool(fields.flag("deleted")),
    }


def organization(fields: Fields) -> tuple[str, SourceBody]:
    """A body."""
    common = _common(fields)
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
    location = _location(fields, "location")
    return common["source_id"], SourceBody(
        **common, data=data, name=name, location=location, further=_further(fields, common)
    )


def paper(fields: Fields) -> tuple[str, SourcePaper]:
    """A paper with its consultations and files."""
    common = _common(fields)
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
        *_file(fields.inner("mainFile"), FileRole.MAIN),
        *(file for each in fields.inners("auxiliaryFile") for file in _file(each, FileRole.AUXILIARY)),
    ]
    consultations = [consultation(each, embedded=True)[1].consultation for each in fields.inners("consultation")]
    # One id may stand for several agenda items; their order is the source's whim.
    consultations.sort(key=lambda each: (each.source_id, each.data.item.source_id or "" if each.data.item else ""))
    return common["source_id"], SourcePaper(
        **common,
        reference=fields.code("reference"),
        title=fields.text("name"),
        data=data,
        location=_location(fields, "location"),
        consultations=_told_apart(consultations),
        files=_told_apart(files),
        further=_further(fields, common),
    )


def consultation(fields: Fields, *, embedded: bool = False) -> tuple[str, ConsultationOfPaper]:
    """A consultation of a paper, in it or by itself."""
    common = _common(fields, "Consultation" if embedded else None)
    paper_url = fields.url("paper")
    if paper_url is None and not embedded and not common["deleted"]:
        raise bad("paper", "is missing", "fehlt")
    role = fields.code("role")
    data = ConsultationData(
        bodies=fields.references("organization"),
        role=words.meant(role, words.ROLES, ConsultationRole.OTHER),
        source_role=role,
        authoritative=bool(fields.flag("authoritative")),
        meeting=fields.reference("meeting"),
        item=fields.reference("agendaItem"),
    )
    found = SourceConsultation(
        **common, key=common["source_id"], data=data, further=_further(fields, common)
    )
    return paper_url or "", ConsultationOfPaper(paper_url or "", found)


def meeting(fields: Fields) -> tuple[str, SourceMeeting]:
    """A meeting with its agenda and files."""
    common = _common(fields)
    state = fields.code("meetingState")
    cancelled = bool(fields.flag("cancelled"))
    data = MeetingData(
        bodies=fields.references("organization"),
        start=fields.instant("start"),
        end=fields.instant("end"),
        source_state=state,
    )
    files = [
        *_file(fields.inner("invitation"), FileRole.INVITATION),
        *_file(fields.inner("resultsProtocol"), FileRole.RESULTS_PROTOCOL),
        *_file(fields.inner("verbatimProtocol"), FileRole.VERBATIM_PROTOCOL),
        *(file for each in fields.inners("auxiliaryFile") for file in _file(each, FileRole.AUXILIARY)),
    ]
    items = []
    for each in fields.inners("agendaItem"):
        _, found = agenda_item(each, embedded=True)
        items.append(found.item)
        if not found.item.deleted:
            files.extend(found.files)
    return common["source_id"], SourceMeeting(
        **common,
        data=data,
        status=MeetingStatus.CANCELLED if cancelled else words.meant(state, words.STATES, MeetingStatus.SCHEDULED),
        name=fields.text("name"),
        location=_location(fields, "location"),
        items=_told_apart(items),
        files=_told_apart(files),
        further=_further(fields, common),
    )


def agenda_item(fields: Fields, *, embedded: bool = False) -> tuple[str, ItemOfMeeting]:
    """An agenda item of a meeting, in it or by itself."""
    common = _common(fields, "AgendaItem" if embedded else None)
    meeting_url = fields.url("meeting")
    order = fields.number("order")
    if not common["deleted"]:
        if meeting_url is None and not embedded:
            raise bad("meeting", "is missing", "fehlt")
        if order is None:
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
        *_file(fields.inner("resolutionFile"), FileRole.RESOLUTION, common["source_id"], public=data.public),
        *(
            file
            for each in fields.inners("auxiliaryFile")
            for file in _file(each, FileRole.AUXILIARY, common["source_id"], public=data.public)
        ),
    ]
    item = SourceAgendaItem(
        **common,
        key=common["source_id"],
        data=data,
        title=fields.text("name"),
        resolution_text=fields.text("resolutionText"),
        further=_further(fields, common),
    )
    return meeting_url or "", ItemOfMeeting(meeting_url or "", item, _told_apart(files))


def _file(
    fields: Fields | None, role: FileRole, item: str | None = None, *, public: bool = PUBLIC
) -> Iterator[SourceFile]:
    if fields is None:
        return
    common = _common(fields, "File")
    if common["deleted"]:
        return
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
        further=_further(fields, common),
    )


def _location(fields: Fields, name: str) -> Sealed[str] | None:
    """Where it is, in words; what else the source says of the place is kept with what nobody read."""
    try:
        places = [fields.inner(name)]
    except BadField:
        places = []
    return _places(places)


def _told_apart(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts that are there, each once; where the source gives one id twice, the second has a key of its own."""
    counts: dict[str, int] = {}
    found: dict[Part, None] = {}
    for part in parts:
        if part.deleted or part in found:
            continue
        times = counts[part.source_id] = counts.get(part.source_id, 0) + 1
        found[part if times == 1 else replace(part, key=f"{part.source_id}#{times}")] = None
    return tuple(found)
