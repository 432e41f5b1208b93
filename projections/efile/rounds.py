"""What the register of cases shows of a case's round: its steps, and whose turn it is since when."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from domain.efile import facts
from domain.efile.vocabulary import Status, StepKind, StepStatus
from domain.kernel import Recorded
from projections.model import Json

Step = dict[str, Any]


def changes(told: Json | None, event: Recorded) -> dict[str, Any]:
    """The columns that an event about a round changes, given the steps as the row tells them; none for other events."""
    day = event.effective.day
    match event.fact:
        case facts.DocumentVersionAdded() as fact if fact.invalidated_steps:
            steps = _read(told)
            for step in steps:
                if step["no"] in fact.invalidated_steps:
                    step |= {"status": StepStatus.FUTURE, "outcome": None, "since": None, "ended": None}
            return _in_turn(steps, day)
        case facts.CirculationStarted() as fact:
            return {"circulations": fact.circulation, **_in_turn([_planned(step) for step in fact.steps], day)}
        case facts.CirculationStepAdded() as fact:
            return _in_turn(sorted((*_read(told), _planned(fact.step)), key=lambda step: int(step["no"])), day)
        case facts.CirculationStepCompleted() as fact:
            return _in_turn(_ended(_read(told), fact.no, StepStatus.DONE, fact.outcome, day), day)
        case facts.CirculationStepSkipped() as fact:
            return _in_turn(_ended(_read(told), fact.no, StepStatus.SKIPPED, None, day), day)
    return {}


def _read(told: Json | None) -> list[Step]:
    steps: list[Step] = json.loads(told or "[]")
    return steps


def _planned(step: facts.PlannedStep) -> Step:
    return {
        "no": step.no,
        "kind": step.kind,
        "addressee": step.addressee,
        "due": step.due.isoformat() if step.due else None,
        "status": StepStatus.FUTURE,
        "outcome": None,
        "since": None,
        "ended": None,
    }


def _ended(steps: list[Step], no: int, status: StepStatus, outcome: str | None, day: date) -> list[Step]:
    for step in steps:
        if step["no"] == no:
            step |= {"status": status, "outcome": outcome, "ended": day.isoformat()}
    return steps


def _in_turn(steps: list[Step], day: date) -> dict[str, Any]:
    """The columns that follow from the steps: the first open one is current, and the case is on its round."""
    waiting = [step for step in steps if step["status"] in (StepStatus.FUTURE, StepStatus.CURRENT)]
    current = waiting[0] if waiting else None
    for step in waiting:
        if step is not current:
            step |= {"status": StepStatus.FUTURE, "since": None}
        elif step["status"] != StepStatus.CURRENT:
            step |= {"status": StepStatus.CURRENT, "since": day.isoformat()}
    return {
        "status": Status.IN_CIRCULATION if current else Status.OPEN,
        "open_steps": len(waiting),
        "current_step": current["no"] if current else None,
        "current_kind": StepKind(current["kind"]) if current else None,
        "current_addressee": current["addressee"] if current else None,
        "current_due": date.fromisoformat(current["due"]) if current and current["due"] else None,
        "current_since": date.fromisoformat(current["since"]) if current and current["since"] else None,
        "steps": Json(json.dumps(steps, ensure_ascii=False, separators=(",", ":"))),
    }
