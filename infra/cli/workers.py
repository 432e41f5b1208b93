"""Several processes that answer on one port: whichever ends or hangs is started again; at the end all are drained."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Final

from infra.asgi import SHARED_COUNTS
from infra.asgi.access import CannotListen

DRAINED_SECONDS: Final = 30.0
STEADY_SECONDS: Final = 5.0
STARTED_SECONDS: Final = 120.0
BEAT_SECONDS: Final = 1.0
HUNG_SECONDS: Final = 30.0
"""How often a worker's event loop says that it runs, and after how long a silence the worker is killed."""


class Workers:
    """Processes of `stadtbuch serve --only api` that share one listening socket. Each is waited for by a thread."""

    def __init__(self, listener: socket.socket, counts: str, tell: Callable[[str], None]) -> None:
        self._listener = listener
        self._counts = counts
        self._environment = {**os.environ, SHARED_COUNTS: counts}
        self._tell = tell
        self._ending = threading.Event()
        self._running: dict[int, subprocess.Popen[str]] = {}
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def start(self, count: int) -> None:
        """Starts so many, and returns when all of them answer. Raises CannotListen where one does not start."""
        processes = [self._begun() for _ in range(count)]
        self._running = dict(enumerate(processes))
        for process in processes:
            if not _answers(process):
                self.stop()
                raise CannotListen("A worker process did not start; what it said stands above.")
        for number in self._running:
            thread = threading.Thread(target=self._keep, args=(number,), name=f"stadtbuch-worker-{number}")
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Has all answer what they were asked, and waits until they have ended; kills who takes too long."""
        with self._lock:
            self._ending.set()
        for process in self._running.values():
            process.send_signal(signal.SIGTERM)
        until = monotonic() + DRAINED_SECONDS
        for process in self._running.values():
            try:
                process.wait(max(0.0, until - monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for thread in self._threads:
            thread.join()
        for process in self._running.values():
            _let_go(process)

    def _begun(self) -> subprocess.Popen[str]:
        number = self._listener.fileno()
        return subprocess.Popen(
            [sys.executable, "-m", "infra.cli", "serve", "--only", "api", "--json", "--listener", str(number)],
            stdin=subprocess.PIPE,  # it closes with this process, and the worker ends
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=[number],
            start_new_session=True,  # Ctrl-C comes to this process alone, which passes it on
            env=self._environment,
        )

    def _keep(self, number: int) -> None:
        """Starts a process again whenever it ends, at once if it has run for a while."""
        # Imported here, so that commands which serve nothing do not wait for it.
        from prometheus_client.multiprocess import mark_process_dead

        forget: Callable[[int, str], None] = mark_process_dead  # it has no types of its own
        while True:
            process = self._running[number]
            began = monotonic()
            code = self._ended(process)
            soon = monotonic() - began < STEADY_SECONDS
            _let_go(process)
            forget(process.pid, self._counts)  # what it was answering, nobody answers
            if self._ending.wait(1.0 if soon else 0.0):
                return
            self._tell(f"A worker process has ended ({_how(code)}) and is started again.")
            with self._lock:
                if self._ending.is_set():
                    return
                self._running[number] = process = self._begun()
            _answers(process)

    def _ended(self, process: subprocess.Popen[str]) -> int:
        """Waits until a process has ended, and kills it where its event loop has stood still for too long."""
        try:
            handle = os.pidfd_open(process.pid)
        except ProcessLookupError:
            return process.wait()
        try:
            beat, since = 0, monotonic()
            while not select.select([handle], [], [], BEAT_SECONDS)[0]:
                last = _beat(self._counts, process.pid).stat().st_mtime_ns
                if last != beat:
                    beat, since = last, monotonic()
                elif monotonic() - since > HUNG_SECONDS and not self._ending.is_set():
                    self._tell(f"A worker process has not run for {HUNG_SECONDS:.0f} s and is killed.")
                    process.kill()
                    break
        finally:
            os.close(handle)
        return process.wait()


@contextmanager
def workers(listener: socket.socket, count: int, tell: Callable[[str], None]) -> Iterator[None]:
    """So many processes answer on the socket while the block runs. Raises CannotListen."""
    with tempfile.TemporaryDirectory(prefix="stadtbuch-counts-") as counts:
        running = Workers(listener, counts, tell)
        running.start(count)
        try:
            yield
        finally:
            running.stop()


def beating(ready: Callable[[str | None], None]) -> Callable[[str | None], None]:
    """In a worker: from when it is ready, its event loop says again and again that it runs."""
    mark = _beat(os.environ[SHARED_COUNTS], os.getpid())

    def begun(address: str | None) -> None:
        loop = asyncio.get_running_loop()

        def beat() -> None:
            mark.touch()
            loop.call_later(BEAT_SECONDS, beat)

        beat()
        ready(address)

    return begun


def until_orphaned() -> None:
    """In a worker: ends it, as a signal would, when the process that started it is no more."""

    def watch() -> None:
        sys.stdin.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="stadtbuch-parent", daemon=True).start()


def _answers(process: subprocess.Popen[str]) -> bool:
    """Waits until a process says that it answers; False where it ends instead, or is killed for saying nothing."""
    if process.stdout is None:
        return False
    if not select.select([process.stdout], [], [], STARTED_SECONDS)[0]:
        process.kill()
    return bool(process.stdout.readline())


def _let_go(process: subprocess.Popen[str]) -> None:
    """Closes the pipes of a process that has ended."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _beat(counts: str, pid: int) -> Path:
    return Path(counts, f"{pid}.beat")


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
