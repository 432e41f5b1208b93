"""eventsourcing's own contract tests, run against our recorder, factory and mapper."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from typing import Any, Self
from uuid import UUID

import pytest
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    Notification,
    ProcessRecorder,
    StoredEvent,
    TrackingRecorder,
)
from eventsourcing.postgres import PostgresAggregateRecorder, PostgresProcessRecorder, PostgresTrackingRecorder
from eventsourcing.tests.persistence import (
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    InfrastructureFactoryTestCase,
    NonInterleavingNotificationIDsBaseCase,
)
from eventsourcing.utils import Environment

from infra.database import Database
from infra.store.recorder import LedgerFactory, LedgerRecorder
from tests.infra.store.units import an_event, close, open_recorder


class Adapter(ApplicationRecorder):
    """The recorder as the library's cases know recorders: states of any bytes, versions from 0, topics of any text."""

    def __init__(self, recorder: LedgerRecorder, *, answers_positions: bool = True) -> None:
        self._recorder = recorder
        self._answers_positions = answers_positions

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        positions = self._recorder.insert_events([_ours(event) for event in stored_events], **kwargs)
        return positions if self._answers_positions else None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        events = self._recorder.select_events(
            originator_id,
            gt=None if gt is None else gt + 1,
            lte=None if lte is None else lte + 1,
            desc=desc,
            limit=limit,
        )
        return [_theirs(event) for event in events]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        found = self._recorder.select_notifications(
            start, limit, stop, [_our_topic(topic) for topic in topics], inclusive_of_start=inclusive_of_start
        )
        return [_their_notification(notification) for notification in found]

    def max_notification_id(self) -> int | None:
        last: int | None = self._recorder.max_notification_id()
        return last

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Any:
        return AdaptedSubscription(self._recorder.subscribe(gt, [_our_topic(topic) for topic in topics]))


class AdaptedSubscription:
    """A subscription that hands on what the library's case had inserted."""

    def __init__(self, subscription: Any) -> None:
        self._subscription = subscription

    def __enter__(self) -> Self:
        self._subscription.__enter__()
        return self

    def __exit__(self, *raised: Any) -> None:
        self._subscription.__exit__(*raised)

    def __iter__(self) -> Iterator[Notification]:
        return map(_their_notification, self._subscription)

    def stop(self) -> None:
        self._subscription.stop()


def _our_topic(topic: str) -> str:
    return topic.replace("-", "_")


def _ours(event: StoredEvent) -> StoredEvent:
    body = {"state": b64encode(event.state).decode(), "topic": event.topic}
    assert isinstance(event.originator_id, UUID)
    return an_event(
        event.originator_id,
        event.originator_version + 1,
        topic=_our_topic(event.topic),
        state=json.dumps(body).encode(),
    )


def _theirs(event: StoredEvent) -> StoredEvent:
    body = json.loads(event.state)
    return StoredEvent(event.originator_id, event.originator_version - 1, body["topic"], b64decode(body["state"]))


def _their_notification(notification: Notification) -> Notification:
    event = _theirs(notification)
    return Notification(event.originator_id, event.originator_version, event.topic, event.state, id=notification.id)


class OnALedger:
    """Gives each case a recorder of its own on a fresh ledger."""

    INITIAL_VERSION = 0

    @pytest.fixture(autouse=True)
    def _on_a_fresh_ledger(self, database: Database) -> Iterator[None]:
        self.recorder = open_recorder(database)
        yield
        close(self.recorder)


class TestAsAggregateRecorder(OnALedger, AggregateRecorderTestCase):
    def create_recorder(self) -> AggregateRecorder:
        return Adapter(self.recorder, answers_positions=False)


class TestAsApplicationRecorder(OnALedger, ApplicationRecorderTestCase[Any]):
    def create_recorder(self) -> ApplicationRecorder:
        return Adapter(self.recorder)

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestPositionsOfTwoRecordsDoNotInterleave(OnALedger, NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> ApplicationRecorder:
        return Adapter(self.recorder)


class OurTrackingRecorder(PostgresTrackingRecorder):
    """A subclass, for the case that asks the factory for one."""


class TestFactory(InfrastructureFactoryTestCase[LedgerFactory]):
    """The application's recorder is ours. The others are the library's own and make tables of their own, which only the
    administrator may; the ledger has no use for them.
    """

    @pytest.fixture(autouse=True)
    def _on_a_fresh_ledger(self, database: Database) -> None:
        self.env = Environment(
            "TestCase",
            {
                InfrastructureFactory.PERSISTENCE_MODULE: "infra.store.recorder:LedgerFactory",
                LedgerFactory.LEDGER_CONNINFO: database.admin,
            },
        )

    def expected_factory_class(self) -> type[LedgerFactory]:
        return LedgerFactory

    def expected_aggregate_recorder_class(self) -> type[AggregateRecorder]:
        return PostgresAggregateRecorder

    def expected_application_recorder_class(self) -> type[ApplicationRecorder]:
        return LedgerRecorder

    def expected_tracking_recorder_class(self) -> type[TrackingRecorder]:
        return PostgresTrackingRecorder

    def tracking_recorder_subclass(self) -> type[TrackingRecorder]:
        return OurTrackingRecorder

    def expected_process_recorder_class(self) -> type[ProcessRecorder]:
        return PostgresProcessRecorder
