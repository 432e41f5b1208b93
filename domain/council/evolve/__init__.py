"""What each fact makes of the state. It consults no clock and never fails on a stored fact."""

from typing import cast

from domain.council import facts
from domain.council.evolve.body import evolve_body
from domain.council.evolve.meeting import evolve_meeting
from domain.council.evolve.paper import Changed, co_signed_after, evolve_paper, status_after
from domain.council.evolve.resolution import evolve_resolution, tracking_after
from domain.council.state import BodyState, MeetingState, PaperState, ResolutionState, State
from domain.kernel import Fact

__all__ = ["Changed", "co_signed_after", "evolve", "status_after", "tracking_after"]


def evolve(state: State | None, fact: Fact) -> State:
    """The state after the fact."""
    match fact.kind:
        case "paper":
            return evolve_paper(cast(PaperState, state), cast(facts.PaperFact, fact))
        case "meeting":
            return evolve_meeting(cast(MeetingState, state), cast(facts.MeetingFact, fact))
        case "resolution":
            return evolve_resolution(cast(ResolutionState, state), cast(facts.ResolutionFact, fact))
        case _:
            return evolve_body(cast(BodyState, state), cast(facts.BodyFact, fact))
