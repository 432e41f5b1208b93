"""Rebuilding with several processes: the same rows, whatever becomes of the processes."""

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.families import FAMILIES
from infra.database import Database
from infra.ledger import Ledger
from infra.projector import (
    FoldFailed,
    Projector,
    Rebuilt,
    Sizes,
    WorkerLost,
    quarantine,
    rebuild,
    wait_for,
)
from infra.projector.crew import Crew
from infra.projector.parts import Cut, Part
from projections.families import PROJECTIONS
from projections.model import Projection, find
from tests.infra.projector import declared
from tests.infra.projector.build import DECLARED, SIZES
from tests.infra.projector.office import Office
from tests.infra.projector.tables import CODEC, folded, relation_of, rows, tables_of

pytestmark = pytest.mark.any_server

ROOT = Path(__file__).parents[3]
SLOW = find(declared.PROJECTIONS, "slow_case")
POISONED = find(declared.PROJECTIONS, "poisoned_case")


@pytest.fixture
def office(ledger: Ledger) -> Office:
    return Office(ledger)


def again(database: Database, projection: Projection, **how: Any) -> Rebuilt:
    return rebuild(database, CODEC, projection, (), **{"workers": 2, "sizes": SIZES, **how})


def children() -> list[int]:
    """The worker processes of this one."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        for pid in (task / "children").read_text().split():
            try:
                if b"infra.projector.worker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.append(int(pid))
            except FileNotFoundError:
                continue
    return found


def test_workers_make_the_same_rows(database: Database, office: Office) -> None:
    office.work(120)
    some = [find(PROJECTIONS, name) for name in ("event", "case_record", "document")]
    Projector(database, FAMILIES, some, ()).catch_up()
    for each in some:
        found = again(database, each)
        assert (found.equal, found.rows) == (True, len(folded(database, each))), each.name
        assert rows(database, each) == folded(database, each)
    assert children() == []


def test_poison_in_a_rebuild_stops_its_own_rows(database: Database, office: Office) -> None:
    office.work(500, at_once=100)
    again(database, POISONED, declared=DECLARED, fold_seconds=0.3)
    aside = quarantine(database.conninfo("reader"))
    causes = {each.error for each in aside if each.error}
    assert {str(error).split(":")[0] for error in causes} >= {"ZeroDivisionError", "TimeoutError"}
    assert len(causes) >= 3
    victims = {(each.record_id,) for each in aside}
    expected = folded(database, declared.CASES)
    found = rows(database, POISONED)
    assert found.keys() == expected.keys()
    assert {key for key, row in found.items() if row != expected[key]} == victims
    Projector(database, FAMILIES, [POISONED], (), fold_seconds=0.3).catch_up()
    assert again(database, POISONED, workers=1, sizes=Sizes(), fold_seconds=0.3).equal


def test_workers_that_are_killed_are_replaced(database: Database, office: Office) -> None:
    office.work(120)
    killed: list[int] = []
    done = threading.Event()

    def kill() -> None:
        while len(killed) < 2 and not done.is_set():
            for pid in children():
                if pid not in killed and len(killed) < 2:
                    killed.append(pid)
                    os.kill(pid, signal.SIGKILL)

    killing = threading.Thread(target=kill)
    killing.start()
    try:
        again(database, SLOW, declared=DECLARED)
    finally:
        done.set()
        killing.join()
    assert len(killed) == 2
    assert rows(database, SLOW) == folded(database, declared.CASES)
    assert children() == []


def test_workers_that_always_end_are_given_up(
    database: Database, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.work(40)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(WorkerLost, match=r"ended 3 times in a row, with exit code 1.*fewer --workers"):
        again(database, SLOW, declared=DECLARED)


def test_a_worker_with_another_fold_fills_nothing(database: Database, office: Office) -> None:
    office.work(40)
    with pytest.raises(WorkerLost, match="the program was changed"):
        again(database, replace(SLOW, order=()), declared=DECLARED)


def test_a_fold_that_fails_on_all_rows_ends_all_workers(database: Database, office: Office) -> None:
    office.work(40)
    everything_fails = find(declared.PROJECTIONS, "failing_case")
    with pytest.raises(FoldFailed, match="always"):
        again(database, everything_fails, declared=DECLARED)
    assert children() == []
    assert tables_of(database, everything_fails) == []


@pytest.mark.slow
def test_a_rebuild_that_is_killed_goes_on_where_it_was(database: Database, office: Office) -> None:
    office.work(150, at_once=100)
    Projector(database, FAMILIES, [SLOW], ()).catch_up()
    live = relation_of(database, SLOW)
    office.work(40)
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.infra.projector.build"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        with process, process.stdin, process.stdout:
            conninfos = [database.admin, database.app, database.analyst]
            process.stdin.write(json.dumps([conninfos, "slow_case"]) + "\n")
            process.stdin.flush()
            assert process.stdout.readline() == "told\n"
            process.kill()
        assert relation_of(database, SLOW) == live
    Projector(database, FAMILIES, [SLOW], ()).catch_up()
    assert wait_for(database.conninfo("reader"), office.last_position, ["slow_case"], 30)
    assert again(database, SLOW, declared=DECLARED).equal
    assert rows(database, SLOW) == folded(database, declared.CASES)
    assert tables_of(database, SLOW) == [relation_of(database, SLOW)]


class MortalWorkers(Crew):
    """Workers that end before one part of so many; a part that is asked for again is filled."""

    def __init__(self, every: int) -> None:
        super().__init__(1, {"name": "units"})
        self.every = every
        self.asked = 0

    def _start(self, number: int) -> "subprocess.Popen[str]":
        return subprocess.Popen([sys.executable, "-S", "-c", ""], text=True)

    def _ask(self, process: "subprocess.Popen[str]", part: int) -> bool:
        self.asked += 1
        process.wait()
        return self.asked % self.every != 0


def test_workers_may_end_as_often_as_they_like_if_parts_are_filled_between() -> None:
    parts = [Part(Cut.RECORDS, number, 12) for number in range(12)]
    mortal = MortalWorkers(every=3)
    mortal.fill(parts, lambda share: None)
    assert mortal.asked == 12 + 5
    with pytest.raises(WorkerLost, match="3 times in a row"):
        MortalWorkers(every=1).fill(parts, lambda share: None)
