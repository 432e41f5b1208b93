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
from infra.exports import Kind, source
from infra.exports.kinds import export
from infra.imports.csv_importer import DEFAULT_MAPPING, CsvImporter
from infra.imports.framework import Importer
from infra.imports.oparl import OparlImporter
from infra.imports.rehearsal import LedgerBook
from infra.imports.runner import run
from infra.imports.xes import XesImporter
from infra.ledger import Ledger
from infra.projector import Projector, prove
from infra.spark.engine import spark
from projections.families import PROJECTIONS, REPORTS
from projections.model import find
from tests.database import KEK, database_named
from tests.infra.exports.conftest import CODEC

pytestmark = [pytest.mark.any_server, pytest.mark.filterwarnings("ignore::Warning:pm4py.*")]

LOGS: Final = ("receipt", "BPIC15_1")
"""The second one has six times the events of the first: it is taken in when everything is to be reached."""
IMPORTS: Final[tuple[tuple[Importer[Any], str], ...]] = (
    (OparlImporter(), "oparl/karlsruhe_organizations.jsonl.gz"),
    (OparlImporter(), "oparl/karlsruhe_meetings_2021_2022.jsonl.gz"),
    (OparlImporter(), "oparl/karlsruhe_papers_2021_2022.jsonl.gz"),
    (CsvImporter(DEFAULT_MAPPING), "library/librarieswest_transits.csv.gz"),
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
    Projector(database, FAMILIES, PROJECTIONS, REPORTS).catch_up()
    for kind in (Kind.PARQUET, Kind.XES):
        (place / kind).mkdir()
        with source(database, CODEC) as taken:
            export(kind, taken, place / kind)
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

STEPS: Final = """
with step as (
    select s.*, c.reference, row_number() over (partition by s.record_id order by s.entry) as nth,
        row_number() over (partition by s.record_id order by s.entry desc) as from_last,
        lead(s.activity) over (partition by s.record_id order by s.entry) as follower
    from documented_step s join case_record c using (record_id) where c.reference like 'XES/{log}/%'
), of_case as (
    select record_id, count(*) as events, extract(epoch from max(taken_at) - min(taken_at)) as seconds,
        string_agg(activity, ' > ' order by entry) as variant
    from step group by 1
)
"""
OF_CASES: Final = {
    "cases": "select count(*) from of_case",
    "events": "select count(*) from step",
    "activities": "select count(distinct activity) from step",
    "events by activity": "select activity, count(*) from step group by 1",
    "first activities": "select activity, count(*) from step where nth = 1 group by 1",
    "last activities": "select activity, count(*) from step where from_last = 1 group by 1",
    "first time": "select cast(extract(epoch from min(taken_at)) as double precision) from step",
    "last time": "select cast(extract(epoch from max(taken_at)) as double precision) from step",
    "median duration": (
        "select percentile_cont(0.5) within group (order by cast(seconds as double precision)) from of_case"
    ),
    "mean duration": "select avg(cast(seconds as double precision)) from of_case",
    "longest case": "select max(events) from of_case",
    "variants": "select count(distinct variant) from of_case",
    "resources": "select count(distinct performer) from step",
    "pairs that follow": "select activity, follower, count(*) from step where follower is not null group by 1, 2",
}


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

PAPERS: Final = "read_json('{data}/oparl/karlsruhe_papers_2021_2022.jsonl.gz', sample_size=-1)"
MEETINGS: Final = "read_json('{data}/oparl/karlsruhe_meetings_2021_2022.jsonl.gz', sample_size=-1)"
ORGANIZATIONS: Final = "read_json('{data}/oparl/karlsruhe_organizations.jsonl.gz', sample_size=-1)"
# Nine ids stand for two consultations each, in other meetings: what is listed is counted.
CONSULTATIONS: Final = f"(select c.* from (select unnest(consultation) as c from {PAPERS}))"
ITEMS: Final = f"(select distinct on (i.id) i.* from (select unnest(agendaItem) as i from {MEETINGS}))"
COUNCIL: Final[dict[str, tuple[str, str]]] = {
    "papers": (f"select count(distinct id) from {PAPERS}", "select count(*) from paper"),
    "papers by type": (
        f"select paperType, count(distinct id) from {PAPERS} group by 1",
        "select source_type, count(*) from paper group by 1",
    ),
    "papers by year": (
        f"select year(cast(date as date)), count(distinct id) from {PAPERS} group by 1",
        "select extract(year from dated), count(*) from paper group by 1",
    ),
    "papers by type and year": (
        f"select paperType, year(cast(date as date)), count(distinct id) from {PAPERS} group by 1, 2",
        "select source_type, extract(year from dated), count(*) from paper group by 1, 2",
    ),
    "papers with a reference": (
        f"select count(distinct reference) from {PAPERS}",
        "select count(distinct reference) from paper",
    ),
    "consultations": (f"select count(*) from {CONSULTATIONS}", "select count(*) from consultation"),
    "consultations by role": (
        f"select role, count(*) from {CONSULTATIONS} group by 1",
        "select source_role, count(*) from consultation group by 1",
    ),
    "consultations that decide": (
        f"select count(*) from {CONSULTATIONS} where authoritative",
        "select count(*) from consultation where authoritative",
    ),
    "meetings": (f"select count(distinct id) from {MEETINGS}", "select count(*) from meeting"),
    "meetings by month": (
        f"select strftime(cast(start as timestamptz), '%Y-%m'), count(distinct id) from {MEETINGS} group by 1",
        "select left(cast(starts_at as text), 7), count(*) from meeting group by 1",
    ),
    "agenda items": (f"select count(*) from {ITEMS}", "select count(*) from agenda_item"),
    "agenda items by result": (
        f"select result, count(*) from {ITEMS} group by 1",
        "select source_result, count(*) from agenda_item group by 1",
    ),
    "public agenda items": (
        f"select count(*) from {ITEMS} where public",
        "select count(*) from agenda_item where public",
    ),
    "files of papers": (
        f"select count(distinct f.id) from (select unnest(auxiliaryFile) as f from {PAPERS})",
        "select count(*) from council_file where kind = 'paper'",
    ),
    "organizations": (
        f"select count(distinct id) from {ORGANIZATIONS}",
        "select count(*) from body where source_id is not null",
    ),
}


@pytest.mark.parametrize("name", COUNCIL)
def test_figures_of_the_council_agree(name: str, ours: Ours, test_data: Path) -> None:
    in_the_file, in_ours = COUNCIL[name]
    found = ours.duck.execute(in_the_file.format(data=test_data)).fetchall()
    assert ours.ask(in_ours) == plain(found)


REPORTED: Final[dict[str, tuple[str, str]]] = {
    "papers by year": (
        COUNCIL["papers by year"][0],
        "select extract(year from dated), count(*) from public_paper group by 1",
    ),
    "meetings by month": (
        COUNCIL["meetings by month"][0],
        "select left(cast(starts_at as text), 7), count(*) from public_meeting group by 1",
    ),
    "agenda items": (COUNCIL["public agenda items"][0], "select count(*) from public_agenda_item"),
    "files of papers": (
        COUNCIL["files of papers"][0],
        "select count(*) from public_file f join public_paper p on p.paper_id = f.record_id",
    ),
}
"""What the public sees by our reports: a source that is published has nothing else."""


@pytest.mark.parametrize("name", REPORTED)
def test_figures_of_reports_agree(name: str, ours: Ours, test_data: Path) -> None:
    in_the_file, in_ours = REPORTED[name]
    assert ours.told(in_ours) == plain(ours.duck.execute(in_the_file.format(data=test_data)).fetchall())


# Transits

TRANSITS: Final = "read_csv('{data}/library/librarieswest_transits.csv.gz')"
LIBRARY: Final[dict[str, tuple[str, str]]] = {
    "items moved": ("count(*)", "count(*)"),
    "by route": ("from_library, to_library, count(*)", "from_branch, to_branch, count(*)"),
    "routes": ("count(distinct (from_library, to_library))", "count(distinct (from_branch, to_branch))"),
    "by item type": ("item_type, count(*)", "item_type, count(*)"),
    "by year": ("extract(year from date_transited), count(*)", "extract(year from sent_on), count(*)"),
    "by month": (
        "extract(year from date_transited), extract(month from date_transited), count(*)",
        "extract(year from sent_on), extract(month from sent_on), count(*)",
    ),
    "by sender": ("from_library, count(*)", "from_branch, count(*)"),
    "by receiver": ("to_library, count(*)", "to_branch, count(*)"),
    "by authority": ("from_authority, to_authority, count(*)", "from_authority, to_authority, count(*)"),
    "first day": ("min(date_transited)", "min(sent_on)"),
    "last day": ("max(date_transited)", "max(sent_on)"),
    "days": ("count(distinct date_transited)", "count(distinct sent_on)"),
    "by item type and year": (
        "item_type, extract(year from date_transited), count(*)",
        "item_type, extract(year from sent_on), count(*)",
    ),
}


@pytest.mark.parametrize("name", LIBRARY)
def test_figures_of_transits_agree(name: str, ours: Ours, test_data: Path) -> None:
    in_the_file, in_ours = LIBRARY[name]
    grouped = " group by all" if ", count(*)" in in_the_file else ""
    found = ours.duck.execute(f"select {in_the_file} from {TRANSITS.format(data=test_data)}{grouped}").fetchall()
    keys = ", ".join(str(number) for number in range(1, in_ours.count(", ") + 1))
    told = ours.ask(f"select {in_ours} from transit" + (f" group by {keys}" if grouped else ""))
    assert told == plain(found)
    assert told != [(0.0,)]
