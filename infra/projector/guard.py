"""Runs folds in a thread of their own and breaks off one that does not return, so that it holds up nobody else."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import Final

from infra.projector.fold import Batch, Overrun

SECONDS: Final = 5.0
_GRACE: Final = 1.0
_LOOKS: Final = 4


class _BrokenOff(BaseException):
    """Raised in the middle of a fold, past whatever the fold itself would catch."""


class Overran(Exception):
    """A projection's function did not return from an event in time. The batch is to be thrown away."""

    def __init__(self, batch: Batch, position: int, seconds: float) -> None:
        super().__init__(f"did not return within {seconds:g} s")
        self.batch = batch
        self.position = position
        self.overrun = Overrun(batch.keyed, f"TimeoutError: it {self}")


class _Task:
    """Steps of work on some batches, and the batch in hand."""

    def __init__(self, step: Callable[[Batch], None], batches: Sequence[Batch]) -> None:
        self.step = step
        self.batches = batches
        self.batch = batches[0]
        self.done = threading.Event()
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            for batch in self.batches:
                self.batch = batch
                self.step(batch)
        except Exception as error:  # handed on to who waits
            self.error = error
        self.done.set()


class Guard:
    """A thread that folds, and the watch over it.

    An event has `seconds`. A loop of Python code is then ended by an exception in its thread; a call that waits outside
    of the interpreter is left behind with its thread, which nobody waits for. A call that never lets go of the
    interpreter (a regular expression that goes astray) cannot be ended from within a process.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._thread: threading.Thread | None = None
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()

    def close(self) -> None:
        """End the thread. The guard may be used again."""
        self._tasks.put(None)
        self._thread, self._tasks = None, SimpleQueue()

    def run(self, step: Callable[[Batch], None], batches: Sequence[Batch]) -> None:
        """Take a step with each batch. Raises Overran; batches it was not the fault of are to be thrown away too."""
        if not batches:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=_work, args=(self._tasks,), name="projector-folds", daemon=True)
            self._thread.start()
        task = _Task(step, batches)
        self._tasks.put(task)
        at, looks = None, 0
        while not task.done.wait(self.seconds / _LOOKS):
            # Counted in looks and not by the clock: where the process stood still, so did the fold.
            if task.batch.at is not at:
                at, looks = task.batch.at, 0
                continue
            looks += 1
            if looks == _LOOKS:
                batch = task.batch
                position = at.position if at is not None else 0
                self._break_off()
                raise Overran(batch, position, self.seconds)
        if task.error is not None:
            raise task.error

    def _break_off(self) -> None:
        thread, self._thread, self._tasks = self._thread, None, SimpleQueue()
        if thread is not None and thread.ident is not None:
            ident = ctypes.c_ulong(thread.ident)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(_BrokenOff))
            thread.join(_GRACE)


def _work(tasks: SimpleQueue[_Task | None]) -> None:
    try:
        while (task := tasks.get()) is not None:
            task.run()
    except _BrokenOff:
        return
