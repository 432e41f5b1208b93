"""Moves that are sometimes made in somebody else's place: what four eyes must see through."""

from collections.abc import Iterable
from dataclasses import replace

from domain.kernel import Envelope, Recorded
from tests.machines.machine import Attempt, Move, Scene


def with_deputies(moves: Iterable[Move]) -> tuple[Move, ...]:
    """The moves, each made by a deputy in one case of five."""
    return tuple(map(_by_a_deputy, moves))


def _by_a_deputy(move: Move) -> Move:
    def made(scene: Scene) -> Attempt:
        attempt = move(scene)
        if attempt.deputising_for is not None or not scene.chance(0.2):
            return attempt
        return replace(attempt, actor=attempt.actor or scene.actor(), deputising_for=scene.actor())

    return made


def persons(*events: Recorded) -> set[object]:
    """Who recorded these events, and in whose place."""
    envelopes: list[Envelope] = [event.envelope for event in events]
    return {person for it in envelopes for person in (it.actor, it.deputising_for) if person is not None}
