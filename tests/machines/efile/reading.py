"""Reading stored events: who recorded them, which came last, what is left of what was placed."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from domain.efile import facts
from domain.kernel import Fact, Recorded


def persons(event: Recorded) -> set[UUID]:
    """Who did it, and in whose place."""
    envelope = event.envelope
    return {envelope.actor} if envelope.deputising_for is None else {envelope.actor, envelope.deputising_for}


def last(events: Sequence[Recorded], kinds: type[Fact] | tuple[type[Fact], ...]) -> Recorded:
    """The last event of such a kind: there must be one."""
    found = [event for event in events if isinstance(event.fact, kinds)]
    assert found, f"there is no {kinds}"
    return found[-1]


def holds_of(events: Iterable[Recorded]) -> set[int]:
    """The holds of one record that stand after these events."""
    standing: set[int] = set()
    for event in events:
        if isinstance(event.fact, facts.LegalHoldPlaced):
            standing.add(event.fact.hold)
        elif isinstance(event.fact, facts.LegalHoldReleased):
            standing.discard(event.fact.hold)
    return standing
