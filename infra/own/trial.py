"""The process that tries an own projection on events of the ledger, before it is registered."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from domain.families import FAMILIES
from domain.kernel import Recorded, Sealed
from infra.codec import Codec
from infra.own.errors import BadProjection
from infra.own.loading import load
from infra.own.process import confine
from infra.projector.events import Events, connect
from infra.projector.fingerprint import fingerprint
from infra.projector.storable import unstorable
from infra.queries import named
from projections.model import Column, ColumnType, Projection, columns_of, fold_all

_SQL: Final = named("own")
_PYTHON: Final[dict[ColumnType, type | tuple[type, ...]]] = {
    ColumnType.INTEGER: int,
    ColumnType.TEXT: str,
    ColumnType.CHOICE: str,
    ColumnType.JSON: str,
    ColumnType.BOOLEAN: bool,
    ColumnType.UUID: UUID,
    ColumnType.DATE: date,
    ColumnType.INSTANT: datetime,
    ColumnType.DECIMAL: (Decimal, int),
    ColumnType.SEALED: Sealed,
    ColumnType.TEXTS: tuple,
    ColumnType.UUIDS: tuple,
}


def main() -> None:
    """The job: path, conninfo, memory, seconds, records. The answer is a line of JSON; an error names the file."""
    job = json.loads(sys.stdin.readline())
    path = Path(job["path"])
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    with Path(os.devnull).open("w") as nowhere:
        sys.stdout = nowhere
        try:
            confine(job["memory"])
            answer = _tried(path, job, out)
        except BadProjection as error:
            answer = {"error": str(error)}
        except MemoryError:
            answer = {"error": f"{path.name}: it needs more than {job['memory'] // 1024**2:,} MB of memory"}
        except (SystemExit, KeyboardInterrupt) as error:
            answer = {"error": f"{path.name}: it ends the program ({error!r}), and has to answer rows alone"}
        _told(out, answer)


def _tried(path: Path, job: dict[str, Any], out: Any) -> dict[str, Any]:
    projection = load(path)
    try:
        return _folded(projection, job, lambda says: _told(out, {"error": f"{path.name}: {says}"}))
    except BadProjection as error:
        raise BadProjection(f"{path.name}: {error}") from error


def _told(out: Any, answer: dict[str, Any]) -> None:
    print(json.dumps(answer), file=out, flush=True)


def _folded(projection: Projection, job: dict[str, Any], tell: Callable[[str], None]) -> dict[str, Any]:
    codec = Codec(FAMILIES)
    topics = codec.topics_of(projection.facts)
    with connect(job["conninfo"]) as connection:
        reader = Events(connection, codec)
        rows = reader.raw(_SQL["sample"], (sorted(topics), job["records"], sorted(topics), job["records"]))
        read = [event for event in reader.decoded(rows) if isinstance(event, Recorded)]
    events = [event for event in read if type(event.fact) in projection.facts]
    began = time.monotonic()
    made = _Watched(projection, job["seconds"], tell).fold(events)
    seconds = time.monotonic() - began
    if fold_all(projection, events) != made:
        raise BadProjection("the same events made other rows the second time: a fold may depend on nothing else")
    return {
        "name": projection.name,
        "en": projection.comment.en,
        "de": projection.comment.de,
        "fingerprint": fingerprint(projection, topics),
        "events": len(events),
        "rows": len(made),
        "seconds": seconds,
    }


class _Watched:
    """Folds, and ends the process with a word where an event takes too long."""

    def __init__(self, projection: Projection, seconds: float, tell: Callable[[str], None]) -> None:
        self.projection = projection
        self.seconds = seconds
        self.tell = tell
        self.at: Recorded | None = None
        self.done = threading.Event()

    def fold(self, events: Sequence[Recorded]) -> dict[tuple[Any, ...], Any]:
        threading.Thread(target=self._watch, daemon=True).start()
        try:
            return fold_all(replace(self.projection, fold=self._fold), self._passing(events))
        except MemoryError:
            raise
        except BadProjection as error:
            raise BadProjection(f"{self._place()}: {error}") from error
        except Exception as error:
            raise BadProjection(f"{self._place()}: {type(error).__name__}: {error}") from error
        finally:
            self.done.set()

    def _fold(self, row: Any, event: Recorded) -> Any:
        """Each answer is looked at, not the last of a key alone: every one of them is a version that is stored."""
        after = self.projection.fold(row, event)
        if after is not None:
            _check_row(self.projection, after)
        return after

    def _passing(self, events: Sequence[Recorded]) -> Any:
        for event in events:
            self.at = event
            yield event

    def _place(self) -> str:
        return "at no event" if self.at is None else f"at event {self.at.position} ({self.at.topic})"

    def _watch(self) -> None:
        last, since = None, time.monotonic()
        while not self.done.wait(self.seconds / 4):
            if self.at is not last:
                last, since = self.at, time.monotonic()
            elif time.monotonic() - since > self.seconds:
                self.tell(f"{self._place()}: no row after {self.seconds:g} s")
                os._exit(1)


def _check_row(projection: Projection, row: Any) -> None:
    columns = columns_of(projection.row)
    if type(row) is not projection.row:
        wanted = projection.row.__name__
        raise BadProjection(f"fold answers {type(row).__name__}, and has to answer {wanted} or None")
    for name, column in columns.items():
        value = getattr(row, name)
        if not _fits(column, value):
            raise BadProjection(f"{name} holds {value!r}, and is declared to be {column.holds.value[0]}")
        if (reason := unstorable(column, value)) is not None:
            raise BadProjection(f"{name} cannot be stored: {reason}")


def _fits(column: Column, value: Any) -> bool:
    if value is None:
        return column.nullable
    if isinstance(value, bool) and column.holds is not ColumnType.BOOLEAN:
        return False
    if isinstance(value, datetime) and (column.holds is not ColumnType.INSTANT or value.tzinfo is None):
        return False
    return isinstance(value, _PYTHON[column.holds])


if __name__ == "__main__":
    main()
