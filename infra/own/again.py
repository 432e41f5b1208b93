"""Own projections folded again, what was set aside or everything, each in a process of its own."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from infra.database import Database
from infra.own.errors import BadProjection
from infra.own.keeper import Limits, begin, end, said_by, why
from infra.own.process import Act
from infra.own.registry import Own
from infra.projector import Retried


class Redone(NamedTuple):
    """What a rebuild found: whether the live rows were equal (None: there were none), for people, and for programs."""

    equal: bool | None
    text: str
    rebuilt: dict[str, Any]


def retry(database: Database, own: Own, position: int | None = None, limits: Limits | None = None) -> list[Retried]:
    """As for shipped read models. Raises BadProjection."""
    told = _done(database, own, limits, Act.RETRY, position=position)
    return [Retried(**each) for each in told["retried"]]


def rebuild(
    database: Database, own: Own, *, from_zero: bool = False, check: bool = False, limits: Limits | None = None
) -> Redone:
    """As for shipped read models, by one worker. Raises BadProjection."""
    return Redone(**_done(database, own, limits, Act.REBUILD, from_zero=from_zero, check=check))


def _done(database: Database, own: Own, limits: Limits | None, act: Act, **more: object) -> dict[str, Any]:
    if not own.unchanged:
        raise BadProjection(own.changed)
    process = begin(database, own, limits or Limits(), act, **more)
    try:
        said = said_by(process)
        if process.wait():
            raise BadProjection(f"{own.name}: {why(process, said)}")
    finally:
        end(process)
    told: dict[str, Any] = json.loads(said)
    return told
