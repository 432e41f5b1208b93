"""A projector that is killed in the middle of its work loses nothing and doubles nothing."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from infra.database import Database
from infra.ledger import Ledger
from infra.projector import wait_for
from projections import efile
from projections.families import PROJECTIONS
from projections.model import find
from tests.infra.projector.office import Office
from tests.infra.projector.tables import folded, rows

pytestmark = pytest.mark.any_server

ROOT = Path(__file__).parents[3]
SOME = (find(PROJECTIONS, "event"), find(PROJECTIONS, "record"), *efile.PROJECTIONS)
ROUNDS = 5


@contextmanager
def projector_process(database: Database) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.infra.projector.follow"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps([database.admin, database.app, database.analyst]) + "\n")
        process.stdin.flush()
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


@pytest.mark.slow
def test_killed_at_any_moment_it_loses_nothing_and_doubles_nothing(database: Database, ledger: Ledger) -> None:
    office = Office(ledger)
    random = Random(7)
    reader = database.conninfo("reader")
    moved = 0
    for _ in range(ROUNDS):
        with projector_process(database) as process:
            working = threading.Thread(target=office.work, args=(150, 10))
            working.start()
            # Somewhere in the middle: when it has folded some of what is recorded meanwhile.
            moved += wait_for(reader, office.last_position + random.randrange(5, 60), ["event"], 60)
            process.kill()
            working.join()
    assert moved == ROUNDS
    with projector_process(database):
        assert wait_for(reader, office.last_position, [each.name for each in SOME], 120)
    for each in SOME:
        assert rows(database, each) == folded(database, each), each.name
