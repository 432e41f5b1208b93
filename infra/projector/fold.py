"""One batch of events folded into the rows of one projection. Pure: rows come in, changed rows go out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.kernel import Fact
from infra.codec import UnknownTopic
from infra.projector.events import Event, Unreadable
from infra.projector.rows import Key
from projections.model import Projection


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a projection cannot go past an event."""

    position: int
    error: str


def failure(position: int, error: BaseException) -> Failure:
    """An error at an event, in a line that an operator can act on."""
    return Failure(position, f"{type(error).__name__}: {error}".replace("\0", "")[:2000])


@dataclass(slots=True)
class Batch:
    """What a batch of events means to one projection: its events by key, and how far the batch can be folded."""

    projection: Projection
    topics: frozenset[str]
    facts: frozenset[type[Fact]]
    keyed: list[tuple[Key, Any]] = field(default_factory=list)
    failure: Failure | None = None

    def take(self, events: Sequence[Event]) -> None:
        """Find the keys of the events that concern the projection, up to one that it cannot go past."""
        key_of, facts, keyed = self.projection.key_of, self.facts, self.keyed
        event: Event | None = None
        try:
            for event in events:
                if isinstance(event, Unreadable):
                    if event.topic in self.topics or isinstance(event.error, UnknownTopic):
                        self.failure = failure(event.position, event.error)
                        return
                elif type(event.fact) in facts:
                    key = key_of(event)
                    if key is not None:
                        keyed.append((key, event))
        except Exception as error:  # whatever a fold raises stops its projection, and is shown there
            self.failure = failure(event.position if event else 0, error)

    def keys(self) -> set[Key]:
        """The keys that are touched."""
        return {key for key, _ in self.keyed}

    def fold(self, rows: dict[Key, Any]) -> dict[Key, Any]:
        """The touched rows after the batch, None where there is none now. A fold that raises ends the batch there."""
        fold = self.projection.fold
        after: dict[Key, Any] = {key: rows.get(key) for key, _ in self.keyed}
        event: Any = None
        try:
            for key, event in self.keyed:
                after[key] = fold(after[key], event)
        except Exception as error:  # as in `take`
            self.failure = failure(event.position, error)
        return after
