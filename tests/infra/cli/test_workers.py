"""Processes that hang: one is noticed and started again, and none holds up the end of the others."""

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import httpx
import pytest

from infra.asgi.server import address_of, bind
from infra.cli import workers as module
from infra.cli.workers import Workers
from tests.infra.cli.processes import Cli
from tests.waiting import until

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.any_server]


@contextmanager
def one_worker(cli: Cli, monkeypatch: pytest.MonkeyPatch, told: list[str]) -> Iterator[tuple[Workers, str]]:
    """One worker beside the process that keeps the read models, and its address."""
    monkeypatch.setenv("STADTBUCH_HOME", str(cli.home))
    if cli.postgres_bin is not None:
        monkeypatch.setenv("STADTBUCH_POSTGRES_BIN", str(cli.postgres_bin))
    project = cli.start("serve", "--only", "project", "--json")
    try:
        assert project.stdout is not None
        assert project.stdout.readline()
        with bind("127.0.0.1", 0) as listener, tempfile.TemporaryDirectory() as counts:
            running = Workers(listener, counts, told.append)
            running.start(1)
            try:
                yield running, address_of(listener)
            finally:
                running.stop()
    finally:
        project.send_signal(signal.SIGTERM)
        project.communicate(timeout=60)


def test_a_worker_that_hangs_is_killed_and_started_again_and_one_that_hangs_at_the_end_too(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HUNG_SECONDS", 4.0)
    monkeypatch.setattr(module, "DRAINED_SECONDS", 3.0)
    told: list[str] = []
    with one_worker(cli, monkeypatch, told) as (running, address):
        hung = running._running[0]
        os.kill(hung.pid, signal.SIGSTOP)
        until(lambda: running._running[0] is not hung, "the worker is started again")
        assert hung.returncode == -signal.SIGKILL
        assert httpx.get(f"{address}/livez", timeout=60).status_code == 200
        assert told == [
            "A worker process has not run for 4 s and is killed.",
            "A worker process has ended (signal 9) and is started again.",
        ]
        monkeypatch.setattr(module, "HUNG_SECONDS", 600.0)
        again = running._running[0]
        os.kill(again.pid, signal.SIGSTOP)
        began = monotonic()
        running.stop()
        assert monotonic() - began < 10
        assert again.returncode == -signal.SIGKILL
