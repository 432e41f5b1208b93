"""Several processes append to one ledger at once."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

from infra.database import Database
from tests.infra.store.units import Admin

ROOT = Path(__file__).parents[3]
PROCESSES, THREADS, EACH = 2, 4, 60

# Each appends to records of its own and, with everybody else, to one shared record; its argument is its number.
PROGRAM = """
import sys
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID
from infra.database import Database
from infra.store.unit import ClaimTaken, VersionTaken
from tests.infra.store.units import a_unit, close, open_recorder

number, threads, each, database = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Database("", sys.argv[4])
SHARED = UUID(int=1)
recorder = open_recorder(database)

def work(thread):
    own, won = UUID(int=1000 * number + thread + 2), 0
    for n in range(1, each + 1):
        recorder.submit(a_unit((own, n))).result()
        seen = len(recorder.select_events(SHARED))
        try:
            recorder.submit(a_unit((SHARED, seen + 1), guards=[(own, n)], claims=[f"prize {seen + 1}"])).result()
            won += 1
        except (VersionTaken, ClaimTaken):
            pass
    return won

with ThreadPoolExecutor(threads) as pool:
    print(sum(pool.map(work, range(threads))))
close(recorder)
"""


def test_processes_that_append_at_once_leave_no_gap_and_no_double(database: Database, admin: Admin) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(number), str(THREADS), str(EACH), database.app],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    won = 0
    for process in running:
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        won += int(said)
    rows = admin.execute(
        "select position, record_id, version, recorded_at from ledger.event order by position"
    ).fetchall()
    own = PROCESSES * THREADS * EACH
    assert [position for position, *_ in rows] == list(range(1, own + won + 1))
    counted: Counter[object] = Counter()
    for _, record, version, _ in rows:
        counted[record] += 1
        assert version == counted[record]
    assert sorted(counted.values()) == [EACH] * (PROCESSES * THREADS) + [won]
    times = [time for *_, time in rows]
    assert times == sorted(times)
    assert admin.execute("select count(*) from ledger.claim").fetchone() == (won,)
    assert admin.execute("select position from ledger.head").fetchone() == (len(rows),)
