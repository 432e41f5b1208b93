"""How `serve` runs: several processes on one port, one of them killed, and an end that answers what was asked."""

import json
import os
import re
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api import RECORDED
from tests.infra.cli.processes import Cli
from tests.waiting import until

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.any_server]

WORKERS, COMMANDS, CASES, CLIENTS = 2, 1_000, 4, 32
SLOW = '{ records(first: 1, minPosition: "999999999") { asOfPosition } }'
NUMBERS = """query ($case: UUID!, $at: BigInt!, $after: String) {
  documents(first: 100, after: $after, minPosition: $at, filter: {recordId: {eq: $case}}) {
    nodes { no } pageInfo { hasNextPage endCursor }
  }
}"""
REPEATABLE = {"Overloaded", "Unavailable"}

Serving = tuple[str, "subprocess.Popen[str]"]


def workers_of(process: "subprocess.Popen[str]") -> set[int]:
    """The worker processes that a server has now."""
    found = set()
    for task in Path(f"/proc/{process.pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            if b"--listener" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.add(child)
    return found


@pytest.fixture(scope="module")
def serving(cli: Cli) -> Iterator[Serving]:
    with cli.serving("serve", "--workers", str(WORKERS)) as (address, process):
        yield address, process


def do(client: httpx.Client, mutation: str, **given: Any) -> Any:
    """What a mutation answers; sent again as it stands where it may be."""
    name = mutation[0].upper() + mutation[1:]
    query = f"mutation Do($input: {name}Input!) {{ done: {mutation}(input: $input) {{ {RECORDED} }} }}"
    variables = {"input": {"idempotencyKey": str(uuid4()), **given}}
    for _ in range(100):
        answer = client.post("/graphql", json={"query": query, "variables": variables}).json()
        done = answer["data"]["done"]
        if done["__typename"] not in REPEATABLE:
            return done
    raise AssertionError(done)


def cases(client: httpx.Client) -> list[str]:
    """New open cases, by their ids."""
    unit = do(client, "defineFilePlanUnit", code="10.02", title="Organisation", retentionYears=10,
              disposalKind="ARCHIVE", validFrom="2020-01-01")["recordId"]  # fmt: skip
    units = {"leadUnit": "10", "custodianUnit": "10.1"}
    file = do(client, "openFile", planUnitId=unit, reference="F", subject="Umzug", **units)["recordId"]
    given = {"fileId": file, "planUnitId": unit, "subject": "Umzug", **units}
    return [do(client, "openCase", reference=f"F-{n}", **given)["recordId"] for n in range(CASES)]


def test_several_processes_decide_about_the_same_records_and_no_update_is_lost(serving: Serving) -> None:
    address, process = serving
    assert len(workers_of(process)) == WORKERS
    with httpx.Client(base_url=address, timeout=60) as client:
        targets = cases(client)

    filed_at: list[tuple[str, int]] = []

    def work(number: int) -> Counter[tuple[str, str]]:
        """Every other document says upon which version it rests; it is filed there or not at all."""
        ended: Counter[tuple[str, str]] = Counter()
        with httpx.Client(base_url=address, timeout=60) as client:
            version: dict[str, str] = {}
            for n in range(COMMANDS // CLIENTS + 1):
                case = targets[(number + n) % CASES]
                given = {
                    "record": case,
                    "documentKind": "INCOMING",
                    "title": "Brief",
                    "filename": "brief.pdf",
                    "mime": "application/pdf",
                    "size": "1",
                    "sha256": f"{number:032x}{n:032x}",
                }
                if n % 2 and case in version:
                    given["expectedVersion"] = version[case]
                done = do(client, "fileDocument", **given)
                version[case] = done.get("version") or done["actual"]
                ended[case, done["__typename"]] += 1
                if "position" in done:
                    filed_at.append((case, int(done["position"])))
        return ended

    with ThreadPoolExecutor(CLIENTS) as pool:
        ended = sum(pool.map(work, range(CLIENTS)), Counter[tuple[str, str]]())
    assert ended.total() >= COMMANDS
    assert {kind for _, kind in ended} == {"CommandSuccess", "VersionConflict"}
    with httpx.Client(base_url=address, timeout=60) as client:
        last = dict(sorted(filed_at, key=lambda each: each[1]))
        for case in targets:
            shown: list[int] = []
            page: dict[str, Any] = {"hasNextPage": True, "endCursor": None}
            while page["hasNextPage"]:
                variables = {"case": case, "at": str(last[case]), "after": page["endCursor"]}
                answer = client.post("/graphql", json={"query": NUMBERS, "variables": variables}).json()
                shown += [node["no"] for node in answer["data"]["documents"]["nodes"]]
                page = answer["data"]["documents"]["pageInfo"]
            assert sorted(shown) == list(range(1, ended[case, "CommandSuccess"] + 1))
        figures = client.get("/metrics").text
    counted = {name: float(n) for name, n in re.findall(r'stadtbuch_commands_total\{outcome="(\w+)"\} (\S+)', figures)}
    filed = sum(n for (_, kind), n in ended.items() if kind == "CommandSuccess")
    assert counted["recorded"] + counted.get("repeated", 0) >= filed + CASES + 2, figures


def test_a_worker_that_is_killed_is_started_again_and_the_others_answer_meanwhile(serving: Serving) -> None:
    address, process = serving
    before = workers_of(process)
    killed = min(before)
    os.kill(killed, signal.SIGKILL)
    while (now := workers_of(process)) == before or len(now) < WORKERS:
        assert httpx.get(f"{address}/livez", timeout=30).status_code == 200
    assert killed not in now
    assert httpx.post(f"{address}/graphql", json={"query": "{ __typename }"}, timeout=30).status_code == 200


@pytest.mark.parametrize("processes", [1, WORKERS])
def test_a_server_that_is_told_to_end_answers_what_it_was_asked_and_takes_no_more(cli: Cli, processes: int) -> None:
    def post(client: httpx.Client, query: str) -> httpx.Response:
        return client.post("/graphql", json={"query": query})

    with (
        cli.serving("serve", "--workers", str(processes), STADTBUCH_LOG_FORMAT="json") as (address, process),
        httpx.Client(base_url=address, timeout=30) as client,
        ThreadPoolExecutor(1) as aside,
    ):
        asked = aside.submit(post, client, SLOW)
        until(lambda: running(client.get("/metrics")), "the request is being answered")
        process.send_signal(signal.SIGTERM)
        until(lambda: client.get("/readyz").status_code == 503, "the server is not ready any more")
        refused = post(client, "{ __typename }")
        assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (503, "UNAVAILABLE")
        assert asked.result().json()["errors"][0]["extensions"]["code"] == "NOT_YET_READABLE"
        assert process.wait(30) == 0
        assert process.stderr is not None
        lines = [json.loads(line) for line in process.stderr if line.startswith("{")]
    told = {(line["path"], line["status"]) for line in lines if line["message"] == "request"}
    assert told >= {("/graphql", 409), ("/graphql", 503), ("/readyz", 503)}
    assert all(re.fullmatch(r"[0-9a-f]{32}", line["trace_id"]) for line in lines if line["message"] == "request")


def running(figures: httpx.Response) -> bool:
    """Whether a request to the API is being answered."""
    found = re.search(r"^stadtbuch_requests_running (\S+)", figures.text, re.MULTILINE)
    return found is not None and float(found[1]) > 0


def test_workers_end_with_the_process_that_started_them(cli: Cli) -> None:
    with cli.serving("serve", "--workers", str(WORKERS)) as (_, process):
        workers = workers_of(process)
        process.kill()
        until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers), "the workers ended")
    assert cli.does("status")["position"] >= 0
