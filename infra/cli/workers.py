"""Several processes that answer on one port: whichever ends is started again, and at the end all are drained."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from infra.asgi import SHARED_COUNTS
from infra.asgi.access import CannotListen

DRAINED_SECONDS: Final = 30.0
STEADY_SECONDS: Final = 5.0


class Workers:
    """Processes of `stadtbuch serve --only api` that share one listening socket. Each is waited for by a thread."""

    def __init__(self, listener: socket.socket, counts: str, tell: Callable[[str], None]) -> None:
        self._listener = listener
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
        """Has all answer what they were asked, and waits until they have ended."""
        with self._lock:
            self._ending.set()
        for process in self._running.values():
            process.send_signal(signal.SIGTERM)
        for process in self._running.values():
            try:
                process.wait(DRAINED_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for thread in self._threads:
            thread.join()

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
            soon = True
            try:
                code = process.wait(STEADY_SECONDS)
            except subprocess.TimeoutExpired:
                soon = False
                code = process.wait()
            forget(process.pid, self._environment[SHARED_COUNTS])  # what it was answering, nobody answers
            if self._ending.wait(1.0 if soon else 0.0):
                return
            self._tell(f"A worker process has ended ({_how(code)}) and is started again.")
            with self._lock:
                if self._ending.is_set():
                    return
                self._running[number] = process = self._begun()
            _answers(process)


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


def until_orphaned() -> None:
    """In a worker: ends it, as a signal would, when the process that started it is no more."""

    def watch() -> None:
        sys.stdin.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="stadtbuch-parent", daemon=True).start()


def _answers(process: subprocess.Popen[str]) -> bool:
    """Waits until a process says that it answers; False where it ends instead."""
    return process.stdout is not None and bool(process.stdout.readline())


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
