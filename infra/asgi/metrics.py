"""What the server counts of itself and tells of the read models, as Prometheus takes it; nothing of it is personal."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from hmac import compare_digest
from time import perf_counter
from typing import Final
from uuid import UUID

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from pydantic import SecretStr

from domain.kernel import Invalid, Rejected
from domain.requests import Availability, Outcome, Principal, Refused, Request, Unavailable
from graphql_api.ports import Commands, NotBuilt, Reader
from infra.asgi import SHARED_COUNTS
from infra.asgi.access import Denied
from infra.projector import Status, samples
from infra.queries import named
from projections.query import Statement

STATUS: Final = Statement(named("projector")["status"].decode(), ())
_collecting: Callable[[CollectorRegistry], object] = MultiProcessCollector  # it has no types of its own
_WORD: Final = re.compile(r"(?<!^)(?=[A-Z])")


class Metrics:
    """The counts of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        about = "Commands by what became of them."
        self.commands = Counter("stadtbuch_commands", about, ["outcome"], registry=self.registry)
        about = "How long requests to /graphql took, by the kind of operation; `refused` was not executed."
        self.requests = Histogram("stadtbuch_request_seconds", about, ["operation"], registry=self.registry)
        about = "Requests to /graphql that are being answered."
        self.running = Gauge("stadtbuch_requests_running", about, registry=self.registry, multiprocess_mode="livesum")
        about = "Connections to /graphql over which somebody may follow."
        self.following = Gauge("stadtbuch_following", about, registry=self.registry, multiprocess_mode="livesum")
        if not os.environ.get(SHARED_COUNTS):
            ProcessCollector(registry=self.registry)

    def took(self, operation: str, since: float) -> None:
        """Count a request that began at this reading of `perf_counter`."""
        self.requests.labels(operation).observe(perf_counter() - since)

    async def page(self, reader: Reader) -> bytes:
        """All figures, as text. Those of the read models are missing where the database does not answer."""
        found = CollectorRegistry()
        try:
            found.register(_Database([Status(*row) for row in await reader.fetch(STATUS)], up=True))
        except NotBuilt:
            found.register(_Database([], up=True))
        except Unavailable:
            found.register(_Database([], up=False))
        counted = self.registry
        if os.environ.get(SHARED_COUNTS):
            counted = CollectorRegistry()
            _collecting(counted)
        return generate_latest(counted) + generate_latest(found)


class _Database(Collector):
    """What the database tells of ledger and read models."""

    def __init__(self, statuses: Sequence[Status], *, up: bool) -> None:
        self._statuses = statuses
        self._up = up

    def collect(self) -> Iterator[Metric]:
        """The figures by name."""
        yield GaugeMetricFamily("stadtbuch_database_up", "Whether the database answers.", float(self._up))
        if self._statuses:
            recorded = max(status.position + status.lag_events for status in self._statuses)
            yield CounterMetricFamily("stadtbuch_ledger_events", "Events in the ledger.", recorded)
        families: dict[str, GaugeMetricFamily] = {}
        for sample in samples(self._statuses):
            family = families.setdefault(
                sample.name, GaugeMetricFamily(sample.name, sample.about, labels=["projection"])
            )
            family.add_metric([sample.projection], sample.value)
        yield from families.values()


class CountedCommands:
    """The way to the ledger, with a count of what becomes of the commands."""

    def __init__(self, commands: Commands, metrics: Metrics) -> None:
        self._commands = commands
        self._metrics = metrics

    async def handle(self, request: Request) -> Outcome:
        """As the commands do."""
        became = "failed"
        try:
            outcome = await self._commands.handle(request)
            became = _became(outcome)
        except (Rejected, Invalid, Refused) as error:
            became = "rejected" if isinstance(error, Rejected) else _WORD.sub("_", type(error).__name__).lower()
            raise
        finally:
            self._metrics.commands.labels(became).inc()
        return outcome

    async def available(self, record_id: UUID, principal: Principal) -> Sequence[Availability]:
        """As the commands do."""
        return await self._commands.available(record_id, principal)

    async def made_by(self, record_id: UUID, principal: Principal) -> bool:
        """As the commands do."""
        return await self._commands.made_by(record_id, principal)


def _became(outcome: Outcome) -> str:
    if outcome.repeated:
        return "repeated"
    return "recorded" if outcome.last_position is not None else "unchanged"


def check_reader(authorization: str | None, token: SecretStr | None, *, signed_in: bool) -> None:
    """Raises Denied for who may not read the figures.

    Behind a reverse proxy everybody comes from this machine, so where people sign in an address proves nothing.
    """
    if token is None:
        if signed_in:
            raise Denied(403, "METRICS_OFF", "Set STADTBUCH_METRICS_TOKEN, and send it as a bearer token.")
        return
    given = (authorization or "").removeprefix("Bearer ").encode()
    if not compare_digest(given, token.get_secret_value().encode()):
        message = "The figures are for who sends STADTBUCH_METRICS_TOKEN as a bearer token."
        raise Denied(401, "METRICS_TOKEN", message, {"WWW-Authenticate": "Bearer"})
