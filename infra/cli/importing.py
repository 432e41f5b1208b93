"""`stadtbuch import`: municipal data from other systems, row by row, through the same commands as everybody's work."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Any

import typer

from infra.cli.console import DONE, FINDING, EverySecond, say
from infra.imports import runner
from infra.imports.csv_importer import DEFAULT_MAPPING, CsvImporter
from infra.imports.framework import Importer
from infra.imports.oparl import OparlImporter
from infra.imports.rehearsal import LedgerBook, Rehearsal
from infra.imports.xes import XesImporter
from infra.ledger import Ledger


class Kind(StrEnum):
    """What can be imported."""

    XES = "xes"
    OPARL = "oparl"
    CSV = "csv"


def importer(kind: Kind, mapping: str | None) -> Importer[Any]:
    """The importer of a kind. Raises SourceError for a mapping that cannot be used, and typer.BadParameter."""
    if kind is Kind.CSV:
        return CsvImporter(mapping or DEFAULT_MAPPING)
    if mapping is not None:
        raise typer.BadParameter(f"--mapping is for csv; {kind} needs none.")
    return XesImporter() if kind is Kind.XES else OparlImporter()


class Ticker:
    """Says how far an import is, about once a second."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._now = EverySecond()

    def __call__(self, counts: runner.Counts) -> None:
        """Progress of the runner."""
        if self._now():
            rate = counts.read / (time.monotonic() - self._began)
            done = f"{counts.read:,} rows read, {counts.recorded:,} recorded, {counts.rejected:,} rejected"
            say(f"{done}, {rate:,.0f} rows/s")


def run(
    ledger: Ledger, importer: Importer[Any], files: list[Path], *, dry_run: bool, rejects: Path | None
) -> tuple[runner.Result, int]:
    """Import the files; answers what became of it and the exit code."""
    with ExitStack() as stack:
        book = Rehearsal(ledger) if dry_run else LedgerBook(ledger)
        target = None if rejects is None else stack.enter_context(rejects.open("w", encoding="utf-8"))
        result = runner.run(importer, files, book, rejects=target, progress=Ticker())
    for fault in result.faults:
        say(f"{fault.path}: {fault.error.message.en}")
    return result, FINDING if result.faults or result.counts.rejected else DONE


def described(counts: runner.Counts, *, dry_run: bool) -> str:
    """The result for people."""
    verb = "would be recorded" if dry_run else "recorded"
    return (
        f"{counts.read:,} rows read: {counts.recorded:,} {verb}, {counts.unchanged:,} unchanged, "
        f"{counts.rejected:,} rejected; {counts.events:,} events on {counts.records:,} records."
    )


def as_json(result: runner.Result) -> dict[str, Any]:
    """The result for programs."""
    faults = [{"file": str(fault.path), "error": fault.error.message.en} for fault in result.faults]
    return asdict(result.counts) | ({"faults": faults} if faults else {})
