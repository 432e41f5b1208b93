"""Who keeps the read models of a server up, each in a thread; a server whose read models nobody keeps up ends."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class NotKept(Exception):
    """Nobody keeps the read models up any more."""


class Keeps(Protocol):
    """Keeps read models up by `run`, until `stop`."""

    def run(self) -> None: ...

    def stop(self) -> None: ...


@contextmanager
def kept_up(*keepers: Keeps) -> Iterator[None]:
    """While the block runs, so do they. Where one ends unasked, the process is told to end as by SIGTERM, so that its
    supervisor starts it anew. Raises NotKept after the block then."""
    asked = threading.Event()
    ended: list[str] = []

    def run(keeper: Keeps) -> None:
        try:
            keeper.run()
        finally:
            if not asked.is_set():
                ended.append(type(keeper).__name__.lower())
                os.kill(os.getpid(), signal.SIGTERM)

    threads = [threading.Thread(target=run, args=(each,), name=f"stadtbuch-{type(each).__name__}") for each in keepers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        asked.set()
        for each in keepers:
            each.stop()
        for thread in threads:
            thread.join()
    if ended:
        raise NotKept(f"The {ended[0]} has ended, which the log tells the reason of. Start the server again.")
