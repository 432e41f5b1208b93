"""What the generator remembers of bodies, papers and meetings."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.council.parts import Attending
from infra.demo.matters import BodyPlan, Matter
from infra.demo.tracking import Again


@dataclass(slots=True)
class Body:
    """A body as the generator remembers it. `waiting` papers come onto its next agenda.

    `tracked` are the resolutions that its next tracking report is about, and `reported` is when it was given the last.
    `objected` are those that it has to decide again, `signed` is its last meeting whose minutes are signed.
    """

    record: UUID
    plan: BodyPlan
    members: list[Attending] = field(default_factory=list)
    meetings: int = 0
    reported: datetime | None = None
    signed: UUID | None = None
    seated: int = 0
    tracked: dict[UUID, bool] = field(default_factory=dict)
    objected: deque[Again] = field(default_factory=deque)
    waiting: deque[Paper] = field(default_factory=deque)


@dataclass(slots=True)
class Paper:
    """A paper as the generator remembers it: the bodies that still have to deal with it, the last one decides.

    `heard` is the body that dealt with it last.
    """

    record: UUID
    matter: Matter
    values: dict[str, str]
    route: list[Body]
    special: bool = False
    heard: Body | None = None


Point = Paper | Again | str
"""What an item is about: a paper, a resolution to be decided again, or a formality by its title."""


@dataclass(slots=True)
class Meeting:
    """A meeting as the generator remembers it: `version` is what ids of its items derive from."""

    record: UUID
    body: Body
    number: str
    start: datetime
    correlation: UUID
    version: int = 1
    attending: list[Attending] = field(default_factory=list)
    items: list[tuple[UUID, int, Point]] = field(default_factory=list)
