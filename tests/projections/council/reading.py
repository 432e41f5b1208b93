"""A scenario's facts as the ledger would hand them to a fold."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from domain.kernel import Authentication, Channel, Effective, Envelope, Recorded
from projections.model import Projection, fold_all
from tests.scenario import ACTOR, NOW, RECORD, Given, recorded

BEGIN = datetime(2026, 3, 2, 12, tzinfo=UTC)


def events(scenario: Given) -> list[Recorded]:
    """The scenario's history; every event takes effect now."""
    versions: dict[UUID, int] = {}
    found = []
    effective = Effective(NOW)
    for position, (record_id, fact) in enumerate(scenario.history, start=1):
        versions[record_id] = versions.get(record_id, 0) + 1
        envelope = Envelope(
            actor=ACTOR,
            role="clerk",
            org_unit="01",
            authentication=Authentication.NONE_DEV,
            client="tests/1",
            channel=Channel.STAFF,
            effective_precision=effective.precision,
            effective_zone=effective.zone,
            correlation_id=uuid5(RECORD, f"correlation {position}"),
            command_id=uuid5(RECORD, f"command {position}"),
        )
        found.append(
            Recorded(
                position=position,
                record_id=record_id,
                version=versions[record_id],
                topic=fact.topic,
                recorded_at=BEGIN + timedelta(seconds=position),
                effective_at=effective.at,
                envelope=envelope,
                fact=recorded(fact, position),
            )
        )
    return found


def rows_of(projection: Projection, scenario: Given) -> list[Any]:
    """The rows of a register after a scenario, in the order in which they came to be."""
    return list(fold_all(projection, events(scenario)).values())


def row_of(projection: Projection, scenario: Given) -> Any:
    """The only row of a register after a scenario."""
    (row,) = rows_of(projection, scenario)
    return row
