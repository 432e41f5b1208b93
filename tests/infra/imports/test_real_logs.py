"""Real case logs, imported whole: every case's activities and times, read independently from the file and the API."""

import gzip
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from domain.families import FAMILIES
from infra.asgi.app import create_app
from infra.asgi.server import serving
from infra.database import Database
from infra.imports.rehearsal import LedgerBook
from infra.imports.runner import Counts, run
from infra.imports.xes import XesImporter
from infra.ledger import Ledger
from infra.projector import Projector
from infra.settings import Settings
from projections.families import PROJECTIONS, REPORTS
from tests.api import Api

pytestmark = pytest.mark.any_server

LOGS = {"receipt": (1_434, 8_577), "BPIC15_1": (1_199, 52_217)}
HISTORY = """query ($number: String!, $after: String) {
  record(number: $number, kind: "case") { history(first: 100, after: $after) {
    nodes { topic effectiveAt body } pageInfo { hasNextPage endCursor }
  } }
}"""
Steps = list[tuple[str, datetime]]


def cases_of(path: Path) -> Iterator[tuple[str, Steps]]:
    """Name, and activity and time of each event, of every trace in the file; by the standard library alone."""
    with gzip.open(path) as file:
        for _, trace in ElementTree.iterparse(file):
            if trace.tag.endswith("}trace"):
                name = value_of(trace, "concept:name")
                events = [each for each in trace if each.tag.endswith("}event")]
                yield (
                    name,
                    [
                        (value_of(event, "concept:name"), datetime.fromisoformat(value_of(event, "time:timestamp")))
                        for event in events
                    ],
                )
                trace.clear()


def value_of(element: ElementTree.Element, key: str) -> str:
    (found,) = (child for child in element if child.get("key") == key)
    return found.get("value") or ""


def history_of(api: Api, number: str) -> Steps:
    """Activity and time of each step in a case's history, in the order the API tells it."""
    steps: Steps = []
    after = None
    while True:
        history = api.ask(HISTORY, number=number, after=after)["record"]["history"]
        for event in history["nodes"]:
            if event["topic"] == "efile.circulation_step_recorded.v2":
                steps.append((event["body"]["step"]["activity"], datetime.fromisoformat(event["effectiveAt"])))
        if not history["pageInfo"]["hasNextPage"]:
            return steps
        after = history["pageInfo"]["endCursor"]


@pytest.mark.parametrize("name", LOGS)
def test_the_history_of_every_case_is_what_the_log_says(
    name: str, test_data: Path, database: Database, ledger: Ledger
) -> None:
    cases, events = LOGS[name]
    path = test_data / "case_logs" / f"{name}.xes.gz"
    counts = run(XesImporter(), [path], LedgerBook(ledger)).counts
    assert counts == Counts(read=events, recorded=events, records=cases, events=2 + 2 * cases + events)
    assert run(XesImporter(), [path], LedgerBook(ledger)).counts == Counts(read=events, unchanged=events)
    Projector(database, FAMILIES, PROJECTIONS, REPORTS).catch_up()
    app: Any = create_app(Settings(), database, ledger)
    compared = 0
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        api = Api(client, address, app)
        for case, steps in cases_of(path):
            assert history_of(api, f"XES/{name}/{case}") == steps, case
            compared += 1
    assert compared == cases
