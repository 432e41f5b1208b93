"""Takes an own projection in: seen, tried on events, registered, built; and out again with its rows."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.sql import SQL, Identifier

from infra.database import Database
from infra.own import reading
from infra.own.errors import BadProjection
from infra.own.keeper import Limits, begin, end, why
from infra.own.process import Act, start
from infra.own.registry import Own, Registry
from infra.projector import state
from infra.projector.events import connect
from infra.projector.table import is_relation_of
from infra.queries import named
from projections.query import OWN

TRIAL_SECONDS: Final = 120.0
RECORDS: Final = 200
_LOOK: Final = 0.5
_PATIENCE: Final = 60.0
_SQL: Final = named("own")


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying a projection on a sample of the ledger's events."""

    name: str
    en: str
    de: str
    fingerprint: str
    events: int
    rows: int
    seconds: float


def tried(database: Database, path: Path, limits: Limits, seconds: float = TRIAL_SECONDS) -> Trial:
    """Load and fold it in a process of its own. Raises BadProjection."""
    job = {
        "path": str(path.absolute()),
        "conninfo": database.conninfo("projector"),
        "memory": limits.memory,
        "seconds": limits.fold,
        "records": RECORDS,
    }
    process = start("infra.own.trial", job)
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise BadProjection(f"{path.name} was not done with a sample of events after {seconds:g} s") from None
    if not said.strip():
        raise BadProjection(f"{path.name}: its process ended with {process.returncode}; was there memory enough?")
    answer: dict[str, Any] = json.loads(said.splitlines()[-1])
    if "error" in answer:
        raise BadProjection(answer["error"])
    return Trial(**answer)


def add(
    database: Database, registry: Registry, path: Path, tell: Callable[[str], None], limits: Limits | None = None
) -> tuple[Trial, state.Status]:
    """Check, register and build it. What cannot be built is not kept. Raises BadProjection."""
    limits = limits or Limits()
    source = reading.check(path)
    trial = tried(database, path, limits)
    tell(f"{trial.name}: {trial.events:,} events made {trial.rows:,} rows in {trial.seconds:.1f} s. Building it …")
    before = next((own for own in registry.all() if own.name == trial.name), None)
    earlier = before.path.read_bytes() if before is not None and before.unchanged else None
    try:
        own = registry.keep(trial.name, source)
        return trial, _built(database, own, trial, limits, tell)
    except BaseException:  # Ctrl-C and SIGTERM too: nobody has said that it is good
        if earlier is not None:
            registry.keep(trial.name, earlier)
        else:
            for kept in [each for each in registry.all() if each.name == trial.name]:
                remove(database, registry, kept)
        raise


def _built(database: Database, own: Own, trial: Trial, limits: Limits, tell: Callable[[str], None]) -> state.Status:
    """Wait until it is built, by a process of ours or by that of a `serve`."""
    with connect(database.conninfo("projector")) as connection:
        state.resume(connection, [own.name])  # an earlier file's error is not this one's
    process = begin(database, own, limits, Act.CATCH_UP)
    seen: object = None
    since = said = time.monotonic()
    try:
        while True:
            ended = _ended(process)
            found = standing(database, own.name)
            if found is not None and ended:
                if found.status == "live" and found.fingerprint == trial.fingerprint:
                    return found
                if found.error is not None:
                    raise BadProjection(f"{own.name} could not be built: {found.error}")
            if process.returncode:
                raise BadProjection(f"{own.name} could not be built: {why(process)}")
            now, moved = time.monotonic(), found and (found.position, found.building_done, found.fingerprint)
            seen, since = (moved, now) if moved != seen else (seen, since)
            if ended and now - since > _PATIENCE:
                raise BadProjection(f"{own.name} was not built within {_PATIENCE:g} s by the `serve` that keeps it")
            if found is not None and found.building_total and now - said > 1:
                said = now
                tell(f"  {found.building_done or 0:,} of {found.building_total:,} events")
    finally:
        end(process)


def _ended(process: subprocess.Popen[str]) -> bool:
    try:
        process.wait(_LOOK)
    except subprocess.TimeoutExpired:
        return False
    return True


def standing(database: Database, name: str) -> state.Status | None:
    """How far one of them is."""
    return next((each for each in state.status(database.conninfo("reader")) if each.name == name), None)


def removable(database: Database, registry: Registry, name: str) -> Own:
    """The one of that name, with or without its prefix: registered, or taken out before by a `remove` that did not come
    to its rows. Raises BadProjection."""
    try:
        return registry.find(name)
    except BadProjection:
        left = registry.unkept(OWN + name.removeprefix(OWN))
        if standing(database, left.name) is None:
            raise
        return left


def remove(database: Database, registry: Registry, own: Own) -> None:
    """Take it out, wait until no process keeps it, and drop its rows. Raises BadProjection where one goes on."""
    registry.forget(own)
    with connect(database.conninfo("projector")) as connection:
        connection.execute(f"set lock_timeout = '{_PATIENCE:g}s'".encode())
        try:
            connection.execute(_SQL["lock"], (own.name, own.name))
        except psycopg.errors.LockNotAvailable as error:
            raise BadProjection(f"{own.name} is still kept by another process: end it, and remove it again") from error
        with connection.transaction():
            alike = connection.execute(_SQL["relations"], (own.name,)).fetchall()
            found = [each for each in alike if each[1] == own.name or is_relation_of(own.name, each[1])]
            for schema, relation, kind in found:
                what = SQL("view" if kind == "v" else "table")
                connection.execute(SQL("drop {} if exists {} cascade").format(what, Identifier(schema, relation)))
            connection.execute(_SQL["forget_quarantine"], ([relation for _, relation, _ in found],))
            for forgotten in ("forget_build", "forget"):
                connection.execute(_SQL[forgotten], (own.name,))
