"""Parquet and CSV hold what the read models show, at one position, and other tools open them."""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import polars
import pyarrow.parquet as pq
import pytest

from domain.kernel import Recorded
from infra.exports import Exported, Kind, NotYet, source
from infra.exports.parquet import Parted
from infra.exports.separated import ISO
from infra.exports.tables import EVENT_LOG, record_hash, sheet_of
from projections.families import PROJECTIONS
from projections.model import ColumnType, Projection, columns_of, find, fold_all, referred
from tests.infra.exports.conftest import CODEC, EVENTS, Town
from tests.infra.projector.office import events_of
from tests.infra.projector.tables import rows

pytestmark = pytest.mark.any_server

EARLIER = 2_000


@pytest.fixture(scope="module")
def parquet(town: Town) -> tuple[Path, Exported]:
    return town.export(Kind.PARQUET, "parquet")


@pytest.fixture(scope="module")
def separated(town: Town) -> tuple[Path, Exported]:
    return town.export(Kind.CSV, "csv")


def held(place: Path, name: str) -> list[tuple[Any, ...]]:
    """All rows of a table, whichever part they lie in."""
    found = [tuple(row.values()) for part in parts(place, name) for row in pq.read_table(part).to_pylist()]
    return sorted(found, key=repr)


def parts(place: Path, name: str) -> list[Path]:
    return sorted((place / name).glob("part=*/rows.parquet"))


def expected(projection: Projection, shown: Sequence[Any]) -> list[tuple[Any, ...]]:
    values = sheet_of(projection).values
    return sorted((tuple(_exact(value) for value in values(row)) for row in shown), key=repr)


def _exact(value: Any) -> Any:
    return value.quantize(Decimal("0.000001")) if isinstance(value, Decimal) else value


@pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda projection: projection.name)
def test_parquet_holds_the_rows_that_readers_see(
    projection: Projection, town: Town, parquet: tuple[Path, Exported]
) -> None:
    place, done = parquet
    shown = rows(town.database, projection)
    assert held(place, projection.name) == expected(projection, list(shown.values()))
    assert done.counts[projection.name] == len(shown)


def test_the_event_log_is_what_the_ledger_stores_and_every_position_once(
    town: Town, parquet: tuple[Path, Exported]
) -> None:
    stored = {event.position: event for event in events_of(town.database, CODEC)}
    found = {row[0]: row for row in held(parquet[0], EVENT_LOG.name)}
    assert found.keys() == set(range(1, EVENTS + 1))
    for position, (_, record_id, version, topic, recorded_at, effective_at, _, body) in found.items():
        event = stored[position]
        told = (UUID(record_id), version, topic, recorded_at, effective_at, body)
        assert told == (
            event.record_id, event.version, event.topic, event.recorded_at, event.effective_at, event.body,
        )  # fmt: skip


def test_all_of_a_record_lies_in_one_part_and_in_order(parquet: tuple[Path, Exported]) -> None:
    place, _ = parquet
    for name in ("event_log", "case_record", "documented_step", "agenda_item"):
        for number, part in enumerate(parts(place, name)):
            records = pq.read_table(part)["record_id"].to_pylist()
            assert {record_hash(UUID(record)) % 3 for record in records} <= {number}
    positions = pq.read_table(parts(place, "event_log")[0])["position"].to_pylist()
    assert positions == sorted(positions)


def test_duckdb_and_polars_open_it_and_agree(parquet: tuple[Path, Exported]) -> None:
    place, _ = parquet
    by_duckdb = duckdb.execute(
        "select c.kind, count(*), sum(c.amount) from read_parquet(?) c group by 1 order by 1",
        [str(place / "charge/part=*/rows.parquet")],
    ).fetchall()
    charges = polars.scan_parquet(place / "charge/part=*/rows.parquet")
    grouped = charges.group_by("kind").agg(polars.len().alias("n"), polars.col("amount").sum()).sort("kind").collect()
    assert by_duckdb == grouped.rows()
    assert len(by_duckdb) >= 1
    (joined,) = duckdb.execute(
        "select count(*) from read_parquet($1) c join read_parquet($2) e using (record_id) where e.version = 1",
        [str(place / "case_record/part=*/rows.parquet"), str(place / "event_log/part=*/rows.parquet")],
    ).fetchall()
    assert joined == (len(held(place, "case_record")),)


def test_each_column_says_what_it_means(parquet: tuple[Path, Exported]) -> None:
    schema = pq.read_schema(parts(parquet[0], "charge")[0])
    assert schema.metadata[b"comment"] == b"The register of the library's charges."
    assert schema.field("amount").metadata[b"comment"] == b"How much, in its currency."


def test_sealed_texts_are_references_and_nothing_else(parquet: tuple[Path, Exported]) -> None:
    for projection in PROJECTIONS:
        names = [name for name, column in columns_of(projection.row).items() if column.holds is ColumnType.SEALED]
        for part in parts(parquet[0], projection.name):
            for text in (text for name in names for text in pq.read_table(part)[name].to_pylist() if text is not None):
                assert referred(text).position in range(1, EVENTS + 1)


def test_an_export_up_to_a_position_is_what_the_events_up_to_there_say(town: Town) -> None:
    place, done = town.export(Kind.PARQUET, "earlier", to=EARLIER)
    events = events_of(town.database, CODEC)[:EARLIER]
    assert (done.position, done.counts["event_log"]) == (EARLIER, EARLIER)
    for name in ("file", "loan", "cadastre_order", "paper", "loan_count", "event"):
        projection = find(PROJECTIONS, name)
        assert held(place, name) == expected(projection, list(fold_all(projection, events).values()))


def test_csv_has_a_header_and_the_same_values(town: Town, separated: tuple[Path, Exported]) -> None:
    place, done = separated
    for projection in PROJECTIONS:
        with (place / f"{projection.name}.csv").open(encoding="utf-8", newline="") as file:
            header, *lines = csv.reader(file)
        assert header == list(columns_of(projection.row))
        assert len(lines) == done.counts[projection.name]
    with (place / "charge.csv").open(encoding="utf-8", newline="") as file:
        found = {line["charge"]: line for line in csv.DictReader(file)}
    for row in rows(town.database, find(PROJECTIONS, "charge")).values():
        line = found[str(row.charge)]
        assert (line["amount"], line["raised_on"]) == (str(row.amount), row.raised_on.isoformat())
        assert line["paid_on"] == ("" if row.paid_on is None else row.paid_on.isoformat())


def test_duckdb_reads_the_csv_with_its_types(separated: tuple[Path, Exported]) -> None:
    place, done = separated
    ((count, least, most),) = duckdb.execute(
        "select count(*), min(position), max(position) from read_csv(?)", [str(place / "event_log.csv")]
    ).fetchall()
    assert (count, least, most) == (EVENTS, 1, EVENTS) == (done.counts["event_log"], 1, done.position)


def test_what_would_break_a_line_of_csv_is_quoted_and_null_is_not_the_empty_text() -> None:
    line = ISO.line(['a "b", c', "zwei\nZeilen", None, "", True, ["ä", "b"]])
    assert line == '"a ""b"", c","zwei\nZeilen",,"",true,"[""ä"", ""b""]"\n'
    assert next(csv.reader([line]))[0] == 'a "b", c'


def keep(batches: Iterable[Sequence[Any]], found: list[Any]) -> int:
    found.extend(row for rows in batches for row in rows)
    return len(found)


def test_rows_folded_in_many_parts_are_the_same_rows(town: Town) -> None:
    loans = find(PROJECTIONS, "loan")
    found: list[Any] = []

    with source(town.database, CODEC) as ledger:
        ledger.chunk, ledger.part_events = 100, 700
        assert ledger.rows(loans, lambda batches: keep(batches, found)) == len(rows(town.database, loans))
    assert expected(loans, found) == expected(loans, list(rows(town.database, loans).values()))


def test_rows_are_written_when_enough_of_them_wait(tmp_path: Path) -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    events = [
        (position, UUID(int=position), 1, "efile.file_opened.v1", at, at, "{}", "{}") for position in range(1, 10)
    ]
    with Parted(tmp_path, EVENT_LOG, 2) as table:
        table.group = 2
        for event in events:
            table.write([event])
            assert max(map(len, table.waiting)) < 2
    stored = [pq.ParquetFile(path) for path in sorted(tmp_path.glob("*/rows.parquet"))]
    assert all(file.num_row_groups > 1 for file in stored)
    assert sorted(position for file in stored for position in file.read()["position"].to_pylist()) == list(range(1, 10))


def test_the_note_beside_it_says_what_it_is(town: Town, parquet: tuple[Path, Exported]) -> None:
    place, done = parquet
    noted = json.loads((place / "export.json").read_text())
    assert noted == {
        "log": "stadtbuch.test/1",
        "kind": "parquet",
        "position": EVENTS,
        "counts": done.counts,
        "standingStill": {},
        "setAside": [],
    }


def test_a_position_that_is_not_there_yet_is_refused(town: Town) -> None:
    with pytest.raises(NotYet, match="ends at position 5,000"), source(town.database, CODEC, to=EVENTS + 1):
        pass


def test_a_row_whose_fold_fails_stands_still_and_is_counted(town: Town) -> None:
    files = find(PROJECTIONS, "file")

    def poisoned(row: Any, event: Recorded) -> Any:
        if event.version == 2:
            raise ValueError("never seen before")
        return files.fold(row, event)

    found: list[Any] = []
    with source(town.database, CODEC) as ledger:
        ledger.rows(replace(files, fold=poisoned), lambda batches: keep(batches, found))
        assert len(ledger.still["file"]) > 0
    assert {row.version for row in found} == {1}
