"""Processes for own projections: with little memory, behind everybody else, and gone when who started them is gone."""

from __future__ import annotations

import faulthandler
import json
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, Final


class Act(StrEnum):
    """What the process of an own projection is to do."""

    FOLLOW = "follow"
    CATCH_UP = "catch up"
    RETRY = "retry"
    REBUILD = "rebuild"


MEMORY: Final = 1024**3
FOLD_SECONDS: Final = 2.0
SILENT_SECONDS: Final = 60.0
_FILES: Final = 64
_NICE: Final = 10


def start(module: str, job: Mapping[str, Any]) -> subprocess.Popen[str]:
    """A process that is handed its job on stdin, and ends when its stdin does."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={
            **kept,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PYTHONDONTWRITEBYTECODE": "1",
            "MALLOC_ARENA_MAX": "2",
        },
    )
    if process.stdin is not None:
        process.stdin.write(json.dumps(job) + "\n")
        process.stdin.flush()
    return process


def confine(memory: int) -> None:
    """Limits of this process: memory, open files, no core dump; others come first."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, _FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(_NICE)


@contextmanager
def ended_when_silent(seconds: float) -> Iterator[None]:
    """While the block runs, end this process when its interpreter is held so long: no thread could break that off."""
    done = threading.Event()

    def beat() -> None:
        while not done.is_set():
            faulthandler.dump_traceback_later(seconds, exit=True)
            done.wait(seconds / 4)

    beating = threading.Thread(target=beat, name="own-heartbeat", daemon=True)
    beating.start()
    try:
        yield
    finally:
        done.set()
        beating.join()
        faulthandler.cancel_dump_traceback_later()
