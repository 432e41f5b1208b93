"""A scenario's facts as the ledger would hand them to a fold."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid5

from domain.kernel import Authentication, Channel, Effective, Envelope, Recorded
from projections.cadastre.order_row import OrderRow
from projections.cadastre.orders import PROJECTION
from projections.model import fold_all
from tests.scenario import ACTOR, NOW, RECORD, Given, recorded

BEGIN = datetime(2026, 3, 2, 12, tzinfo=UTC)


def events(scenario: Given, on: tuple[date, ...] = (), channel: Channel = Channel.SERVICE_PORTAL) -> list[Recorded]:
    """The scenario's history; the n-th event takes effect on the n-th day of `on`, on the last one, or now."""
    versions: dict[object, int] = {}
    found = []
    for position, (record_id, fact) in enumerate(scenario.history, start=1):
        versions[record_id] = versions.get(record_id, 0) + 1
        effective = Effective.on(on[min(position, len(on)) - 1]) if on else Effective(NOW)
        envelope = Envelope(
            actor=ACTOR,
            role="clerk",
            org_unit="62",
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


def row_of(scenario: Given, on: tuple[date, ...] = ()) -> OrderRow:
    """The one order of a scenario, as the register shows it."""
    (row,) = fold_all(PROJECTION, events(scenario, on)).values()
    assert isinstance(row, OrderRow)
    return row
