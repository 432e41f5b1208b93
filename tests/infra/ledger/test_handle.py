"""Requests in, outcomes or refusals out: versions, kinds, claims, limits, and lists of requests, with real e-files."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.efile import commands as c
from domain.efile.vocabulary import DisposalKind
from domain.families import FAMILIES
from domain.kernel import Channel, Effective, Rejected, Sealed
from domain.requests import NotFound, Outcome, Request, Unavailable, VersionConflict, new_record_id
from infra.database import Database
from infra.keys import KeyEncryptionKey, KeyUnavailable
from infra.ledger import Ledger
from tests.database import KEK
from tests.infra.lockers import OpenLocker, ReturnLocker, TakeLocker, request

Admin = psycopg.Connection[Any]


def plan_unit(ledger: Ledger, code: str = "61-20") -> UUID:
    command = c.DefineFilePlanUnit(
        code=code,
        title="Baugenehmigungen",
        retention_years=10,
        disposal_kind=DisposalKind.APPRAISE,
        valid_from=date(2020, 1, 1),
    )
    return ledger.handle(request(command)).record_id


def open_file(unit: UUID, reference: str = "61-20/1", **more: Any) -> Request:
    command = c.OpenFile(
        reference=reference, subject=Sealed("Carport"), plan_unit_id=unit, lead_unit="61", custodian_unit="10"
    )
    return request(command, **more)


def close_file(file: UUID, **more: Any) -> Request:
    return request(c.CloseFile(reason=Sealed("done")), file, **more)


def hand_over(file: UUID, unit: str, **more: Any) -> Request:
    return request(c.TransferFileLeadUnit(new_lead_unit=unit, reason=Sealed("reorganised")), file, **more)


# One request


def test_an_outcome_tells_record_version_and_positions(ledger: Ledger) -> None:
    wanted = open_file(plan_unit(ledger))
    outcome = ledger.handle(wanted)
    assert outcome == Outcome(
        command_id=wanted.command_id,
        record_id=new_record_id(wanted.command_id),
        version=1,
        first_position=2,
        last_position=2,
    )
    assert ledger.stream(outcome.record_id).version == 1
    assert ledger.lookup("efile.file_reference", "61-20/1") == outcome.record_id
    assert ledger.lookup("efile.file_reference", "61-20/2") is None


def test_a_request_that_rests_on_an_outdated_version_is_told_both(ledger: Ledger) -> None:
    file = ledger.handle(open_file(plan_unit(ledger))).record_id
    ledger.handle(hand_over(file, "62", expected_version=1))
    with pytest.raises(VersionConflict, match="version 2, not 1") as conflict:
        ledger.handle(hand_over(file, "63", expected_version=1))
    assert (conflict.value.expected, conflict.value.actual) == (1, 2)
    assert ledger.handle(hand_over(file, "63", expected_version=2)).version == 3


def test_of_many_that_expect_the_same_version_one_succeeds(ledger: Ledger, admin: Admin) -> None:
    file = ledger.handle(open_file(plan_unit(ledger))).record_id
    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(ledger.handle, hand_over(file, f"6{n}2", expected_version=1)) for n in range(8)]
        errors = [future.exception() for future in futures]
    assert errors.count(None) == 1
    assert all(isinstance(error, VersionConflict) for error in errors if error is not None)
    assert admin.execute("select count(*) from ledger.event where record_id = %s", [file]).fetchone() == (2,)


def test_a_request_that_expects_a_version_and_is_sent_to_two_processes_at_once_has_one_outcome(
    ledger: Ledger, database: Database
) -> None:
    other = Ledger(database, KEK, FAMILIES)
    file = ledger.handle(open_file(plan_unit(ledger))).record_id
    start = threading.Barrier(2)

    def send(process: Ledger, wanted: Request) -> Outcome:
        start.wait()
        return process.handle(wanted)

    with ThreadPoolExecutor(2) as pool:
        for version in range(1, 31):
            wanted = hand_over(file, f"6{version}2", expected_version=version)
            outcomes = list(pool.map(send, (ledger, other), (wanted, wanted)))
            assert {outcome.version for outcome in outcomes} == {version + 1}
            assert sorted(outcome.repeated for outcome in outcomes) == [False, True]
    other.close()


def test_without_an_expected_version_a_request_is_decided_again_until_it_fits(ledger: Ledger) -> None:
    """However many contend for the record: those who lose take turns, so that nobody loses for ever."""
    file = ledger.handle(open_file(plan_unit(ledger))).record_id
    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(lambda n: ledger.handle(hand_over(file, f"6{n}2")), range(160)))
    assert sorted(outcome.version for outcome in outcomes) == list(range(2, 162))


def test_a_claim_that_is_taken_is_refused_with_the_familys_rule(ledger: Ledger) -> None:
    unit = plan_unit(ledger)
    ledger.handle(open_file(unit))
    with pytest.raises(Rejected, match=r"efile\.file_reference_taken") as refusal:
        ledger.handle(open_file(unit))
    assert refusal.value.rule.next_step.de == "Ein anderes Aktenzeichen wählen."


def test_a_record_that_a_decision_rests_on_cannot_move_unnoticed(ledger: Ledger, database: Database) -> None:
    """A plan unit ends while files are opened under it: no file is opened after the end that the unit knows of."""
    unit = plan_unit(ledger)
    yesterday = (datetime.now(UTC) - timedelta(days=2)).date()
    start = threading.Barrier(5)

    def open_many(n: int) -> list[int]:
        start.wait()
        positions = []
        for m in range(15):
            try:
                outcome = ledger.handle(open_file(unit, f"61-20/{n}-{m}"))
            except Rejected as refusal:
                assert refusal.rule.id == "efile.plan_unit_not_valid"
            else:
                positions.append(outcome.first_position or 0)
        return positions

    def end() -> int:
        start.wait()
        ending = request(c.EndFilePlanUnit(valid_to=yesterday, reason=Sealed("merged")), unit)
        by_import = replace(ending, principal=replace(ending.principal, channel=Channel.IMPORT))
        outcome = ledger.handle(by_import)
        return outcome.first_position or 0

    with ThreadPoolExecutor(5) as pool:
        opening = [pool.submit(open_many, n) for n in range(4)]
        ended = pool.submit(end).result()
        opened = [position for future in opening for position in future.result()]
    assert all(position < ended for position in opened)


@pytest.mark.parametrize("warm", [False, True], ids=["not read before", "held in memory"])
def test_a_record_of_another_kind_is_not_found(ledger: Ledger, database: Database, warm: bool) -> None:
    unit = plan_unit(ledger)
    if warm:
        assert ledger.stream(unit).kind == "file_plan_unit"
    with pytest.raises(NotFound, match="no file with this id"):
        ledger.handle(close_file(unit))
    with pytest.raises(NotFound, match="no file with this id"):
        ledger.handle(close_file(uuid4()))
    with pytest.raises(NotFound, match="names no record"):
        ledger.handle(request(c.CloseFile(reason=Sealed("done"))))


def test_what_has_not_happened_yet_is_not_recorded(ledger: Ledger) -> None:
    tomorrow = Effective(datetime.now(UTC) + timedelta(days=1))
    with pytest.raises(Rejected, match=r"ledger\.effective_in_future"):
        ledger.handle(open_file(plan_unit(ledger), effective=tomorrow))


def test_a_command_beyond_the_limits_is_refused_with_a_rule(lockers: Ledger, admin: Admin) -> None:
    record = lockers.handle(request(TakeLocker(door="1", content=Sealed("x")))).record_id
    for too_large in (
        request(OpenLocker(times=1_001), record),
        request(TakeLocker(door="2", content=Sealed("x" * 300_000))),
    ):
        with pytest.raises(Rejected, match=r"ledger\.command_too_large"):
            lockers.handle(too_large)
    assert lockers.handle(request(OpenLocker(times=1_000), record)).version == 1_001


# Lists


def test_a_list_is_decided_one_upon_the_other_and_refusals_hinder_nobody(ledger: Ledger, admin: Admin) -> None:
    unit = plan_unit(ledger)
    opened = open_file(unit)
    file = new_record_id(opened.command_id)
    requests = [
        opened,
        hand_over(file, "61"),
        hand_over(file, "62"),
        close_file(file, effective=None),
        hand_over(file, "63"),
        request(c.ReopenFile(authority="10", reason=Sealed("more to do")), file),
        hand_over(file, "63", expected_version=4),
        hand_over(file, "64", expected_version=4),
        close_file(uuid4()),
        open_file(unit, ""),
        open_file(unit, "61-20/2"),
    ]
    answers = ledger.handle_all(requests)
    kinds = [answer.version if isinstance(answer, Outcome) else type(answer).__name__ for answer in answers]
    assert kinds == [1, "Rejected", 2, 3, "Rejected", 4, 5, "VersionConflict", "NotFound", "Invalid", 1]
    positions = admin.execute("select record_id, version from ledger.event where position > 1 order by position")
    other = next(answer.record_id for answer in answers[::-1] if isinstance(answer, Outcome))
    assert positions.fetchall() == [(file, version) for version in range(1, 6)] + [(other, 1)]


@pytest.mark.parametrize("alone", [False, True], ids=["together", "one by one"])
def test_a_list_is_decided_at_the_moments_that_are_given_with_it(ledger: Ledger, alone: bool) -> None:
    unit, noon = plan_unit(ledger), datetime(2026, 3, 2, 12, tzinfo=UTC)
    tomorrow = Effective(noon + timedelta(days=1))
    early, late = open_file(unit, "61-20/1", effective=tomorrow), open_file(unit, "61-20/2", effective=tomorrow)
    # Two with one reference: together they cannot be recorded, so that each is asked for alone.
    third = open_file(unit, "61-20/2" if alone else "61-20/3")
    answers = ledger.handle_all([early, late, third], [noon, tomorrow.at, tomorrow.at])
    assert [type(answer) for answer in answers] == [Rejected, Outcome, Rejected if alone else Outcome]
    assert isinstance(answers[0], Rejected)
    assert answers[0].rule.id == "ledger.effective_in_future"


def test_a_claim_taken_in_the_middle_of_a_list_is_refused_alone(ledger: Ledger, admin: Admin) -> None:
    unit = plan_unit(ledger)
    ledger.handle(open_file(unit, "61-20/5"))
    references = ["61-20/4", "61-20/5", "61-20/6", "61-20/6", "61-20/7"]
    answers = ledger.handle_all([open_file(unit, reference) for reference in references])
    assert [type(answer) for answer in answers] == [Outcome, Rejected, Outcome, Rejected, Outcome]
    assert [answer.rule.id for answer in answers if isinstance(answer, Rejected)] == ["efile.file_reference_taken"] * 2
    assert admin.execute("select count(*), max(position) from ledger.event").fetchone() == (5, 5)


def test_a_claim_is_given_back_and_taken_again_within_a_list(lockers: Ledger) -> None:
    first = request(TakeLocker(door="1", content=Sealed("shoes")))
    back = request(ReturnLocker(), new_record_id(first.command_id))
    second = request(TakeLocker(door="1", content=Sealed("a hat")))
    answers = lockers.handle_all([first, back, second])
    assert [answer.version for answer in answers if isinstance(answer, Outcome)] == [1, 2, 1]
    assert lockers.lookup("locker.number", "1") == new_record_id(second.command_id)


def test_a_long_list_is_answered_in_order_whatever_its_chunks(lockers: Ledger, admin: Admin) -> None:
    taken = [request(TakeLocker(door=str(n), content=Sealed("x"))) for n in range(40)]
    records = [new_record_id(one.command_id) for one in taken]
    opened = [request(OpenLocker(times=n % 60), record) for n, record in enumerate(records)]
    large = [request(TakeLocker(door=f"large {n}", content=Sealed("x" * 100_000))) for n in range(6)]
    answers = lockers.handle_all([*taken, *opened, *large])
    outcomes = [answer for answer in answers if isinstance(answer, Outcome)]
    assert [outcome.command_id for outcome in outcomes] == [one.command_id for one in (*taken, *opened, *large)]
    assert [outcome.version for outcome in outcomes[40:80]] == [1 + n % 60 for n in range(40)]
    rows = admin.execute("select command_id, min(position), max(position) from ledger.event group by command_id")
    spans = {row[0]: row[1:] for row in rows}
    for outcome in outcomes:
        assert spans.get(outcome.command_id, (None, None)) == (outcome.first_position, outcome.last_position)


def test_a_list_goes_on_when_another_process_moves_its_records(lockers: Ledger, elsewhere: Ledger) -> None:
    record = lockers.handle(request(TakeLocker(door="1", content=Sealed("x")))).record_id
    done = threading.Event()

    def meddle() -> int:
        times = 0
        while not done.wait(0.003):
            elsewhere.handle(request(OpenLocker(), record))
            times += 1
        return times

    with ThreadPoolExecutor(1) as pool:
        meddling = pool.submit(meddle)
        answers = lockers.handle_all([request(OpenLocker(), record) for _ in range(60)])
        done.set()
        times = meddling.result()
    assert all(isinstance(answer, Outcome) for answer in answers)
    assert lockers.stream(record).version == elsewhere.stream(record).version == 1 + 60 + times


# Opening and closing


def test_a_closed_ledger_refuses_and_what_was_handed_in_before_is_recorded(database: Database, admin: Admin) -> None:
    ledger = Ledger(database, KEK, FAMILIES)
    plan_unit(ledger)
    ledger.close()
    with pytest.raises(Unavailable):
        plan_unit(ledger, "61-30")
    ledger.close()
    assert admin.execute("select position from ledger.head").fetchone() == (1,)


def test_a_ledger_with_another_key_does_not_open_and_leaves_nothing_running(database: Database, ledger: Ledger) -> None:
    plan_unit(ledger)
    before = threading.active_count()
    with pytest.raises(KeyUnavailable, match="STADTBUCH_KEK_FILE"):
        Ledger(database, KeyEncryptionKey(bytes(32)), FAMILIES)
    assert threading.active_count() == before
