"""Objects of a source system: taken over whole, then only what changes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from domain.council import FAMILY
from domain.council.commands import (
    AmendBody,
    AmendPaper,
    CancelMeeting,
    CorrectMeeting,
    DepublishPaper,
    ImportMeeting,
    ImportPaper,
    PublishPaper,
    SourceAgendaItem,
    SourceBody,
    SourceConsultation,
    SourceFile,
    SourceMeeting,
    SourcePaper,
    UpdateImportedAgendaItem,
    UpdateImportedPaper,
)
from domain.council.facts import (
    AgendaItemAdded,
    AgendaItemChanged,
    AgendaItemMoved,
    AgendaItemRemoved,
    BodyAmended,
    BodyDepublished,
    BodyEstablished,
    BodyPublished,
    ConsultationCancelled,
    ConsultationChanged,
    ConsultationPlanned,
    MeetingAmended,
    MeetingCancelled,
    MeetingDepublished,
    MeetingHeld,
    MeetingInvited,
    MeetingPublished,
    MeetingScheduled,
    PaperAmended,
    PaperDepublished,
    PaperDrafted,
    PaperFileAttached,
    PaperFileChanged,
    PaperFileRemoved,
    PaperPublished,
    PaperReleased,
)
from domain.council.parts import (
    AgendaItemData,
    AgendaPlace,
    BodyData,
    ConsultationData,
    FileData,
    MeetingData,
    PaperData,
    Reference,
    imported_id,
)
from domain.council.vocabulary import (
    BodyType,
    ConsultationRole,
    FileRole,
    MeetingField,
    MeetingStatus,
    Outcome,
    PaperType,
)
from domain.kernel import Channel, Fact, On, Sealed
from tests.domain.council.examples import DRAFTED, ESTABLISHED, REASON, SCHEDULED, a_paper
from tests.domain.council.importing import Importing, nothing_yet, taking
from tests.scenario import RECORD, Given

HOST = "https://ris.example/"
CREATED = datetime(2021, 1, 4, 10, 34, tzinfo=UTC)
COUNCIL_URL = HOST + "organizations/1"


def reference(path: str) -> Reference:
    return Reference(imported_id(HOST + path), HOST + path)


def thing(path: str, **more: Any) -> dict[str, Any]:
    return {"source_id": HOST + path, "created": CREATED, "modified": CREATED, **more}


def text(words: str) -> Sealed[str]:
    return Sealed(words)


FILE = SourceFile(
    **thing("files/1"),
    key=HOST + "files/1",
    data=FileData(role=FileRole.AUXILIARY, public=True, mime_type="application/pdf", dated=date(2021, 1, 4)),
    name=text("Antrag"),
    file_name=text("0001.pdf"),
)
CONSULTATION = SourceConsultation(
    **thing("consultations/1"),
    key=HOST + "consultations/1",
    data=ConsultationData(
        bodies=(reference("organizations/1"),),
        role=ConsultationRole.DECISION,
        source_role="Entscheidung",
        authoritative=True,
        meeting=reference("meetings/1"),
        item=reference("agendaitems/1"),
    ),
)
PAPER = SourcePaper(
    **thing("papers/1"),
    further=text('{"keyword":["Markt"]}'),
    reference="2021/0001",
    data=PaperData(paper_type=PaperType.MOTION, source_type="Antrag", public=True, dated=date(2021, 1, 4)),
    title=text("Umbau"),
    consultations=(CONSULTATION,),
    files=(FILE,),
)
ITEM = SourceAgendaItem(
    **thing("agendaitems/1"),
    key=HOST + "agendaitems/1",
    data=AgendaItemData(number="1", order=1, public=True, outcome=Outcome.ADOPTED, source_result="zugestimmt"),
    title=text("Umbau"),
)
MEETING = SourceMeeting(
    **thing("meetings/1"),
    data=MeetingData(bodies=(reference("organizations/1"),), start=CREATED, end=CREATED),
    name=text("Gemeinderat"),
    location=text("Bürgersaal"),
    items=(ITEM,),
)
BODY = SourceBody(
    **thing("organizations/1"),
    data=BodyData(body_type=BodyType.COUNCIL, short_name="GR"),
    name=text("Gemeinderat"),
)


any_import = pytest.mark.parametrize("command", [PAPER, MEETING, BODY], ids=lambda command: type(command).__name__)
GONE = {SourcePaper: PaperDepublished, SourceMeeting: MeetingDepublished, SourceBody: BodyDepublished}
BACK = {SourcePaper: PaperPublished, SourceMeeting: MeetingPublished, SourceBody: BodyPublished}


def facts_of(scenario: Given, since: int = 0) -> list[Fact]:
    return [fact for _, fact in scenario.history[since:]]


def kinds_of(scenario: Given) -> list[type[Fact]]:
    return [type(fact) for fact in facts_of(scenario)]


@pytest.mark.allows("council.source_taken")
def test_a_paper_is_taken_over_with_its_consultations_and_files() -> None:
    scenario = nothing_yet.when(PAPER).so()
    assert kinds_of(scenario) == [PaperDrafted, PaperReleased, PaperPublished, ConsultationPlanned, PaperFileAttached]
    drafted = facts_of(scenario)[0]
    assert isinstance(drafted, PaperDrafted)
    assert drafted.number() == "2021/0001"
    assert drafted.source is not None
    assert drafted.source.source_id == HOST + "papers/1"
    assert {digest.field for digest in drafted.source.digests} == {"title", "further"}


def test_a_meeting_is_taken_over_as_it_was_without_an_invitation() -> None:
    scenario = nothing_yet.when(MEETING).so()
    assert kinds_of(scenario) == [MeetingScheduled, MeetingPublished, AgendaItemAdded]


def test_a_body_is_taken_over_without_a_code_of_ours() -> None:
    scenario = nothing_yet.when(BODY).so()
    assert kinds_of(scenario) == [BodyEstablished, BodyPublished]
    assert facts_of(scenario)[0].number() is None


@any_import
def test_the_second_import_records_nothing(command: Any) -> None:
    nothing_yet.when(command).so().when(command).nothing()


@any_import
def test_another_time_of_change_alone_is_no_change(command: Any) -> None:
    later = replace(command, modified=datetime(2022, 1, 1, tzinfo=UTC))
    nothing_yet.when(command).so().when(later).nothing()


@any_import
@pytest.mark.allows("council.led_here")
def test_there_and_back_again_is_three_changes(command: Any) -> None:
    field = "title" if isinstance(command, SourcePaper) else "name"
    edited = replace(command, **{field: text("Anders")})
    first = nothing_yet.when(command).so()
    third = first.when(edited).so().when(command).so()
    assert len(third.history) == len(first.history) + 2
    amended = [getattr(fact, "changed", None) for fact in facts_of(third, len(first.history))]
    assert amended == [(field,), (field,)]


@pytest.mark.allows("council.reference_fixed")
def test_an_edit_without_a_new_time_of_change_is_an_amendment_with_the_new_text_only() -> None:
    scenario = nothing_yet.when(PAPER).so()
    after = scenario.when(replace(PAPER, title=text("Neubau"))).so()
    (amended,) = facts_of(after, len(scenario.history))
    assert isinstance(amended, PaperAmended)
    assert amended.changed == ("title",)
    assert amended.title == text("Neubau")
    assert amended.further is None


@pytest.mark.parametrize(
    ("edited", "changed"),
    [
        (replace(PAPER, data=replace(PAPER.data, dated=date(2021, 2, 1))), ("dated",)),
        (replace(PAPER, further=None), ("further",)),
        (replace(PAPER, web=HOST), ("web",)),
        (replace(PAPER, title=None), ("title",)),
        (replace(PAPER, data=replace(PAPER.data, related=(reference("papers/9"),))), ("related",)),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, tuple) else "",
)
def test_an_amendment_names_what_the_source_changed(edited: SourcePaper, changed: tuple[str, ...]) -> None:
    scenario = nothing_yet.when(PAPER).so()
    after = scenario.when(edited).so()
    assert [getattr(fact, "changed", None) for fact in facts_of(after, len(scenario.history))] == [changed]
    after.when(edited).nothing()


def test_parts_are_changed_added_and_removed_by_their_source_id() -> None:
    scenario = nothing_yet.when(PAPER).so()
    renamed = replace(FILE, name=text("Antrag (neu)"))
    second = replace(FILE, source_id=HOST + "files/2", key=HOST + "files/2")
    authority = replace(CONSULTATION, data=replace(CONSULTATION.data, authoritative=False))
    after = scenario.when(replace(PAPER, files=(second, renamed), consultations=(authority,))).so()
    changed, attached, file_changed = facts_of(after, len(scenario.history))
    assert isinstance(changed, ConsultationChanged)
    assert changed.changed == ("authoritative",)
    assert isinstance(attached, PaperFileAttached)
    assert isinstance(file_changed, PaperFileChanged)
    assert (file_changed.changed, file_changed.name, file_changed.file_name) == (("name",), renamed.name, None)
    gone = after.when(replace(PAPER, files=(), consultations=())).so()
    removed: list[type[Fact]] = [ConsultationCancelled, PaperFileRemoved, PaperFileRemoved]
    assert [type(fact) for fact in facts_of(gone, len(after.history))] == removed


def test_a_part_that_occurs_twice_is_refused() -> None:
    nothing_yet.when(replace(PAPER, files=(FILE, FILE))).invalid("files")


def test_agenda_items_move_change_and_go() -> None:
    scenario = nothing_yet.when(MEETING).so()
    item = imported_id(ITEM.key)
    moved = replace(ITEM, data=replace(ITEM.data, number="2", order=2))
    after = scenario.when(replace(MEETING, items=(moved,))).then(
        AgendaItemMoved(item=item, old=AgendaPlace("1", 1), new=AgendaPlace("2", 2))
    )
    result = replace(moved, data=replace(moved.data, outcome=Outcome.REJECTED, source_result="abgelehnt"))
    changed = after.when(replace(MEETING, items=(result,))).so()
    (fact,) = facts_of(changed, len(after.history))
    assert isinstance(fact, AgendaItemChanged)
    assert fact.changed == ("outcome", "source_result")
    changed.when(replace(MEETING, items=())).then(AgendaItemRemoved(item=item))


def test_a_command_records_a_bounded_number_of_parts_and_goes_on_when_given_again() -> None:
    files = tuple(replace(FILE, source_id=f"{HOST}files/{n}", key=f"{HOST}files/{n}") for n in range(1, 6))
    many = replace(PAPER, files=files)
    first = nothing_yet.when(ImportPaper(system="oparl", paper=many, limit=4)).so()
    assert len(first.state.files) == 3
    again = UpdateImportedPaper(system="oparl", paper=many, limit=4)
    second = first.when(again).so()
    assert len(second.state.files) == 5
    second.when(again).nothing()
    second.when(replace(again, limit=0)).invalid("limit")
    nothing_yet.when(ImportMeeting(system="oparl", meeting=MEETING, limit=901)).invalid("limit")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (MeetingStatus.SCHEDULED, MeetingStatus.INVITED, MeetingInvited),
        (MeetingStatus.SCHEDULED, MeetingStatus.HELD, MeetingHeld),
        (MeetingStatus.INVITED, MeetingStatus.CANCELLED, MeetingCancelled),
        (MeetingStatus.CANCELLED, MeetingStatus.SCHEDULED, MeetingAmended),
        (MeetingStatus.HELD, MeetingStatus.INVITED, MeetingAmended),
    ],
)
def test_a_meeting_follows_the_state_of_its_source(
    before: MeetingStatus, after: MeetingStatus, expected: type[Fact]
) -> None:
    scenario = nothing_yet.when(replace(MEETING, status=before)).so()
    assert scenario.state.status is before
    changed = scenario.when(replace(MEETING, status=after)).so()
    assert [type(fact) for fact in facts_of(changed, len(scenario.history))] == [expected]
    assert changed.state.status is after
    changed.when(replace(MEETING, status=after)).nothing()


def test_two_meetings_of_the_past_may_share_a_time() -> None:
    twin = replace(MEETING, source_id=HOST + "meetings/2")
    nothing_yet.when(MEETING).so().about(imported_id("twin")).when(twin).so()


@any_import
def test_a_deleted_object_is_depublished_once_and_comes_back(command: Any) -> None:
    deleted = replace(command, deleted=True)
    scenario = nothing_yet.when(command).so()
    gone = scenario.when(deleted).then(GONE[type(command)](at_source=True))
    gone.when(deleted).nothing()
    gone.when(command).then(BACK[type(command)]())


@any_import
def test_a_deleted_object_that_was_never_here_leaves_nothing(command: Any) -> None:
    nothing_yet.when(replace(command, deleted=True)).nothing()


def test_what_was_depublished_here_stays_so_when_it_is_imported_again() -> None:
    depublished = nothing_yet.when(PAPER).so().when(DepublishPaper(reason=REASON)).so()
    depublished.when(PAPER).nothing()
    depublished.when(PublishPaper()).then(PaperPublished())


def test_what_its_source_deleted_is_not_published_here() -> None:
    gone = nothing_yet.when(PAPER).so().when(replace(PAPER, deleted=True)).so()
    gone.when(PublishPaper()).refused("council.led_in_source")


def test_an_imported_record_is_led_in_its_source() -> None:
    nothing_yet.when(PAPER).so().when(AmendPaper(title=text("x"), reason=REASON)).refused("council.led_in_source")
    nothing_yet.when(BODY).so().when(AmendBody(seats=3)).refused("council.led_in_source")
    meeting = nothing_yet.when(MEETING).so()
    meeting.when(CancelMeeting(reason=REASON)).refused("council.led_in_source")
    correct = CorrectMeeting(field=MeetingField.NAME, new_sealed=text("x"), reason=REASON)
    meeting.when(correct).refused("council.led_in_source")


@pytest.mark.parametrize(
    ("led_here", "command"),
    [(DRAFTED, PAPER), (SCHEDULED, MEETING), (ESTABLISHED, BODY)],
    ids=["paper", "meeting", "body"],
)
def test_a_record_that_is_led_here_is_not_overwritten(led_here: Fact, command: Any) -> None:
    Importing(FAMILY, RECORD, ((RECORD, led_here),)).when(command).refused("council.led_here")


def test_an_object_is_one_record() -> None:
    nothing_yet.when(PAPER).so().about(imported_id("elsewhere")).when(replace(PAPER, reference=None)).refused(
        "council.source_taken"
    )


def test_an_imported_paper_does_not_take_a_reference_that_is_used() -> None:
    scenario = Importing(FAMILY, imported_id("new"), a_paper().history)
    scenario.when(replace(PAPER, reference="01/17/2026")).refused("council.paper_reference_taken")


def test_a_paper_keeps_its_reference() -> None:
    scenario = nothing_yet.when(PAPER).so()
    scenario.when(replace(PAPER, reference="2021/0002")).refused("council.reference_fixed")


def test_a_record_of_another_kind_is_not_overwritten() -> None:
    nothing_yet.when(MEETING).so().when(PAPER).refused("council.record_missing")


@pytest.mark.parametrize("channel", [each for each in Channel if each is not Channel.IMPORT])
@any_import
def test_what_was_decided_elsewhere_comes_by_an_import_alone(command: Any, channel: Channel) -> None:
    nothing_yet.when(command, channel=channel).refused("council.import_only")
    taken_over = nothing_yet.when(command).so()
    taken_over.when(command, channel=channel).refused("council.import_only")


@pytest.mark.allows("council.import_only")
@pytest.mark.parametrize(("part", "whole"), [(CONSULTATION, PAPER), (ITEM, MEETING)], ids=["consultation", "item"])
def test_a_part_of_an_imported_record_comes_by_an_import_alone(part: Any, whole: Any) -> None:
    taken_over = nothing_yet.when(whole).so()
    taken_over.when(part, channel=Channel.STAFF).refused("council.import_only")
    taken_over.when(part).nothing()


@any_import
def test_an_object_is_taken_over_once(command: Any) -> None:
    nothing_yet.when(command).so().when(taking(command, new=True)).refused("council.record_exists")


def test_a_single_consultation_is_brought_up_to_its_source() -> None:
    scenario = nothing_yet.when(PAPER).so()
    scenario.when(CONSULTATION).nothing()
    edited = replace(CONSULTATION, data=replace(CONSULTATION.data, authoritative=False))
    after = scenario.when(edited).so()
    (fact,) = facts_of(after, len(scenario.history))
    assert isinstance(fact, ConsultationChanged)
    gone = ConsultationCancelled(consultation=imported_id(CONSULTATION.key))
    after.when(replace(CONSULTATION, deleted=True)).then(gone)
    second = replace(CONSULTATION, source_id=HOST + "consultations/2", key=HOST + "consultations/2")
    assert [each.id for each in after.when(second).so().state.consultations] == [
        imported_id(CONSULTATION.key),
        imported_id(second.key),
    ]


def test_a_single_agenda_item_is_brought_up_to_its_source_with_its_files() -> None:
    scenario = nothing_yet.when(MEETING).so()
    scenario.when(ITEM).nothing()
    item = imported_id(ITEM.key)
    file = replace(FILE, data=replace(FILE.data, item=item))
    after = scenario.when(UpdateImportedAgendaItem(system="oparl", item=ITEM, files=(file,))).so()
    assert [each.data.item for each in after.state.files] == [item]
    gone = after.when(replace(ITEM, deleted=True)).so()
    assert gone.state.items == gone.state.files == ()


def test_what_is_too_long_for_a_code_an_address_or_a_text_is_refused() -> None:
    nothing_yet.when(replace(PAPER, data=replace(PAPER.data, source_type="x" * 201))).invalid("source_type")
    nothing_yet.when(replace(PAPER, web="x" * 2001)).invalid("web")
    nothing_yet.when(replace(PAPER, title=text("x" * 100_001))).invalid("title")
    nothing_yet.when(replace(PAPER, files=(replace(FILE, source_id="x" * 2001),))).invalid("source_id")


def test_equal_texts_of_two_objects_have_unlike_digests() -> None:
    twin = replace(PAPER, source_id=HOST + "papers/2", reference=None)
    digests = [
        fact.source.digests
        for command in (PAPER, twin)
        for fact in facts_of(nothing_yet.when(command).so())
        if isinstance(fact, PaperDrafted) and fact.source
    ]
    assert not set(digests[0]) & set(digests[1])


def test_an_amended_body_names_what_changed() -> None:
    scenario = nothing_yet.when(BODY).so()
    edited = replace(BODY, data=replace(BODY.data, valid_until=date(2024, 1, 1)))
    after = scenario.when(edited).so()
    (amended,) = facts_of(after, len(scenario.history))
    assert isinstance(amended, BodyAmended)
    assert amended.changed == ("valid_until",)
    assert not isinstance(amended, On)


titles = st.none() | st.sampled_from(["Umbau", "Neubau", "Rückbau"]).map(text)
some_files = st.lists(
    st.builds(
        lambda n, name, role: replace(
            FILE, key=f"{HOST}files/{n}", source_id=f"{HOST}files/{n}", name=name, data=replace(FILE.data, role=role)
        ),
        st.integers(1, 4),
        titles,
        st.sampled_from([FileRole.MAIN, FileRole.AUXILIARY]),
    ),
    max_size=4,
    unique_by=lambda file: file.key,
)
some_papers = st.builds(
    lambda title, public, files, consulted: replace(
        PAPER,
        title=title,
        data=replace(PAPER.data, public=public),
        files=tuple(files),
        consultations=(CONSULTATION,) if consulted else (),
    ),
    titles,
    st.booleans(),
    some_files,
    st.booleans(),
)


@examples(st.lists(some_papers, min_size=1, max_size=4))
def test_a_record_arrives_where_its_source_is_whichever_way(papers: list[SourcePaper]) -> None:
    scenario = nothing_yet
    for paper in papers:
        scenario = scenario.when(paper).so()
    scenario.when(papers[-1]).nothing()
    direct = nothing_yet.when(papers[-1]).so().state
    assert scenario.state.data == direct.data
    assert scenario.state.source == direct.source
    assert {file.id: file for file in scenario.state.files} == {file.id: file for file in direct.files}
    assert scenario.state.consultations == direct.consultations
