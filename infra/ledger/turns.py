"""Turns: those of one process that contend for a record decide about it one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock
from typing import Final
from uuid import UUID

STRIPES: Final = 256


class Turns:
    """Without turns, whoever is unlucky decides upon the outdated again and again. They are for those who have lost
    once, and for those who come while somebody has the turn; where nobody contends, nobody waits.
    """

    def __init__(self) -> None:
        self._locks = tuple(Lock() for _ in range(STRIPES))

    def taken(self, record_ids: Iterable[UUID]) -> bool:
        """Whether somebody has the turn of one of these records."""
        return any(self._locks[record_id.int % STRIPES].locked() for record_id in record_ids)

    @contextmanager
    def of(self, record_ids: Iterable[UUID]) -> Iterator[None]:
        """Have the turn of these records, waiting for those who have it. Not to be asked for by who has one already.

        Turns are taken in one order, so that nobody waits in a circle.
        """
        with ExitStack() as held:
            for stripe in sorted({record_id.int % STRIPES for record_id in record_ids}):
                held.enter_context(self._locks[stripe])
            yield
