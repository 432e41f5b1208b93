"""The JSON form of an OCEL 2.0 log, made of its SQLite form piece by piece."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, Final

SQLITE: Final = {
    "string": "TEXT",
    "integer": "INTEGER",
    "float": "REAL",
    "boolean": "BOOLEAN",
    "time": "TIMESTAMP",
}
"""The types of attributes in both forms."""
_OCEL: Final = {stored: name for name, stored in SQLITE.items()}
_FIXED: Final = ("ocel_id", "ocel_time", "ocel_changed_field")


def as_json(connection: sqlite3.Connection) -> Iterator[str]:
    """The whole log; one line for each object and each event."""
    objects, events = _Table(connection, "object"), _Table(connection, "event")
    yield '{"objectTypes": ' + json.dumps(objects.types) + ',\n"eventTypes": ' + json.dumps(events.types)
    yield ',\n"objects": ['
    yield from _lines(_object(objects, each, kind) for each, kind in objects.all())
    yield '],\n"events": ['
    yield from _lines(_event(events, each, kind) for each, kind in events.all())
    yield "]}\n"


def _lines(things: Iterable[dict[str, Any]]) -> Iterator[str]:
    between = "\n"
    for thing in things:
        yield between + json.dumps(thing, ensure_ascii=False)
        between = ",\n"


def _object(objects: _Table, object_id: str, kind: str) -> dict[str, Any]:
    attributes = [
        {"name": name, "time": time, "value": value}
        for time, values in objects.rows(object_id, kind)
        for name, value in values.items()
    ]
    related = objects.related("object_object", "source", "target", object_id)
    return {"id": object_id, "type": kind, "attributes": attributes, "relationships": related}


def _event(events: _Table, event_id: str, kind: str) -> dict[str, Any]:
    ((time, values),) = events.rows(event_id, kind)
    attributes = [{"name": name, "value": value} for name, value in values.items()]
    related = events.related("event_object", "event", "object", event_id)
    return {"id": event_id, "type": kind, "time": time, "attributes": attributes, "relationships": related}


class _Table:
    """The tables of events, or those of objects."""

    def __init__(self, connection: sqlite3.Connection, what: str) -> None:
        self.connection = connection
        self.what = what
        self.columns: dict[str, list[tuple[str, str]]] = {}
        self.tables: dict[str, str] = {}
        for kind, mapped in connection.execute(f"select ocel_type, ocel_type_map from {what}_map_type order by 1"):
            self.tables[kind] = f"{what}_{mapped}"
            described = connection.execute("select name, type from pragma_table_info(?)", (self.tables[kind],))
            self.columns[kind] = [(name, _OCEL[stored]) for name, stored in described if name not in _FIXED]

    @property
    def types(self) -> list[dict[str, Any]]:
        """The types with their attributes."""
        return [
            {"name": kind, "attributes": [{"name": name, "type": holds} for name, holds in columns]}
            for kind, columns in self.columns.items()
        ]

    def all(self) -> Iterator[tuple[str, str]]:
        """Ids and types, in the order they came in."""
        yield from self.connection.execute(f"select ocel_id, ocel_type from {self.what} order by rowid")

    def rows(self, its_id: str, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """The rows of one, first to last: time, and the values that are there."""
        columns = self.columns[kind]
        listed = "".join(f', "{name}"' for name, _ in columns)
        asked = f'select ocel_time{listed} from "{self.tables[kind]}" where ocel_id = ? order by rowid'
        for time, *values in self.connection.execute(asked, (its_id,)):
            found = zip(columns, values, strict=True)
            yield (
                time,
                {
                    name: bool(value) if holds == "boolean" else value
                    for (name, holds), value in found
                    if value is not None
                },
            )

    def related(self, table: str, own: str, other: str, its_id: str) -> list[dict[str, str]]:
        """What it is related to, as what."""
        asked = f"select ocel_{other}_id, ocel_qualifier from {table} where ocel_{own}_id = ? order by 1, 2"
        return [
            {"objectId": found, "qualifier": as_what} for found, as_what in self.connection.execute(asked, (its_id,))
        ]
