"""From the end of retention to destruction: what holds for files and cases alike, each rule on both of its sides."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.efile import FAMILY
from domain.efile.commands import ApproveCaseDestruction, DestroyCase, DestroyFile
from domain.efile.facts import (
    CaseDestroyed,
    CaseDestructionApproved,
    CaseOfFileDestroyed,
    FileLegalHoldPlaced,
    FileLegalHoldReleased,
)
from domain.efile.state import File
from domain.efile.vocabulary import Appraisal, DisposalKind, Status
from domain.kernel import Channel, On, Sealed
from tests.domain.efile.examples import (
    CASE,
    CASE_ADDED,
    CASES,
    FILE,
    FILES,
    FIRST_HASH,
    REASON,
    Sort,
    of_files_and_cases,
)
from tests.scenario import ACTOR, SOMEBODY_ELSE, Given, an_id

LATER = datetime(2040, 6, 3, 10, 0, tzinfo=UTC)
LAST_DAY = date(2036, 12, 31)
NEW_YEAR = date(2037, 1, 1)
PROCESS = "AUS-2037-1"
THAT_DAY = date(2040, 6, 1)


def when(scenario: Given, command: Any, on: date = THAT_DAY, **context: Any) -> Any:
    """The command, years after closing."""
    return scenario.when(command, on=on, now=LATER, **context)


def held(cls: Any, **said: Any) -> Any:
    """A legal hold that made no approval void, or its release."""
    return cls(**{"hold": 1, "authority": "VG Düsseldorf", "reason": REASON, **said})


def offer(sort: Sort) -> Any:
    return sort.offer(process_id=PROCESS, archive="Stadtarchiv")


def appraise(sort: Sort, decision: Appraisal, **given: Any) -> Any:
    return sort.appraise(**{"process_id": PROCESS, "decision": decision, **given})


@of_files_and_cases
@pytest.mark.allows("efile.retention_not_expired", "efile.retention_not_running")
def test_retention_ends_the_day_after_its_calendar_year(sort: Sort) -> None:
    when(sort.kept(), sort.expire(), LAST_DAY).refused("efile.retention_not_expired")
    after = when(sort.kept(), sort.expire(), NEW_YEAR).then(
        sort.facts["RetentionExpired"](retention_until=LAST_DAY, day=NEW_YEAR)
    )
    assert after.state.status is Status.RETENTION_EXPIRED


@of_files_and_cases
def test_retention_ends_once_and_only_of_what_is_closed(sort: Sort) -> None:
    when(sort.open(), sort.expire()).refused("efile.retention_not_running")
    when(sort.expired(), sort.expire()).refused("efile.retention_not_running")


@of_files_and_cases
def test_what_is_kept_for_ever_never_expires(sort: Sort) -> None:
    for_ever = replace(sort.closed, retention_years=None, retention_until=None, offer_due_on=date(2057, 1, 1))
    when(sort.open(for_ever), sort.expire()).refused("efile.retention_not_expired")


@of_files_and_cases
@pytest.mark.allows("efile.offer_not_due")
def test_an_offer_falls_due_a_year_after_the_end_of_retention(sort: Sort) -> None:
    when(sort.expired(), sort.record_offer_due(), date(2037, 12, 31)).refused("efile.offer_not_due")
    due = when(sort.expired(), sort.record_offer_due(), date(2038, 1, 1))
    again = due.then(sort.facts["OfferBecameDue"](offer_due_on=date(2038, 1, 1), day=date(2038, 1, 1)))
    assert again.state.status is Status.RETENTION_EXPIRED
    when(again, sort.record_offer_due()).refused("efile.offer_not_due")


@of_files_and_cases
def test_no_offer_falls_due_while_the_record_is_open_or_once_it_was_made(sort: Sort) -> None:
    when(sort.open(), sort.record_offer_due()).refused("efile.offer_not_due")
    when(sort.offered(), sort.record_offer_due()).refused("efile.offer_not_due")


@of_files_and_cases
@pytest.mark.allows("efile.not_to_be_offered")
def test_the_archive_is_offered_what_has_reached_the_end_of_its_retention(sort: Sort) -> None:
    when(sort.open(), offer(sort)).refused("efile.not_to_be_offered")
    when(sort.kept(), offer(sort)).refused("efile.not_to_be_offered")
    offered = sort.facts["DisposalOffered"](process_id=PROCESS, archive="Stadtarchiv", day=THAT_DAY)
    after = when(sort.expired(), offer(sort)).then(offered)
    assert after.state.status is Status.OFFERED
    when(after, offer(sort)).refused("efile.not_to_be_offered")


@of_files_and_cases
def test_the_archive_is_offered_after_thirty_years_what_has_to_be_kept_longer(sort: Sort) -> None:
    for_ever = replace(sort.closed, retention_years=None, retention_until=None, offer_due_on=date(2057, 1, 1))
    due = sort.open(for_ever, sort.facts["OfferBecameDue"](offer_due_on=date(2057, 1, 1)))
    appraised = when(when(due, offer(sort)).so(), appraise(sort, Appraisal.DESTROY)).so()
    when(appraised, sort.approve()).refused("efile.retention_not_expired")


@pytest.mark.parametrize("command", [offer(FILES), offer(CASES)], ids=lambda command: type(command).__name__)
@pytest.mark.parametrize("field", ["process_id", "archive"])
def test_an_offer_is_described_properly(command: Any, field: str) -> None:
    sort = FILES if command.kind == "file" else CASES
    when(sort.expired(), replace(command, **{field: ""})).invalid(field)


@of_files_and_cases
@pytest.mark.allows("efile.not_offered", "efile.already_appraised", "efile.other_process")
def test_the_archive_decides_once_on_what_it_was_offered(sort: Sort) -> None:
    when(sort.open(), appraise(sort, Appraisal.ARCHIVE)).refused("efile.not_offered")
    when(sort.expired(), appraise(sort, Appraisal.ARCHIVE)).refused("efile.not_offered")
    decided = sort.facts["AppraisalReceived"](
        process_id=PROCESS,
        decision=Appraisal.ARCHIVE,
        disposal_kind=DisposalKind.APPRAISE,
        reason=None,
        day=THAT_DAY,
    )
    after = when(sort.offered(), appraise(sort, Appraisal.ARCHIVE)).then(decided)
    assert (after.state.status, after.state.disposal.decision) == (Status.APPRAISED, Appraisal.ARCHIVE)
    when(after, appraise(sort, Appraisal.DESTROY)).refused("efile.already_appraised")


@of_files_and_cases
def test_an_answer_of_the_archive_belongs_to_the_disposal_of_the_offer(sort: Sort) -> None:
    when(sort.offered(), appraise(sort, Appraisal.ARCHIVE, process_id="AUS-2037-2")).refused("efile.other_process")
    confirm = sort.confirm(process_id="AUS-2037-2", archive_id="StA 4711")
    when(sort.transferred(), confirm).refused("efile.other_process")


@of_files_and_cases
@pytest.mark.parametrize(
    ("planned", "decision"),
    [(DisposalKind.ARCHIVE, Appraisal.DESTROY), (DisposalKind.DESTROY, Appraisal.ARCHIVE)],
)
@pytest.mark.allows("efile.appraisal_deviates")
def test_an_appraisal_that_deviates_from_the_plan_has_a_reason(
    sort: Sort, planned: DisposalKind, decision: Appraisal
) -> None:
    offered = sort.open(replace(sort.closed, disposal_kind=planned), *[fact for _, fact in sort.offered().history[-2:]])
    when(offered, appraise(sort, decision)).refused("efile.appraisal_deviates")
    when(offered, appraise(sort, decision, reason=Sealed(" "))).invalid("reason")
    when(offered, appraise(sort, decision, reason=REASON)).so()
    when(offered, appraise(sort, Appraisal(planned.value))).so()


@of_files_and_cases
@pytest.mark.allows("efile.nothing_to_transfer")
def test_what_the_archive_wants_is_handed_over_once(sort: Sort) -> None:
    send = sort.send(sha256=FIRST_HASH, size=4_096)
    for scenario in (sort.open(), sort.offered(), sort.appraised(Appraisal.DESTROY)):
        when(scenario, send).refused("efile.nothing_to_transfer")
    sent = sort.facts["TransferSent"](process_id=PROCESS, sha256=FIRST_HASH, size=4_096, day=THAT_DAY)
    after = when(sort.appraised(Appraisal.ARCHIVE), send).then(sent)
    assert after.state.status is Status.TRANSFERRED
    when(after, send).refused("efile.nothing_to_transfer")
    when(sort.appraised(Appraisal.ARCHIVE), replace(send, sha256="x")).invalid("sha256")
    when(sort.appraised(Appraisal.ARCHIVE), replace(send, size=-1)).invalid("size")


@of_files_and_cases
@pytest.mark.allows("efile.no_transfer")
def test_the_archive_confirms_that_it_has_taken_the_package_in(sort: Sort) -> None:
    confirm = sort.confirm(process_id=PROCESS, archive_id="StA 4711")
    when(sort.appraised(Appraisal.ARCHIVE), confirm).refused("efile.no_transfer")
    when(sort.open(), confirm).refused("efile.no_transfer")
    confirmed = sort.facts["ImportConfirmed"](process_id=PROCESS, archive_id="StA 4711", day=THAT_DAY)
    after = when(sort.transferred(), confirm).then(confirmed)
    assert after.state.status is Status.IMPORT_CONFIRMED
    when(sort.transferred(), replace(confirm, archive_id="")).invalid("archive_id")


@of_files_and_cases
def test_a_package_with_errors_is_sent_again(sort: Sort) -> None:
    fail = sort.fail(process_id=PROCESS, errors=2, report=Sealed("zwei Primärdokumente fehlen"))
    when(sort.appraised(Appraisal.ARCHIVE), fail).refused("efile.no_transfer")
    when(sort.transferred(), replace(fail, errors=0)).invalid("errors")
    failed = when(sort.transferred(), fail).so()
    assert failed.state.status is Status.APPRAISED
    when(failed, sort.send(sha256=FIRST_HASH, size=1)).so()


@of_files_and_cases
@pytest.mark.allows("efile.not_appraised", "efile.already_approved", "efile.destruction_not_approved")
def test_two_people_destroy_what_the_archive_does_not_want(sort: Sort) -> None:
    when(sort.offered(), sort.approve()).refused("efile.not_appraised")
    approved = when(sort.appraised(Appraisal.DESTROY), sort.approve()).then(replace(sort.approval, day=THAT_DAY))
    when(approved, sort.approve(), actor=SOMEBODY_ELSE).refused("efile.already_approved")
    when(sort.appraised(Appraisal.DESTROY), sort.destroy()).refused("efile.destruction_not_approved")
    (gone, *_) = when(approved, sort.destroy(), actor=SOMEBODY_ELSE).facts
    assert gone == sort.facts["Destroyed"](process_id=PROCESS, approvers=(ACTOR, SOMEBODY_ELSE), day=THAT_DAY)


@of_files_and_cases
@pytest.mark.allows("efile.destroyed")
def test_what_was_destroyed_is_not_destroyed_again(sort: Sort) -> None:
    gone = when(sort.approved(), sort.destroy(), actor=SOMEBODY_ELSE).so()
    assert gone.state.status is Status.DESTROYED
    when(gone, sort.approve()).refused("efile.destroyed")
    when(gone, sort.destroy(), actor=an_id("third")).refused("efile.destroyed")


@of_files_and_cases
def test_nothing_is_destroyed_that_the_archive_was_not_offered(sort: Sort) -> None:
    for scenario in (sort.open(), sort.kept(), sort.expired()):
        when(scenario, sort.approve()).refused("efile.not_offered")
        when(scenario, sort.destroy()).refused("efile.not_offered")


@of_files_and_cases
@pytest.mark.allows("efile.import_not_confirmed")
def test_what_the_archive_wants_is_destroyed_when_the_archive_holds_it(sort: Sort) -> None:
    for scenario in (sort.appraised(Appraisal.ARCHIVE), sort.transferred()):
        when(scenario, sort.approve()).refused("efile.import_not_confirmed")
    safe = sort.transferred(sort.facts["ImportConfirmed"](process_id=PROCESS, archive_id="StA 4711"))
    approved = when(safe, sort.approve()).so()
    assert when(approved, sort.destroy(), actor=SOMEBODY_ELSE).so().state.status is Status.DESTROYED


@of_files_and_cases
@pytest.mark.allows("efile.two_people_destroy")
def test_who_approved_a_destruction_does_not_also_destroy(sort: Sort) -> None:
    when(sort.approved(), sort.destroy(), actor=ACTOR).refused("efile.two_people_destroy")
    when(sort.approved(), sort.destroy(), actor=SOMEBODY_ELSE).so()


@of_files_and_cases
@pytest.mark.parametrize("channel", sorted(set(Channel) - {Channel.STAFF}))
@pytest.mark.allows("efile.staff_only")
def test_staff_alone_approve_a_destruction_and_destroy(sort: Sort, channel: Channel) -> None:
    when(sort.appraised(Appraisal.DESTROY), sort.approve(), channel=channel).refused("efile.staff_only")
    when(sort.approved(), sort.destroy(), actor=SOMEBODY_ELSE, channel=channel).refused("efile.staff_only")
    approved = when(sort.appraised(Appraisal.DESTROY), sort.approve(), channel=Channel.STAFF).so()
    when(approved, sort.destroy(), actor=SOMEBODY_ELSE, channel=Channel.STAFF).so()


@of_files_and_cases
def test_a_deputy_does_not_make_one_person_two(sort: Sort) -> None:
    for_the_first: dict[str, Any] = {"actor": SOMEBODY_ELSE, "deputising_for": ACTOR}
    when(sort.approved(), sort.destroy(), **for_the_first).refused("efile.two_people_destroy")
    by_a_deputy = when(sort.appraised(Appraisal.DESTROY), sort.approve(), **for_the_first).so()
    assert by_a_deputy.state.disposal.approved_by == (SOMEBODY_ELSE, ACTOR)
    when(by_a_deputy, sort.destroy(), actor=ACTOR).refused("efile.two_people_destroy")
    (gone, *_) = when(by_a_deputy, sort.destroy(), actor=an_id("third")).facts
    assert gone.approved_for == ACTOR
    assert gone.supervised().others == (SOMEBODY_ELSE, ACTOR)


@of_files_and_cases
@pytest.mark.allows("efile.under_hold")
def test_nothing_under_a_legal_hold_is_destroyed(sort: Sort) -> None:
    hold = held(sort.facts["LegalHoldPlaced"], voids_approval=True)
    release = held(sort.facts["LegalHoldReleased"])
    when(sort.approved(hold), sort.destroy(), actor=SOMEBODY_ELSE).refused("efile.under_hold")
    when(sort.appraised(Appraisal.DESTROY, hold), sort.approve()).refused("efile.under_hold")
    when(sort.appraised(Appraisal.DESTROY, hold, release), sort.approve()).so()


@of_files_and_cases
def test_a_hold_makes_an_approval_void(sort: Sort) -> None:
    hold = held(sort.facts["LegalHoldPlaced"], voids_approval=True)
    release = held(sort.facts["LegalHoldReleased"])
    again = sort.approved(hold, release)
    when(again, sort.destroy(), actor=SOMEBODY_ELSE).refused("efile.destruction_not_approved")
    when(again, sort.approve(), actor=SOMEBODY_ELSE).so()


def test_a_hold_on_a_file_covers_its_cases() -> None:
    hold = held(FileLegalHoldPlaced, voids_approval=False)
    when(CASES.approved().beside(FILE, hold), DestroyCase(), actor=SOMEBODY_ELSE).refused("efile.under_hold")


def test_a_hold_on_a_file_makes_the_approvals_of_its_cases_void() -> None:
    hold = held(FileLegalHoldPlaced, voids_approval=False)
    release = held(FileLegalHoldReleased)
    under_hold = CASES.approved().beside(FILE, hold)
    when(under_hold, ApproveCaseDestruction(), actor=SOMEBODY_ELSE).refused("efile.under_hold")
    again = under_hold.beside(FILE, release)
    when(again, DestroyCase(), actor=SOMEBODY_ELSE).refused("efile.destruction_not_approved")
    anew = when(again, ApproveCaseDestruction(), actor=SOMEBODY_ELSE).then(
        CaseDestructionApproved(
            process_id=PROCESS, approver=SOMEBODY_ELSE, deputising_for=None, file_holds=1, day=THAT_DAY
        )
    )
    when(anew, ApproveCaseDestruction(), actor=ACTOR).refused("efile.already_approved")
    when(anew, DestroyCase(), actor=SOMEBODY_ELSE).refused("efile.two_people_destroy")
    when(anew, DestroyCase(), actor=ACTOR).so()


@pytest.mark.allows("efile.already_approved")
def test_an_approval_that_does_not_say_how_often_the_file_was_held_stands_where_it_never_was() -> None:
    unknown = CaseDestructionApproved(process_id=PROCESS, approver=ACTOR, deputising_for=None, file_holds=None)
    hold = held(FileLegalHoldPlaced, voids_approval=False)
    release = held(FileLegalHoldReleased)
    appraised = CASES.appraised(Appraisal.DESTROY)
    when(appraised.beside(CASE, unknown), DestroyCase(), actor=SOMEBODY_ELSE).so()
    once_held = appraised.beside(FILE, hold, release).beside(CASE, unknown)
    when(once_held, DestroyCase(), actor=SOMEBODY_ELSE).refused("efile.destruction_not_approved")
    when(once_held, ApproveCaseDestruction(), actor=SOMEBODY_ELSE).so()


@of_files_and_cases
def test_destruction_waits_for_the_end_of_retention_even_where_the_offer_came_earlier(sort: Sort) -> None:
    when(sort.appraised(Appraisal.DESTROY), sort.approve(), LAST_DAY).refused("efile.retention_not_expired")
    when(sort.appraised(Appraisal.DESTROY), sort.approve(), NEW_YEAR).so()


@of_files_and_cases
@pytest.mark.allows("efile.in_disposal")
def test_what_has_reached_the_end_of_its_retention_is_not_reopened(sort: Sort) -> None:
    when(sort.expired(), sort.reopen).refused("efile.in_disposal")
    when(sort.offered(), sort.reopen).refused("efile.in_disposal")
    when(sort.kept(), sort.reopen).so()


def test_a_file_learns_that_its_case_is_destroyed() -> None:
    after = when(CASES.approved(), DestroyCase(), actor=SOMEBODY_ELSE).then(
        CaseDestroyed(process_id=PROCESS, approvers=(ACTOR, SOMEBODY_ELSE), day=THAT_DAY),
        On(FILE, CaseOfFileDestroyed(case_id=CASE, day=THAT_DAY)),
    )
    file = after.state_of(FILE)
    assert isinstance(file, File)
    assert (file.cases, file.open_cases, file.destroyed_cases) == (1, 0, 1)


@pytest.mark.allows("efile.file_has_cases")
def test_a_file_is_not_destroyed_before_its_cases() -> None:
    when(FILES.approved(CASE_ADDED), DestroyFile(), actor=SOMEBODY_ELSE).refused("efile.file_has_cases")
    alone = FILES.approved(CASE_ADDED, CaseOfFileDestroyed(case_id=CASE))
    when(alone, DestroyFile(), actor=SOMEBODY_ELSE).so()


@of_files_and_cases
def test_closed_again_the_way_to_disposal_begins_anew(sort: Sort) -> None:
    opened = when(sort.kept(), sort.reopen, date(2027, 5, 1)).so()
    assert opened.state.status is Status.OPEN
    assert opened.state.disposal is None


# In what order


@of_files_and_cases
@pytest.mark.allows("efile.out_of_order")
def test_each_step_to_disposal_comes_no_earlier_than_the_one_before(sort: Sort) -> None:
    send = sort.send(sha256=FIRST_HASH, size=4_096)
    steps = (
        (offer(sort), ACTOR),
        (appraise(sort, Appraisal.ARCHIVE), ACTOR),
        (send, ACTOR),
        (sort.fail(process_id=PROCESS, errors=1, report=REASON), ACTOR),
        (send, ACTOR),
        (sort.confirm(process_id=PROCESS, archive_id="StA 4711"), ACTOR),
        (sort.approve(), ACTOR),
        (sort.destroy(), SOMEBODY_ELSE),
    )
    before = date(2038, 3, 1)
    scenario = when(sort.kept(), sort.expire(), before).so()
    for command, actor in steps:
        when(scenario, command, before - timedelta(days=1), actor=actor).refused("efile.out_of_order")
        when(scenario, command, before, actor=actor).so()
        before += timedelta(days=1)
        scenario = when(scenario, command, before, actor=actor).so()


@of_files_and_cases
@pytest.mark.allows("efile.out_of_order")
def test_a_late_offer_is_not_dated_in_time(sort: Sort) -> None:
    late = when(sort.expired(), sort.record_offer_due(), date(2038, 1, 1)).so()
    when(late, offer(sort), date(2037, 12, 31)).refused("efile.out_of_order")
    when(late, offer(sort), date(2038, 1, 1)).so()


@of_files_and_cases
@pytest.mark.allows("efile.out_of_order")
def test_what_is_reopened_was_late_for_its_offer_before(sort: Sort) -> None:
    for_ever = replace(sort.closed, retention_years=None, retention_until=None, offer_due_on=date(2057, 1, 1))
    late = sort.open(for_ever).when(sort.record_offer_due(), on=date(2057, 1, 1)).so()
    late.when(sort.reopen, on=date(2056, 12, 31)).refused("efile.out_of_order")
    late.when(sort.reopen, on=date(2057, 1, 1)).so()


@of_files_and_cases
@pytest.mark.allows("efile.offer_not_due", "efile.retention_not_running")
def test_what_the_calendar_finds_is_recorded_in_whatever_order(sort: Sort) -> None:
    fifty = replace(sort.closed, retention_years=40, retention_until=date(2066, 12, 31), offer_due_on=date(2057, 1, 1))
    expired = sort.open(fifty).when(sort.expire(), on=date(2067, 1, 1)).so()
    due = expired.when(sort.record_offer_due(), on=date(2057, 1, 1)).so()
    assert due.state.last_day == date(2067, 1, 1)


@of_files_and_cases
@pytest.mark.allows("efile.out_of_order")
def test_what_was_held_is_approved_and_destroyed_no_earlier_than_the_release(sort: Sort) -> None:
    hold = held(sort.facts["LegalHoldPlaced"], voids_approval=False, day=date(2037, 2, 1))
    release = held(sort.facts["LegalHoldReleased"], day=date(2040, 5, 4))
    released = sort.appraised(Appraisal.DESTROY, hold, release)
    when(released, sort.approve(), date(2040, 5, 3)).refused("efile.out_of_order")
    when(released, sort.approve(), date(2040, 5, 4)).so()


@pytest.mark.allows("efile.out_of_order")
def test_a_case_is_destroyed_no_earlier_than_the_release_of_its_file() -> None:
    hold = held(FileLegalHoldPlaced, voids_approval=False, day=date(2037, 2, 1))
    release = held(FileLegalHoldReleased, day=date(2040, 5, 4))
    released = CASES.appraised(Appraisal.DESTROY).beside(FILE, hold, release)
    when(released, ApproveCaseDestruction(), date(2040, 5, 3)).refused("efile.out_of_order")
    when(released, ApproveCaseDestruction(), date(2040, 5, 4)).so()


@pytest.mark.allows("efile.out_of_order")
def test_a_file_is_destroyed_no_earlier_than_its_cases() -> None:
    emptied = FILES.approved(CASE_ADDED, CaseOfFileDestroyed(case_id=CASE, day=THAT_DAY))
    when(emptied, DestroyFile(), date(2040, 5, 31), actor=SOMEBODY_ELSE).refused("efile.out_of_order")
    when(emptied, DestroyFile(), THAT_DAY, actor=SOMEBODY_ELSE).so()


def test_every_shape_of_a_disposal_has_a_fact_of_files_and_one_of_cases() -> None:
    assert set(FILES.facts) == set(CASES.facts)
    assert len(FILES.facts) == 12
    assert all(fact in FAMILY.facts for sort in (FILES, CASES) for fact in sort.facts.values())
