"""What the server sends, and when: the head of an answer with its body, and nothing left behind."""

import asyncio
from collections.abc import Iterator
from typing import cast

import pytest

from infra.asgi.together import MOST_TOGETHER, Together


class Recording:
    """A transport that knows what was written to it at once."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        assert not self.closed
        self.sent.append(bytes(data))

    def get_write_buffer_size(self) -> int:
        return 5

    def write_eof(self) -> None:
        self.sent.append(b"EOF")

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = True


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


@pytest.fixture
def below() -> Recording:
    return Recording()


@pytest.fixture
def transport(below: Recording, loop: asyncio.AbstractEventLoop) -> Together:
    return Together(cast("asyncio.Transport", below), loop)


def turn(loop: asyncio.AbstractEventLoop) -> None:
    """Lets the loop go on once."""
    loop.call_soon(loop.stop)
    loop.run_forever()


def test_what_is_written_without_a_pause_is_sent_at_once(
    below: Recording, transport: Together, loop: asyncio.AbstractEventLoop
) -> None:
    for data in (b"head", b"body"):
        transport.write(data)
    assert below.sent == []
    turn(loop)
    transport.write(b"next")
    turn(loop)
    assert below.sent == [b"headbody", b"next"]


def test_a_long_answer_does_not_wait_in_memory(
    below: Recording, transport: Together, loop: asyncio.AbstractEventLoop
) -> None:
    transport.write(b"head")
    transport.write(b"x" * MOST_TOGETHER)
    assert [len(each) for each in below.sent] == [MOST_TOGETHER + 4]
    turn(loop)
    assert len(below.sent) == 1


def test_closing_sends_what_was_written_before(
    below: Recording, transport: Together, loop: asyncio.AbstractEventLoop
) -> None:
    transport.write(b"the end")
    transport.close()
    turn(loop)
    assert (below.sent, below.closed) == ([b"the end"], True)


def test_nothing_is_sent_to_whom_is_let_go(
    below: Recording, transport: Together, loop: asyncio.AbstractEventLoop
) -> None:
    transport.write(b"unread")
    transport.abort()
    turn(loop)
    assert (below.sent, below.closed) == ([], True)


def test_whatever_is_written_keeps_its_order(
    below: Recording, transport: Together, loop: asyncio.AbstractEventLoop
) -> None:
    transport.write(b"a")
    transport.writelines([b"b", b"c"])
    assert transport.get_write_buffer_size() == 5 + 3
    transport.write_eof()
    turn(loop)
    assert below.sent == [b"abc", b"EOF"]
