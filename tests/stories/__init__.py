"""Lives of records as mutations: for every mutation that can be asked for, all that has to be said before it.

`FAMILY.json` has what was said in one family, in order: each line is a mutation, who asks, and its input. Ids of
records follow from actor and key, so that the ids in later lines are those that earlier ones lead to. The lines were
found by driving the family's state machine through the API and keeping what the first success of each mutation rests
on. What only an import may say is in it where something rests on that; its header says so. What rests on a day still to
come was written by hand; `told` is the moment at which all of it is decided, so that it holds on any day.

`python -m tests.stories FAMILY …` tells a family's story anew; what was written by hand is to be added again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from domain.kernel import Precision, Sealed
from domain.requests import Request
from graphql_api.naming import camel
from graphql_api.shapes import is_big

PLACE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Said:
    """One mutation: its name, the headers of who asks, and its input."""

    mutation: str
    headers: Mapping[str, str]
    input: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """What was said in a family, and the moment at which that was."""

    told: datetime
    said: tuple[Said, ...]


def read(family: str) -> Story:
    """The story of a family."""
    found = json.loads((PLACE / f"{family}.json").read_text(encoding="utf-8"))
    return Story(datetime.fromisoformat(found["told"]), tuple(Said(**each) for each in found["said"]))


def write(family: str, story: Iterable[Said]) -> None:
    """One line for each."""
    lines = [
        json.dumps({"mutation": each.mutation, "headers": each.headers, "input": each.input}, ensure_ascii=False)
        for each in story
    ]
    told = datetime.now(UTC).isoformat()
    text = f'{{"told": "{told}", "said": [\n' + ",\n".join(lines) + "\n]}\n"
    (PLACE / f"{family}.json").write_text(text, encoding="utf-8")


def said(mutation: str, request: Request) -> Said:
    """A request of staff as the mutation that asks for it."""
    principal, effective = request.principal, request.effective
    headers = {
        "Stadtbuch-Actor": str(principal.actor),
        "Stadtbuch-Role": principal.role,
        "Stadtbuch-Org-Unit": principal.org_unit,
        "Stadtbuch-Channel": principal.channel.name,
    }
    if principal.deputising_for is not None:
        headers["Stadtbuch-Deputising-For"] = str(principal.deputising_for)
    given: dict[str, Any] = {"idempotencyKey": request.idempotency_key}
    if request.record_id is not None:
        given["record"] = str(request.record_id)
    if effective is not None and effective.precision is Precision.DAY:
        given["effectiveOn"] = effective.day.isoformat()
    elif effective is not None:
        given["effectiveAt"] = effective.at.isoformat()
    if request.reason is not None:
        given["reason"] = request.reason
    return Said(mutation, headers, {**given, **_members(request.command)})


def _members(of: Any) -> dict[str, Any]:
    found = {}
    for each in fields(of):
        value = getattr(of, each.name)
        if value is not None or each.default is MISSING:
            found[camel(each.name)] = _plain(each.name, value)
    return found


def _plain(name: str, value: Any) -> Any:
    match value:
        case None | bool():
            return value
        case Enum():
            return value.name
        case Sealed():
            return value.text
        case UUID():
            return str(value)
        case date() | datetime():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case int():
            return str(value) if is_big(name) else value
        case tuple():
            return [_plain(name, each) for each in value]
        case _ if is_dataclass(value):
            return _members(value)
    return str(value)
