"""A generated city, and what is taken away from it."""

import importlib.util
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
import pytest

from domain.families import FAMILIES
from infra.codec import Codec
from infra.database import Database
from infra.demo import fill
from infra.embedded import Server
from infra.exports import Exported, Kind, source
from infra.exports.kinds import export
from infra.ledger import Ledger
from infra.projector import Projector
from projections.families import PROJECTIONS, REPORTS
from tests.database import KEK, database_named

# Spark is an extra; `make spark` installs it, and the check of a commit does so.
collect_ignore = [] if importlib.util.find_spec("pyspark") else ["test_spark.py"]
EVENTS = 5_000
CODEC = Codec(FAMILIES)


@dataclass(frozen=True)
class Town:
    """A filled ledger with its read models, and a directory for exports."""

    database: Database
    place: Path

    def export(self, kind: Kind, name: str, to: int | None = None) -> tuple[Path, Exported]:
        """An export into a new directory."""
        place = self.place / name
        place.mkdir()
        with source(self.database, CODEC, to=to) as ledger:
            return place, export(kind, ledger, place, parts=3)


@pytest.fixture(scope="session")
def town(server: Server, template: str, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """One city for all questions; none of them changes it."""
    with psycopg.connect(server.conninfo("admin"), autocommit=True) as connection:
        connection.execute(f"create database exported template {template}")
    database = database_named(server, "exported")
    ledger = Ledger(database, KEK, FAMILIES)
    fill(ledger, events=EVENTS, seed=3, today=date(2026, 3, 2), progress=lambda phase: None)
    ledger.close()
    Projector(database, FAMILIES, PROJECTIONS, REPORTS).catch_up()
    return Town(database, tmp_path_factory.mktemp("exports"))
