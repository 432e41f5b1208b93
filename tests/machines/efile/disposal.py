"""Moves that files and cases have alike: holds, confidentiality, and the way to disposal."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from domain.efile import commands as c
from domain.efile.state import Case, File
from domain.efile.vocabulary import Appraisal, Confidentiality, Status
from tests.domain.efile.examples import CASES, FILES, Sort
from tests.machines.efile.said import HASHES, TODAY, a_reason, an_authority, deputised, from_elsewhere, not_before
from tests.machines.machine import Attempt, Move, NotYet, Scene


def _late(record: File | Case, scene: Scene) -> date:
    """A day on which the retention is over, where that has come."""
    until = record.disposal.retention_until if record.disposal else None
    now = not_before(scene, record)
    return min(max(now, until + timedelta(days=1)) if until else now, TODAY)


def ends_of(sort: Sort, cls: type[File] | type[Case]) -> list[Move]:
    """The moves that files and cases have alike."""

    def on_some(make: Callable[[Scene, File | Case], Attempt]) -> Move:
        def move(scene: Scene) -> Attempt:
            record, state = scene.some(cls)
            attempt = make(scene, state)
            early = state.last_day - timedelta(days=1) if scene.chance(0.1) else None
            return replace(attempt, record=record, on=attempt.on or early or _late(state, scene))

        return move

    def process(scene: Scene, state: File | Case) -> str:
        return scene.often((state.disposal and state.disposal.process_id) or "AUS-1", "AUS-0")

    def classify(scene: Scene, state: File | Case) -> Attempt:
        level = scene.often(scene.pick(Confidentiality), state.confidentiality)
        return Attempt(command=sort.change_confidentiality(confidentiality=level, reason=a_reason(scene)))

    def hold(scene: Scene, state: File | Case) -> Attempt:
        if len(state.holds) > 1:
            raise NotYet
        day = scene.often(scene.today, state.opened_on, state.opened_on - timedelta(days=1))
        return Attempt(command=sort.place_hold(authority=an_authority(scene), reason=a_reason(scene)), on=day)

    def release(scene: Scene, state: File | Case) -> Attempt:
        number = scene.pick([*state.holds, 99])
        command = sort.release_hold(hold=number, authority=an_authority(scene), reason=a_reason(scene))
        held = state.days.get("holds", state.opened_on)
        return Attempt(command=command, on=scene.often(max(scene.today, held), held, held - timedelta(days=1)))

    def expire(scene: Scene, state: File | Case) -> Attempt:
        until = state.disposal.retention_until if state.disposal else None
        return Attempt(command=sort.expire(), on=scene.often(None, until and min(until, TODAY)))

    def offer_due(scene: Scene, state: File | Case) -> Attempt:
        due = state.disposal.offer_due_on if state.disposal else scene.today
        return Attempt(command=sort.record_offer_due(), on=min(scene.often(due, due - timedelta(days=1)), TODAY))

    def offer(scene: Scene, state: File | Case) -> Attempt:
        return Attempt(command=sort.offer(process_id=scene.number("AUS-"), archive="Stadtarchiv"))

    def appraise(scene: Scene, state: File | Case) -> Attempt:
        reason = scene.text() if scene.chance(0.4) else None
        decision = scene.pick(Appraisal)
        return Attempt(command=sort.appraise(process_id=process(scene, state), decision=decision, reason=reason))

    def send(scene: Scene, state: File | Case) -> Attempt:
        return Attempt(command=sort.send(sha256=HASHES[1], size=1))

    def fail(scene: Scene, state: File | Case) -> Attempt:
        return Attempt(command=sort.fail(process_id=process(scene, state), errors=1, report=scene.text()))

    def confirm(scene: Scene, state: File | Case) -> Attempt:
        return Attempt(command=sort.confirm(process_id=process(scene, state), archive_id=scene.number("StA ")))

    def approve(scene: Scene, state: File | Case) -> Attempt:
        return deputised(scene, Attempt(command=sort.approve()))

    def approve_early(scene: Scene, state: File | Case) -> Attempt:
        until = state.disposal.retention_until if state.disposal else None
        return Attempt(command=sort.approve(), on=until and min(until, TODAY))

    def destroy(scene: Scene, state: File | Case) -> Attempt:
        return deputised(scene, Attempt(command=sort.destroy()))

    def from_outside(scene: Scene, state: File | Case) -> Attempt:
        return from_elsewhere(scene, Attempt(command=scene.pick([sort.approve(), sort.destroy()])))

    steps = (classify, hold, release, expire, offer_due, offer, appraise, send, fail, confirm, approve, approve_early)
    return [on_some(step) for step in (*steps, destroy, from_outside)]


def approve_before_cases(scene: Scene) -> Attempt:
    def too_early(file: File) -> bool:
        unwanted = file.disposal is not None and file.disposal.decision is Appraisal.DESTROY
        return unwanted and not file.holds and file.destroyed_cases < file.cases

    record, file = scene.some(File, too_early)
    return Attempt(command=c.ApproveFileDestruction(), record=record, on=_late(file, scene))


def _approved(case: Case) -> bool:
    disposal = case.disposal
    return disposal is not None and bool(disposal.approved_by) and disposal.stage is not Status.DESTROYED


def hold_file_of_approved(scene: Scene) -> Attempt:
    """The file is held, or released, while the destruction of a case is approved."""
    _, case = scene.some(Case, _approved)
    file = scene.world.state(case.file_id)
    reason, authority = scene.text(), "VG"
    if file.holds:
        release = c.ReleaseFileLegalHold(hold=file.holds[0], authority=authority, reason=reason)
        return Attempt(command=release, record=case.file_id)
    if file.hold_count > 3:
        raise NotYet
    return Attempt(command=c.PlaceFileLegalHold(authority=authority, reason=reason), record=case.file_id)


MOVES = (
    approve_before_cases,
    hold_file_of_approved,
    *ends_of(FILES, File),
    *ends_of(CASES, Case),
)
