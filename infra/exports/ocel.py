"""OCEL 2.0: the event log over the objects its events are about, first as SQLite, then as JSON made of that."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from domain.kernel import Fact, Recorded
from infra.exports.facts import Thing, about, activity, clear, instant, scalar, values_of
from infra.exports.ocel_json import SQLITE, as_json
from infra.exports.source import Source

BEGINNING: Final = "1970-01-01T00:00:00.000000Z"
"""The time of an object's first values, as OCEL has it."""
OF_THE_LEDGER: Final = {
    "ledger_position": "integer",
    "record_version": "integer",
    "recorded_at": "time",
    "effective_precision": "string",
    "actor": "string",
    "role": "string",
    "recorded_channel": "string",
}
_SHARED: Final = """
create table event_map_type (ocel_type TEXT primary key, ocel_type_map TEXT not null);
create table object_map_type (ocel_type TEXT primary key, ocel_type_map TEXT not null);
create table event (
  ocel_id TEXT primary key,
  ocel_type TEXT not null references event_map_type (ocel_type)
);
create table object (
  ocel_id TEXT primary key,
  ocel_type TEXT not null references object_map_type (ocel_type)
);
create table event_object (
  ocel_event_id TEXT not null references event (ocel_id),
  ocel_object_id TEXT not null references object (ocel_id),
  ocel_qualifier TEXT not null,
  primary key (ocel_event_id, ocel_object_id, ocel_qualifier)
) without rowid;
create table object_object (
  ocel_source_id TEXT not null references object (ocel_id),
  ocel_target_id TEXT not null references object (ocel_id),
  ocel_qualifier TEXT not null,
  primary key (ocel_source_id, ocel_target_id, ocel_qualifier)
) without rowid;
create temp table related (event, object, qualifier);
"""
# A uuid that is no record of the ledger is no object; a record is related to those its events were about.
_RELATED: Final = """
insert or ignore into event_object
  select r.event, r.object, r.qualifier from related r join object o on o.ocel_id = r.object order by 1, 2, 3;
insert or ignore into object_object
  select s.ocel_object_id, t.ocel_object_id, t.ocel_qualifier
  from event_object s join event_object t on t.ocel_event_id = s.ocel_event_id
  where s.ocel_qualifier = 'record' and t.ocel_qualifier not in ('record', 'org_unit')
    and s.ocel_object_id <> t.ocel_object_id
  order by 1, 2, 3;
"""


def attributes_of(cls: type[Fact]) -> dict[str, str]:
    """The attributes of events of a fact, with their OCEL types: those of the ledger, and what stands in clear once."""
    own = {value.path.replace(".", "_"): _type(value.type) for value in values_of(cls) if not value.many}
    return {**OF_THE_LEDGER, **own}


def _type(kind: type) -> str:
    for known, name in ((bool, "boolean"), (int, "integer"), (Decimal, "float"), (date, "time")):
        if issubclass(kind, known):
            return name
    return "string"


def write_ocel(place: Path, source: Source) -> dict[str, int]:
    """Write `ocel.sqlite` and `ocel.json`; answers how many events, objects and relations there are."""
    with closing(sqlite3.connect(place / "ocel.sqlite", isolation_level=None)) as connection:
        for setting in ("journal_mode = off", "synchronous = off", "temp_store = file", "foreign_keys = on"):
            connection.execute(f"pragma {setting}")
        connection.executescript(_SHARED)
        connection.execute("begin")
        log = _Log(connection)
        for raw in source.events():
            for row in raw:
                log.add(source.codec.recorded(*row))
        counts = log.finish()
        connection.execute("commit")
        with (place / "ocel.json").open("w", encoding="utf-8") as file:
            file.writelines(as_json(connection))
    return counts


def _of_the_ledger(event: Recorded) -> dict[str, Any]:
    envelope = event.envelope
    return {
        "ledger_position": event.position,
        "record_version": event.version,
        "recorded_at": instant(event.recorded_at),
        "effective_precision": envelope.effective_precision.value,
        "actor": str(envelope.actor),
        "role": envelope.role,
        "recorded_channel": envelope.channel.value,
    }


def _mapped(name: str) -> str:
    """What the table of a type is called."""
    return name.replace(".", "_")


class _Log:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.event_types: dict[str, dict[str, str]] = {}
        self.object_types: set[str] = set()

    def add(self, event: Recorded) -> None:
        """An event, with all that it is about."""
        name, event_id, at = activity(event.fact), f"e{event.position}", instant(event.effective_at)
        if name not in self.event_types:
            self.event_types[name] = attributes_of(type(event.fact))
            self._table("event", name, self.event_types[name])
        values = _of_the_ledger(event) | {v.path.replace(".", "_"): scalar(found) for v, found in clear(event.fact)}
        self.connection.execute("insert into event values (?, ?)", (event_id, name))
        self._insert(f"event_{_mapped(name)}", (event_id, at, *map(values.get, self.event_types[name])))
        for each in about(event):
            if isinstance(each.object, Thing):
                self._object(each.object.id, each.object.type, each.object.name)
            found = each.object.id if isinstance(each.object, Thing) else str(each.object)
            self.connection.execute("insert into related values (?, ?, ?)", (event_id, found, each.qualifier))
        number = event.fact.number()
        if event.version == 1:
            self._object(str(event.record_id), event.fact.kind, number)
        elif number is not None:
            self._insert(f"object_{event.fact.kind}", (str(event.record_id), at, "number", number))

    def _object(self, object_id: str, kind: str, number: str | None) -> None:
        if kind not in self.object_types:
            self.object_types.add(kind)
            self._table("object", kind, {"ocel_changed_field": "string", "number": "string"})
        added = self.connection.execute("insert or ignore into object values (?, ?)", (object_id, kind)).rowcount
        if added:
            self._insert(f"object_{kind}", (object_id, BEGINNING, None, number))

    def _table(self, what: str, name: str, attributes: dict[str, str]) -> None:
        columns = "".join(f', "{key}" {SQLITE[holds]}' for key, holds in attributes.items())
        key = "primary key" if what == "event" else "not null"
        self.connection.execute(f"insert into {what}_map_type values (?, ?)", (name, _mapped(name)))
        self.connection.execute(
            f'create table "{what}_{_mapped(name)}"'
            f" (ocel_id TEXT {key} references {what} (ocel_id), ocel_time TIMESTAMP not null{columns})"
        )

    def _insert(self, table: str, values: Sequence[Any]) -> None:
        self.connection.execute(f'insert into "{table}" values ({", ".join("?" * len(values))})', values)

    def finish(self) -> dict[str, int]:
        """Relate, and count."""
        for statement in filter(str.strip, _RELATED.split(";")):
            self.connection.execute(statement)
        for name in self.object_types:
            self.connection.execute(f'create index "object_{name}_id" on "object_{name}" (ocel_id)')
        return {
            table: self.connection.execute(f"select count(*) from {table}").fetchone()[0]
            for table in ("event", "object", "event_object", "object_object")
        }
