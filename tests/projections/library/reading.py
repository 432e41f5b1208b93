"""A scenario's facts as the ledger would hand them to a fold."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid5

from domain.kernel import Authentication, Channel, Effective, Envelope, Recorded
from projections.model import Projection, fold_all
from tests.scenario import ACTOR, NOW, RECORD, Given, recorded

BEGIN = datetime(2026, 3, 2, 12, tzinfo=UTC)


def events(scenario: Given, channel: Channel = Channel.STAFF) -> list[Recorded]:
    """The scenario's history, all of it effective now."""
    versions: dict[object, int] = {}
    found = []
    for position, (record_id, fact) in enumerate(scenario.history, start=1):
        versions[record_id] = versions.get(record_id, 0) + 1
        effective = Effective(NOW)
        envelope = Envelope(
            actor=ACTOR,
            role="clerk",
            org_unit="41",
            authentication=Authentication.NONE_DEV,
            client="tests/1",
            channel=channel,
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


def rows(projection: Projection, scenario: Given, channel: Channel = Channel.STAFF) -> list[Any]:
    """The rows of a scenario, in the order of their first event."""
    return list(fold_all(projection, events(scenario, channel)).values())


def row(projection: Projection, scenario: Given) -> Any:
    """The one row of a scenario."""
    (only,) = rows(projection, scenario)
    return only
