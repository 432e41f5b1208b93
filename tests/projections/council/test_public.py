"""What everybody may see: never anything that is not published and public."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.council.facts import (
    MeetingDepublished,
    MeetingFileAttached,
    MeetingPublished,
    PaperDepublished,
    PaperFileAttached,
    PaperPublished,
    PublicExcluded,
    ResolutionAdopted,
)
from domain.council.parts import FileData
from domain.council.vocabulary import FileRole, Publication
from domain.kernel import Sealed
from projections.council import public
from tests.domain.council.examples import (
    ADOPTED,
    DRAFTED,
    ITEM,
    ITEM_ADDED,
    MEETING,
    ON_AGENDA,
    PAPER,
    PLANNED,
    PRESENT,
    REASON,
    RELEASED,
    RESOLUTION,
    RESOLVED,
    SCHEDULED,
    VOTED,
    a_city,
)
from tests.projections.council.tables import Connection, ask, empty_registers, keep_all
from tests.scenario import Given

YES_NO = (True, False)
CHOICES = ("paper", "item", "resolution", "paper_is_out", "meeting_is_out", "files")


@pytest.fixture
def registers(admin: Connection) -> Iterator[Connection]:
    with empty_registers(admin) as connection:
        yield connection


def a_file(of: type[Any], public: bool, item: UUID | None = None) -> Any:
    return of(
        file=uuid4(), data=FileData(role=FileRole.AUXILIARY, public=public, item=item), name=Sealed("x"), file_name=None
    )


def a_cycle(
    *, paper: bool, item: bool, resolution: bool, paper_is_out: bool, meeting_is_out: bool, files: bool
) -> Given:
    """A paper and a meeting that decided on it, each part public or not, each record published or not."""
    drafted = replace(DRAFTED, data=replace(DRAFTED.data, public=paper))
    added = replace(ITEM_ADDED, data=replace(ITEM_ADDED.data, public=item))
    adopted: ResolutionAdopted = replace(RESOLVED, public=resolution)
    about_paper = [drafted, RELEASED, PLANNED, a_file(PaperFileAttached, files)]
    about_meeting = [SCHEDULED, added, a_file(MeetingFileAttached, files, ITEM), PRESENT, VOTED, ADOPTED]
    city = a_city(PAPER).beside(PAPER, *about_paper, *([PaperPublished()] if paper_is_out else []))
    city = city.beside(MEETING, *about_meeting, *([MeetingPublished()] if meeting_is_out else []))
    return city.beside(PAPER, ON_AGENDA).beside(RESOLUTION, adopted)


def test_nothing_non_public_and_nothing_unpublished_is_seen(registers: Connection) -> None:
    for choice in product(YES_NO, repeat=len(CHOICES)):
        with registers.transaction(force_rollback=True):
            only_the_public_part_is_seen(registers, **dict(zip(CHOICES, choice, strict=True)))


def only_the_public_part_is_seen(
    registers: Connection,
    *,
    paper: bool,
    item: bool,
    resolution: bool,
    paper_is_out: bool,
    meeting_is_out: bool,
    files: bool,
) -> None:
    cycle = a_cycle(
        paper=paper,
        item=item,
        resolution=resolution,
        paper_is_out=paper_is_out,
        meeting_is_out=meeting_is_out,
        files=files,
    )
    keep_all(registers, cycle)
    papers, meetings, items, seen = (ask(registers, report) for report in public.REPORTS)
    assert bool(papers) == (paper and paper_is_out)
    assert bool(meetings) == meeting_is_out
    assert bool(items) == (item and meeting_is_out)
    for row in items:
        assert (row.paper_id is not None) == (paper and paper_is_out)
        assert (row.resolution_text is not None) == (row.resolution_number is not None) == resolution
    expected = {PAPER} if files and paper and paper_is_out else set()
    expected |= {MEETING} if files and item and meeting_is_out else set()
    assert {row.record_id for row in seen} == expected


ALL_OUT = dict.fromkeys(CHOICES, True)


def test_of_what_was_depublished_a_tombstone_stays(registers: Connection) -> None:
    cycle = a_cycle(**ALL_OUT).beside(PAPER, PaperDepublished(reason=REASON))
    keep_all(registers, cycle.beside(MEETING, MeetingDepublished(at_source=True)))
    (paper,), (meeting,), items, files = (ask(registers, report) for report in public.REPORTS)
    assert (paper.reference, paper.publication) == ("01/17/2026", Publication.DEPUBLISHED)
    assert {paper.title, paper.paper_type, paper.status, paper.dated} == {None}
    assert (meeting.meeting_number, meeting.publication) == ("RAT/2026/03", Publication.DELETED_AT_SOURCE)
    assert {meeting.name, meeting.location, meeting.status, meeting.starts_at} == {None}
    assert (items, files) == ([], [])


def test_an_item_from_which_the_public_is_excluded_takes_its_files_along(registers: Connection) -> None:
    keep_all(registers, a_cycle(**ALL_OUT).beside(MEETING, PublicExcluded(item=ITEM, ground=REASON)))
    _, _, items, files = (ask(registers, report) for report in public.REPORTS)
    assert items == []
    assert [row.record_id for row in files] == [PAPER]
