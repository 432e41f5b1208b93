"""What the rules of e-files promise, held against the stored events alone: who recorded what, when, in which order."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from uuid import UUID

from domain.efile import facts
from domain.efile.state import Case, File
from domain.efile.vocabulary import Appraisal, Status, StepOutcome
from domain.kernel import Channel, Recorded, Supervision, day_of
from tests.machines.efile.days import each_thing_keeps_its_days, work_falls_on_open_days
from tests.machines.efile.reading import holds_of, last, persons
from tests.machines.efile.signatures import check_documents
from tests.machines.machine import World

CLOSED = (facts.FileClosed, facts.CaseClosed)
REOPENED = (facts.FileReopened, facts.CaseReopened)
AFTER_CLOSING = (
    facts.DisposalStep,
    facts.LegalHoldPlaced,
    facts.LegalHoldReleased,
    facts.ConfidentialityChanged,
    facts.CaseOfFileDestroyed,
    *REOPENED,
)
NO_WORK = (facts.LegalHoldPlaced, facts.LegalHoldReleased, facts.ConfidentialityChanged)
CALENDAR = (facts.RetentionExpired, facts.OfferBecameDue)
"""States that take effect when they came about, whenever that was found."""
ARCHIVAL = (facts.TransferSent, facts.TransferFailed, facts.ImportConfirmed)


def check(world: World, record_id: UUID) -> None:
    """Everything at once, of a record that has just changed and of the file it is in."""
    events, state = world.events(record_id), world.state(record_id)
    nobody_acts_twice(events)
    staff_alone_sign_skip_and_destroy(events)
    numbers_are_used_once(world, record_id)
    the_plan_changes_for_days_to_come(events)
    if isinstance(state, File | Case):
        what_is_closed_stays_closed(events)
        retention_ends_with_a_year_and_never_earlier_than_before(events)
        nothing_comes_before_what_it_follows(world, record_id)
        each_thing_keeps_its_days(events)
        work_falls_on_open_days(events)
        only_imports_tell_of_sources(events)
        destruction_is_the_end_of_a_long_way(world, record_id)
    if isinstance(state, Case):
        check_documents(events)
        assert not (state.closed and state.circulation), "a case closed over open steps"
        assert not (state.closed and any(each.open for each in state.resubmissions)), "closed over open resubmissions"
        check(world, state.file_id)
    elif isinstance(state, File):
        a_file_knows_its_cases(world, record_id, state)


def nobody_acts_twice(events: Sequence[Recorded]) -> None:
    """What takes two people was never done by one, nor in the place of the other."""
    for event in events:
        told = event.fact.supervised()
        if told and told.by is Supervision.FOUR_EYES:
            assert not persons(event) & set(told.others), f"four eyes of one person: {type(event.fact).__name__}"


def staff_alone_sign_skip_and_destroy(events: Sequence[Recorded]) -> None:
    """Both halves of what takes two people are done by people who are told apart: citizens of a channel are not."""
    for event in events:
        fact = event.fact
        signed = isinstance(fact, facts.CirculationStepCompleted) and fact.outcome is not StepOutcome.DONE
        if signed or isinstance(fact, facts.CirculationStepSkipped | facts.DestructionApproved | facts.Destroyed):
            assert event.envelope.channel is Channel.STAFF, f"{type(fact).__name__} by no staff"


def only_imports_tell_of_sources(events: Sequence[Recorded]) -> None:
    for event in events:
        told = [getattr(event.fact, name, None) for name in ("source", "source_id", "source_row", "source_digest")]
        by_import = event.envelope.channel is Channel.IMPORT
        assert by_import or told == [None] * 4, "a source that no import has read"


def the_plan_changes_for_days_to_come(events: Sequence[Recorded]) -> None:
    """What was closed and destroyed by it was so by what it said then; imports tell of elsewhere."""
    for event in (event for event in events if event.envelope.channel is not Channel.IMPORT):
        match event.fact:
            case facts.FilePlanUnitRevised(valid_from=day) | facts.FilePlanUnitEnded(valid_to=day):
                assert day >= day_of(event.recorded_at), "a plan dated back"


def numbers_are_used_once(world: World, record_id: UUID) -> None:
    """No reference is that of another record of its kind, whatever became of that one."""
    first = world.events(record_id)[0].fact
    for other in world.records:
        same = world.events(other)[0].fact
        if other != record_id and same.kind == first.kind:
            numbers = {(each.number() or "").casefold() for each in (same, first)}
            assert len(numbers) == 2, f"{first.number()} was given twice"


def what_is_closed_stays_closed(events: Sequence[Recorded]) -> None:
    """Between closing and reopening nothing is filed, signed or changed."""
    closed = False
    for event in events:
        assert not closed or isinstance(event.fact, AFTER_CLOSING), f"{type(event.fact).__name__} after closing"
        closed = isinstance(event.fact, CLOSED) or (closed and not isinstance(event.fact, REOPENED))


def retention_ends_with_a_year_and_never_earlier_than_before(events: Sequence[Recorded]) -> None:
    """It is counted from closing, which comes after all work; the same years from a later closing end no earlier."""
    closings = [event.fact for event in events if isinstance(event.fact, CLOSED)]
    for fact in closings:
        if fact.retention_until:
            assert fact.retention_years is not None
            assert fact.retention_until == date(fact.zda_on.year + fact.retention_years, 12, 31), "not whole years"
        assert (fact.retention_until is None) == (fact.retention_years is None)
    for before, after in pairwise(closings):
        assert before.zda_on <= after.zda_on, "closed before it was closed last"
        if before.retention_until and after.retention_until and before.plan_version == after.plan_version:
            assert before.retention_until <= after.retention_until, "kept shorter than it was to be kept"
    last_work = date.min
    for event in events:
        if isinstance(event.fact, facts.Dated):
            assert event.fact.day == event.effective.day
        if isinstance(event.fact, facts.Dated) and not isinstance(event.fact, NO_WORK):
            last_work = max(last_work, event.effective.day)
        elif isinstance(event.fact, CLOSED):
            assert last_work <= event.fact.zda_on == event.effective.day, "closed before the last work on it"


def nothing_comes_before_what_it_follows(world: World, record_id: UUID) -> None:
    """As of a day, too: each step to disposal after all before it, a release after its hold, nothing before opening."""
    events, state = world.events(record_id), world.state(record_id)
    if isinstance(state, Case):
        file = world.events(state.file_id)
        imported = events[0].envelope.channel is Channel.IMPORT
        assert imported or events[0].effective.day >= file[0].effective.day, "a case opened before its file"
    latest = date.min
    for event in events:
        fact, day = event.fact, event.effective.day
        if isinstance(fact, facts.LegalHoldPlaced):
            assert day >= events[0].effective.day, "held before it was opened"
        elif isinstance(fact, facts.LegalHoldReleased):
            assert day >= _placed(events, fact.hold).effective.day, "released before it was held"
        elif isinstance(fact, (facts.DisposalStep, *REOPENED)) and not isinstance(fact, CALENDAR):
            assert day >= latest, f"{type(fact).__name__} before what it follows"
        if isinstance(fact, (facts.DisposalStep, facts.CaseOfFileDestroyed, *REOPENED, *CLOSED)):
            latest = max(latest, day)


def _placed(events: Sequence[Recorded], hold: int) -> Recorded:
    placed = [event for event in events if isinstance(event.fact, facts.LegalHoldPlaced)]
    return next(event for event in placed if isinstance(event.fact, facts.LegalHoldPlaced) and event.fact.hold == hold)


def destruction_is_the_end_of_a_long_way(world: World, record_id: UUID) -> None:
    """Offered, appraised, safe in the archive where it wants it, kept to the end, not held, approved by another."""
    events, state = world.events(record_id), world.state(record_id)
    gone = [event for event in events if isinstance(event.fact, facts.Destroyed)]
    assert len(gone) <= 1, "destroyed twice"
    for end in gone:
        assert end is events[-1], "something happened to what is no more"
        file = world.events(state.file_id) if isinstance(state, Case) else []
        before = sorted((*events, *file), key=lambda event: event.position)
        before = [event for event in before if event.position < end.position]
        for holder in {event.record_id for event in before}:
            of_holder = [event for event in before if event.record_id == holder]
            assert not holds_of(of_holder), "destroyed under a hold"
            lifted = [event for event in of_holder if isinstance(event.fact, facts.LegalHoldReleased)]
            days = [event.effective.day for event in lifted]
            assert max(days, default=date.min) <= end.effective.day, "destroyed before a hold was released"
        assert end.effective.day >= max(event.effective.day for event in events), "destroyed before the last of it"
        _approved_by_another(before, end)
        own = events[:-1]
        closing = last(own, CLOSED)
        assert isinstance(closing.fact, CLOSED)
        assert closing.fact.retention_until, "destroyed what is kept for ever"
        assert end.effective.day > closing.fact.retention_until, "destroyed before the end of its retention"
        offered, appraised = last(own, facts.DisposalOffered), last(own, facts.AppraisalReceived)
        assert closing.position < offered.position < appraised.position < end.position
        assert isinstance(appraised.fact, facts.AppraisalReceived)
        if appraised.fact.decision is Appraisal.ARCHIVE:
            assert isinstance(last(own, ARCHIVAL).fact, facts.ImportConfirmed), "destroyed what the archive waits for"


def _approved_by_another(before: Sequence[Recorded], end: Recorded) -> None:
    approval = last([event for event in before if event.record_id == end.record_id], facts.DestructionApproved)
    placed = [event.position for event in before if isinstance(event.fact, facts.LegalHoldPlaced)]
    assert approval.position > max(placed, default=0), "approved before a hold"
    assert not persons(approval) & persons(end), "destroyed by one person"
    assert isinstance(end.fact, facts.Destroyed)
    assert end.fact.approvers == (approval.envelope.actor, end.envelope.actor)
    assert end.fact.approved_for == approval.envelope.deputising_for


def a_file_knows_its_cases(world: World, record_id: UUID, file: File) -> None:
    cases = [case for case in world.of(Case).values() if case.file_id == record_id]
    assert file.cases == len(cases)
    assert file.open_cases == sum(not case.closed for case in cases)
    assert file.destroyed_cases == sum(case.status is Status.DESTROYED for case in cases)
    assert not (file.closed and file.open_cases), "a file closed before its cases"
    if file.status is Status.DESTROYED:
        assert file.destroyed_cases == file.cases, "a file destroyed before its cases"
