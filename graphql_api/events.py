"""Events as auditors read them: every field of the envelope, the fact as stored, what it changed and what it seals."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import strawberry
from strawberry.types.field import StrawberryField

from domain.kernel import Sealed
from domain.rights import Roles
from graphql_api.building import field, list_of
from graphql_api.context import Asking
from graphql_api.lists import Row
from graphql_api.naming import camel
from graphql_api.sealed import Place, SealedText
from projections import query
from projections.model import Json, Projection
from projections.rights import READS_TEXTS

NEEDS: Final[Mapping[str, tuple[str, ...]]] = {"changes": ("body",), "sealed": ("body",)}
"""The columns that the further fields of an event are made of."""


@strawberry.type(description="A field of the fact that is stored encrypted (Geheimtext).")
class SealedField:
    field: str = strawberry.field(description="The field of the fact.")
    text: str | None = strawberry.field(default=None, description="The text; null where it was erased.")
    erased: bool = strawberry.field(default=True, description="Whether it was erased, and its key with it (gelöscht).")

    def take(self, revealed: SealedText) -> None:
        """Shows what was revealed."""
        self.text, self.erased = revealed.text, revealed.erased


@strawberry.type(description="What a correction or a change made of a value. The history keeps both (alt und neu).")
class Change:
    field: str | None = strawberry.field(description="The field; null where the topic says what changed.")
    old: Json | None = strawberry.field(description="The value before, where it is not sealed.")
    new: Json | None = strawberry.field(description="The value after, where it is not sealed.")
    old_text: SealedText | None = strawberry.field(default=None, description="The text before, where it is sealed.")
    new_text: SealedText | None = strawberry.field(default=None, description="The text after, where it is sealed.")


def fields(readers: Roles) -> list[StrawberryField]:
    """What an event shows besides the columns of the audit trail."""
    return [
        field(
            "changes",
            list_of(Change),
            "What the event changed from one value to another (Änderung, Berichtigung).",
            readers=readers & READS_TEXTS,
        ),
        field(
            "sealed",
            list_of(SealedField),
            "The texts of the fact that are stored encrypted, in clear.",
            readers=readers & READS_TEXTS,
        ),
    ]


def completion(trail: Projection) -> Any:
    """Adds `changes` and `sealed` to rows of the audit trail; one statement more where sealed texts were corrected."""

    async def complete(asking: Asking, rows: Sequence[Row], asked: frozenset[str]) -> list[Place]:
        places: list[Place] = []
        if not asked.isdisjoint(NEEDS):
            bodies = [json.loads(row["body"]) for row in rows]
            corrected = await _bodies_at(trail, asking, bodies) if "changes" in asked else {}
            for row, body in zip(rows, bodies, strict=True):
                places += _add_sealed(row, body)
                places += _add_changes(row, body, corrected)
        return places

    return complete


async def _bodies_at(trail: Projection, asking: Asking, bodies: Sequence[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """The facts whose sealed texts these facts correct, by position."""
    positions = {body["corrected_position"] for body in bodies if body.get("corrected_position") is not None}
    if not positions:
        return {}
    asked = query.by_key(trail, ("body",), [(position,) for position in positions], viewer=asking.viewer)
    _, found = asked.read(await asking.fetch(asked.statement))
    return {position: json.loads(body) for position, body in found}


def _add_sealed(row: Row, body: Mapping[str, Any]) -> list[Place]:
    places: list[Place] = []
    row["sealed"] = []
    for name, value in body.items():
        if (reference := _reference(row["position"], name, value)) is not None:
            entry = SealedField(field=camel(name))
            row["sealed"].append(entry)
            places.append((reference, entry.take))
    return places


def _add_changes(row: Row, body: Mapping[str, Any], corrected: Mapping[int, dict[str, Any]]) -> list[Place]:
    places: list[Place] = []
    row["changes"] = []
    if "old" not in body and "new" not in body and "new_sealed" not in body:
        return []
    name = body.get("field")
    change = Change(field=None if name is None else camel(name), old=_json(body.get("old")), new=_json(body.get("new")))
    row["changes"].append(change)
    if (new := _reference(row["position"], "new_sealed", body.get("new_sealed"))) is not None:
        places.append((new, partial(setattr, change, "new_text")))
    position = body.get("corrected_position")
    if name is not None and position is not None and (before := corrected.get(position)) is not None:
        # What is corrected was recorded under its own name, or by an earlier correction.
        for part in (str(name), "new_sealed"):
            if (old := _reference(position, part, before.get(part))) is not None:
                places.append((old, partial(setattr, change, "old_text")))
                break
    return places


def _json(value: Any) -> Json | None:
    return None if value is None else Json(json.dumps(value))


def _reference(position: int, name: str, value: Any) -> Sealed[str] | None:
    match value:
        case {"sealed": int(part)}:
            return Sealed.stored(position, part, name)
    return None
