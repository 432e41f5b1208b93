"""Commands that are decided from memory, many together: what counts, what waits, and what asks for a look."""

from typing import Any

import psycopg

from domain.kernel import Rejected, Sealed
from domain.requests import Outcome, Request, new_record_id
from infra.ledger import Ledger
from infra.ledger.memory import Stale
from tests.infra.lockers import OpenLocker, ReturnLocker, TakeLocker, request

Admin = psycopg.Connection[Any]


def take(door: str, content: str = "shoes") -> Request:
    return request(TakeLocker(door=door, content=Sealed(content)))


def taken(ledger: Ledger, door: str) -> Request:
    """A request to open a locker that was taken just now."""
    return request(OpenLocker(), ledger.handle(take(door)).record_id)


def test_acceptances_are_recorded_together_and_remembered(lockers: Ledger) -> None:
    first, second, third = taken(lockers, "1"), taken(lockers, "2"), take("3")
    answers = lockers.memory.carry([first, second, third])
    assert [answer.first_position for answer in answers if isinstance(answer, Outcome)] == [3, 4, 5]
    back = request(ReturnLocker(), new_record_id(third.command_id))
    (answer,) = lockers.memory.carry([back])
    assert isinstance(answer, Outcome)
    assert answer.version == 2


def test_two_for_one_record_are_decided_one_after_the_other(lockers: Ledger) -> None:
    first, other = taken(lockers, "1"), taken(lockers, "2")
    again = request(OpenLocker(), first.record_id)
    answers = lockers.memory.carry([first, again, other])
    assert [type(answer) for answer in answers] == [Outcome, type(None), Outcome]
    (answer,) = lockers.memory.carry([again])
    assert isinstance(answer, Outcome)
    assert answer.version == 3


def test_whatever_is_no_acceptance_asks_for_a_look(lockers: Ledger, elsewhere: Ledger, admin: Admin) -> None:
    known, moved = taken(lockers, "1"), taken(lockers, "2")
    lockers.handle(known)
    elsewhere.handle(request(OpenLocker(), moved.record_id))
    forbidden = request(ReturnLocker(), lockers.handle(taken(lockers, "3")).record_id)
    lockers.handle(forbidden)
    unseen = taken(elsewhere, "4")
    before = admin.execute("select count(*) from ledger.event").fetchone()
    requests = [known, moved, request(OpenLocker(), forbidden.record_id), unseen]
    assert lockers.memory.carry(requests) == [Stale.STALE] * 4
    assert admin.execute("select count(*) from ledger.event").fetchone() == before
    assert lockers.handle(known).repeated
    assert lockers.handle(moved).version == 3


def test_a_command_that_is_too_large_leaves_its_neighbours_alone(lockers: Ledger) -> None:
    answers = lockers.memory.carry([take("1"), take("2", "x" * 300_000), take("3")])
    assert isinstance(answers[1], Rejected)
    assert answers[1].rule.id == "ledger.command_too_large"
    assert [answer.first_position for answer in answers if isinstance(answer, Outcome)] == [1, 2]
