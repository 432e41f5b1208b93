"""`stadtbuch status`: how far ledger and read models are, how much there is, and how analysts get at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import psycopg

from infra import projector
from infra.cli import connecting
from infra.installation import Installation

_HEAD: Final = """
select log, position, case when position > 0 then recorded_at end, pg_database_size(current_database()),
       current_setting('server_version')
from ledger.head
"""


@dataclass(frozen=True, slots=True)
class Report:
    """An installation, as it is now."""

    log: str
    position: int
    recorded_at: datetime | None
    bytes: int
    server: str
    connect: Mapping[str, str]
    passfile: str | None
    tcp_port: int | None
    projections: Sequence[projector.Status]

    def __str__(self) -> str:
        latest = f", recorded {self.recorded_at:%Y-%m-%d %H:%M:%S %Z}" if self.recorded_at else ""
        lines = [
            f"Ledger {self.log}: last position {self.position:,}{latest}",
            f"PostgreSQL {self.server}, database of {self.bytes / 1024**2:,.1f} MB",
            *self._analysts(),
        ]
        width = max((len(model.name) for model in self.projections), default=0)
        lines += [
            f"{model.name:<{width}}  {model.status}, position {model.position:,}, {_behind(model)}"
            for model in self.projections
        ]
        lines += ["No read models yet: `stadtbuch serve` makes them."] if not self.projections else []
        return "\n".join(lines)

    def _analysts(self) -> list[str]:
        if not self.connect:
            return ["Analysts: set STADTBUCH_READER_DSN to their login"]
        found = ["Analysts (docs/analysts.md):", *(f"  {tool:<8} {line}" for tool, line in self.connect.items())]
        if self.passfile is not None and self.tcp_port is not None:
            found.append(f"  The password for DBeaver stands at the end of {self.passfile}")
        elif self.passfile is not None:
            found.append("  For tools that need TCP, such as DBeaver: set STADTBUCH_TCP_PORT and start `serve` again")
        return found

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "log": self.log,
            "position": self.position,
            "recordedAt": self.recorded_at and self.recorded_at.isoformat(),
            "bytes": self.bytes,
            "server": self.server,
            "connect": self.connect,
            "passfile": self.passfile,
            "tcpPort": self.tcp_port,
            "projections": [asdict(model) for model in self.projections],
        }


def _behind(model: projector.Status) -> str:
    told = f"{model.lag_events:,} events, {model.lag_seconds:,.0f} s behind" if model.lag_events else "up to date"
    if model.quarantined_rows:
        told += f", {model.quarantined_rows:,} rows stand still (`stadtbuch projection status {model.name}`)"
    if model.building_total:
        share = (model.building_done or 0) / model.building_total
        left = "" if model.building_seconds_left is None else f", {model.building_seconds_left:,.0f} s left"
        told += f", being rebuilt: {share:.0%}{left}"
    return f"{told}: {model.error}" if model.error else told


def report(place: Installation) -> Report:
    """Asks the database."""
    with psycopg.connect(place.database.conninfo("log"), autocommit=True, connect_timeout=10) as connection:
        row = connection.execute(_HEAD).fetchone()
    if row is None:
        raise psycopg.OperationalError("ledger.head is empty: run `stadtbuch verify`")
    analyst = place.database.analyst
    tcp_port = place.server.tcp_port if place.server is not None else None
    log, position, recorded_at, size, version = row
    return Report(
        log=log,
        position=position,
        recorded_at=recorded_at,
        bytes=size,
        server=version,
        connect={} if analyst is None else connecting.lines(analyst, tcp_port),
        passfile=None if analyst is None else connecting.passfile(analyst),
        tcp_port=tcp_port,
        projections=projector.status(place.database.conninfo("reader")),
    )
