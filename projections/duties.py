"""What falls due by the calendar: which rows of a register are due on a day, and the command that records it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from domain.kernel import Command, Message
from projections.model import Projection
from projections.query import Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A fact that time brings about and no person: a loan becomes overdue, a retention ends.

    `due(day)` are the predicates that a row of `source` meets when it is due on that day or was before; once recorded,
    the row must not meet them any more. `since(row)` is the day it fell due, on which the fact takes effect, however
    late it is found. `command(row)` is the record it is addressed to and the command, whose rules decide as always.
    `act` says that it is something the office does, and no state that time brings: a reminder is sent and a link is
    forgotten on the day that it happens, which is the day of the run.
    """

    name: str
    comment: Message
    source: Projection
    due: Callable[[date], tuple[Where, ...]]
    since: Callable[[Any], date]
    command: Callable[[Any], tuple[UUID, Command]]
    act: bool = False
