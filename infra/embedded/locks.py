"""Locks between processes, given by the kernel and taken back by it when a process dies."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.embedded.errors import EmbeddedError

Progress = Callable[[str], None]


def open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def exclusive(path: Path, progress: Progress) -> Iterator[None]:
    """Waits for the lock, however long another process needs it: it goes away with that process."""
    descriptor = open_lock(path)
    try:
        if not try_lock(descriptor, fcntl.LOCK_EX):
            patience = Patience("Another process is starting or stopping PostgreSQL", float("inf"), progress)
            while not try_lock(descriptor, fcntl.LOCK_EX):
                patience.pause()
        try:
            yield
        finally:
            fcntl.flock(descriptor, fcntl.LOCK_UN)  # closing is not enough when a forked child has the same open file
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether any process holds the lock."""
    descriptor = open_lock(path)
    try:
        return not try_lock(descriptor, fcntl.LOCK_EX)
    finally:
        os.close(descriptor)


@contextmanager
def inheritable(path: Path) -> Iterator[int]:
    """A lock for processes that are started in the block: it lasts until the last that inherited the file has ended."""
    descriptor = open_lock(path)
    try:
        if not try_lock(descriptor, fcntl.LOCK_EX):
            raise EmbeddedError(f"{path} is held by another process. Wait until it has gone, then start again.")
        yield descriptor
    finally:
        os.close(descriptor)  # not unlocked: the processes' own copies go on holding it


class Share:
    """One of the users of a server: a shared lock for as long as the use lasts."""

    def __init__(self, path: Path) -> None:
        self._descriptor = open_lock(path)
        self._process = os.getpid()
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    @property
    def ours(self) -> bool:
        """False in a forked child, whose end must not end the use of its parent."""
        return self._process == os.getpid()

    def alone(self) -> bool:
        """Whether nobody else shares. To be asked under the mutex, so that nobody comes in between."""
        alone = try_lock(self._descriptor, fcntl.LOCK_EX)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)
        return alone

    def release(self) -> None:
        if self.ours:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        os.close(self._descriptor)


@dataclass(slots=True)
class Patience:
    """Waits for what no file descriptor announces: looks again soon, says what it waits for, gives up late."""

    what: str
    limit: float  # seconds
    progress: Progress
    began: float = 0.0
    said: float = 1.0  # seconds after which to speak first

    def __post_init__(self) -> None:
        self.began = time.monotonic()

    @property
    def waited(self) -> float:
        return time.monotonic() - self.began

    @property
    def over(self) -> bool:
        return self.waited > self.limit

    def pause(self) -> None:
        waited = self.waited
        if waited >= self.said:
            self.progress(f"{self.what} ({waited:.0f} s) …")
            self.said = waited + 5.0
        time.sleep(min(0.5, 0.01 + waited / 20))
