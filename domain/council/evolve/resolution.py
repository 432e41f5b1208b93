"""What each fact makes of a resolution."""

from dataclasses import replace
from datetime import date
from typing import assert_never

from domain.council import facts
from domain.council.state import ResolutionState
from domain.council.vocabulary import TrackingStatus


def evolve_resolution(resolution: ResolutionState, fact: facts.ResolutionFact) -> ResolutionState:
    if isinstance(fact, facts.ResolutionAdopted):
        return ResolutionState(
            number=fact.resolution_number,
            bodies=frozenset(body.record for body in fact.bodies),
            status=TrackingStatus.OPEN,
            adopted_on=fact.adopted_on,
            since=fact.adopted_on,
        )
    before = resolution.status
    resolution = replace(resolution, status=tracking_after(before, fact, resolution.resumes_as))
    match fact:
        case facts.ImplementationAssigned():
            return _since(replace(resolution, unit=fact.unit, due=fact.due, overdue=False), fact.assigned_on)
        case facts.ImplementationReported():
            overdue = resolution.overdue and fact.due == resolution.due
            return _since(replace(resolution, due=fact.due, overdue=overdue), fact.reported_on)
        case facts.ImplementationBecameOverdue():
            return replace(resolution, overdue=True)
        case facts.ImplementationCompleted():
            return _since(resolution, fact.completed_on)
        case facts.ResolutionObjected():
            objected = replace(resolution, objected_on=fact.objected_on, resumes_as=before, upheld=False)
            return _since(objected, fact.objected_on)
        case facts.ObjectionDecided():
            again = replace(resolution, upheld=fact.upholds, decided_in=resolution.decided_in | {fact.item})
            return _since(again, fact.decided_on)
        case facts.SupervisoryDecisionRecorded():
            return _since(resolution, fact.decided_on)
        case _:
            return resolution


def _since(resolution: ResolutionState, day: date | None) -> ResolutionState:
    return replace(resolution, since=max(resolution.since, day)) if day else resolution


def tracking_after(
    status: TrackingStatus, fact: facts.ResolutionFact, resumes_as: TrackingStatus | None
) -> TrackingStatus:
    """Where a resolution stands after a fact; `resumes_as` is where it stood before it was suspended."""
    match fact:
        case facts.ResolutionAdopted():
            return TrackingStatus.OPEN
        case facts.ImplementationAssigned():
            return TrackingStatus.ASSIGNED
        case facts.ImplementationReported():
            return TrackingStatus(fact.progress.value)
        case facts.ImplementationCompleted():
            return TrackingStatus.DONE
        case facts.FinalReportGiven():
            return TrackingStatus.REPORTED_FINAL
        case facts.ResolutionObjected():
            return TrackingStatus.SUSPENDED
        case facts.ObjectionDecided():
            return status if fact.upholds else TrackingStatus.REPEALED
        case facts.SupervisoryDecisionRecorded():
            return (resumes_as or TrackingStatus.OPEN) if fact.stands else TrackingStatus.REPEALED
        case facts.ImplementationBecameOverdue() | facts.ResolutionReported():
            return status
        case _:
            assert_never(fact)
