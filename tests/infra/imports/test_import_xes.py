"""Case logs become cases with documented steps: once, in order, at their times; what changed, and nothing else."""

import io
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID

import psycopg
import pytest

from domain.efile.commands import CloseCase, CloseFile, DefineFilePlanUnit, OpenFile
from domain.efile.facts import FILE_REFERENCE_CLAIM
from domain.efile.state import Case
from domain.efile.vocabulary import DisposalKind
from domain.families import FAMILIES
from domain.kernel import Command, Sealed
from domain.requests import Outcome, Request, Unavailable
from infra.database import Database
from infra.imports.framework import record_id
from infra.imports.rehearsal import LedgerBook, Rehearsal
from infra.imports.runner import Counts, Result, run
from infra.imports.xes import XesImporter
from infra.ledger import Ledger
from tests.database import CLERK, KEK
from tests.infra.imports.xes_samples import SampleEvent, SampleTrace, log, some_traces, write

pytestmark = pytest.mark.any_server

Admin = psycopg.Connection[tuple[Any, ...]]
IMPORTER = XesImporter()


def imported(ledger: Ledger, path: Path, importer: XesImporter = IMPORTER) -> tuple[Counts, list[dict[str, Any]]]:
    """The counts, and what was rejected, of an import that reads its source to the end."""
    rejects = io.StringIO()
    result = run(importer, [path], LedgerBook(ledger), rejects=rejects)
    assert not result.faults, result.faults
    return result.counts, [json.loads(line) for line in rejects.getvalue().splitlines()]


def case_id(name: str, source: str = "sample") -> UUID:
    return record_id("xes", f"case\0{source}\0{name}")


def case_of(ledger: Ledger, name: str, source: str = "sample") -> Case:
    state = ledger.stream(case_id(name, source)).state
    assert isinstance(state, Case)
    return state


def do(ledger: Ledger, command: Command, record_id: UUID | None = None) -> Outcome:
    return ledger.handle(
        Request(command=command, principal=CLERK, idempotency_key=f"{command}{record_id}", record_id=record_id)
    )


def steps(admin: Admin, name: str, source: str = "sample") -> list[tuple[Any, ...]]:
    """Activity, time and precision of a case's steps, in the order of their versions, straight from the table."""
    return admin.execute(
        "select body->'step'->>'activity', effective_at, envelope->>'effective_precision' from ledger.event"
        " where record_id = %s and topic = 'efile.circulation_step_recorded.v2' order by version",
        (case_id(name, source),),
    ).fetchall()


def test_a_log_is_recorded_once(ledger: Ledger, tmp_path: Path) -> None:
    path = write(tmp_path / "sample.xes.gz", some_traces(7))
    counts, rejects = imported(ledger, path)
    # A plan unit, a file; for each case that it was opened, that its file learned of it, and its steps.
    assert counts == Counts(read=35, recorded=35, records=7, events=2 + 7 * 2 + 35)
    assert rejects == []
    again, _ = imported(ledger, path)
    assert again == Counts(read=35, unchanged=35)


def test_steps_keep_the_order_of_the_log_and_its_times(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    trace = SampleTrace(
        events=(
            SampleEvent("B", at="2024-04-11T00:00:00+02:00"),
            SampleEvent("A", at="2024-04-11T00:00:00+02:00"),
            SampleEvent("C", at="2024-04-11T00:00:00+00:00"),
            SampleEvent("D", at="2024-04-11T09:15:00.250001+02:00"),
            SampleEvent("E", at="2024-01-11T00:00:00"),
            SampleEvent("F", at="2023-12-31"),
        )
    )
    imported(ledger, write(tmp_path / "sample.xes", [trace]))
    midnight = datetime(2024, 4, 10, 22, tzinfo=UTC)
    assert steps(admin, "case-1") == [
        ("B", midnight, "day"),
        ("A", midnight, "day"),
        ("C", datetime(2024, 4, 11, tzinfo=UTC), "instant"),
        ("D", datetime(2024, 4, 11, 7, 15, 0, 250001, tzinfo=UTC), "instant"),
        ("E", datetime(2024, 1, 10, 23, tzinfo=UTC), "day"),
        ("F", datetime(2023, 12, 30, 23, tzinfo=UTC), "day"),
    ]


def test_midnight_is_that_of_the_zone_the_clock_hangs_in(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    trace = SampleTrace(events=(SampleEvent(at="2024-04-11T00:00:00Z"), SampleEvent(at="2024-04-11T00:00:00+02:00")))
    imported(ledger, write(tmp_path / "sample.xes", [trace]), XesImporter(zone="Europe/London"))
    assert [precision for *_, precision in steps(admin, "case-1")] == ["instant", "instant"]
    trace = SampleTrace(name="case-2", events=(SampleEvent(at="2024-04-10T23:00:00Z"),))
    imported(ledger, write(tmp_path / "sample.xes", [trace]), XesImporter(zone="Europe/London"))
    assert [precision for *_, precision in steps(admin, "case-2")] == ["day"]


def test_a_case_is_opened_in_a_file_of_its_source(ledger: Ledger, tmp_path: Path) -> None:
    trace = SampleTrace(more={"startDate": "2024-04-01T00:00:00+02:00"}, events=(SampleEvent(),))
    imported(ledger, write(tmp_path / "bauamt.xes", [trace]))
    case = case_of(ledger, "case-1")
    assert (case.reference, case.opened_on.isoformat()) == ("XES/bauamt/case-1", "2024-04-01")
    file_id = ledger.lookup(FILE_REFERENCE_CLAIM, "XES/bauamt")
    assert file_id == case.file_id
    assert ledger.stream(case.file_id).state.open_cases == 1


def test_without_a_start_a_case_is_opened_with_its_first_event(ledger: Ledger, tmp_path: Path) -> None:
    traces = [
        SampleTrace("a", (SampleEvent(at="2024-04-11T09:00:00+02:00"),)),
        SampleTrace("b", (SampleEvent(at="2024-04-12T09:00:00+02:00"),), {"startdate": "soon"}),
    ]
    imported(ledger, write(tmp_path / "sample.xes", traces))
    assert case_of(ledger, "a").opened_on.isoformat() == "2024-04-11"
    assert case_of(ledger, "b").opened_on.isoformat() == "2024-04-12"


def test_a_trace_without_events_is_a_case_without_steps(ledger: Ledger, tmp_path: Path) -> None:
    counts, _ = imported(ledger, write(tmp_path / "sample.xes", [SampleTrace("empty")]))
    assert counts == Counts(read=0, records=1, events=4)
    assert case_of(ledger, "empty").entries == ()


def test_people_are_pseudonyms_and_free_text_is_sealed(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    events = (
        SampleEvent(resource="Frau Yılmaz", more={"remark": "ruft Herrn Öztürk an"}),
        SampleEvent(resource="Frau Yılmaz"),
        SampleEvent(resource="Herr Öztürk"),
        SampleEvent(resource=None),
    )
    imported(ledger, write(tmp_path / "sample.xes", [SampleTrace(events=events, more={"applicant": "Meier"})]))
    entries = case_of(ledger, "case-1").entries
    first, second, third, nobody = (entry.step.performer for entry in entries)
    assert first == second != third
    assert nobody is None
    stored = "".join(row[0] for row in admin.execute("select envelope::text || body::text from ledger.event"))
    assert not [word for word in ("Yılmaz", "Öztürk", "Meier", "remark") if word in stored]
    details = entries[0].details
    assert details is not None
    assert ledger.vault.reveal([details]) == ['{"remark":"ruft Herrn Öztürk an"}']
    case_details = case_of(ledger, "case-1").details
    assert case_details is not None
    assert ledger.vault.reveal([case_details]) == ['{"applicant":"Meier"}']


def test_the_envelope_tells_that_it_was_an_import(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    imported(ledger, write(tmp_path / "sample.xes", some_traces(2)))
    found = admin.execute("select distinct envelope->>'channel', envelope->>'authentication' from ledger.event")
    assert found.fetchall() == [("IMPORT", "import")]
    joined = admin.execute(
        "select count(distinct envelope->>'correlation_id') from ledger.event where topic like 'efile.circ%'"
    )
    assert joined.fetchall() == [(2,)]


# Changes


def changed(ledger: Ledger, tmp_path: Path, before: Sequence[SampleTrace], after: Sequence[SampleTrace]) -> Counts:
    """The counts of importing a log after an earlier state of it."""
    imported(ledger, write(tmp_path / "before.xes", before))
    counts, rejects = imported(ledger, write(tmp_path / "after.xes.gz", after))
    assert rejects == []
    again, _ = imported(ledger, write(tmp_path / "again.xes", after))
    assert again == Counts(read=counts.read, unchanged=counts.read)
    return counts


def test_an_appended_event_is_a_new_step(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    one, two = some_traces(2)
    longer = replace(two, events=(*two.events, SampleEvent("Bescheid", at="2025-01-01T10:00:00+01:00")))
    assert changed(ledger, tmp_path, [one, two], [one, longer]) == Counts(
        read=11, recorded=1, unchanged=10, records=1, events=1
    )
    assert steps(admin, "case-1")[-1][0] == "Bescheid"


def test_an_inserted_event_is_a_new_step_and_changes_no_other(ledger: Ledger, tmp_path: Path) -> None:
    (trace,) = some_traces(1)
    inserted = replace(trace, events=(trace.events[0], SampleEvent("Rückfrage"), *trace.events[1:]))
    assert changed(ledger, tmp_path, [trace], [inserted]) == Counts(
        read=6, recorded=1, unchanged=5, records=1, events=1
    )


@pytest.mark.parametrize(
    "change",
    [
        {"activity": "Nachprüfung"},
        {"at": "2024-04-11T10:15:00+02:00"},
        {"resource": "R9"},
        {"resource": None},
        {"group": "G9"},
        {"more": {"question": "other"}},
        {"more": {}},
    ],
)
def test_a_changed_event_is_a_correction(ledger: Ledger, tmp_path: Path, change: dict[str, object]) -> None:
    (trace,) = some_traces(1)
    assert changed(ledger, tmp_path, [trace], [trace.changed(2, **change)]) == Counts(
        read=5, recorded=1, unchanged=4, records=1, events=1
    )


def test_a_correction_shows_old_and_new(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    (trace,) = some_traces(1)
    changed(ledger, tmp_path, [trace], [trace.changed(2, activity="Nachprüfung")])
    (found,) = admin.execute(
        "select body->'entry', body->'old'->>'activity', body->'new'->>'activity', effective_at from ledger.event"
        " where topic = 'efile.circulation_step_corrected.v2'"
    ).fetchall()
    at = steps(admin, "case-0")[2][1]
    assert found == (3, "Beteiligung", "Nachprüfung", at)


def test_a_then_b_then_a_again_are_three_events(ledger: Ledger, tmp_path: Path) -> None:
    (trace,) = some_traces(1)
    other = trace.changed(2, activity="Nachprüfung")
    assert changed(ledger, tmp_path, [trace], [other]).events == 1
    back, _ = imported(ledger, write(tmp_path / "a.xes", [trace]))
    assert (back.recorded, back.events) == (1, 1)
    forth, _ = imported(ledger, write(tmp_path / "b.xes", [other]))
    assert (forth.recorded, forth.events) == (1, 1)
    assert case_of(ledger, "case-0").entries[2].step.activity == "Nachprüfung"


def test_a_changed_attribute_of_the_trace_corrects_the_case(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    (trace,) = some_traces(1)
    other = replace(trace, more={**trace.more, "channel": "Counter"})
    assert changed(ledger, tmp_path, [trace], [other]) == Counts(read=5, recorded=1, unchanged=4, records=1, events=1)
    (found,) = admin.execute(
        "select body->>'field' from ledger.event where topic = 'efile.case_corrected.v1'"
    ).fetchall()
    assert found == ("details",)


def test_an_event_that_is_gone_from_the_source_stays_recorded(ledger: Ledger, tmp_path: Path) -> None:
    (trace,) = some_traces(1)
    shorter = replace(trace, events=trace.events[1:])
    assert changed(ledger, tmp_path, [trace], [shorter]) == Counts(read=4, unchanged=4)
    assert len(case_of(ledger, "case-0").entries) == 5


def test_logs_of_other_names_have_cases_of_their_own(ledger: Ledger, tmp_path: Path) -> None:
    traces = some_traces(1)
    imported(ledger, write(tmp_path / "one.xes", traces, name="one"))
    counts, rejects = imported(ledger, write(tmp_path / "two.xes", traces, name="two"))
    assert (counts.recorded, rejects) == (5, [])
    assert case_of(ledger, "case-0", "one").reference != case_of(ledger, "case-0", "two").reference


def test_a_log_without_a_name_is_known_by_its_file(ledger: Ledger, tmp_path: Path) -> None:
    traces = some_traces(1)
    imported(ledger, write(tmp_path / "one.xes", traces, name=None))
    counts, _ = imported(ledger, write(tmp_path / "one.xes.gz", traces, name=None))
    assert counts.unchanged == 5
    counts, _ = imported(ledger, write(tmp_path / "two.xes", traces, name=None), XesImporter(source="one"))
    assert counts.unchanged == 5


def test_traces_of_one_name_are_cases_of_their_own(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    a, b, c = SampleEvent("A"), SampleEvent("B"), SampleEvent("C")
    traces = [
        SampleTrace("c1", (a, b)),
        SampleTrace("c2", (a,)),
        SampleTrace("c1", (a, c)),
        SampleTrace(" c1", (a,), {"channel": "Counter"}),
    ]
    path = write(tmp_path / "sample.xes", traces)
    counts, rejects = imported(ledger, path)
    assert rejects == []
    assert counts == Counts(read=6, recorded=6, records=4, events=2 + 4 * 2 + 6)
    for _ in range(2):
        again, _ = imported(ledger, path)
        assert again == Counts(read=6, unchanged=6)
    second = case_of(ledger, "c1\0002")
    assert second.reference == "XES/sample/c1#2"
    assert [entry.step.activity for entry in second.entries] == ["A", "C"]
    assert run(IMPORTER, [path, path], Rehearsal(ledger)).counts == Counts(read=12, unchanged=12)


def test_a_name_that_looks_like_the_second_of_another_is_not_taken_for_it(ledger: Ledger, tmp_path: Path) -> None:
    traces = [SampleTrace(name, (SampleEvent(name),)) for name in ("c1", "c1#2", "c1", "x" * 79, "x" * 79)]
    path = write(tmp_path / "sample.xes", traces)
    first, _ = imported(ledger, path)
    assert first.recorded + first.rejected == 5
    assert [entry.step.activity for entry in case_of(ledger, "c1#2").entries] == ["c1#2"]
    again, _ = imported(ledger, path)
    assert again == Counts(read=5, unchanged=first.recorded, rejected=first.rejected)


def test_a_log_that_is_named_twice_is_recorded_once(ledger: Ledger, tmp_path: Path) -> None:
    path = write(tmp_path / "sample.xes", [*some_traces(3), *some_traces(1)])
    counts = run(IMPORTER, [path, path], LedgerBook(ledger)).counts
    assert counts == Counts(read=40, recorded=20, unchanged=20, records=4, events=2 + 4 * 2 + 20)


# Refusals


def test_rows_that_cannot_be_read_are_listed_and_the_others_recorded(ledger: Ledger, tmp_path: Path) -> None:
    events = (
        SampleEvent(),
        SampleEvent(at="gestern"),
        SampleEvent(activity=""),
        SampleEvent(at="0001-01-01T00:00:00+02:00"),
        SampleEvent(more={"note": "\U0001f600"}),
        SampleEvent(activity="x" * 200),
        SampleEvent(more={"note": "x" * 30_000}),
        SampleEvent(activity="B"),
    )
    counts, rejects = imported(ledger, write(tmp_path / "sample.xes", [SampleTrace(events=events)]))
    assert counts == Counts(read=8, recorded=2, rejected=6, records=1, events=6)
    assert [line["row"] for line in rejects] == [2, 3, 4, 5, 6, 7]
    assert {line["error"] for line in rejects} == {"unreadable"}
    assert rejects[0]["source_id"] == "case-1#2"
    assert "ISO 8601" in rejects[0]["message"]


def test_events_of_the_future_are_refused_by_their_rule(ledger: Ledger, tmp_path: Path) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    trace = SampleTrace(events=(SampleEvent(), SampleEvent(at=tomorrow), SampleEvent("B")))
    counts, rejects = imported(ledger, write(tmp_path / "sample.xes", [trace]))
    assert (counts.recorded, counts.rejected) == (2, 1)
    assert (rejects[0]["row"], rejects[0]["rule"]) == (2, "ledger.effective_in_future")


def test_a_trace_without_a_name_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    traces = [SampleTrace(None, (SampleEvent(), SampleEvent())), SampleTrace(None), SampleTrace("x", (SampleEvent(),))]
    counts, rejects = imported(ledger, write(tmp_path / "sample.xes", traces))
    assert (counts.read, counts.recorded, counts.rejected) == (3, 1, 2)
    assert [line["row"] for line in rejects] == [1, 2, None]


def test_a_trace_that_is_too_large_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    traces = [SampleTrace("a", (SampleEvent(),), {"note": "x" * 30_000}), SampleTrace("b", (SampleEvent(),))]
    traces.append(SampleTrace("c", (SampleEvent(),), {"note": "x" * 70_000}))
    counts, rejects = imported(ledger, write(tmp_path / "sample.xes", traces))
    assert (counts.recorded, [line["row"] for line in rejects]) == (1, [1, 3])


def test_an_event_outside_of_traces_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "sample.xes"
    path.write_text(log(some_traces(1)).replace("</log>", f"{SampleEvent().xml()}</log>"))
    counts, rejects = imported(ledger, path)
    assert (counts.read, counts.recorded, counts.rejected) == (6, 5, 1)
    assert "no trace" in rejects[0]["message"]


def test_a_closed_case_takes_no_more_steps(ledger: Ledger, tmp_path: Path) -> None:
    one, two = some_traces(2)
    imported(ledger, write(tmp_path / "sample.xes", [one, two]))
    do(ledger, CloseCase(reason=Sealed("erledigt")), case_id("case-1"))
    longer = [replace(trace, events=(*trace.events, SampleEvent("X"))) for trace in (one, two)]
    counts, rejects = imported(ledger, write(tmp_path / "sample.xes", longer))
    assert counts == Counts(read=12, recorded=1, unchanged=10, rejected=1, records=1, events=1)
    assert [(line["row"], line["rule"], line["error"]) for line in rejects] == [(12, "efile.case_closed", "Rejected")]


def test_where_a_case_cannot_be_opened_its_rows_carry_that_rule(ledger: Ledger, tmp_path: Path) -> None:
    early = SampleTrace("early", (SampleEvent(at="1850-01-01T10:00:00+01:00"), SampleEvent()))
    counts, rejects = imported(ledger, write(tmp_path / "sample.xes", [early, SampleTrace("x", (SampleEvent(),))]))
    assert (counts.recorded, counts.rejected) == (1, 2)
    assert {line["rule"] for line in rejects} == {"efile.plan_unit_not_valid"}


def test_cases_go_into_the_file_that_is_named(ledger: Ledger, tmp_path: Path) -> None:
    define = DefineFilePlanUnit(
        code="63-10",
        title="Bauaufsicht",
        retention_years=30,
        disposal_kind=DisposalKind.ARCHIVE,
        valid_from=datetime(2000, 1, 1, tzinfo=UTC).date(),
    )
    unit = do(ledger, define).record_id
    opening = OpenFile(
        reference="63-10/7", subject=Sealed("Alt"), plan_unit_id=unit, lead_unit="63", custodian_unit="63"
    )
    file = do(ledger, opening).record_id
    path = write(tmp_path / "sample.xes", some_traces(2))
    counts, _ = imported(ledger, path, XesImporter(file="63-10/7"))
    assert counts.events == 2 * 2 + 10
    case = case_of(ledger, "case-0")
    assert (case.file_id, case.lead_unit, case.reference) == (file, "63", "63-10/7/case-0")


def faults(ledger: Ledger, path: Path, importer: XesImporter = IMPORTER) -> Result:
    return run(importer, [path], LedgerBook(ledger))


def test_a_file_that_is_not_there_is_a_fault(ledger: Ledger, tmp_path: Path) -> None:
    path = write(tmp_path / "sample.xes", some_traces(1))
    result = faults(ledger, path, XesImporter(file="63-10/7"))
    assert result.counts == Counts()
    assert "There is no file 63-10/7" in str(result.faults[0].error)


def test_a_closed_file_takes_no_cases(ledger: Ledger, tmp_path: Path) -> None:
    path = write(tmp_path / "sample.xes", [SampleTrace("a")])
    imported(ledger, path)
    do(ledger, CloseCase(reason=Sealed("erledigt")), case_id("a"))
    do(ledger, CloseFile(reason=Sealed("erledigt")), case_of(ledger, "a").file_id)
    counts, rejects = imported(ledger, write(path, [SampleTrace("a"), SampleTrace("b", (SampleEvent(),))]))
    assert (counts.rejected, rejects[0]["rule"]) == (1, "efile.file_of_case_closed")


def test_what_stands_before_a_fault_is_imported_whole_and_the_rest_later(ledger: Ledger, tmp_path: Path) -> None:
    text = log(some_traces(3))
    path = tmp_path / "sample.xes"
    path.write_text(text[: text.rindex("<event>") + 30])
    result = faults(ledger, path)
    assert (result.counts.read, result.counts.recorded) == (10, 10)
    assert "Malformed XML" in str(result.faults[0].error)
    assert ledger.stream(case_id("case-2")).version == 0
    path.write_text(text)
    counts, _ = imported(ledger, path)
    assert (counts.recorded, counts.unchanged) == (5, 10)


def test_a_broken_source_does_not_keep_the_next_from_being_read(ledger: Ledger, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xes"
    broken.write_text("<log><trace>")
    good = write(tmp_path / "good.xes", some_traces(1))
    result = run(IMPORTER, [broken, good], LedgerBook(ledger))
    assert [fault.path for fault in result.faults] == [broken]
    assert result.counts.recorded == 5


# Rehearsal, interruption, many at once


def events_in(admin: Admin) -> int:
    (row,) = admin.execute("select count(*) from ledger.event").fetchall()
    return int(row[0])


def test_a_rehearsal_tells_the_same_and_records_nothing(ledger: Ledger, admin: Admin, tmp_path: Path) -> None:
    early = SampleTrace("early", (SampleEvent(at="1850-01-01T10:00:00+01:00"),))
    path = write(tmp_path / "sample.xes", [*some_traces(30), early])
    rehearsed = run(IMPORTER, [path], Rehearsal(ledger)).counts
    assert events_in(admin) == 0
    (keys,) = admin.execute("select count(*) from vault.key").fetchall()
    assert run(IMPORTER, [path], LedgerBook(ledger)).counts == rehearsed
    assert rehearsed.rejected == 1
    assert run(IMPORTER, [path], Rehearsal(ledger)).counts == Counts(read=151, unchanged=150, rejected=1)
    assert keys[0] <= 1


def test_a_rehearsal_sees_claims_that_it_would_make(ledger: Ledger, tmp_path: Path) -> None:
    book = Rehearsal(ledger)
    run(IMPORTER, [write(tmp_path / "same.xes", some_traces(1), name="one")], book)
    result = run(IMPORTER, [write(tmp_path / "same.xes", some_traces(1), name="two")], book)
    assert "reference" in str(result.faults[0].error)


class Interrupted(LedgerBook):
    """A ledger that is interrupted after so many requests."""

    def __init__(self, ledger: Ledger, after: int) -> None:
        super().__init__(ledger)
        self._after = after

    def handle_all(self, requests: Sequence[Request]) -> Sequence[Outcome | Exception]:
        taken = requests[: self._after]
        self._after -= len(taken)
        answers = super().handle_all(taken)
        if len(taken) < len(requests):
            raise KeyboardInterrupt
        return answers


@pytest.mark.parametrize("after", [1, 2, 3, 5, 27, 100])
def test_an_interrupted_import_goes_on_where_it_stopped(
    ledger: Ledger, admin: Admin, tmp_path: Path, after: int
) -> None:
    path = write(tmp_path / "sample.xes", some_traces(20))
    with pytest.raises(KeyboardInterrupt):
        run(IMPORTER, [path], Interrupted(ledger, after))
    counts, rejects = imported(ledger, path)
    assert rejects == []
    assert counts.recorded + counts.unchanged == 100
    assert events_in(admin) == 2 + 20 * 2 + 100
    again, _ = imported(ledger, path)
    assert again == Counts(read=100, unchanged=100)


def test_a_ledger_that_does_not_answer_ends_the_import(ledger: Ledger, tmp_path: Path) -> None:
    ledger.ledger_recorder.close()
    path = write(tmp_path / "sample.xes", some_traces(1))
    with pytest.raises(Unavailable):
        run(IMPORTER, [path], LedgerBook(ledger))


def test_rejects_are_written_as_they_happen(ledger: Ledger, tmp_path: Path) -> None:
    path = write(tmp_path / "sample.xes", [SampleTrace(events=(SampleEvent(at="?"), SampleEvent()))])
    with (tmp_path / "rejects.jsonl").open("w") as rejects:
        run(IMPORTER, [path], LedgerBook(ledger), rejects=rejects)
        line = json.loads((tmp_path / "rejects.jsonl").read_text())
    assert line == {
        "file": "sample.xes",
        "row": 1,
        "source_id": "case-1#1",
        "rule": None,
        "error": "unreadable",
        "message": line["message"],
    }


def test_progress_is_told_chunk_by_chunk(ledger: Ledger, tmp_path: Path) -> None:
    seen: list[int] = []
    path = write(tmp_path / "sample.xes", some_traces(60, events=40))
    run(IMPORTER, [path], LedgerBook(ledger), progress=lambda counts: seen.append(counts.recorded))
    assert seen == sorted(seen)
    assert seen[-1] == 2400
    assert len(seen) >= 3


def test_two_imports_of_one_log_at_once_record_each_row_once(
    database: Database, ledger: Ledger, admin: Admin, tmp_path: Path
) -> None:
    path = write(tmp_path / "sample.xes", some_traces(80, events=12))
    other = Ledger(database, KEK, FAMILIES)
    barrier = Barrier(2)

    def begin(own: Ledger) -> Counts:
        barrier.wait()
        result = run(IMPORTER, [path], LedgerBook(own))
        assert not result.faults, result.faults
        return result.counts

    with ThreadPoolExecutor(2) as threads:
        one, two = threads.map(begin, (ledger, other))
    other.close()
    assert (one.rejected, two.rejected) == (0, 0)
    assert one.recorded + two.recorded == 80 * 12
    assert one.read == two.read == 80 * 12
    assert one.events + two.events == events_in(admin) == 2 + 80 * 2 + 80 * 12
    for case in range(80):
        assert len(steps(admin, f"case-{case}")) == 12
