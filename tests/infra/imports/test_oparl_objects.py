"""OParl objects become what the council family takes; bad formats are refused with the property's path."""

import json
from typing import Any

import pytest

from domain.council.commands import SourceBody, SourceMeeting, SourcePaper
from domain.council.parts import Reference, imported_id
from domain.council.vocabulary import (
    BodyType,
    ConsultationRole,
    FileRole,
    MeetingStatus,
    Outcome,
    PaperType,
)
from domain.kernel import Sealed
from infra.imports.framework import BadField
from infra.imports.oparl import words
from infra.imports.oparl.objects import ConsultationOfPaper, ItemOfMeeting, parsed
from tests.infra.imports.oparl_samples import (
    HOST,
    SCHEMA,
    a_consultation,
    a_file,
    a_meeting,
    a_paper,
    an_agenda_item,
    an_organization,
    deleted,
    thing,
    url,
)


def paper(**more: Any) -> SourcePaper:
    _, found = parsed(a_paper(**more))
    assert isinstance(found, SourcePaper)
    return found


def meeting(**more: Any) -> SourceMeeting:
    _, found = parsed(a_meeting(**more))
    assert isinstance(found, SourceMeeting)
    return found


def body(**more: Any) -> SourceBody:
    _, found = parsed(an_organization(**more))
    assert isinstance(found, SourceBody)
    return found


def further(text: Sealed[str] | None) -> Any:
    return json.loads(text.text or "") if text else None


def refusal(found: dict[str, Any]) -> str:
    with pytest.raises(BadField) as refused:
        parsed(found)
    assert refused.value.message.de
    return refused.value.message.en


def test_a_paper_with_what_is_embedded_in_it() -> None:
    found = paper()
    assert found.source_id == url("papers/1")
    assert (found.reference, found.body, found.data.paper_type) == ("2021/0001", HOST, PaperType.PROPOSAL)
    assert found.title == Sealed("Sanierung der Brücke 1 über die Düssel")
    assert found.data.under_direction_of == (Reference(imported_id(url("organizations/9")), url("organizations/9")),)
    (file,) = found.files
    assert (file.data.role, file.data.public, file.data.access_url) == (FileRole.AUXILIARY, True, url("files/1.pdf"))
    (consultation,) = found.consultations
    assert consultation.data.role is ConsultationRole.DECISION
    assert consultation.data.meeting == Reference(imported_id(url("meetings/1")), url("meetings/1"))
    assert found.further is consultation.further is file.further is None


def test_what_has_no_field_is_kept_as_one_text() -> None:
    found = paper(keyword=["Brücke", "Verkehr"], originatorPerson=[url("people/3")], **{"ris:dringlich": True})
    assert further(found.further) == {
        "keyword": ["Brücke", "Verkehr"],
        "originatorPerson": [url("people/3")],
        "ris:dringlich": True,
    }
    full = paper(mainFile=a_file(7, text="ein ganzer Text"))
    kept = further(full.files[0].further)
    assert kept["text"]["characters"] == 15
    assert "ganzer" not in json.dumps(kept)


def test_a_meeting_with_what_is_embedded_in_it() -> None:
    found = meeting()
    assert found.status is MeetingStatus.SCHEDULED
    assert found.location == Sealed("Bürgersaal, Rathaus")
    assert [item.data.order for item in found.items] == [1, 2]
    assert found.items[0].data.outcome is Outcome.ADOPTED
    assert [file.data.role for file in found.files] == [FileRole.INVITATION]


def test_files_of_items_belong_to_them_and_are_as_public_as_they_are() -> None:
    item = an_agenda_item(public=False, resolutionFile=a_file(8), auxiliaryFile=[a_file(9)])
    found = meeting(agendaItem=[item], invitation=None)
    assert [(file.data.role, file.data.item, file.data.public) for file in found.files] == [
        (FileRole.RESOLUTION, imported_id(item["id"]), False),
        (FileRole.AUXILIARY, imported_id(item["id"]), False),
    ]


def test_an_agenda_item_is_non_public_unless_it_says_otherwise() -> None:
    item = an_agenda_item()
    del item["public"]
    assert not meeting(agendaItem=[item]).items[0].data.public


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"meetingState": "terminiert"}, MeetingStatus.SCHEDULED),
        ({"meetingState": "eingeladen"}, MeetingStatus.INVITED),
        ({"meetingState": "durchgeführt"}, MeetingStatus.HELD),
        ({"meetingState": "durchgeführt", "cancelled": True}, MeetingStatus.CANCELLED),
        ({"cancelled": False}, MeetingStatus.SCHEDULED),
    ],
)
def test_the_state_of_a_meeting(more: dict[str, Any], status: MeetingStatus) -> None:
    assert meeting(**more).status is status


def test_an_organization() -> None:
    found = body()
    assert (found.data.body_type, found.data.short_name) == (BodyType.COUNCIL, "GR")
    assert further(found.further) == {"membership": [url("memberships/1"), url("memberships/2")]}


def test_consultations_and_agenda_items_may_stand_alone() -> None:
    key, found = parsed(a_consultation())
    assert key == url("papers/1")
    assert isinstance(found, ConsultationOfPaper)
    assert found.consultation == paper().consultations[0]
    key, item = parsed(an_agenda_item(auxiliaryFile=[a_file()]))
    assert key == url("meetings/1")
    assert isinstance(item, ItemOfMeeting)
    assert item.item == meeting().items[0]
    assert len(item.files) == 1
    assert "paper is missing" in refusal(a_consultation(paper=None))
    assert "meeting is missing" in refusal(an_agenda_item(meeting=None))


def test_one_id_for_two_consultations_is_told_apart_whatever_their_order() -> None:
    first = a_consultation(1, agendaItem=url("agendaitems/1"))
    second = {**first, "agendaItem": url("agendaitems/2")}
    keys = [each.key for each in paper(consultation=[first, second]).consultations]
    assert keys == [url("consultations/1"), url("consultations/1#2")]
    assert paper(consultation=[second, first]) == paper(consultation=[first, second])
    assert len(paper(consultation=[first, first]).consultations) == 1


def test_deleted_parts_are_not_there() -> None:
    found = meeting(agendaItem=[deleted(an_agenda_item())], invitation=deleted(a_file()))
    assert not found.items
    assert not found.files


def test_a_deleted_object_needs_no_contents() -> None:
    for whole in (a_paper(), a_meeting(), an_organization()):
        _, found = parsed(deleted(whole))
        assert isinstance(found, (SourcePaper, SourceMeeting, SourceBody))
        assert found.deleted


def test_texts_are_normalised_and_stripped() -> None:
    assert paper(name="  Bru\u0308cke\r\nüber die Düssel ").title == Sealed("Brücke\nüber die Düssel")
    assert paper(name=" ").title is None


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"date": "04.01.2021"}, "date is not a date"),
        ({"date": "2021-02-30"}, "date is not a date"),
        ({"date": "2021-1-4"}, "date is not a date"),
        ({"date": ""}, "date is not a date"),
        ({"date": 20210104}, "date is not a string"),
        ({"created": "2021-01-04"}, "created is not a time"),
        ({"created": "2021-01-04T11:34:38"}, "created is not a time"),
        ({"created": "2021-01-04T25:00:00Z"}, "created is not a time"),
        ({"modified": "0001-01-01T00:00:00+02:00"}, "modified is not a time"),
        ({"modified": "2021-01-04T11:34:38+99:00"}, "modified is not a time"),
        ({"id": "papers/1"}, "id is not an address"),
        ({"id": "ftp://ris.example/1"}, "id is not an address"),
        ({"id": "https://"}, "id is not an address"),
        ({"id": "https://ris.example:99999/"}, "id is not an address"),
        ({"id": "https://ris example/1"}, "id is not an address"),
        ({"id": "https://ris.example/" + "x" * 2_000}, "id is not an address"),
        ({"id": None}, "id is missing"),
        ({"id": 7}, "id is not a string"),
        ({"type": None}, "type is not one of"),
        ({"type": SCHEMA + "Poem"}, "type is none that is kept here"),
        ({"type": "https://schema.oparl.org/1.0/Paper"}, "type is not one of"),
        ({"name": 7}, "name is not a string"),
        ({"name": "nul\0"}, "name: Character 4 is NUL"),
        ({"name": "\u202egnp.exe"}, "name: Character 1"),
        ({"name": "x" * 100_001}, "name: The text has more than"),
        ({"paperType": "x" * 201}, "paperType: The text has more than"),
        ({"deleted": "true"}, "deleted is not true or false"),
        ({"underDirectionOf": url("x")}, "underDirectionOf is not a list"),
        ({"underDirectionOf": [{}]}, "underDirectionOf.0 is not a string"),
        ({"underDirectionOf": ["x"]}, "underDirectionOf.0 is not an address"),
        ({"auxiliaryFile": [a_file(size=-1)]}, "auxiliaryFile.0.size is out of range"),
        ({"auxiliaryFile": [a_file(size=2**63)]}, "auxiliaryFile.0.size is out of range"),
        ({"auxiliaryFile": [a_file(size=True)]}, "auxiliaryFile.0.size is not a whole number"),
        ({"auxiliaryFile": [a_file(size=1.5)]}, "auxiliaryFile.0.size is not a whole number"),
        ({"auxiliaryFile": [a_file(accessUrl=None)]}, "auxiliaryFile.0.accessUrl is missing"),
        ({"auxiliaryFile": [a_file(sha512Checksum="xyz")]}, "auxiliaryFile.0.sha512Checksum is not a checksum"),
        ({"auxiliaryFile": ["x"]}, "auxiliaryFile.0 is not an object"),
        ({"mainFile": "x"}, "mainFile is not a list"),
        ({"mainFile": thing("Paper", "x")}, "mainFile.type is not"),
        ({"consultation": [a_consultation(authoritative="yes")]}, "consultation.0.authoritative is not true or false"),
        ({"keyword": ["\0"]}, "keyword.0: Character 1 is NUL"),
        ({"keyword": ["x" * 99_999, "y" * 99_999]}, "says more than can be kept"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_formats_are_refused_with_their_path(more: dict[str, Any], reason: str) -> None:
    assert reason in refusal({name: value for name, value in (a_paper() | more).items() if value is not None})


def test_an_agenda_item_needs_its_order() -> None:
    assert "agendaItem.0.order is missing" in refusal(a_meeting(agendaItem=[an_agenda_item(order=None)]))


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        (None, None),
        ("Ungeändert beschlossen", Outcome.ADOPTED),
        ("geändert beschlossen", Outcome.ADOPTED_AMENDED),
        ("mehrheitlich zugestimmt zu geändertem Beschlusstext", Outcome.ADOPTED_AMENDED),
        ("bei Stimmengleichheit abgelehnt", Outcome.REJECTED),
        ("Stellungnahme zur Kenntnis genommen", Outcome.NOTED),
        ("verwiesen in den Gemeinderat", Outcome.REFERRED),
        ("vertagt", Outcome.POSTPONED),
        ("Antrag zurückgezogen", Outcome.WITHDRAWN),
        ("teilweise zugestimmt", Outcome.OTHER),
        ("Aushang im Foyer", Outcome.OTHER),
    ],
)
def test_what_results_mean(word: str | None, outcome: Outcome | None) -> None:
    assert words.outcome(word) is outcome


@pytest.mark.parametrize(
    ("word", "paper_type"),
    [
        ("Beschlussvorlage", PaperType.PROPOSAL),
        ("Informationsvorlage", PaperType.INFORMATION),
        ("Änderungs-/Ergänzungsantrag", PaperType.AMENDMENT_MOTION),
        ("Antrag", PaperType.MOTION),
        ("Anfrage", PaperType.INQUIRY),
        ("Offenlage", PaperType.OTHER),
    ],
)
def test_what_paper_types_mean(word: str, paper_type: PaperType) -> None:
    assert words.meant(word, words.PAPER_TYPES, PaperType.OTHER) is paper_type
