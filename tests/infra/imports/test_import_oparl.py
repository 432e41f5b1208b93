"""OParl objects become council records: once, whole; then what changed at the source, and nothing else."""

import gzip
import io
import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from domain.council.parts import imported_id
from domain.council.state import MeetingState, PaperState
from domain.council.vocabulary import Publication
from infra.imports.framework import SourceError
from infra.imports.oparl import importer
from infra.imports.oparl.gathering import MOST_OBJECTS
from infra.imports.oparl.importing import MOST_PARTS, most_parts
from infra.imports.oparl.objects import parsed
from infra.imports.rehearsal import LedgerBook, Rehearsal
from infra.imports.runner import ROWS_PER_CHUNK, Counts, run
from infra.ledger import Ledger
from tests.infra.imports.oparl_samples import (
    a_consultation,
    a_file,
    a_meeting,
    a_paper,
    an_agenda_item,
    an_organization,
    deleted,
    url,
    write_lines,
    write_page,
)

pytestmark = pytest.mark.any_server

Admin = psycopg.Connection[tuple[Any, ...]]


def imported(ledger: Ledger, path: Path) -> tuple[Counts, list[dict[str, Any]]]:
    """The counts, and what was rejected, of an import that reads its source to the end."""
    rejects = io.StringIO()
    result = run(importer(), [path], LedgerBook(ledger), rejects=rejects)
    assert not result.faults, result.faults
    counts = result.counts
    assert counts.read == counts.recorded + counts.unchanged + counts.rejected
    return counts, [json.loads(line) for line in rejects.getvalue().splitlines()]


def taken(ledger: Ledger, tmp_path: Path, *things: Any) -> Counts:
    """The counts of an import of these objects, none of which is rejected."""
    counts, rejects = imported(ledger, write_lines(tmp_path / "some.jsonl", things))
    assert rejects == []
    return counts


def record(path: str) -> UUID:
    return imported_id(url(path))


def topics(admin: Admin, path: str) -> list[str]:
    rows = admin.execute("select topic from ledger.event where record_id = %s order by version", (record(path),))
    return [str(row[0]).split(".")[1] for row in rows.fetchall()]


def some_of_each() -> list[dict[str, Any]]:
    return [an_organization(), a_meeting(), *(a_paper(n) for n in range(1, 4))]


def paper_state(ledger: Ledger, path: str = "papers/1") -> PaperState:
    state = ledger.stream(record(path)).state
    assert isinstance(state, PaperState)
    return state


@pytest.mark.parametrize("name", ["things.jsonl", "things.jsonl.gz", "things.json"])
def test_a_source_is_recorded_once(ledger: Ledger, tmp_path: Path, name: str) -> None:
    write = write_page if name == "things.json" else write_lines
    path = write(tmp_path / name, some_of_each())
    counts, _ = imported(ledger, path)
    # Organization 2; meeting 2, its items 2, their outcomes 2, its file; each paper 3, its consultation, its file.
    assert counts == Counts(read=5, recorded=5, records=5, events=2 + 7 + 3 * 5)
    again, _ = imported(ledger, path)
    assert again == Counts(read=5, unchanged=5)


def test_the_facts_are_the_familys_own(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    taken(ledger, tmp_path, *some_of_each())
    assert topics(admin, "papers/1") == [
        "paper_drafted",
        "paper_released",
        "paper_published",
        "consultation_planned",
        "paper_file_attached",
    ]
    assert topics(admin, "meetings/1") == [
        "meeting_scheduled",
        "meeting_published",
        "agenda_item_added",
        "agenda_item_added",
        "meeting_file_attached",
        "agenda_item_changed",
        "agenda_item_changed",
    ]


def test_times_of_the_source_become_times_of_effect(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    taken(ledger, tmp_path, a_meeting(), a_paper(created="2021-01-04T00:00:00+01:00"))
    rows = admin.execute(
        "select distinct effective_at, envelope->>'effective_precision', topic like '%%changed%%' from ledger.event"
        " where record_id = %s order by 1",
        (record("meetings/1"),),
    ).fetchall()
    # What came of an item is known of the meeting's day, not of the day on which it was entered.
    assert rows == [
        (datetime(2021, 1, 4, 10, 34, 38, tzinfo=UTC), "instant", False),
        (datetime(2021, 2, 9, 18, 0, tzinfo=UTC), "instant", True),
    ]
    day = admin.execute(
        "select distinct effective_at, envelope->>'effective_precision' from ledger.event where record_id = %s",
        (record("papers/1"),),
    ).fetchall()
    assert day == [(datetime(2021, 1, 3, 23, 0, tzinfo=UTC), "day")]


def test_a_time_that_is_yet_to_come_is_kept_but_takes_no_effect(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    taken(ledger, tmp_path, a_paper(created="2999-01-01T12:00:00Z", modified="2999-01-01T12:00:00Z"))
    rows = admin.execute(
        "select effective_at < clock_timestamp(), body->'source'->>'created' from ledger.event"
    ).fetchall()
    assert rows[0] == (True, "2999-01-01T12:00:00Z")


def test_a_changed_file_records_the_change_only(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    taken(ledger, tmp_path, *some_of_each())
    edited = a_paper(2, name="Neubau", modified="2025-05-01T08:00:00+02:00")
    things = [edited if each["id"] == edited["id"] else each for each in some_of_each()]
    assert taken(ledger, tmp_path, *things) == Counts(read=5, recorded=1, unchanged=4, records=1, events=1)
    ((body, effective),) = admin.execute(
        "select body->'changed', effective_at from ledger.event where topic = 'council.paper_amended.v2'"
    ).fetchall()
    assert body == ["title"]
    assert effective == datetime(2025, 5, 1, 6, 0, tzinfo=UTC)


def test_an_edit_without_a_new_time_of_change_takes_effect_now(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    taken(ledger, tmp_path, a_paper())
    assert taken(ledger, tmp_path, a_paper(name="Neubau")).recorded == 1
    ((recent,),) = admin.execute(
        "select recorded_at - effective_at < interval '1 minute' from ledger.event"
        " where topic = 'council.paper_amended.v2'"
    ).fetchall()
    assert recent is True


def test_another_time_of_change_alone_is_no_change(ledger: Ledger, tmp_path: Path) -> None:
    taken(ledger, tmp_path, a_paper())
    touched = a_paper(modified="2025-12-01T00:00:00Z", auxiliaryFile=[a_file(modified="2025-12-01T00:00:00Z")])
    assert taken(ledger, tmp_path, touched) == Counts(read=1, unchanged=1)


@pytest.mark.parametrize("apart", [True, False], ids=["three imports", "one file"])
def test_there_and_back_again_is_three_changes(ledger: Ledger, admin: Admin, tmp_path: Path, apart: bool) -> None:
    there, back = a_paper(name="B"), a_paper(name="A")
    if apart:
        counts = [taken(ledger, tmp_path, each) for each in (back, there, back, there, there)]
        assert [each.recorded for each in counts] == [1, 1, 1, 1, 0]
    else:
        counts = [taken(ledger, tmp_path, back, back, there, back, there) for _ in range(2)]
        assert [each.recorded for each in counts] == [4, 0]
    assert Counter(topics(admin, "papers/1"))["paper_amended"] == 3


def test_versions_that_stand_apart_in_a_file_are_recorded_once(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    between = [an_organization(n, name=f"Ausschuss {n}") for n in range(1, ROWS_PER_CHUNK + 2)]
    path = write_lines(tmp_path / "some.jsonl", [a_paper(name="A"), *between, a_paper(name="B")])
    rehearsed = run(importer(), [path, path], Rehearsal(ledger)).counts
    result = run(importer(), [path, path], LedgerBook(ledger))
    rows = len(between) + 2
    assert result.counts == rehearsed
    assert (result.counts.read, result.counts.recorded, result.counts.unchanged) == (2 * rows, rows, rows)
    assert Counter(topics(admin, "papers/1"))["paper_amended"] == 1
    assert imported(ledger, path)[0] == Counts(read=rows, unchanged=rows)


def test_a_file_goes_on_after_the_version_that_is_recorded(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    a, b, c = (a_paper(name=name) for name in "ABC")
    taken(ledger, tmp_path, a, b)
    assert taken(ledger, tmp_path, a, b, c) == Counts(read=3, recorded=1, unchanged=2, records=1, events=1)
    assert taken(ledger, tmp_path, a, b, c, a) == Counts(read=4, recorded=1, unchanged=3, records=1, events=1)
    assert taken(ledger, tmp_path, b).recorded == 1
    assert Counter(topics(admin, "papers/1"))["paper_amended"] == 4


@pytest.mark.parametrize("refused", [0, 1, 2])
def test_a_refused_version_hinders_no_other(ledger: Ledger, tmp_path: Path, refused: int) -> None:
    things = [a_paper(name="A"), a_paper(name="B")]
    things.insert(refused, a_paper(name="C", reference=f"2021/{9 - (refused == 0) * 7:04}"))
    taken(ledger, tmp_path, a_paper(2), *([a_paper()] if refused == 0 else []))
    path = write_lines(tmp_path / "versions.jsonl", things)
    counts, rejects = imported(ledger, path)
    assert (counts.recorded, [each["row"] for each in rejects]) == (2, [refused + 1])
    again, _ = imported(ledger, path)
    assert again == Counts(read=3, unchanged=2, rejected=1)


def test_a_refused_part_hinders_no_other(ledger: Ledger, tmp_path: Path) -> None:
    refused = a_consultation(2, role="x" * 201)
    path = write_lines(tmp_path / "some.jsonl", [a_paper(), refused, a_consultation(role="Anhörung")])
    counts, _ = imported(ledger, path)
    assert (counts.recorded, counts.rejected) == (2, 1)
    assert imported(ledger, path)[0] == Counts(read=3, unchanged=2, rejected=1)


@pytest.mark.parametrize("whole_first", [True, False], ids=["the whole first", "the part first"])
def test_a_part_alone_and_within_its_whole_are_recorded_once(ledger: Ledger, tmp_path: Path, whole_first: bool) -> None:
    taken(ledger, tmp_path, a_paper(), a_meeting())
    files = [a_file(70), a_file(71)]
    for whole, lone in (
        (a_paper(), a_consultation(role="Anhörung")),
        (a_paper(), a_consultation(7, role="Anhörung")),
        (a_paper(), deleted(a_consultation()) | {"paper": url("papers/1")}),
        (a_meeting(), an_agenda_item(result="vertagt", auxiliaryFile=files)),
        (a_meeting(name="Anders"), an_agenda_item(9)),
        (a_meeting(), deleted(an_agenda_item(2)) | {"meeting": url("meetings/1")}),
    ):
        taken(ledger, tmp_path, a_paper(), a_meeting())
        things = [whole, lone] if whole_first else [lone, whole]
        assert (taken(ledger, tmp_path, *things).events > 0) == (whole_first or whole["name"] == "Anders")
        assert taken(ledger, tmp_path, *things) == Counts(read=2, unchanged=2)


def test_an_unchanged_part_does_not_hide_a_changed_whole(ledger: Ledger, tmp_path: Path) -> None:
    taken(ledger, tmp_path, a_paper())
    assert taken(ledger, tmp_path, a_paper(name="Neu"), a_consultation()).events == 1
    assert taken(ledger, tmp_path, a_paper(name="Neu"), a_consultation()).events == 0


def test_what_is_deleted_at_the_end_of_a_file_stays_deleted(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    things = [a_paper(), deleted(a_paper())]
    assert taken(ledger, tmp_path, *things).recorded == 2
    assert taken(ledger, tmp_path, *things) == Counts(read=2, unchanged=2)
    assert paper_state(ledger).publication is Publication.DELETED_AT_SOURCE


def test_an_object_that_cannot_be_told_or_kept_is_rejected_wherever_it_stands(ledger: Ledger, tmp_path: Path) -> None:
    odd = [a_paper(name="\ud800"), a_paper(pages=2**62), a_paper(share=0.1), {"id": "\ud800"}, a_paper() | {"type": 7}]
    path = tmp_path / "page.json"
    path.write_text(json.dumps({"data": [*odd, a_paper(), *odd]}, indent=1))
    counts, _ = imported(ledger, path)
    assert counts.read == 11
    assert imported(ledger, path)[0] == Counts(read=11, unchanged=11 - counts.rejected, rejected=counts.rejected)


def test_more_than_can_be_planned_of_one_record_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    things = [an_organization(name="A" if n % 2 else "B") for n in range(MOST_OBJECTS)]
    path = write_lines(tmp_path / "some.jsonl", [*things, an_organization(name="C"), an_organization(2)])
    counts, rejects = imported(ledger, path)
    assert (counts.read, counts.rejected) == (MOST_OBJECTS + 2, 1)
    assert (rejects[0]["row"], rejects[0]["rule"]) == (MOST_OBJECTS + 1, None)
    assert imported(ledger, path)[0].events == 0


def test_what_was_deleted_is_depublished_and_comes_back(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    taken(ledger, tmp_path, *some_of_each())
    tombstones = [deleted(each) for each in some_of_each()]
    assert taken(ledger, tmp_path, *tombstones) == Counts(read=5, recorded=5, records=5, events=5)
    assert paper_state(ledger).publication is Publication.DELETED_AT_SOURCE
    assert taken(ledger, tmp_path, *tombstones).recorded == 0
    assert taken(ledger, tmp_path, *some_of_each()).events == 5
    assert topics(admin, "organizations/1")[-2:] == ["body_depublished", "body_published"]
    assert paper_state(ledger).publication is Publication.PUBLISHED


def test_a_tombstone_of_what_was_never_here_leaves_nothing(ledger: Ledger, tmp_path: Path) -> None:
    assert taken(ledger, tmp_path, deleted(a_paper())) == Counts(read=1, unchanged=1)
    assert ledger.stream(record("papers/1")).version == 0


def test_a_dangling_reference_is_kept_and_finds_its_record_when_it_comes(ledger: Ledger, tmp_path: Path) -> None:
    taken(ledger, tmp_path, a_paper())
    (consultation,) = paper_state(ledger).consultations
    assert consultation.data.meeting is not None
    assert consultation.data.meeting.source_id == url("meetings/1")
    assert ledger.stream(consultation.data.meeting.record).version == 0
    taken(ledger, tmp_path, a_meeting())
    assert isinstance(ledger.stream(consultation.data.meeting.record).state, MeetingState)


def test_parts_that_come_go_and_change_are_recorded_one_by_one(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    taken(ledger, tmp_path, a_meeting(agendaItem=[an_agenda_item(1), an_agenda_item(2)]))
    before = len(topics(admin, "meetings/1"))
    items = [an_agenda_item(2, number="1", order=1), an_agenda_item(3), an_agenda_item(4, name="Neu", public=False)]
    taken(ledger, tmp_path, a_meeting(agendaItem=items, invitation=None, cancelled=True))
    assert topics(admin, "meetings/1")[before:] == [
        "meeting_cancelled",
        "agenda_item_moved",
        "agenda_item_added",
        "agenda_item_added",
        "agenda_item_removed",
        "meeting_file_removed",
    ]


def test_consultations_and_agenda_items_alone_change_their_record(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    taken(ledger, tmp_path, a_paper(), a_meeting())
    assert taken(ledger, tmp_path, a_consultation(), an_agenda_item()).unchanged == 2
    changed = taken(ledger, tmp_path, a_consultation(role="Anhörung"), an_agenda_item(result="vertagt"))
    assert changed == Counts(read=2, recorded=2, records=2, events=2)
    assert topics(admin, "papers/1")[-1] == "consultation_changed"
    assert topics(admin, "meetings/1")[-1] == "agenda_item_changed"


def test_what_cannot_be_read_or_is_forbidden_is_rejected_with_its_reason(ledger: Ledger, tmp_path: Path) -> None:
    things: list[Any] = [
        a_paper(1),
        "nonsense",
        a_paper(2, date="yesterday"),
        a_paper(3, reference="2021/0001"),
        a_consultation(9, paper=url("papers/99")),
        a_paper(1, reference="2021/0009"),
        a_paper(4),
    ]
    counts, rejects = imported(ledger, write_lines(tmp_path / "some.jsonl", things))
    assert (counts.read, counts.recorded, counts.rejected) == (7, 2, 5)
    assert [(each["row"], each["source_id"], each["rule"]) for each in sorted(rejects, key=lambda e: e["row"])] == [
        (2, None, None),
        (3, url("papers/2"), None),
        (4, url("papers/3"), "council.paper_reference_taken"),
        (5, url("consultations/9"), None),
        (6, url("papers/1"), "council.reference_fixed"),
    ]
    assert "date is not a date" in next(each["message"] for each in rejects if each["row"] == 3)


def test_a_source_that_breaks_off_keeps_what_stood_before(ledger: Ledger, tmp_path: Path) -> None:
    whole = write_page(tmp_path / "page.json", [a_paper(1), a_paper(2), a_paper(3)]).read_text()
    broken = tmp_path / "broken.json"
    broken.write_text(whole[: whole.rindex('"consultation"')])
    result = run(importer(), [broken], LedgerBook(ledger))
    assert [type(fault.error) for fault in result.faults] == [SourceError]
    assert (result.counts.recorded, result.counts.rejected) == (2, 0)
    assert ledger.stream(record("papers/3")).version == 0
    assert imported(ledger, tmp_path / "page.json")[0] == Counts(read=3, recorded=1, unchanged=2, records=1, events=5)


def test_an_object_with_many_parts_takes_several_commands(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    many = a_paper(auxiliaryFile=[a_file(n, name="ü" * 1_000) for n in range(1, 261)])
    assert taken(ledger, tmp_path, many).recorded == 1
    assert len(paper_state(ledger).files) == 260
    assert taken(ledger, tmp_path, many).unchanged == 1
    ((commands,),) = admin.execute("select count(distinct command_id) from ledger.event").fetchall()
    assert commands == 6
    fewer = many | {"auxiliaryFile": many["auxiliaryFile"][:1]}
    assert taken(ledger, tmp_path, fewer).events == 259
    assert len(paper_state(ledger).files) == 1


def test_parts_with_long_texts_go_into_smaller_commands() -> None:
    def limit(name: str) -> int:
        _, thing = parsed(a_paper(auxiliaryFile=[a_file(name=name)]))
        return most_parts(thing.files)  # type: ignore[union-attr]  # it is a paper

    assert limit("x") == MOST_PARTS
    assert 1 < limit("x" * 10_000) < 20
    assert limit("ü" * 100_000) == 1


def test_an_import_that_was_interrupted_goes_on(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    things = [a_meeting(1), *(a_paper(n) for n in range(1, 6))]
    taken(ledger, tmp_path, *things[:3])
    counts = taken(ledger, tmp_path, *things)
    assert (counts.recorded, counts.unchanged) == (3, 3)
    assert taken(ledger, tmp_path, *things).recorded == 0


def test_a_rehearsal_counts_alike_and_records_nothing(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "some.jsonl", [*some_of_each(), a_paper(9, reference="2021/0001"), a_paper(1, name="B")]
    )
    rehearsed = run(importer(), [path], Rehearsal(ledger)).counts
    assert admin.execute("select count(*) from ledger.event").fetchall() == [(0,)]
    assert rehearsed == run(importer(), [path], LedgerBook(ledger)).counts


def test_no_word_of_a_text_lies_in_clear(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    things: Iterable[dict[str, Any]] = [
        a_paper(
            name="Geheimwort Eins", keyword=["Geheimwort"], mainFile=a_file(5, name="Geheimwort", fileName="Geheimwort")
        ),
        a_meeting(
            name="Geheimwort",
            location={"id": url("locations/1"), "type": "x", "description": "Geheimwort"},
            agendaItem=[an_agenda_item(name="Geheimwort", resolutionText="Geheimwort")],
        ),
        an_organization(name="Geheimwort"),
    ]
    taken(ledger, tmp_path, *things)
    ((found,),) = admin.execute(
        "select count(*) from ledger.event where body::text ilike '%geheimwort%' or envelope::text ilike '%geheimwort%'"
    ).fetchall()
    assert found == 0


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("karlsruhe_organizations.jsonl.gz", 97),
        ("karlsruhe_meetings_2021_2022.jsonl.gz", 339),
        ("karlsruhe_papers_2021_2022.jsonl.gz", 1851),
    ],
)
def test_a_citys_real_objects_are_recorded_once(
    ledger: Ledger, admin: Admin, test_data: Path, tmp_path: Path, name: str, rows: int
) -> None:
    path = test_data / "oparl" / name
    counts, rejects = imported(ledger, path)
    assert (counts.read, counts.recorded, rejects) == (rows, rows, [])
    assert imported(ledger, path)[0] == Counts(read=rows, unchanged=rows)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        things = [json.loads(line) for line in file]
    _agree(admin, things)
    edited = things[-1] | {"name": "Anders"}
    assert taken(ledger, tmp_path, *things[-3:-1], edited) == Counts(
        read=3, recorded=1, unchanged=2, records=1, events=1
    )


def _agree(admin: Admin, things: list[dict[str, Any]]) -> None:
    """Every object and every part of it is recorded with its source id, once, and nothing else is."""
    expected: Counter[str] = Counter()
    for each in things:
        expected[each["id"]] += 1
        for name in ("auxiliaryFile", "consultation", "agendaItem"):
            for part in each.get(name, []):
                expected[part["id"]] += 1
                expected.update(file["id"] for file in part.get("auxiliaryFile", []))
        expected.update(each[name]["id"] for name in ("invitation", "resultsProtocol") if name in each)
    rows = admin.execute(
        "select body->'source'->>'source_id', count(*) from ledger.event"
        " where topic ~ '(established|drafted|scheduled|planned|added|attached)[.]v[0-9]+$'"
        " and body->'source' is not null"
        " group by 1"
    ).fetchall()
    assert dict(rows) == expected
