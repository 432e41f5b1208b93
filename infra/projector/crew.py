"""Worker processes that fill the parts of a table, and the hand that gives them out: a part is whole or not there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from queue import Empty, SimpleQueue
from typing import Any, Final

from infra.projector.filling import FoldFailed
from infra.projector.fold import Failure
from infra.projector.parts import Mixed, Part

_LIVES: Final = 3
_LOOK: Final = 0.5
Message = dict[str, Any]


class WorkerLost(Exception):
    """Workers end again and again without an answer."""


class Crew:
    """So many processes, each with a thread here that hands it one part after the other."""

    def __init__(self, workers: int, job: Mapping[str, Any]) -> None:
        self.workers = workers
        self.job = json.dumps(job)
        self.name = str(job["name"])
        self._parts: SimpleQueue[int] = SimpleQueue()
        self._heard: SimpleQueue[tuple[int, float] | Exception | None] = SimpleQueue()
        self._processes: dict[int, subprocess.Popen[str]] = {}
        self._stopping = threading.Event()

    def fill(self, parts: Sequence[Part], tell: Callable[[float], None]) -> None:
        """Fill these parts; `tell` hears how many of them there are by now, and may raise.

        Raises FoldFailed, Mixed, WorkerLost.
        """
        for part in parts:
            self._parts.put(part.number)
        hands = [
            threading.Thread(target=self._attend, args=(number,), name=f"projector-worker-{number}")
            for number in range(min(self.workers, len(parts)))
        ]
        for hand in hands:
            hand.start()
        try:
            self._hear(len(hands), tell)
        finally:
            self._stopping.set()
            for process in list(self._processes.values()):
                process.kill()
            for hand in hands:
                hand.join()

    def _hear(self, working: int, tell: Callable[[float], None]) -> None:
        shares: dict[int, float] = {}
        while working:
            try:
                heard = self._heard.get(timeout=_LOOK)
            except Empty:
                tell(sum(shares.values()))
                continue
            if isinstance(heard, Exception):
                raise heard
            if heard is None:
                working -= 1
            else:
                shares[heard[0]] = heard[1]
                tell(sum(shares.values()))

    def _attend(self, number: int) -> None:
        try:
            lost = 0
            process: subprocess.Popen[str] | None = None
            while not self._stopping.is_set() and (part := self._next()) is not None:
                process = process or self._start(number)
                if not self._ask(process, part):
                    if self._stopping.is_set():
                        break
                    lost += 1
                    code, process = self._end(number), None
                    if lost == _LIVES:
                        raise WorkerLost(
                            f"workers that fill {self.name} have ended {lost} times in a row, with exit code {code}:"
                            " is there memory enough? Run it again with fewer --workers"
                        )
                    self._parts.put(part)
                else:
                    lost = 0
            self._heard.put(None)
        except Exception as error:  # heard where the crew is waited for
            self._heard.put(error)
        finally:
            self._end(number)

    def _next(self) -> int | None:
        try:
            return self._parts.get_nowait()
        except Empty:
            return None

    def _start(self, number: int) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.projector.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        self._processes[number] = process
        if self._stopping.is_set():
            process.kill()
        _say(process, self.job)
        return process

    def _ask(self, process: subprocess.Popen[str], part: int) -> bool:
        """Have a part filled; False where the worker ended meanwhile."""
        if not _say(process, str(part)) or process.stdout is None:
            return False
        for line in process.stdout:
            message: Message = json.loads(line)
            match message["kind"]:
                case "share":
                    self._heard.put((part, message["share"]))
                case "filled":
                    self._heard.put((part, 1.0))
                    return True
                case "fold failed":
                    raise FoldFailed(self.name, Failure(message["position"], message["error"]))
                case "mixed":
                    raise Mixed(message["error"])
                case _:
                    raise WorkerLost(f"a worker could not fill {self.name}: {message['error']}")
        return False

    def _end(self, number: int) -> int | None:
        process = self._processes.pop(number, None)
        if process is None:
            return None
        if process.stdin is not None:
            try:
                process.stdin.close()
            except BrokenPipeError:
                process.kill()
        code = process.wait()
        if process.stdout is not None:
            process.stdout.close()
        return code


def _say(process: subprocess.Popen[str], line: str) -> bool:
    try:
        if process.stdin is not None:
            process.stdin.write(line + "\n")
            process.stdin.flush()
    except BrokenPipeError:
        return False
    return True
