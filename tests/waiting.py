"""Waiting for what must happen: for a condition, never for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(reached: Callable[[], T | None], what: str = "it did not happen", seconds: float = 60) -> T:
    """What a condition answers as soon as it holds; `what` tells what was waited for in vain."""
    deadline = time.monotonic() + seconds
    while not (found := reached()):
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.01)
    return found
