"""Folds a read model on Spark and copies its rows into the shadow table: what workers of our own do otherwise."""

from __future__ import annotations

import importlib.util
import json
import math
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pyarrow.dataset as ds
from psycopg.sql import SQL

from infra.exports.parquet import write_parquet
from infra.exports.tables import EVENT_LOG
from infra.projector.columns import names
from infra.projector.events import Connection, Unreadable
from infra.projector.filling import FoldFailed
from infra.projector.fold import Aside, Failure
from infra.projector.parts import Cut, Mixed, Part, ahead
from infra.projector.quarantine import of_data, passing, set_aside
from infra.projector.rebuilding import Elsewhere
from infra.projector.shadow import Shadow
from infra.projector.table import Table
from infra.projector.terms import Declared
from infra.projector.versions import Versions
from infra.queries import named
from infra.spark.fold import FOLDED, KEY, folded, keyed
from infra.spark.terms import SparkFailed, SparkMissing

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

LOCAL: Final = "local[*]"
_SQL: Final = named("projector")
_PART_EVENTS: Final = 100_000
_BATCH: Final = 5_000
_HOW: Final = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.adaptive.enabled": "false",  # as many partitions as are asked for
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(_BATCH),
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


@contextmanager
def spark(master: str = LOCAL, directory: Path | None = None) -> Iterator[Elsewhere]:
    """A session; what it answers fills the parts of a shadow table.

    `directory` is where events and rows wait, and must be one for all machines of a cluster; a temporary one by
    default. Raises SparkMissing.
    """
    if importlib.util.find_spec("pyspark") is None:
        raise SparkMissing("PySpark is not installed: pip install 'stadtbuch[spark]', and Java 17 beside it.")
    from pyspark.sql import SparkSession

    local = master.startswith("local")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if local:
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        os.environ.setdefault("SPARK_LOCAL_HOSTNAME", "localhost")
    builder = SparkSession.builder.master(master).appName("stadtbuch rebuild")
    for name, value in _HOW.items():
        builder = builder.config(name, value)
    if local:
        builder = builder.config("spark.executorEnv.PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
    session = builder.getOrCreate()
    try:
        session.sparkContext.setLogLevel("ERROR")
        yield partial(_fill, session, directory)
    finally:
        session.stop()


def _fill(
    session: SparkSession,
    directory: Path | None,
    declared: Declared,
    shadow: Shadow,
    missing: Sequence[Part],
    tell: Callable[[float], None],
) -> None:
    """Fill the parts, all of them in one transaction. Raises FoldFailed, Mixed and SparkFailed."""
    with tempfile.TemporaryDirectory(prefix="stadtbuch-spark-", dir=directory) as place:
        _write_events(shadow, Path(place), lambda share: tell(share * len(missing) / 3))
        job = {
            **declared._asdict(),
            "name": shadow.projection.name,
            "fingerprint": shadow.fingerprint,
            "cut": shadow.build.cut.value,
        }
        _fold(session, Path(place), job, max(2, math.ceil(shadow.build.target / _PART_EVENTS)))
        tell(len(missing) * 2 / 3)
        _copy(shadow, missing, Path(place))
        tell(len(missing))


def _write_events(shadow: Shadow, place: Path, tell: Callable[[float], None]) -> None:
    target, chunk = shadow.build.target, shadow.sizes.chunk

    def batches() -> Iterator[Sequence[Any]]:
        for reached, raw in ahead(shadow.events.raw_between(0, target, sorted(shadow.topics), chunk)):
            yield raw
            tell(reached / target)

    write_parquet(place, EVENT_LOG, batches(), max(1, math.ceil(target / _PART_EVENTS)))


def _fold(session: SparkSession, place: Path, job: dict[str, str], partitions: int) -> None:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        events = session.read.parquet(str(place / EVENT_LOG.name)).drop("part")
        _parted(events, job, partitions).mapInArrow(partial(folded, job), FOLDED).write.parquet(str(place / "rows"))
    except (PySparkException, Py4JError) as error:
        raise SparkFailed(f"Spark could not fold {job['name']}: {str(error)[:2000]}") from error


def _parted(events: DataFrame, job: dict[str, str], partitions: int) -> DataFrame:
    """The events of one row in one partition, in the order that the cut folds them in."""
    match Cut(job["cut"]):
        case Cut.RECORDS:
            return events.repartition(partitions, "record_id").sortWithinPartitions("record_id", "version")
        case Cut.POSITIONS:
            return events
        case Cut.KEYS:
            schema = f"{events.schema.simpleString().removeprefix('struct<').removesuffix('>')},{KEY}:string"
            with_keys = events.mapInArrow(partial(keyed, job), schema)
            return with_keys.repartition(partitions, KEY).sortWithinPartitions("position").drop(KEY)


def _copy(shadow: Shadow, missing: Sequence[Part], place: Path) -> None:
    told = ds.dataset(place / "rows", format="parquet")
    _check(shadow.projection.name, told)
    aside = dict(map(json.loads, _texts(told, "aside")))
    try:
        with shadow.writing.transaction():
            for part in missing:
                shadow.writing.execute(_SQL["claim_part"], (shadow.build.relation, part.number))
            for kind, table in (("row", shadow.table), ("version", shadow.table.versions)):
                if table is not None:
                    _copy_rows(shadow.writing, table, map(msgspec.json.decode, _texts(told, kind)))
            set_aside(shadow.writing, shadow.table, _aside(shadow, aside))
    except Exception as error:
        if passing(error) or not of_data(error):
            raise
        name = shadow.projection.name
        raise SparkFailed(
            f"a row of {name} cannot be stored ({error}): rebuild it without Spark, which sets such a row aside"
        ) from error


def _check(name: str, told: ds.Dataset) -> None:
    for text in _texts(told, "mixed"):
        raise Mixed(json.loads(text)[1])
    failures = sorted(json.loads(text) for text in _texts(told, "failed"))
    if failures:
        position, error = failures[0]
        raise FoldFailed(name, Failure(position, error)) if position else SparkFailed(f"{name}: {error}")


def _texts(told: ds.Dataset, kind: str) -> Iterator[str]:
    for batch in told.to_batches(columns=["text"], filter=ds.field("kind") == kind):
        yield from batch.column("text").to_pylist()


def _copy_rows(connection: Connection, table: Table | Versions, rows: Iterator[Sequence[Any]]) -> None:
    statement = SQL("copy {} ({}) from stdin").format(table.name, names(table.columns))
    with connection.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _aside(shadow: Shadow, errors: dict[int, str | None]) -> list[Aside]:
    """What stands still, first to last."""
    found = []
    for event in shadow.events.at(sorted(errors)):
        key = None if isinstance(event, Unreadable) else shadow.projection.key_of(event)
        if isinstance(event, Unreadable) or key is None:
            raise SparkFailed(f"event {event.position} reads otherwise here than on Spark's machines")
        found.append(Aside(key, event, errors[event.position]))
    return found
