"""Keeps a process for each own projection, starts one again that ended, and writes down why it did."""

from __future__ import annotations

import json
import logging
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import psycopg

from infra.database import Database
from infra.own.process import FOLD_SECONDS, MEMORY, SILENT_SECONDS, Act, start
from infra.own.registry import Own, Registry
from infra.projector import state
from infra.projector.events import connect

log = logging.getLogger("stadtbuch.own")
LOOK_AGAIN: Final = 5.0
LONGEST_PAUSE: Final = 600.0
_END_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process may have: bytes of memory, seconds for an event, seconds of holding the interpreter."""

    memory: int = MEMORY
    fold: float = FOLD_SECONDS
    silent: float = SILENT_SECONDS


@dataclass(slots=True)
class _Kept:
    own: Own
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    pause: float = 0.0
    not_before: float = 0.0


class Keeper:
    """One for a `serve`. Whatever becomes of a process touches no other and not the one that keeps them."""

    def __init__(
        self, database: Database, registry: Registry, limits: Limits | None = None, *, look_again: float = LOOK_AGAIN
    ) -> None:
        self.database = database
        self.registry = registry
        self.limits = limits or Limits()
        self.look_again = look_again
        self._kept: dict[str, _Kept] = {}
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Keep them in a thread."""
        self._thread = threading.Thread(target=self.run, name="stadtbuch-own")
        self._thread.start()

    def stop(self) -> None:
        """End `run`, and wait for the thread that `start` made."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def processes(self) -> dict[str, int]:
        """The processes that run, by projection."""
        kept = list(self._kept.values())
        return {each.own.name: each.process.pid for each in kept if each.process and each.process.poll() is None}

    def run(self) -> None:
        """Keep them until `stop`; they have gone when it returns."""
        try:
            while not self._stopping.is_set():
                try:
                    self._look()
                except Exception as error:  # whatever it is, nobody else looks after them meanwhile
                    log.error(
                        "own projections are looked after later: %s",
                        error,
                        exc_info=not isinstance(error, (OSError, psycopg.Error)),
                    )
                self._stopping.wait(self.look_again)
        finally:
            for each in self._kept.values():
                if each.process is not None:
                    end(each.process)

    def _look(self) -> None:
        wanted = {own.name: own for own in self.registry.all()}
        for name, each in list(self._kept.items()):
            if wanted.get(name) != each.own:
                if each.process is not None:
                    end(each.process)
                del self._kept[name]
        for name, own in wanted.items():
            each = self._kept.setdefault(name, _Kept(own))
            if each.process is not None and each.process.poll() is not None:
                self._ended(each, each.process)
            if each.process is None and time.monotonic() >= each.not_before:
                self._begin(each)

    def _begin(self, each: _Kept) -> None:
        if not each.own.unchanged:
            self._tell(each, each.own.changed)
            return
        each.process, each.started = begin(self.database, each.own, self.limits, Act.FOLLOW), time.monotonic()

    def _ended(self, each: _Kept, process: subprocess.Popen[str]) -> None:
        each.process = None
        if time.monotonic() - each.started > LONGEST_PAUSE:
            each.pause = 0.0
        self._tell(each, why(process))

    def _tell(self, each: _Kept, reason: str) -> None:
        each.pause = min(max(self.look_again, 2 * each.pause), LONGEST_PAUSE)
        each.not_before = time.monotonic() + each.pause
        log.error("%s: %s", each.own.name, reason)
        with connect(self.database.conninfo("projector")) as connection:
            state.register(connection, [each.own.name])
            state.not_built(connection, each.own.name, reason, None)


def begin(database: Database, own: Own, limits: Limits, act: Act, **more: object) -> subprocess.Popen[str]:
    """The process of one of them; `more` is what the act needs."""
    job = {
        "act": act,
        "path": str(own.path),
        "app": database.app,
        "memory": limits.memory,
        "seconds": limits.fold,
        "silent": limits.silent,
        **more,
    }
    return start("infra.own.worker", job)


def end(process: subprocess.Popen[str]) -> None:
    """Tell a process to end, by its stdin, and see that it does."""
    if process.stdin is not None and not process.stdin.closed:
        try:
            process.stdin.close()
        except BrokenPipeError:
            process.kill()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def said_by(process: subprocess.Popen[str]) -> str:
    """What a process says until it ends."""
    return process.stdout.read().strip() if process.stdout is not None and not process.stdout.closed else ""


def why(process: subprocess.Popen[str], said: str | None = None) -> str:
    """Why a process has ended, as far as it or the system told."""
    said = said_by(process) if said is None else said
    code = process.returncode
    end(process)
    if said:
        return str(json.loads(said.splitlines()[-1])["error"])
    if code < 0:
        return f"its process was ended by signal {-code}; was there memory enough?"
    return f"its process ended with {code} and no word: it held the interpreter for too long, or ran out of memory"


def catch_up(database: Database, registry: Registry, seconds: float, limits: Limits | None = None) -> Sequence[str]:
    """Bring all that no `serve` keeps up to date, at most so long; answers what went wrong, a line each."""
    processes = {own: begin(database, own, limits or Limits(), Act.CATCH_UP) for own in registry.all() if own.unchanged}
    deadline, told = time.monotonic() + seconds, []
    for own, process in processes.items():
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            told.append(f"{own.name} is not up to date yet; `stadtbuch serve` goes on with it")
            end(process)
            continue
        if process.returncode:
            told.append(f"{own.name}: {why(process)}")
        else:
            end(process)
    return told
