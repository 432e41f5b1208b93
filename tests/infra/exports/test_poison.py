"""An event that a fold cannot take costs an export its own row, and the export says so."""

import gzip
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from domain.efile.facts import CaseOpened
from domain.kernel import Recorded
from infra.cli import exporting
from infra.database import Database
from infra.exports import Exported, Kind, kinds, source
from infra.exports.parquet import write_parquet
from infra.exports.tables import sheet_of
from infra.imports.rehearsal import LedgerBook
from infra.imports.runner import run
from infra.imports.xes import XesImporter
from infra.ledger import Ledger
from infra.projector import FoldFailed
from infra.projector.fold import key_text
from projections.efile import steps
from projections.families import PROJECTIONS
from projections.model import OnFailure, Projection, find, fold_all
from tests.infra.exports.conftest import CODEC, Town
from tests.infra.imports.xes_samples import some_traces, write
from tests.infra.projector.faulty import CASES, Faulty, asleep, endless, raises, too_large, unprintable
from tests.infra.projector.office import events_of

pytestmark = [pytest.mark.database, pytest.mark.any_server]

CHARGES = find(PROJECTIONS, "charge")


def poisoned(town: Town, faulty: Faulty) -> list[Recorded]:
    """Makes the busiest case the victim; answers its events."""
    known = [event for event in events_of(town.database, CODEC) if type(event.fact) in CASES.facts]
    busiest = Counter(event.record_id for event in known if event.version > 1).most_common(1)[0][0]
    opened = {event.record_id for event in known if isinstance(event.fact, CaseOpened)}
    assert busiest in opened
    faulty.victim = busiest
    return [event for event in known if event.record_id == busiest]


def missing(row: Any) -> Any:
    return replace(row, lead_unit=None)


@pytest.mark.parametrize(
    "bad", [raises, endless, asleep, too_large, unprintable, missing], ids=lambda bad: bad.__name__
)
def test_poison_costs_one_row_and_the_export_goes_on(town: Town, tmp_path: Path, bad: Callable[[Any], Any]) -> None:
    faulty = Faulty(bad)
    own = poisoned(town, faulty)
    with source(town.database, CODEC, fold_seconds=0.3) as ledger:
        ledger.chunk = 500
        sheet = sheet_of(CASES)
        written = ledger.rows(faulty.projection, lambda rows: write_parquet(tmp_path, sheet, rows, 3))
    (still,) = ledger.still["case_record"]
    assert (still.key, still.position, still.topic) == (
        key_text((faulty.victim,)), own[1].position, own[1].topic,
    )  # fmt: skip
    right = fold_all(CASES, [event for event in events_of(town.database, CODEC) if event not in own[1:]])
    found = [
        row
        for part in sorted((tmp_path / "case_record").glob("*/*.parquet"))
        for row in pq.read_table(part).to_pylist()
    ]
    assert written == len(right)
    assert {row["record_id"]: row["version"] for row in found} == {
        str(row.record_id): row.version for row in right.values()
    }


def test_an_amount_that_would_be_rounded_stands_still(town: Town, tmp_path: Path) -> None:
    def finer(row: Any, event: Recorded) -> Any:
        made = CHARGES.fold(row, event)
        return replace(made, amount=Decimal("0.0000001")) if row is not None else made

    with source(town.database, CODEC) as ledger:
        ledger.rows(replace(CHARGES, fold=finer), lambda rows: write_parquet(tmp_path, sheet_of(CHARGES), rows, 1))
    assert {each.error for each in ledger.still["charge"]} == {
        "Unstorable: amount cannot be stored: a decimal has at most 32 digits before the point and 6 after it"
    }


def exported(database: Database, place: Path, kind: Kind) -> Exported:
    place.mkdir()
    with source(database, CODEC, fold_seconds=0.3) as ledger:
        return kinds.export(kind, ledger, place, parts=2)


def test_the_export_says_which_rows_stand_still_and_why(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = Faulty(endless)
    own = poisoned(town, faulty)
    monkeypatch.setattr(kinds, "PROJECTIONS", (faulty.projection, CHARGES))
    place = tmp_path / "csv"
    done = exported(town.database, place, Kind.CSV)
    (aside,) = told = json.loads((place / "export.json").read_text())["setAside"]
    assert (aside["readModel"], aside["position"]) == ("case_record", own[1].position)
    assert aside["error"] == "TimeoutError: it did not return within 0.3 s"
    as_json = exporting.as_json(done, place)
    assert (as_json["standingStill"], as_json["setAside"]) == ({"case_record": 1}, told)
    assert f"event {own[1].position:,} (" in exporting.described(done, place)
    assert exporting.code(done) == 1


def test_a_log_of_steps_goes_on_without_what_its_fold_cannot_take(
    database: Database, ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = write(tmp_path / "sample.xes", some_traces(3))
    assert run(XesImporter(), [sample], LedgerBook(ledger)).counts.records == 3
    recorded = [event for event in events_of(database, CODEC) if type(event.fact) in steps.PROJECTION.facts]

    def fold(row: Any, event: Recorded) -> Any:
        return endless(row) if event.position == recorded[4].position else steps.fold(row, event)

    monkeypatch.setattr(steps, "PROJECTION", replace(steps.PROJECTION, fold=fold))
    place = tmp_path / "xes"
    done = exported(database, place, Kind.XES)
    assert [each.position for each in done.still["documented_step"]] == [recorded[4].position]
    (log,) = place.glob("steps-*.xes.gz")
    assert gzip.decompress(log.read_bytes()).count(b"<event>") == len(recorded) - 1


def test_a_read_model_that_is_to_stop_at_an_error_ends_the_export(town: Town, tmp_path: Path) -> None:
    faulty = Faulty(raises)
    own = poisoned(town, faulty)
    pausing: Projection = replace(faulty.projection, on_failure=OnFailure.PAUSE)
    with (
        source(town.database, CODEC) as ledger,
        pytest.raises(FoldFailed, match=f"cannot be built past event {own[1].position}: ZeroDivisionError"),
    ):
        ledger.rows(pausing, lambda rows: write_parquet(tmp_path, sheet_of(CASES), rows, 1))
