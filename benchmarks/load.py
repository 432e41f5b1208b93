"""Load over HTTP by wrk, and the processor time that whoever answers takes for a request."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.cost import TICK, of_server

CONNECTIONS = 8
SCRIPT = """
wrk.method = "POST"
wrk.body = %s
%s
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('\\nDONE {"requests": %%d, "seconds": %%f, "errors": %%d, "p50": %%f, "p99": %%f}\\n',
    summary.requests, summary.duration / 1e6,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
"""


class Unprepared(Exception):
    """What the benchmark needs is not there. Says what to install."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that is sent over and over: where to, with which headers and body."""

    name: str
    address: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a run: requests a second, milliseconds, microseconds of processor time for a request."""

    rate: float
    p50: float
    p99: float
    app: float
    database: float


def wrk() -> str:
    """The path of wrk. Raises Unprepared."""
    path = shutil.which("wrk")
    if path is None:
        raise Unprepared("wrk is not installed: apt-get install wrk")
    return path


def of_process(pid: int) -> float:
    """Processor time in µs that a process has taken so far, by itself and its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return sum(int(field) for field in fields[11:15]) * TICK


def loaded(asked: Asked, pid: int, postmaster: int, seconds: float) -> Run:
    """Send it for so long, from connections that each wait for the answer. Raises RuntimeError where one fails."""
    headers = "\n".join(f"wrk.headers[{_lua(name)}] = {_lua(value)}" for name, value in asked.headers.items())
    with tempfile.NamedTemporaryFile("w", suffix=".lua", encoding="utf-8") as script:
        script.write(SCRIPT % (_lua(json.dumps(asked.body)), headers))
        script.flush()
        command = [
            wrk(),
            "-t1",
            f"-c{CONNECTIONS}",
            f"-d{seconds:g}s",
            "--timeout",
            "30s",
            "-s",
            script.name,
            asked.address,
        ]
        app, database = of_process(pid), of_server(postmaster)
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=dict(os.environ))
        app, database = of_process(pid) - app, of_server(postmaster) - database
    found = json.loads(done.stdout.partition("DONE ")[2])
    if found["errors"] or not found["requests"]:
        raise RuntimeError(f"{asked.name}: {found['errors']} of {found['requests']} requests failed\n{done.stdout}")
    requests = found["requests"]
    return Run(requests / found["seconds"], found["p50"], found["p99"], app / requests, database / requests)


def taking_turns(
    rounds: int, measures: Mapping[str, Callable[[], Run]], tell: Callable[[str], None]
) -> dict[str, list[Run]]:
    """Every measure once a round, in turn, the first round for nothing: caches and compilers are warm after it."""
    found: dict[str, list[Run]] = {name: [] for name in measures}
    for number in range(rounds + 1):
        for name, measure in measures.items():
            run = measure()
            if number:
                found[name].append(run)
            costs = f"{run.app:,.0f} + {run.database:,.0f} µs"
            tell(f"{number}/{rounds} {name}: {run.rate:,.0f}/s, p99 {run.p99:.1f} ms, {costs}")
    return found


def _lua(text: str) -> str:
    """A string of Lua."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
