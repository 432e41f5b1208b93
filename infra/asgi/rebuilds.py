"""Rebuilds that are asked for through the API: one at a time, in a thread, and called off from any process."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, Self

import psycopg

from domain.kernel import Family, Message
from domain.requests import Refused, Unavailable
from infra.codec import Codec
from infra.database import Database
from infra.projector import rebuild
from infra.projector.cancelling import CalledOff, call_off
from infra.projector.terms import Cancelled, Progress, Rebuilding
from projections.model import Projection, Report

LOG: Final = logging.getLogger("stadtbuch.rebuilds")
_BUSY: Final = Message(
    "Another rebuild is running: wait until `readModels` shows none, or cancel it.",
    "Es läuft schon ein Neuaufbau: bitte warten, bis `readModels` keinen mehr zeigt, oder ihn abbrechen.",
)
_NO_ANSWER: Final = Message(
    "The database did not answer. Try again in a moment.", "Die Datenbank hat nicht geantwortet. Bitte später erneut."
)


class Rebuilds:
    """What `rebuild` and `cancelRebuild` do."""

    def __init__(
        self,
        database: Database,
        families: Sequence[Family],
        projections: Sequence[Projection],
        reports: Sequence[Report],
    ) -> None:
        self._database = database
        self._families = families
        self._projections = {projection.name: projection for projection in projections}
        self._reports = reports
        self._threads = ThreadPoolExecutor(1, "stadtbuch-rebuild")
        self._running: Future[None] | None = None
        self._leaving = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Calls off what runs: begun again, it goes on from there."""
        self._leaving.set()
        self._threads.shutdown()

    async def rebuild(self, name: str) -> None:
        """Returns when it has begun, or has ended already. Raises Refused where one is running."""
        if self._running is not None and not self._running.done():
            raise Refused(_BUSY)
        begun: Future[None] = Future()
        self._running = self._threads.submit(self._rebuild, self._projections[name], begun)
        await asyncio.wrap_future(begun)

    def _rebuild(self, projection: Projection, begun: Future[None]) -> None:
        try:
            with CalledOff(self._database, projection.name) as called_off:

                def cancelled() -> bool:
                    return self._leaving.is_set() or called_off()

                def progress(_: Progress) -> None:
                    if not begun.done():
                        begun.set_result(None)

                found = rebuild(
                    self._database,
                    Codec(self._families),
                    projection,
                    self._reports,
                    progress=progress,
                    cancelled=cancelled,
                )
            LOG.info("%s", found.described())
        except Cancelled as error:
            LOG.info("%s", error)
        except Rebuilding:
            begun.set_exception(Refused(_BUSY))
            return
        except psycopg.Error as error:
            LOG.error("the rebuild of %s lost the database", projection.name, exc_info=error)
            if not begun.done():
                begun.set_exception(Unavailable(_NO_ANSWER))
        except Exception as error:
            # Whoever called for it learns how it ends from `readModels` and the log; the live rows are as they were.
            LOG.error("the rebuild of %s failed; its rows are as they were", projection.name, exc_info=error)
        if not begun.done():
            begun.set_result(None)

    async def cancel(self, name: str) -> None:
        """Calls a rebuild off, whichever process does it."""
        try:
            await asyncio.get_running_loop().run_in_executor(None, call_off, self._database, name)
        except psycopg.Error as error:
            raise Unavailable(_NO_ANSWER) from error
