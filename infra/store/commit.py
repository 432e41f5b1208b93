"""Group commit: many callers hand in items, one thread carries them to the database a batch at a time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Closed(Exception):
    """The store was closed before the item was carried out; nothing of it was recorded by this process."""


class GroupCommit(Generic[Item, Answer]):
    """While one batch is on its way, the next one gathers; so a batch is as large as the load, and a lone caller waits
    for nobody.

    `carry(items)` answers, for each item in order, an answer, an exception, or None for an item that must go into the
    next batch. A future may be awaited from asyncio with `asyncio.wrap_future`.
    """

    def __init__(
        self,
        name: str,
        carry: Callable[[Sequence[Item]], Sequence[Answer | Exception | None]],
        *,
        weight: Callable[[Item], int] = lambda item: 1,
        limit: int = 1000,
    ) -> None:
        self._carry = carry
        self._weight = weight
        self._limit = limit
        self._waiting: deque[tuple[Item, Future[Answer]]] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, item: Item) -> Future[Answer]:
        """Hand in an item; the future gets its answer. Raises Closed after `close`."""
        future: Future[Answer] = Future()
        with self._changed:
            if self._closed:
                raise Closed("the store is closed")
            self._waiting.append((item, future))
            self._changed.notify()
        return future

    def close(self) -> None:
        """Carry out what was handed in, then stop the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while batch := self._next():
            try:
                answers = self._carry([item for item, _ in batch])
            except Exception as error:
                answers = [error] * len(batch)
            again = []
            for (item, future), answer in zip(batch, answers, strict=True):
                if answer is None:
                    again.append((item, future))
                elif isinstance(answer, Exception):
                    future.set_exception(answer)
                else:
                    future.set_result(answer)
            if again:
                with self._changed:
                    self._waiting.extendleft(reversed(again))

    def _next(self) -> list[tuple[Item, Future[Answer]]]:
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            batch: list[tuple[Item, Future[Answer]]] = []
            weight = 0
            while self._waiting and (not batch or weight + self._weight(self._waiting[0][0]) <= self._limit):
                entry = self._waiting.popleft()
                weight += self._weight(entry[0])
                batch.append(entry)
            return batch
