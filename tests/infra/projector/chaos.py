"""The processes of the chaos campaign, each at its work until it is killed."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

import psycopg
from eventsourcing.persistence import OperationalError

from domain.families import FAMILIES
from domain.requests import Unavailable
from infra.database import Database
from infra.ledger import Ledger
from infra.projector import Projector, Rebuilding, Sizes, ViewInUse, WorkerLost, rebuild
from projections.families import PROJECTIONS
from projections.model import find
from tests.database import KEK
from tests.infra.projector.office import Office
from tests.infra.projector.tables import CODEC

# A trail, an index over all families, registers that are cut by records, and one that is cut by keys.
SOME: Final = tuple(find(PROJECTIONS, name) for name in ("event", "record", "file", "case_record", "document"))
SIZES: Final = Sizes(chunk=500, part_events=4_000, part_rows=4_000)
PAUSE: Final = threading.Event()
COUNTED: Final = "count(*), coalesce(sum(version), 0)::bigint, coalesce(sum(position), 0)::bigint"
LOOK: Final = f"select (select position from read.projection_status where name = '{{0}}'), {COUNTED} from read.{{0}}"
LOOK_BACK: Final = f"select as_of.position(), {COUNTED} from as_of.{{0}}"


class Sums(NamedTuple):
    """What is counted of a read model: a row or an event that is missing or there twice changes one of them."""

    rows: int
    versions: int
    positions: int


class Seen(NamedTuple):
    """What a reader saw in one statement, of now or of the past, between two readings of the machine's clock."""

    name: str
    past: bool
    began: float
    ended: float
    position: int
    sums: Sums


class Journal:
    """Lines of JSON that outlive their writer; the last one may be cut short."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, *line: object) -> None:
        """Write a line."""
        os.write(self._descriptor, json.dumps(line).encode() + b"\n")

    @staticmethod
    def read(path: Path) -> list[list[object]]:
        """The whole lines."""
        return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]] if path.exists() else []


def write(database: Database, number: int, journal: Journal) -> None:
    """Record what an office does, at the pace of a busy one."""
    office: Office | None = None
    while office is None:
        try:
            office = Office(Ledger(database, KEK, FAMILIES), seed=number)
        except (psycopg.OperationalError, OperationalError, Unavailable):
            PAUSE.wait(0.5)
    journal.note("ready")
    while True:
        try:
            office.work(10)
            journal.note("recorded", office.last_position)
            PAUSE.wait(0.1)
        except Unavailable:  # whether it was recorded is open
            PAUSE.wait(0.5)


def project(database: Database, number: int, journal: Journal) -> None:
    """Follow the ledger, in small batches."""
    journal.note("ready")
    Projector(database, FAMILIES, SOME, (), batch=50).run()


def build(database: Database, number: int, journal: Journal) -> None:
    """Rebuild one read model after the other, in this process or over two workers."""
    chance = Random(number)
    journal.note("ready")
    while True:
        projection = chance.choice(SOME)
        try:
            found = rebuild(
                database, CODEC, projection, (), workers=chance.choice((1, 2, 2)), sizes=SIZES,
                from_zero=chance.random() < 0.2,
            )  # fmt: skip
            journal.note(projection.name, found.equal, found.position, found.rows, repr(found.differences[:3]))
        except (psycopg.OperationalError, Rebuilding, ViewInUse, WorkerLost) as error:
            journal.note(projection.name, None, 0, 0, f"{type(error).__name__}: {error}")
            PAUSE.wait(0.3)


def read(database: Database, number: int, journal: Journal) -> None:
    """Ask what the views show and the position they claim, in one statement; and what they showed some time ago."""
    chance = Random(number)
    journal.note("ready")
    while True:
        try:
            with psycopg.connect(database.conninfo("reader"), autocommit=True) as connection:
                while True:
                    for projection in SOME:
                        position = _look(connection, projection.name, journal)
                        ago = str(chance.randrange(position + 1))
                        connection.execute("select set_config('stadtbuch.as_of_position', %s, false)", (ago,))
                        _look(connection, projection.name, journal, past=True)
                    PAUSE.wait(0.05)
        except psycopg.errors.SerializationFailure:  # single statements are never outrun by a swap
            raise
        except psycopg.OperationalError:
            PAUSE.wait(0.2)


def _look(connection: psycopg.Connection[tuple[int, ...]], name: str, journal: Journal, *, past: bool = False) -> int:
    began = time.monotonic()
    row = connection.execute((LOOK_BACK if past else LOOK).format(name).encode()).fetchone()
    assert row is not None
    position, *sums = row
    journal.note(*Seen(name, past, began, time.monotonic(), position, Sums(*sums)))
    return position


ROLES: Final[dict[str, Callable[[Database, int, Journal], None]]] = {
    "writer": write,
    "projector": project,
    "rebuild": build,
    "reader": read,
}


def play(role: str, conninfos: tuple[str, ...], place: str, number: int) -> None:
    """What such a process does from its start to its end."""
    ROLES[role](Database(*conninfos), number, Journal(Path(place)))
