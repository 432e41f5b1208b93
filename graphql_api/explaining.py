"""`explain` and `diff` of a row: which events set its values, and what differs between two moments."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final
from uuid import UUID

import strawberry
from strawberry.types.field import StrawberryField

from domain.kernel import Invalid, Message
from graphql_api.building import argument, field, list_of, optional, resolving
from graphql_api.context import Asking
from graphql_api.events import Change
from graphql_api.lists import MOMENT, Listing, Row
from graphql_api.moments import AsOf, RecordAsOf, moment_of
from graphql_api.scalars import BigInt
from graphql_api.sealed import Place, SealedText, reveal
from projections import query
from projections.model import QUARANTINED_SINCE, Column, ColumnType, Json, Projection, Source, referred
from projections.query import Moment
from projections.query.explain import FOLLOWING, MOST_STEPS, Changed, blame
from projections.rights import STAFF

_NO_FIELD: Final = Message(
    "Rows of this type have no such column: name a field of the row.",
    "Zeilen dieser Art haben keine solche Spalte: bitte ein Feld der Zeile nennen.",
)
_ONE_WAY: Final = Message(
    "Name the moment before by `from` or, of a record, by `fromVersion`; and the one after, if at all, by `to` or "
    "`toVersion`.",
    "Bitte den Stand davor mit `from` oder bei Datensätzen mit `fromVersion` nennen, und den danach gegebenenfalls mit "
    "`to` oder `toVersion`.",
)
_TOO_MUCH: Final = Message(
    f"More than {MOST_STEPS:,} versions: name a `field`, or ask for fewer rows at once.",
    f"Mehr als {MOST_STEPS:,} Fassungen: bitte ein `field` nennen oder weniger Zeilen auf einmal.",
)


@strawberry.type(description="A value of a row, and the event that set it (Herkunft eines Wertes).")
class FieldChange:
    field: str = strawberry.field(description="The field of the row.")
    old: Json | None = strawberry.field(description="The value before, where it is not sealed.")
    new: Json | None = strawberry.field(description="The value that was set, where it is not sealed.")
    position: BigInt = strawberry.field(description="The event that set it.")
    topic: str = strawberry.field(description="What happened.")
    actor: UUID = strawberry.field(description="Who did it, as a pseudonym.")
    recorded_at: datetime = strawberry.field(description="When it was recorded.")
    effective_at: datetime = strawberry.field(description="When it happened in the world.")
    old_text: SealedText | None = strawberry.field(default=None, description="The text before, where it is sealed.")
    new_text: SealedText | None = strawberry.field(default=None, description="The text that was set.")


def fields(shown: Listing, trail: Source) -> list[StrawberryField]:
    """What a row shows of how it came about, where its versions are kept. `trail` is the audit trail, which knows the
    versions of records.
    """
    if not isinstance(shown.source, Projection) or not shown.source.keeps_versions:
        return []
    of_record = shown.source.unique == ("record_id",)
    moments = [
        argument("from", optional(AsOf) if of_record else AsOf, "The moment before."),
        argument("to", optional(AsOf), "The moment after."),
    ]
    if of_record:
        moments += [
            argument("fromVersion", optional(BigInt), "In place of `from`: the record's version before."),
            argument("toVersion", optional(BigInt), "In place of `to`: the record's version after."),
        ]
    return [
        field(
            "explain",
            list_of(FieldChange),
            "The events that set its values, oldest first; of one `field`, or of all that not every event sets.",
            readers=shown.readers & frozenset(STAFF),
            resolver=resolving(partial(_explain, shown, shown.source)),
            arguments=[argument("field", optional(str), "A field of the row.")],
        ),
        field(
            "diff",
            list_of(Change),
            "What differs between two moments, or between two versions of the record; the one after is that which the "
            "row is shown as of, unless it is given (Vergleich).",
            readers=shown.readers & frozenset(STAFF),
            resolver=resolving(partial(_diff, shown, trail)),
            arguments=moments,
        ),
    ]


async def _explain(
    shown: Listing, projection: Projection, root: Row, info: strawberry.Info, **given: Any
) -> list[FieldChange]:
    asking: Asking = info.context
    asked = given.get("field")
    seen = shown.seen_by(asking.viewer.role)
    column = shown.columns.get(asked) if asked is not None else None
    if asked is not None and (column is None or column.name == QUARANTINED_SINCE.name):
        raise Invalid("field", _NO_FIELD)
    if column is not None:
        shown.check(asking, "field", [column.name])
    name, moment = None if column is None else column.name, root[MOMENT]
    upto = None if moment is None else moment.position

    async def load(keys: list[Any]) -> list[list[Changed]]:
        asked = blame(projection, keys, column=name, upto=upto)
        answered = await asking.fetch(asked.statement)
        if len(answered) > MOST_STEPS:
            raise Invalid("field", _TOO_MUCH)
        found: dict[tuple[Any, ...], list[Changed]] = {}
        for each in asked.read(answered):
            found.setdefault(each.key, []).append(each)
        return [found.get(key, []) for key in keys]

    key = tuple(root[part] for part in projection.key)
    changed = await asking.loader((shown.type_name, "explain", name, upto), load).load(key)
    fields = {each.name: (field, each) for field, each in seen.items()}
    places: list[Place] = []
    told = [_told(*fields[each.column], each, places) for each in changed if each.column in fields]
    await reveal(asking, places)
    return told


def _told(name: str, column: Column, changed: Changed, places: list[Place]) -> FieldChange:
    change = FieldChange(
        field=name,
        old=_json(column, changed.old),
        new=_json(column, changed.new),
        position=BigInt(changed.event.position),
        topic=changed.event.topic,
        actor=changed.event.actor,
        recorded_at=changed.event.recorded_at,
        effective_at=changed.event.effective_at,
    )
    places += _sealed(column, change, changed.old, changed.new)
    return change


async def _diff(shown: Listing, trail: Source, root: Row, info: strawberry.Info, **given: Any) -> list[Change]:
    asking: Asking = info.context
    if given.get("from") is None and given.get("fromVersion") is None:
        raise Invalid("from", _ONE_WAY)
    moments = [await _moment(shown, trail, asking, root, given, name) for name in ("from", "to")]
    before, after = [await _columns(shown, asking, root, moment) for moment in moments]
    changes, places = [], list[Place]()
    for name, column in shown.seen_by(asking.viewer.role).items():
        old, new = before.get(column.name), after.get(column.name)
        if old != new and column.name not in FOLLOWING:
            change = Change(field=name, old=_json(column, old), new=_json(column, new))
            changes.append(change)
            places += _sealed(column, change, old, new)
    await reveal(asking, places)
    return changes


async def _moment(
    shown: Listing, trail: Source, asking: Asking, root: Row, given: Mapping[str, Any], name: str
) -> Moment | None:
    """The moment that is named one way or the other; the row's own where none is."""
    as_of, version = given.get(name), given.get(f"{name}Version")
    if as_of is not None and version is not None:
        raise Invalid(name, _ONE_WAY)
    if as_of is not None:
        return await moment_of(asking, {"asOf": as_of}, shown.reads)
    if version is None:
        moment: Moment | None = root[MOMENT]
        return moment
    try:
        return await moment_of(asking, {"asOf": RecordAsOf(version=version)}, shown.reads, (trail, root["record_id"]))
    except Invalid as error:
        raise Invalid(f"{name}Version", error.message) from error


async def _columns(shown: Listing, asking: Asking, root: Row, moment: Moment | None) -> Row:
    """The row of a moment by column; empty where there was none."""
    names = [column.name for column in shown.seen_by(asking.viewer.role).values()]
    key = [root[part] for part in shown.source.unique]
    asked = query.by_key(shown.source, names, [key], moment, viewer=asking.viewer)
    _, found = asked.read(await asking.fetch(asked.statement))
    return dict(zip(names, found[0][len(shown.source.unique) :], strict=True)) if found else {}


def _sealed(column: Column, change: FieldChange | Change, old: Any, new: Any) -> Sequence[Place]:
    if column.holds is not ColumnType.SEALED:
        return []
    pairs = (("old_text", old), ("new_text", new))
    return [(referred(value), partial(setattr, change, name)) for name, value in pairs if value is not None]


def _json(column: Column, value: Any) -> Json | None:
    """A column's value as the API writes it elsewhere."""
    if value is None or column.holds is ColumnType.SEALED:
        return None
    if column.holds is ColumnType.JSON:
        return Json(value)
    if column.choices is not None:
        value = column.choices(value).name
    return Json(json.dumps(value, default=_plain, ensure_ascii=False))


def _plain(value: Any) -> str:
    match value:
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
    return str(value)
