"""Many who follow at once: each is told of each of its events once and in order, and the server's memory is bounded."""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.efile.commands import DefineFilePlanUnit, OpenFile, TransferFileLeadUnit
from domain.efile.vocabulary import DisposalKind
from domain.kernel import Command, Sealed
from domain.requests import Request
from infra.installation import installation
from infra.ledger import Ledger
from infra.settings import Settings
from tests.database import CLERK
from tests.infra.cli.processes import ROOT, Cli
from tests.scenario import TODAY

pytestmark = [pytest.mark.slow, pytest.mark.campaign]
WRITERS = 4
MOST_MB = 60
"""How much more memory the server may take for all that is told."""


@dataclass(frozen=True)
class Size:
    """How many follow, and what happens meanwhile. Each record changes once a second."""

    choosing: int
    everything: int
    events_a_second: int
    seconds: int


SHORT, LONG = Size(60, 4, 40, 5), Size(1_000, 20, 200, 60)


@dataclass
class Office:
    """Writes to the ledger beside the server, and knows what it wrote."""

    ledger: Ledger
    records: list[UUID]
    written: list[tuple[int, int]]

    def request(self, command: Command, number: int, record: UUID | None = None) -> Request:
        actor = replace(CLERK, actor=UUID(int=number + 1))
        return Request(command=command, principal=actor, idempotency_key=str(uuid4()), record_id=record)

    def begin(self, many: int) -> None:
        unit = DefineFilePlanUnit(
            code="1", title="Bau", retention_years=10, disposal_kind=DisposalKind.APPRAISE, valid_from=TODAY
        )
        plan = self.ledger.handle(self.request(unit, 0)).record_id
        for number in range(many):
            opened = OpenFile(
                reference=f"A {number}", subject=Sealed("x"), plan_unit_id=plan, lead_unit="63", custodian_unit="63"
            )
            self.records.append(self.ledger.handle(self.request(opened, number)).record_id)

    def change(self, number: int, second: int) -> None:
        command = TransferFileLeadUnit(new_lead_unit=f"6{second % 2}", reason=Sealed("Umzug"))
        position = self.ledger.handle(self.request(command, number, self.records[number])).last_position
        assert position is not None
        self.written.append((position, number))

    def work(self, seconds: int) -> float:
        """Changes each record once a second; answers how long that took, which a busy machine draws out."""
        many, began = len(self.records), time.monotonic()
        with ThreadPoolExecutor(WRITERS) as writers:
            for turn in range(seconds * many):
                wait = began + turn / many - time.monotonic()
                if wait > 0:
                    time.sleep(wait)
                writers.submit(self.change, turn % many, turn // many)
        assert len(self.written) == seconds * many, "each change was recorded"
        return time.monotonic() - began


@contextmanager
def office(cli: Cli) -> Iterator[Office]:
    settings = Settings(home=cli.home, postgres_bin=cli.postgres_bin)
    with installation(settings) as place, place.ledger() as ledger:
        yield Office(ledger, [], [])


def choice(number: int, office: Office) -> tuple[str, dict[str, Any], int]:
    """What one of the crowd follows, and the record that it is about."""
    of = number % len(office.records)
    record = str(office.records[of])
    match number // len(office.records) % 4:
        case 0:
            return "record", {"id": record}, of
        case 1:
            return "events", {"filter": {"recordId": {"eq": record}}}, of
        case 2:
            return "events", {"filter": {"actor": {"eq": str(UUID(int=of + 1))}}}, of
        case _:
            return "events", {"filter": {"family": {"eq": "efile"}, "recordId": {"in": [record]}}}, of


def memory(process: "subprocess.Popen[str]") -> int:
    """How much memory a process has had at most, in MB."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) // 1024


def processor_seconds(process: "subprocess.Popen[str]") -> float:
    """How long processors have worked for a process."""
    figures = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(figures[11]) + int(figures[12])) / os.sysconf("SC_CLK_TCK")


def test_everybody_who_follows_is_told_of_each_of_their_events_once_and_in_order(
    cli: Cli, thorough: bool, record_property: Any
) -> None:
    size = LONG if thorough else SHORT
    with cli.serving("serve") as (address, server), office(cli) as busy:
        busy.begin(size.events_a_second)
        chosen = [choice(number, busy) for number in range(size.choosing)]
        followers = [(kind, variables) for kind, variables, _ in chosen] + [("events", {})] * size.everything
        with subprocess.Popen(
            [sys.executable, "-m", "tests.infra.cli.crowd"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        ) as crowd:
            assert crowd.stdin is not None
            assert crowd.stdout is not None
            job = {"address": address.replace("http", "ws") + "/graphql", "followers": followers, "after": 1}
            print(json.dumps({**job, "patience": 60 + size.seconds}), file=crowd.stdin, flush=True)
            assert json.loads(crowd.stdout.readline()) == "connected"
            before, worked = memory(server), processor_seconds(server)
            took = busy.work(size.seconds)
            of_record = defaultdict(list)
            for position, number in sorted(busy.written):
                of_record[number].append(position)
            everything = sorted(position for position, _ in busy.written)
            expected = [of_record[of] for *_, of in chosen] + [everything] * size.everything
            print(json.dumps([positions[-1] for positions in expected]), file=crowd.stdin, flush=True)
            answered = json.loads(crowd.stdout.readline())
            assert crowd.wait(60) == 0
        grown, worked = memory(server) - before, processor_seconds(server) - worked
    first = everything[0]
    for (told, failed), positions in zip(answered, expected, strict=True):
        assert failed is None
        # Files that were opened a moment before they were followed may still be told of.
        assert [position for position in told if position >= first] == positions
    messages = sum(len(told) for told, _ in answered)
    record_property(
        "printed",
        f"{len(followers)} followed {len(everything)} events of {took:.0f} s: {messages:,} told, {grown} MB of memory, "
        f"{worked:.1f} s of processor time of the server",
    )
    assert grown < MOST_MB
