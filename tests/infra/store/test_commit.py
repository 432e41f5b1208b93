"""Group commit by itself: who shares a batch, who gets which answer, what the committing thread survives."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from infra.store.commit import Closed, GroupCommit

PATIENCE = 30.0


class Desk:
    """Carries numbers and answers them doubled; a batch waits at the gate until it is let through."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.arrived = threading.Semaphore(0)
        self.gate = threading.Semaphore(0)
        self.answer: Callable[[int], int | Exception | None] = lambda number: number * 2

    def carry(self, numbers: Sequence[int]) -> list[int | Exception | None]:
        self.batches.append(list(numbers))
        self.arrived.release()
        assert self.gate.acquire(timeout=PATIENCE)
        return [self.answer(number) for number in numbers]

    def let(self, batches: int) -> None:
        self.gate.release(batches)

    def wait_for_batch(self) -> None:
        assert self.arrived.acquire(timeout=PATIENCE)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def commits(desk: Desk) -> Iterator[GroupCommit[int, int]]:
    opened: GroupCommit[int, int] = GroupCommit("test", desk.carry, weight=lambda number: number, limit=10)
    yield opened
    desk.let(1_000)
    opened.close()


def test_what_comes_while_a_batch_is_on_its_way_makes_the_next(desk: Desk, commits: GroupCommit[int, int]) -> None:
    first = commits.submit(1)
    desk.wait_for_batch()
    others = [commits.submit(number) for number in (2, 3, 4)]
    desk.let(2)
    assert [first.result(), *(ticket.result() for ticket in others)] == [2, 4, 6, 8]
    assert desk.batches == [[1], [2, 3, 4]]


def test_a_batch_holds_no_more_than_its_limit_but_always_one(desk: Desk, commits: GroupCommit[int, int]) -> None:
    first = commits.submit(1)
    desk.wait_for_batch()
    tickets = [commits.submit(number) for number in (4, 6, 5, 50, 5, 5, 1)]
    desk.let(100)
    assert [ticket.result() for ticket in [first, *tickets]] == [2, 8, 12, 10, 100, 10, 10, 2]
    assert desk.batches == [[1], [4, 6], [5], [50], [5, 5], [1]]


def test_an_item_that_must_wait_goes_into_the_next_batch_ahead_of_newcomers(
    desk: Desk, commits: GroupCommit[int, int]
) -> None:
    asked: list[int] = []

    def answer(number: int) -> int | None:
        asked.append(number)
        return None if number in (2, 3) and asked.count(number) == 1 else number * 2

    desk.answer = answer
    early = [commits.submit(1)]
    desk.wait_for_batch()
    early += [commits.submit(2), commits.submit(3)]
    desk.let(1)
    desk.wait_for_batch()
    late = commits.submit(4)
    desk.let(2)
    assert [ticket.result() for ticket in [*early, late]] == [2, 4, 6, 8]
    assert desk.batches == [[1], [2, 3], [2, 3, 4]]


def test_each_item_gets_its_own_refusal(desk: Desk, commits: GroupCommit[int, int]) -> None:
    desk.answer = lambda number: KeyError(number) if number == 2 else number * 2
    desk.let(10)
    assert commits.submit(1).result() == 2
    with pytest.raises(KeyError, match="2"):
        commits.submit(2).result()
    assert commits.submit(3).result() == 6


def test_a_batch_that_cannot_be_carried_fails_and_the_next_is_carried(
    desk: Desk, commits: GroupCommit[int, int]
) -> None:
    def fail(number: int) -> int:
        raise OSError(f"no way for {number}")

    desk.answer = fail
    desk.let(10)
    with pytest.raises(OSError, match="no way for 1"):
        commits.submit(1).result()
    desk.answer = lambda number: number * 2
    assert commits.submit(2).result() == 4


def test_threads_and_asyncio_callers_share_batches(desk: Desk, commits: GroupCommit[int, int]) -> None:
    first = commits.submit(1)
    desk.wait_for_batch()
    handed_in = threading.Event()

    async def ask() -> list[int]:
        tasks = [asyncio.ensure_future(commits.submit_async(number)) for number in (2, 3)]
        await asyncio.sleep(0)  # both have handed in now
        handed_in.set()
        return await asyncio.gather(*tasks)

    with ThreadPoolExecutor() as pool:
        asked = pool.submit(asyncio.run, ask())
        assert handed_in.wait(PATIENCE)
        last = commits.submit(4)
        desk.let(2)
        assert asked.result(PATIENCE) == [4, 6]
    assert (first.result(), last.result()) == (2, 8)
    assert desk.batches == [[1], [2, 3, 4]]


def test_an_asyncio_caller_gets_its_refusal_too(desk: Desk, commits: GroupCommit[int, int]) -> None:
    desk.answer = KeyError
    desk.let(1)

    async def ask() -> int:
        return await commits.submit_async(1)

    with pytest.raises(KeyError):
        asyncio.run(ask())


def test_a_caller_that_goes_away_and_a_loop_that_closes_leave_the_others_served(
    desk: Desk, commits: GroupCommit[int, int]
) -> None:
    async def give_up() -> None:
        task = asyncio.ensure_future(commits.submit_async(1))
        await asyncio.sleep(0)
        task.cancel()

    asyncio.run(give_up())  # the loop is closed before the batch has been let through
    desk.wait_for_batch()
    desk.let(10)
    assert commits.submit(2).result() == 4


def test_what_was_handed_in_before_closing_is_carried_out(desk: Desk) -> None:
    commits: GroupCommit[int, int] = GroupCommit("test", desk.carry)
    tickets = [commits.submit(number) for number in (1, 2)]
    desk.let(10)
    commits.close()
    assert [ticket.result() for ticket in tickets] == [2, 4]
    with pytest.raises(Closed):
        commits.submit(3)
    with pytest.raises(Closed):
        asyncio.run(commits.submit_async(3))
    commits.close()


def test_a_lone_caller_carries_its_item_itself(desk: Desk, commits: GroupCommit[int, int]) -> None:
    carried_by: list[str] = []

    def answer(number: int) -> int:
        carried_by.append(threading.current_thread().name)
        return number * 2

    desk.answer = answer
    desk.let(2)
    assert commits.perform(1) == 2
    assert commits.submit(2).result() == 4
    assert carried_by == [threading.current_thread().name, "test"]


def test_what_comes_while_a_caller_carries_its_own_makes_one_batch_after_it(
    desk: Desk, commits: GroupCommit[int, int]
) -> None:
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(commits.perform, 1)
        desk.wait_for_batch()
        others = [commits.submit(2), commits.submit(3)]
        last = pool.submit(commits.perform, 4)
        assert desk.batches == [[1]]
        desk.let(3)
        assert [first.result(), *(ticket.result() for ticket in others), last.result()] == [2, 4, 6, 8]
    assert desk.batches[1][:2] == [2, 3]


def test_what_a_lone_caller_must_repeat_goes_through_the_committing_thread(
    desk: Desk, commits: GroupCommit[int, int]
) -> None:
    asked: list[int] = []

    def answer(number: int) -> int | None:
        asked.append(number)
        return None if len(asked) == 1 else number * 2

    desk.answer = answer
    desk.let(2)
    assert commits.perform(1) == 2
    assert desk.batches == [[1], [1]]


def test_a_caller_whose_own_item_fails_leaves_the_way_free(desk: Desk, commits: GroupCommit[int, int]) -> None:
    desk.answer = lambda number: OSError("disk") if number == 1 else number * 2
    desk.let(2)
    with pytest.raises(OSError, match="disk"):
        commits.perform(1)
    assert commits.perform(2) == 4

    def broken(number: int) -> int:
        raise LookupError("gone")

    desk.answer = broken
    desk.let(2)
    with pytest.raises(LookupError, match="gone"):
        commits.perform(3)
    desk.answer = lambda number: number * 2
    assert commits.perform(4) == 8


def test_closing_waits_for_a_caller_that_carries_its_own(desk: Desk, commits: GroupCommit[int, int]) -> None:
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(commits.perform, 1)
        desk.wait_for_batch()
        waiting = commits.submit(2)
        closing = pool.submit(commits.close)
        assert not closing.done()
        desk.let(2)
        closing.result()
        assert (first.result(), waiting.result()) == (2, 4)
    with pytest.raises(Closed):
        commits.perform(5)


def test_with_two_threads_two_batches_are_on_their_way_at_once(desk: Desk) -> None:
    commits: GroupCommit[int, int] = GroupCommit("two", desk.carry, threads=2)
    first = commits.submit(1)
    desk.wait_for_batch()
    second = commits.submit(2)
    desk.wait_for_batch()
    third = commits.submit(3)
    assert desk.batches == [[1], [2]]
    desk.let(3)
    assert [ticket.result() for ticket in (first, second, third)] == [2, 4, 6]
    commits.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "two"]


def test_several_items_of_one_caller_share_a_batch_and_each_gets_its_answer(
    desk: Desk, commits: GroupCommit[int, int]
) -> None:
    failure = LookupError("two")
    desk.answer = lambda number: failure if number == 2 else number * 2
    desk.let(2)
    assert commits.perform_all([1, 2, 3]) == [2, failure, 6]
    assert commits.perform_all([2]) == [failure]
    assert desk.batches == [[1, 2, 3], [2]]


def test_the_next_batch_waits_for_those_who_were_just_answered(desk: Desk) -> None:
    commits: GroupCommit[int, int] = GroupCommit("gathering", desk.carry, gather=PATIENCE / 0.01)
    first = commits.submit(1)
    desk.wait_for_batch()
    time.sleep(0.01)  # the batch takes a while, so that there is something to wait for a part of
    second = commits.submit(2)
    desk.let(1)
    assert first.result() == 2
    again = commits.submit(3)
    desk.wait_for_batch()
    assert desk.batches == [[1], [2, 3]]
    desk.let(1)
    assert (second.result(), again.result()) == (4, 6)
    commits.close()


def test_nobody_waits_long_for_one_who_does_not_come_again(desk: Desk) -> None:
    commits: GroupCommit[int, int] = GroupCommit("gathering", desk.carry, gather=1 / 8)
    first = commits.submit(1)
    desk.wait_for_batch()
    second = commits.submit(2)
    desk.let(2)
    assert (first.result(), second.result()) == (2, 4)
    assert desk.batches == [[1], [2]]
    commits.close()
