"""Builds read models that were made by another fold or never, beside those that follow the ledger."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import Final, Protocol

import psycopg

from infra.codec import Codec
from infra.database import Database
from infra.projector import state, views
from infra.projector.events import LedgerGap
from infra.projector.filling import FoldFailed
from infra.projector.rebuilding import rebuild
from infra.projector.terms import Bench, Cancelled, Rebuilding, bench
from projections.model import Projection, Report

log = logging.getLogger("stadtbuch.projector")
_EXPECTED: Final = (FoldFailed, LedgerGap, views.ReportMismatch, psycopg.Error)


class Plan(Protocol):
    """What a builder needs of the projector it works for."""

    database: Database
    codec: Codec
    reports: tuple[Report, ...]
    text: views.ReportText


class Builder(threading.Thread):
    """Builds one after the other. `failed` names those that this program cannot build, whose status tells why."""

    def __init__(self, plan: Plan, projections: Sequence[Projection]) -> None:
        super().__init__(name="projector-builds")
        self.plan = plan
        self.projections = tuple(projections)
        self.failed: list[str] = []
        self._stopping = threading.Event()
        self._tools: Bench | None = None

    def stop(self) -> None:
        """End after the chunk in hand, whatever statement it waits for, and wait for the thread."""
        self._stopping.set()
        tools = self._tools  # the thread may be done with them by the next line
        if tools is not None:
            for connection in tools:
                connection.cancel_safe()
        if self.is_alive():
            self.join()

    def run(self) -> None:
        """Build what is not built. What fails for a passing reason is left to the next builder."""
        if not self.projections:
            return
        try:
            with bench(self.plan.database) as tools:
                self._tools = tools
                for projection in self.projections:
                    self._build(projection, tools)
        except psycopg.OperationalError as error:
            log.warning("read models are built later: %s", error)
        finally:
            self._tools = None

    def _build(self, projection: Projection, tools: Bench) -> None:
        plan, name = self.plan, projection.name
        try:
            rebuild(
                plan.database,
                plan.codec,
                projection,
                plan.reports,
                cancelled=self._stopping.is_set,
                text=plan.text,
                tools=tools,
            )
        except (Rebuilding, Cancelled, views.ViewInUse) as error:
            log.warning("projection %s is built later: %s", name, error)
        except psycopg.OperationalError:
            raise
        except Exception as error:  # whatever it is, its status tells it, and the next one is built
            log.error("projection %s cannot be built: %s", name, error, exc_info=not isinstance(error, _EXPECTED))
            known = error.failure if isinstance(error, FoldFailed) else None
            reason, position = (known.error, known.position) if known else (str(error), None)
            state.not_built(tools.keeping, name, reason, position)
            self.failed.append(name)
