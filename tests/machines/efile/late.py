"""Moves that are told of late, or of another day than they could have happened on."""

from dataclasses import replace
from datetime import date, timedelta

from domain.efile import commands as c
from domain.efile.facts import StepContent
from domain.efile.state import Case, File
from tests.machines.efile import records, rounds
from tests.machines.efile.said import HASHES, TODAY, from_import
from tests.machines.machine import Attempt, NotYet, Scene

WORK = (
    records.transfer_file,
    records.correct_file,
    records.transfer_case,
    records.correct_case,
    records.file_document,
    records.add_version,
    records.attach,
    records.correct_document,
    rounds.circulate,
    rounds.complete,
    rounds.object_to,
    rounds.skip_on,
    rounds.add_step,
    rounds.record_step,
    rounds.correct_step,
    rounds.schedule,
    rounds.see_to,
    rounds.cancel,
)


def _around(scene: Scene, record: File | Case) -> date:
    """A day on which something of the record began or ended, the day before, or the day after."""
    known = [record.opened_on, *record.days.values(), *(day for closure in record.closures for day in closure)]
    return min(scene.pick(known) + timedelta(days=scene.pick([-1, 0, 1])), TODAY)


def told_late(scene: Scene) -> Attempt:
    attempt = scene.pick(WORK)(scene)
    state = scene.world.state(attempt.record) if attempt.record else None
    if not isinstance(state, File | Case):
        raise NotYet
    return replace(attempt, on=_around(scene, state))


def open_case_while_closed(scene: Scene) -> Attempt:
    """In a file that was closed for a while, around that while."""
    _, file = scene.some(File, lambda file: bool(file.closures) and not file.closed)
    opening = records.opening_case(scene, scene.number("V-"))
    state = scene.world.state(opening.file_id)
    return Attempt(command=opening, on=_around(scene, state if isinstance(state, File) else file))


def reopen_for_a_while(scene: Scene) -> Attempt:
    """Some days after it was closed, so that there are days on which it was."""
    record, state = scene.some(File, lambda file: file.closed) if scene.chance(0.5) else scene.some(Case, _closed)
    reopen = c.ReopenFile if isinstance(state, File) else c.ReopenCase
    day = min(state.last_day + timedelta(days=scene.pick([3, 5])), TODAY)
    return Attempt(command=reopen(authority="61/L", reason=scene.text()), record=record, on=day)


def _closed(case: Case) -> bool:
    return case.closed


def tell_source(scene: Scene) -> Attempt:
    """A step with its row in a source: by an import, or by somebody who is none."""
    record, _ = scene.some(Case, lambda case: len(case.entries) < 4)
    step = c.RecordCirculationStep(
        step=StepContent(activity="Eingang"), source="log", source_row=1, source_digest=scene.pick(HASHES)
    )
    return from_import(scene, Attempt(command=step, record=record))


def correct_from_source(scene: Scene) -> Attempt:
    record, _ = scene.some(Case, lambda case: bool(case.entries))
    correct = c.CorrectCirculationStep(
        entry=1, step=StepContent(activity="Ausgang"), source_digest=scene.pick(HASHES), reason=scene.text()
    )
    return from_import(scene, Attempt(command=correct, record=record))


MOVES = (told_late, told_late, open_case_while_closed, reopen_for_a_while, tell_source, correct_from_source)
