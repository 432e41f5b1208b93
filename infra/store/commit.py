"""Group commit: many callers hand in items, one thread carries them to the database a batch at a time."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar, cast

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Closed(Exception):
    """The store was closed before the item was carried out; nothing of it was recorded by this process."""


class Ticket(Generic[Answer]):
    """The answer to come of one item. A lock is its latch: a future's condition costs several times as much, and there
    is one ticket per command.
    """

    __slots__ = ("_answer", "_latch")

    def __init__(self) -> None:
        self._latch = threading.Lock()
        self._latch.acquire()
        self._answer: Answer | Exception | None = None

    def settle(self, answer: Answer | Exception) -> None:
        """Give the answer, or the exception that `result` is to raise. Once."""
        self._answer = answer
        self._latch.release()

    def result(self) -> Answer:
        """Wait for the answer. Raises what the item failed with."""
        with self._latch:
            if isinstance(self._answer, Exception):
                raise self._answer
            return cast("Answer", self._answer)


class AsyncTicket(Generic[Answer]):
    """The answer to come of one item, for asyncio callers: `await ticket.future`."""

    __slots__ = ("future", "loop")

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Answer] = self.loop.create_future()

    def settle(self, answer: Answer | Exception) -> None:
        """Give the answer, in the thread of the loop. Once."""
        if self.future.cancelled():
            return  # the caller went away; what was recorded stays recorded
        if isinstance(answer, Exception):
            self.future.set_exception(answer)
        else:
            self.future.set_result(answer)


def _settle(answered: Iterable[tuple[Ticket[Answer] | AsyncTicket[Answer], Answer | Exception]]) -> None:
    """Give answers from the committing thread. A loop is woken once for all of its callers."""
    of_loops: dict[asyncio.AbstractEventLoop, list[tuple[AsyncTicket[Answer], Answer | Exception]]] = {}
    for ticket, answer in answered:
        if isinstance(ticket, AsyncTicket):
            of_loops.setdefault(ticket.loop, []).append((ticket, answer))
        else:
            ticket.settle(answer)
    for loop, of_loop in of_loops.items():
        # A loop that was closed meanwhile refuses: nobody waits there any more, and the thread has others to serve.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle_in_loop, of_loop)


def _settle_in_loop(answered: Iterable[tuple[AsyncTicket[Answer], Answer | Exception]]) -> None:
    for ticket, answer in answered:
        ticket.settle(answer)


class GroupCommit(Generic[Item, Answer]):
    """While one batch is on its way, the next one gathers; so a batch is as large as the load, and a lone caller waits
    for nobody: one that performs its item while nothing else is on its way carries it itself.

    `carry(items)` answers, for each item in order, an answer, an exception, or None for an item that must go into the
    next batch. A batch holds items up to `limit` in the sum of their `weight`, but always one. With several `threads`,
    as many batches are on their way at once.

    Callers mostly come again as soon as they are answered. Left alone they fall into two halves that take turns; so the
    next batch waits for those who were just answered, for `gather` of the time that the last batch took at most.
    """

    def __init__(
        self,
        name: str,
        carry: Callable[[Sequence[Item]], Sequence[Answer | Exception | None]],
        *,
        weight: Callable[[Item], int] = lambda item: 1,
        limit: int = 1000,
        threads: int = 1,
        gather: float = 0.0,
    ) -> None:
        self._carry = carry
        self._weight = weight
        self._limit = limit
        self._gather = gather
        self._wanted = 0  # how many are waited for; 0 while nobody gathers
        self._waiting: deque[tuple[Item, Ticket[Answer] | AsyncTicket[Answer]]] = deque()
        self._changed = threading.Condition(threading.Lock())
        self._idle = 0
        self._lent = False  # a caller carries its own item; the committing thread keeps away
        self._closed = False
        self._threads = [threading.Thread(target=self._run, name=name, daemon=True) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def submit(self, item: Item) -> Ticket[Answer]:
        """Hand in an item from a thread. Raises Closed after `close`."""
        [ticket] = self.submit_all([item])
        return ticket

    def submit_all(self, items: Iterable[Item]) -> list[Ticket[Answer]]:
        """Hand in several items together, so that they share a batch as far as its limit goes. Raises Closed."""
        tickets: list[tuple[Item, Ticket[Answer]]] = [(item, Ticket()) for item in items]
        self._put(*tickets)
        return [ticket for _, ticket in tickets]

    def perform(self, item: Item) -> Answer:
        """Hand in an item from a thread and wait for its answer. Raises what it failed with, and Closed after `close`.

        Waking the committing thread and being woken by it takes longer than carrying one item.
        """
        with self._changed:
            nothing_else = self._idle == len(self._threads) and not (self._lent or self._waiting)
            alone = nothing_else and not self._closed
            self._lent = self._lent or alone
        if not alone:
            return self.submit(item).result()
        try:
            [answer] = self._answers([item])
        finally:
            with self._changed:
                self._lent = False
                if self._waiting or self._closed:
                    self._changed.notify_all()
        if answer is None:
            return self.submit(item).result()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def perform_all(self, items: Sequence[Item]) -> list[Answer | Exception]:
        """Hand in items from a thread and wait for each one's answer, or what it failed with. Raises Closed."""
        answers: list[Answer | Exception] = []
        waits: list[Callable[[], Answer]]
        if len(items) == 1:
            waits = [lambda: self.perform(items[0])]
        else:
            waits = [ticket.result for ticket in self.submit_all(items)]
        for wait in waits:
            try:
                answers.append(wait())
            except Exception as error:
                answers.append(error)
        return answers

    async def submit_async(self, item: Item) -> Answer:
        """Hand in an item from asyncio and await its answer. Raises Closed after `close`."""
        ticket: AsyncTicket[Answer] = AsyncTicket()
        self._put((item, ticket))
        return await ticket.future

    def close(self) -> None:
        """Carry out what was handed in, then stop the thread. May be called again."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _put(self, *waiting: tuple[Item, Ticket[Answer] | AsyncTicket[Answer]]) -> None:
        with self._changed:
            if self._closed:
                raise Closed("the store is closed")
            self._waiting.extend(waiting)
            if (self._idle and not self._lent) or 0 < self._wanted <= len(self._waiting):
                self._changed.notify()

    def _answers(self, items: Sequence[Item]) -> Sequence[Answer | Exception | None]:
        answers = self._carry(items)
        if len(answers) != len(items):
            raise RuntimeError(f"{len(answers)} answers to {len(items)} items")
        return answers

    def _run(self) -> None:
        wanted, patience = 0, 0.0
        while batch := self._next(wanted, patience):
            started = time.monotonic()
            try:
                answers = self._answers([item for item, _ in batch])
            except BaseException as error:
                # Nobody may wait for ever, so whatever went wrong is everybody's answer.
                failure = error if isinstance(error, Exception) else RuntimeError(f"interrupted: {error!r}")
                answers = [failure] * len(batch)
            patience = self._gather * (time.monotonic() - started)
            wanted = len(batch) + len(self._waiting)
            _settle(
                [(ticket, answer) for (_, ticket), answer in zip(batch, answers, strict=True) if answer is not None]
            )
            again = [waiting for waiting, answer in zip(batch, answers, strict=True) if answer is None]
            if again:
                with self._changed:
                    self._waiting.extendleft(reversed(again))
                    self._changed.notify()

    def _wait_for(self, wanted: int, patience: float) -> None:
        """Let so many gather, or as many as come in that time."""
        self._wanted = wanted
        until = time.monotonic() + patience
        while len(self._waiting) < wanted and not self._closed and (left := until - time.monotonic()) > 0:
            self._changed.wait(left)
        self._wanted = 0

    def _next(self, wanted: int, patience: float) -> list[tuple[Item, Ticket[Answer] | AsyncTicket[Answer]]]:
        with self._changed:
            self._idle += 1
            while self._lent or not (self._waiting or self._closed):
                self._changed.wait()
            self._idle -= 1
            self._wait_for(wanted, patience)
            batch: list[tuple[Item, Ticket[Answer] | AsyncTicket[Answer]]] = []
            weight = 0
            while self._waiting:
                weight += self._weight(self._waiting[0][0])
                if batch and weight > self._limit:
                    break
                batch.append(self._waiting.popleft())
            return batch
