"""Parquet, a directory for each table, parted by the hash of the record: all of one record lies in one part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import pyarrow.parquet as pq

from infra.exports.tables import Sheet

HELD: Final = 100_000
"""Rows of all parts together that are held before they are written; those of one part are a row group."""


class Parted:
    """Writes one table: `part=0/rows.parquet`, `part=1/rows.parquet` … A part without rows has an empty file."""

    def __init__(self, place: Path, sheet: Sheet, parts: int) -> None:
        self.sheet = sheet
        self.waiting: list[list[Any]] = [[] for _ in range(parts)]
        self.group = max(1, HELD // parts)
        self.rows = 0
        self._writers = [self._writer(place / f"part={number}") for number in range(parts)]

    def _writer(self, directory: Path) -> pq.ParquetWriter:
        directory.mkdir(parents=True, exist_ok=True)
        return pq.ParquetWriter(directory / "rows.parquet", self.sheet.schema, compression="zstd")

    def __enter__(self) -> Parted:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for part, writer in enumerate(self._writers):
            if kind is None:
                self._flush(part)
            writer.close()

    def write(self, rows: Sequence[Any]) -> None:
        """Add rows to their parts."""
        parts, hashed = len(self.waiting), self.sheet.hashed
        for row in rows:
            self.waiting[hashed(row) % parts].append(row)
        self.rows += len(rows)
        for part, waiting in enumerate(self.waiting):
            if len(waiting) >= self.group:
                self._flush(part)

    def _flush(self, part: int) -> None:
        if self.waiting[part]:
            self._writers[part].write_batch(self.sheet.batch(self.waiting[part]))
            self.waiting[part] = []


def write_parquet(place: Path, sheet: Sheet, batches: Iterable[Sequence[Any]], parts: int) -> int:
    """Write a table; answers how many rows it has."""
    with Parted(place / sheet.name, sheet, parts) as table:
        for rows in batches:
            table.write(rows)
        return table.rows
