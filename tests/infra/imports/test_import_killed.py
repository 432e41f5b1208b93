"""An import that is killed, not asked to stop: run again, it goes on, and each row is there once."""

import json
import os
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg

from infra.database import Database
from infra.imports.rehearsal import LedgerBook
from infra.imports.runner import Counts, run
from infra.imports.xes import XesImporter
from infra.ledger import Ledger
from tests.infra.imports.xes_samples import some_traces, write

CASES, EVENTS = 150, 20
KILLS = 3
PROGRAM = """
import json, sys
from pathlib import Path
from domain.families import FAMILIES
from infra.database import Database
from infra.imports.rehearsal import LedgerBook
from infra.imports.runner import run
from infra.imports.xes import XesImporter
from infra.keys import KeyEncryptionKey
from infra.ledger import Ledger
admin, app, path = json.loads(sys.stdin.read())
ledger = Ledger(Database(admin, app, None), KeyEncryptionKey(bytes(range(32))), FAMILIES)
run(XesImporter(), [Path(path)], LedgerBook(ledger))
ledger.close()
"""


def steps_recorded(admin: psycopg.Connection[tuple[Any, ...]]) -> int:
    row = admin.execute(
        "select count(*) from ledger.event where topic = 'efile.circulation_step_recorded.v2'"
    ).fetchone()
    assert row is not None
    return int(row[0])


def killed_at(admin: psycopg.Connection[tuple[Any, ...]], steps: int, database: Database, path: Path) -> None:
    """Start an import in a process of its own and kill it when so many steps are recorded."""
    root = Path(__file__).parents[3]
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(root)}, text=True
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps([database.admin, database.app, str(path)]))
    process.stdin.close()
    while steps_recorded(admin) < steps:
        assert list(admin.notifies(timeout=60, stop_after=1)), "the import records nothing"
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_a_killed_import_goes_on_where_it_stopped(
    database: Database, admin: psycopg.Connection[tuple[Any, ...]], ledger: Ledger, tmp_path: Path
) -> None:
    path = write(tmp_path / "sample.xes.gz", some_traces(CASES, EVENTS))
    admin.execute("listen ledger")
    reached = [0]
    for _ in range(KILLS):
        killed_at(admin, reached[-1] + 200, database, path)
        reached.append(steps_recorded(admin))
    assert all(before < after for before, after in pairwise(reached)), reached
    assert reached[-1] < CASES * EVENTS, "the kills came too late to show anything"
    counts = run(XesImporter(), [path], LedgerBook(ledger)).counts
    assert (counts.recorded, counts.unchanged) == (CASES * EVENTS - reached[-1], reached[-1])
    assert steps_recorded(admin) == CASES * EVENTS
    assert run(XesImporter(), [path], LedgerBook(ledger)).counts == Counts(
        read=CASES * EVENTS, unchanged=CASES * EVENTS
    )
