"""A server whose read models nobody keeps up any more does not go on as if nothing had happened."""

import threading

import pytest

from infra.cli.keeping import NotKept, kept_up
from infra.cli.serve import signals


class Keeps:
    """Runs until it is stopped, or ends before."""

    def __init__(self, *, ends: bool = False) -> None:
        self.stopped = threading.Event()
        self.ended = threading.Event()
        if ends:
            self.stopped.set()

    def run(self) -> None:
        self.stopped.wait()
        self.ended.set()

    def stop(self) -> None:
        self.stopped.set()


def test_one_that_ends_unasked_ends_the_server_with_an_error_and_the_others_in_order() -> None:
    other = Keeps()

    def serve(told: threading.Event) -> None:
        with kept_up(other, Keeps(ends=True)):
            assert told.wait(30)
            assert not other.ended.is_set()

    with signals() as told, pytest.raises(NotKept, match="The keeps has ended"):
        serve(told)
    assert other.ended.is_set()


def test_those_that_are_asked_to_end_are_waited_for_and_end_nobody() -> None:
    some = Keeps(), Keeps()
    with signals() as told:
        with kept_up(*some):
            assert not told.is_set()
        assert all(each.ended.is_set() for each in some)
        assert not told.is_set()
