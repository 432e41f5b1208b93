"""What a caller joins by a correlation id, and what it can never join: a citizen's separate loans and orders."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import psycopg

from domain.kernel import Channel, Effective, Envelope, Sealed
from domain.requests import Request
from infra.ledger import Ledger
from infra.ledger.work import envelope_of, joined
from tests.database import CLERK
from tests.infra.lockers import OpenLocker, ReturnLocker, TakeLocker, request
from tests.scenario import NOW

ADA = replace(CLERK, actor=UUID(int=77), channel=Channel.TERMINAL, person="Ada Lesefroh")


def shared(asked: Request, record: UUID, key: UUID | None = None) -> Envelope:
    return joined(asked, envelope_of(asked, Effective(NOW)), record, key)


def test_a_clerks_records_of_one_matter_are_joined() -> None:
    matter = uuid4()
    asked = request(OpenLocker(), uuid4(), correlation_id=matter)
    assert shared(asked, uuid4()).correlation_id == shared(asked, uuid4()).correlation_id == matter


def test_two_loans_lent_in_one_session_are_not_joined_at_the_counter_either() -> None:
    asked = request(OpenLocker(), uuid4(), correlation_id=uuid4())
    record, loan, other = uuid4(), uuid4(), uuid4()
    assert shared(asked, record, loan).correlation_id == shared(asked, uuid4(), loan).correlation_id
    assert len({asked.correlation_id, *(shared(asked, record, key).correlation_id for key in (loan, other))}) == 3


def test_a_session_joins_a_citizens_facts_within_one_record_only(
    lockers: Ledger, admin: psycopg.Connection[Any]
) -> None:
    session = uuid4()

    def by_ada(command: Any, record: UUID | None = None) -> UUID:
        return lockers.handle(request(command, record, principal=ADA, correlation_id=session)).record_id

    first, second = (by_ada(TakeLocker(door=door, content=Sealed("a bag"))) for door in ("4711", "4712"))
    by_ada(ReturnLocker(), first)
    found = admin.execute("select record_id, correlation_id from ledger.event order by position").fetchall()
    joins = dict(found)
    assert [record for record, _ in found] == [first, second, first]
    assert all(joins[record] == correlation for record, correlation in found)
    assert len({session, *joins.values()}) == 3


def test_without_a_correlation_id_a_command_is_its_own() -> None:
    asked = request(OpenLocker(), uuid4(), principal=ADA)
    assert shared(asked, uuid4(), uuid4()).correlation_id == asked.command_id
