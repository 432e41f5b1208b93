"""Figures of real data, counted by DuckDB and pm4py in the files themselves, in our read models and in our exports."""

import importlib.util
import warnings
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import duckdb
import pm4py
import psycopg
import pytest

from domain.families import FAMILIES
from infra.cli.proving import described
from infra.database import Database
from infra.embedded import Server
from infra.exports import Kind, Source, source
from infra.exports.kinds import PARTS, export
from infra.exports.parquet import write_parquet
from infra.exports.tables import sheet_of
from infra.imports.csv_importer import DEFAULT_MAPPING, CsvImporter
from infra.imports.framework import Importer
from infra.imports.oparl import OparlImporter
from infra.imports.rehearsal import LedgerBook
from infra.imports.runner import Counts, run
from infra.imports.xes import XesImporter
from infra.ledger import Ledger
from infra.projector import Projector, prove
from infra.spark.engine import spark
from projections.families import PROJECTIONS, REPORTS
from projections.model import Projection, find
from tests.database import KEK, database_named
from tests.infra.exports.conftest import CODEC
from tests.infra.exports.figures import (
    MEETINGS_ASKED,
    OF_CASES,
    ORGANIZATIONS_ASKED,
    PAPERS_ASKED,
    REPORTED,
    STEPS,
    TRANSITS,
    TRANSITS_ASKED,
)

pytestmark = [pytest.mark.any_server, pytest.mark.filterwarnings("ignore::Warning:pm4py.*")]

LOGS: Final = ("receipt", "BPIC15_1")
"""The second one has six times the events of the first: it is taken in when everything is to be reached."""
TRANSITS_FILE: Final = "library/librarieswest_transits.csv.gz"
IMPORTS: Final[tuple[tuple[Importer[Any], str], ...]] = (
    (OparlImporter(), "oparl/karlsruhe_organizations.jsonl.gz"),
    (OparlImporter(), "oparl/karlsruhe_meetings_2021_2022.jsonl.gz"),
    (OparlImporter(), "oparl/karlsruhe_papers_2021_2022.jsonl.gz"),
    (CsvImporter(DEFAULT_MAPPING), TRANSITS_FILE),
)
ASKED: Final = (
    "agenda_item",
    "body",
    "case_record",
    "consultation",
    "council_file",
    "documented_step",
    "meeting",
    "paper",
    "transit",
)
"""The read models that the figures are counted in."""
REPORTS_ASKED: Final = (
    "files_by_stage_and_unit",
    "public_agenda_item",
    "public_file",
    "public_meeting",
    "public_paper",
)
"""The reports that the figures are held against."""
SPARK: Final = "local-cluster[2,1,1024]"
Answer = list[tuple[Any, ...]]


class Ours:
    """What we say: the same question to the read models, in SQL, and to the export, in DuckDB."""

    def __init__(
        self, database: Database, place: Path, logs: Sequence[str], reader: "psycopg.Connection[tuple[Any, ...]]"
    ) -> None:
        self.database = database
        self.place = place
        self.logs = logs
        self.reader = reader
        self.duck = duckdb.connect()
        self.duck.execute("set TimeZone = 'UTC'")
        for name in ASKED:
            files = place / "parquet" / name / "*" / "*.parquet"
            self.duck.execute(f"create view {name} as from read_parquet('{files}')")

    def ask(self, question: str) -> Answer:
        """The answer, which is the same twice."""
        reported = plain(self.reader.execute(question.encode()).fetchall())
        exported = plain(self.duck.execute(question).fetchall())
        assert reported == exported, question
        return exported

    def told(self, question: str) -> Answer:
        """What our reports say, which no export holds."""
        return plain(self.reader.execute(question.encode()).fetchall())


def plain(rows: list[Any]) -> Answer:
    """Rows in an order of their own, numbers to the hundredth."""
    return sorted((tuple(_plain(value) for value in row) for row in rows), key=repr)


def _plain(value: Any) -> Any:
    return round(float(value), 2) if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) else value


def exported(taken: Source, place: Path, projection: Projection) -> None:
    """One read model, as an export of all of them has it."""
    sheet = sheet_of(projection)
    taken.rows(projection, lambda rows: write_parquet(place, sheet, rows, PARTS))


@pytest.fixture(scope="module")
def ours(
    server: Server, template: str, test_data: Path, thorough: bool, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ours]:
    """All real imports in one ledger, with its read models and exports."""
    with psycopg.connect(server.conninfo("admin"), autocommit=True) as connection:
        connection.execute(f"create database figures template {template}")
    database, place = database_named(server, "figures"), tmp_path_factory.mktemp("figures")
    ledger = Ledger(database, KEK, FAMILIES)
    logs = LOGS if thorough else LOGS[:1]
    for importer, name in (*((XesImporter(), f"case_logs/{log}.xes.gz") for log in logs), *IMPORTS):
        counts = run(importer, [test_data / name], LedgerBook(ledger)).counts
        assert counts.read == counts.recorded > 0
    ledger.close()
    reports = [find(REPORTS, name) for name in REPORTS_ASKED]
    wanted = {*ASKED, *(name for report in reports for name in report.reads)}
    kept = PROJECTIONS if thorough else [each for each in PROJECTIONS if each.name in wanted]
    Projector(database, FAMILIES, kept, reports).catch_up()
    (place / "xes").mkdir()
    with source(database, CODEC) as taken:
        export(Kind.XES, taken, place / "xes")
        for name in ASKED:
            exported(taken, place / "parquet", find(PROJECTIONS, name))
    with psycopg.connect(database.conninfo("reader"), autocommit=True) as reader:
        reader.execute("set search_path = read")
        yield Ours(database, place, logs, reader)


@pytest.mark.campaign
def test_every_read_model_of_the_imports_is_its_rebuild_and_its_plain_fold(
    ours: Ours, thorough: bool, tmp_path: Path
) -> None:
    """Those that the imports fill; thoroughly all, and where it is installed, on Spark too."""
    asked = PROJECTIONS if thorough else [find(PROJECTIONS, name) for name in ASKED]
    if thorough and importlib.util.find_spec("pyspark"):
        with warnings.catch_warnings(), spark(SPARK, tmp_path) as elsewhere:
            warnings.simplefilter("ignore")
            proofs = prove(ours.database, CODEC, asked, elsewhere=elsewhere)
    else:
        proofs = prove(ours.database, CODEC, asked)
    assert [proof.rebuilt.name for proof in proofs] == [each.name for each in asked]
    assert all(proof.equal for proof in proofs), [described(proof) for proof in proofs if not proof.equal]
    assert all(proof.rebuilt.rows for proof in proofs if proof.rebuilt.name in ASKED)


# Case logs


def by_pm4py(path: Path) -> dict[str, Answer]:
    """The figures of a log, in the order of its file."""
    log = pm4py.read_xes(str(path), return_legacy_log_object=True)
    events = [event for trace in log for event in trace]
    times = [event["time:timestamp"].timestamp() for event in events]
    durations = sorted(
        max(times) - min(times) for trace in log for times in [[event["time:timestamp"].timestamp() for event in trace]]
    )
    middle = len(durations) // 2
    median = durations[middle] if len(durations) % 2 else (durations[middle - 1] + durations[middle]) / 2
    follows, _, _ = pm4py.discover_dfg(log)
    activities = pm4py.get_event_attribute_values(log, "concept:name")
    return {
        "cases": [(len(log),)],
        "events": [(len(events),)],
        "activities": [(len(activities),)],
        "events by activity": list(activities.items()),
        "first activities": list(pm4py.get_start_activities(log).items()),
        "last activities": list(pm4py.get_end_activities(log).items()),
        "first time": [(min(times),)],
        "last time": [(max(times),)],
        "median duration": [(median,)],
        "mean duration": [(sum(durations) / len(durations),)],
        "longest case": [(max(len(trace) for trace in log),)],
        "variants": [(len(pm4py.get_variants(log)),)],
        "resources": [(len(pm4py.get_event_attribute_values(log, "org:resource")),)],
        "pairs that follow": [(*pair, count) for pair, count in follows.items()],
    }


def test_each_import_has_twelve_figures() -> None:
    imports = (OF_CASES, ORGANIZATIONS_ASKED, MEETINGS_ASKED, PAPERS_ASKED, TRANSITS_ASKED)
    assert [len(asked) >= 12 for asked in imports] == [True] * 5


def test_figures_of_case_logs_agree(ours: Ours, test_data: Path) -> None:
    for log in ours.logs:
        found = by_pm4py(test_data / "case_logs" / f"{log}.xes.gz")
        told = {name: ours.ask(f"{STEPS.format(log=log)} {question}") for name, question in OF_CASES.items()}
        assert told == {name: plain(answer) for name, answer in found.items()}


def test_a_report_counts_every_case_of_the_logs(ours: Ours, test_data: Path) -> None:
    logs = [pm4py.read_xes(str(test_data / "case_logs" / f"{log}.xes.gz")) for log in ours.logs]
    found = sum(log["case:concept:name"].nunique() for log in logs)
    assert ours.told("select sum(records) from files_by_stage_and_unit where kind = 'case'") == [(found,)]


def test_a_log_that_was_imported_comes_out_again(ours: Ours, test_data: Path) -> None:
    exported = [cases(path) for path in (ours.place / "xes").glob("steps-*.xes.gz")]
    assert len(exported) == len(ours.logs)
    for log in ours.logs:
        assert cases(test_data / "case_logs" / f"{log}.xes.gz") in exported


def cases(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    log = pm4py.read_xes(str(path), return_legacy_log_object=True)
    return {
        trace.attributes["concept:name"]: [
            (event["concept:name"], event["time:timestamp"].timestamp(), event.get("org:group")) for event in trace
        ]
        for trace in log
    }


# Council

COUNCIL: Final = {
    (source, name): asked
    for source, figures in (
        ("organizations", ORGANIZATIONS_ASKED),
        ("meetings", MEETINGS_ASKED),
        ("papers", PAPERS_ASKED),
    )
    for name, asked in figures.items()
}


@pytest.mark.parametrize("name", COUNCIL, ids=" ".join)
def test_figures_of_the_council_agree(name: tuple[str, str], ours: Ours, test_data: Path) -> None:
    in_the_file, in_ours = COUNCIL[name]
    found = ours.duck.execute(in_the_file.format(data=test_data)).fetchall()
    assert ours.ask(in_ours) == plain(found)


@pytest.mark.parametrize("name", REPORTED)
def test_figures_of_reports_agree(name: str, ours: Ours, test_data: Path) -> None:
    in_the_file, in_ours = REPORTED[name]
    assert ours.told(in_ours) == plain(ours.duck.execute(in_the_file.format(data=test_data)).fetchall())


# Transits


@pytest.mark.parametrize("name", TRANSITS_ASKED)
def test_figures_of_transits_agree(name: str, ours: Ours, test_data: Path) -> None:
    in_the_file, in_ours = TRANSITS_ASKED[name]
    grouped = " group by all" if ", count(*)" in in_the_file else ""
    found = ours.duck.execute(f"select {in_the_file} from {TRANSITS.format(data=test_data)}{grouped}").fetchall()
    keys = ", ".join(str(number) for number in range(1, in_ours.count(", ") + 1))
    told = ours.ask(f"select {in_ours} from transit" + (f" group by {keys}" if grouped else ""))
    assert told == plain(found)
    assert told != [(0.0,)]


def test_all_transits_of_librarieswest_are_recorded_once(ours: Ours, test_data: Path) -> None:
    assert ours.told("select count(*) from transit") == [(37_615.0,)]
    with Ledger(ours.database, KEK, FAMILIES) as ledger:
        counts = run(CsvImporter(DEFAULT_MAPPING), [test_data / TRANSITS_FILE], LedgerBook(ledger)).counts
    assert counts == Counts(read=37_615, unchanged=37_615)
