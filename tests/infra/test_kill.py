"""What was acknowledged is there, whatever is killed: the server, PostgreSQL, or both, under load, again and again."""

from __future__ import annotations

import json
import os
import queue
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from domain.families import FAMILIES
from infra.codec import Codec
from infra.installation import Installation, installation
from infra.projector import Projector, rebuild
from infra.settings import Settings
from infra.verify import verify
from projections.families import PROJECTIONS, REPORTS

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.campaign]

CALLERS = 8
ACKNOWLEDGED = 200
PATIENCE = 60.0
ROOT = Path(__file__).parents[2]

PLAN = """mutation ($key: String!) { defineFilePlanUnit(input: {code: "10.01", title: "Organisation",
  retentionYears: 10, disposalKind: ARCHIVE, validFrom: "2020-01-01", idempotencyKey: $key}) {
  ... on CommandSuccess { recordId } } }"""
OPEN = """mutation ($input: OpenFileInput!) { openFile(input: $input) { __typename
  ... on CommandSuccess { position version recordId }
  ... on RuleViolated { rule } } }"""


@dataclass
class Home:
    """One installation, served by a process that is killed and started again."""

    path: Path
    postgres_bin: Path | None
    process: subprocess.Popen[str] | None = None
    address: str = ""

    def environment(self) -> dict[str, str]:
        """The settings of a child process."""
        own = {"STADTBUCH_HOME": str(self.path), "STADTBUCH_PORT": "0", "PYTHONPATH": str(ROOT)}
        if self.postgres_bin is not None:
            own["STADTBUCH_POSTGRES_BIN"] = str(self.postgres_bin)
        return os.environ | own

    def command(self, *arguments: str) -> list[str]:
        """A command line of Stadtbuch."""
        return [sys.executable, "-m", "infra.cli", *arguments]

    def settings(self) -> Settings:
        """The same settings in this process."""
        return Settings(home=self.path, postgres_bin=self.postgres_bin)

    def serve(self) -> None:
        """Start serving, and return when it answers."""
        self.process = subprocess.Popen(
            self.command("serve", "--json"), env=self.environment(), stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        self.address = json.loads(line)["address"]

    def kill_server(self) -> None:
        """SIGKILL the serving process."""
        assert self.process is not None
        self.process.kill()
        self.process.communicate()

    def kill_postgres(self) -> None:
        """SIGKILL the postmaster of this home."""
        pid = int((self.path / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)


@dataclass
class Journal:
    """What a client outside the killed processes knows: every answer is on disk before it counts."""

    path: Path
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, key: str, answer: dict[str, Any]) -> None:
        """Write an answer and fsync it."""
        with self.lock:
            os.write(self.descriptor, json.dumps({"key": key, "answer": answer}).encode() + b"\n")
            os.fsync(self.descriptor)

    def read(self) -> dict[str, dict[str, Any]]:
        """What is on disk."""
        lines = [json.loads(line) for line in self.path.read_text().splitlines()]
        return {line["key"]: line["answer"] for line in lines}


class Load:
    """Callers that send one command after another until told to stop, and remember what got no answer."""

    def __init__(self, home: Home, journal: Journal, plan_unit: str, prefix: str) -> None:
        self.home, self.journal, self.plan_unit, self.prefix = home, journal, plan_unit, prefix
        self.stopping = threading.Event()
        self.enough = threading.Event()
        self.unanswered: queue.Queue[str] = queue.Queue()
        self.flying: set[str] = set()
        self.acknowledged = 0
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.call, args=(index,)) for index in range(CALLERS)]
        for thread in self.threads:
            thread.start()

    def call(self, index: int) -> None:
        with httpx.Client(base_url=self.home.address, timeout=PATIENCE) as client:
            number = 0
            while not self.stopping.is_set():
                number += 1
                key = f"{self.prefix}-{index}-{number}"
                with self.lock:
                    self.flying.add(key)
                answer = send(client, key, self.plan_unit)
                if answer is None:
                    self.unanswered.put(key)
                    return
                self.journal.note(key, answer)
                with self.lock:
                    self.flying.discard(key)
                    self.acknowledged += 1
                    if self.acknowledged >= ACKNOWLEDGED:
                        self.enough.set()

    def stop(self) -> list[str]:
        """Stop the callers; answers the keys that are without an answer."""
        self.stopping.set()
        for thread in self.threads:
            thread.join()
        return [self.unanswered.get() for _ in range(self.unanswered.qsize())]


def send(client: httpx.Client, key: str, plan_unit: str) -> dict[str, Any] | None:
    """Open a file; None where no answer came, or one that leaves open whether it was recorded."""
    fields = {
        "reference": f"10.01-{key}",
        "subject": f"Straßenausbau {key}, Anlieger Müßiggang",
        "planUnitId": plan_unit,
        "leadUnit": "62",
        "custodianUnit": "62",
        "idempotencyKey": key,
    }
    try:
        response = client.post("/graphql", json={"query": OPEN, "variables": {"input": fields}})
    except httpx.HTTPError:
        return None
    payload: dict[str, Any] = response.json()
    success: dict[str, Any] = (payload.get("data") or {}).get("openFile") or {}
    return success if success.get("__typename") == "CommandSuccess" else None


@pytest.fixture
def home(postgres_bin: Path | None) -> Iterator[Home]:
    path = Path(tempfile.mkdtemp(prefix="stadtbuch-kill-"))
    path.chmod(0o755)
    found = Home(path / "home", postgres_bin)
    subprocess.run(found.command("init"), env=found.environment(), check=True, capture_output=True)
    yield found
    if found.process is not None and found.process.poll() is None:
        found.process.terminate()
        found.process.communicate()
    shutil.rmtree(path)


def test_whatever_is_killed_the_journal_of_acknowledged_commands_and_the_ledger_agree(
    home: Home, rounds: int, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    chance = random.Random(20)
    home.serve()
    with httpx.Client(base_url=home.address, timeout=PATIENCE) as client:
        made = client.post("/graphql", json={"query": PLAN, "variables": {"key": "plan"}}).json()
    plan_unit = made["data"]["defineFilePlanUnit"]["recordId"]
    in_flight = 0
    for number in range(rounds):
        load = Load(home, journal, plan_unit, f"r{number}")
        assert load.enough.wait(PATIENCE)
        target = ("server", "postgres", "both")[number % 3]
        threading.Event().wait(chance.uniform(0, 0.02))  # a moment that is never the same
        flying = len(load.flying)
        if target != "server":
            home.kill_postgres()
        if target != "postgres":
            home.kill_server()
        open_questions = load.stop()
        # A server that dies leaves its callers without an answer; one that lost its database answers when it is back.
        in_flight += bool(flying if target == "postgres" else open_questions)
        if target != "postgres":
            home.serve()
        with httpx.Client(base_url=home.address, timeout=PATIENCE) as client:
            for key in open_questions:
                first = settled(client, key, plan_unit)
                again = settled(client, key, plan_unit)
                assert first == again, f"{key} got another answer when it was repeated"
                journal.note(key, first)
        assert load.acknowledged >= ACKNOWLEDGED
    assert in_flight >= rounds * 0.9, f"commands were in flight at {in_flight} of {rounds} kills only"
    home.kill_server()
    with installation(home.settings()) as place:
        check(place, journal.read())


def settled(client: httpx.Client, key: str, plan_unit: str) -> dict[str, Any]:
    """Repeat a command until it is answered."""
    for _ in range(20):
        answer = send(client, key, plan_unit)
        if answer is not None:
            return answer
    raise AssertionError(f"{key} is not answered after 20 repeats")


def check(place: Installation, journal: dict[str, dict[str, Any]]) -> None:
    """The ledger holds what the journal says, row by row, and nothing else; it is whole; read models follow from it."""
    with psycopg.connect(place.database.admin) as connection:
        rows = connection.execute(
            "select position, record_id::text, version, body ->> 'reference' from ledger.event order by position"
        ).fetchall()
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    recorded = {str(row[3]).removeprefix("10.01-"): row for row in rows[1:]}
    assert recorded.keys() == journal.keys()
    for key, answer in journal.items():
        position, record_id, version, _ = recorded[key]
        assert answer["position"] == str(position)
        assert answer["version"] == str(version)
        assert answer["recordId"] == record_id
    report = verify(place.database, Codec(FAMILIES))
    assert report.rows == len(rows)
    assert report.faults == []
    Projector(place.database, FAMILIES, PROJECTIONS, REPORTS).catch_up()
    for projection in PROJECTIONS:
        rebuilt = rebuild(place.database, Codec(FAMILIES), projection, REPORTS)
        assert rebuilt.equal, f"{projection.name} is not what a fresh fold gives"
