"""A request that comes again gets its first outcome; nothing is recorded twice, whoever sends it and wherever."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.kernel import Channel, Effective, Rejected, Sealed
from domain.requests import IdempotencyKeyReused, Outcome, Request
from infra.ledger import Ledger
from infra.store.commit import GroupCommit
from tests.database import CLERK
from tests.infra.lockers import OpenLocker, ReturnLocker, TakeLocker, request

Admin = psycopg.Connection[Any]
TERMINAL = replace(CLERK, actor=UUID(int=77), channel=Channel.TERMINAL, person="Ada Lesefroh")


def take(door: str = "1", **more: Any) -> Request:
    return request(TakeLocker(door=door, content=Sealed("shoes")), **more)


def events(admin: Admin) -> int:
    row = admin.execute("select count(*) from ledger.event").fetchone()
    return int(row[0]) if row else 0


def again(outcome: Outcome) -> Outcome:
    return replace(outcome, repeated=True)


def test_a_repeated_request_gets_its_first_outcome(lockers: Ledger, admin: Admin) -> None:
    first = take()
    outcome = lockers.handle(first)
    assert not outcome.repeated
    opened = request(OpenLocker(times=2), outcome.record_id)
    twice = lockers.handle(opened)
    assert (twice.version, twice.first_position, twice.last_position) == (3, 2, 3)
    assert lockers.handle(first) == again(outcome)
    assert lockers.handle(opened) == again(twice)
    assert events(admin) == 3


def test_a_repeat_is_known_in_another_process(lockers: Ledger, elsewhere: Ledger, admin: Admin) -> None:
    first = take()
    outcome = lockers.handle(first)
    opened = request(OpenLocker(), outcome.record_id)
    then = lockers.handle(opened)
    lockers.handle(request(ReturnLocker(), outcome.record_id))
    # The record has moved on and forbids it by now; the first outcome stands.
    assert elsewhere.handle(opened) == again(then)
    assert elsewhere.handle(first) == again(outcome)
    assert events(admin) == 3


@pytest.mark.parametrize(
    "change",
    [
        {"command": TakeLocker(door="2", content=Sealed("shoes"))},
        {"command": TakeLocker(door="1", content=Sealed("boots"))},
        {"command": TakeLocker(door="1", content=Sealed("shoes", uuid4()))},
        {"command": ReturnLocker()},
        {"record_id": uuid4()},
        {"reason": "because"},
        {"legal_basis": "§ 1"},
        {"expected_version": 7},
        {"effective": Effective.on(date(2024, 1, 1))},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_request_under_a_known_key_is_refused(lockers: Ledger, admin: Admin, change: dict[str, Any]) -> None:
    first = take(key="k")
    lockers.handle(first)
    with pytest.raises(IdempotencyKeyReused, match="new key"):
        lockers.handle(replace(first, **change))
    (answer,) = lockers.handle_all([replace(first, **change)])
    assert isinstance(answer, IdempotencyKeyReused)
    assert events(admin) == 1


def test_what_does_not_make_a_request_another_one_may_change(lockers: Ledger) -> None:
    first = take(key="k")
    outcome = lockers.handle(first)
    principal = replace(CLERK, client="stadtbuch-tests/2", org_unit="20")
    assert lockers.handle(replace(first, principal=principal, correlation_id=uuid4())) == again(outcome)


def test_the_same_key_of_two_people_is_two_requests(lockers: Ledger, admin: Admin) -> None:
    lockers.handle(take("1", key="k"))
    lockers.handle(take("2", key="k", principal=replace(CLERK, actor=UUID(int=2))))
    assert events(admin) == 2


def test_a_citizen_is_not_answered_with_anothers_outcome(lockers: Ledger) -> None:
    """All who use a terminal share its actor, and so the ids that are made from keys."""
    lockers.handle(take(key="k", principal=TERMINAL))
    with pytest.raises(IdempotencyKeyReused):
        lockers.handle(take(key="k", principal=replace(TERMINAL, person="Bert Leser")))


def test_a_command_that_leads_to_nothing_is_remembered(lockers: Ledger, elsewhere: Ledger, admin: Admin) -> None:
    record = lockers.handle(take()).record_id
    nothing = request(OpenLocker(times=0), record)
    outcome = lockers.handle(nothing)
    assert (outcome.version, outcome.first_position, outcome.last_position) == (1, None, None)
    lockers.handle(request(ReturnLocker(), record))
    assert lockers.handle(nothing) == elsewhere.handle(nothing) == again(outcome)
    with pytest.raises(IdempotencyKeyReused):
        lockers.handle(replace(nothing, command=OpenLocker(times=1)))
    assert events(admin) == 2


def test_a_refused_command_may_succeed_when_it_is_repeated(lockers: Ledger) -> None:
    holder = lockers.handle(take("1")).record_id
    wanted = take("1")
    with pytest.raises(Rejected, match=r"locker\.number_taken"):
        lockers.handle(wanted)
    lockers.handle(request(ReturnLocker(), holder))
    assert not lockers.handle(wanted).repeated


def test_the_same_request_from_many_at_once_is_recorded_once(lockers: Ledger, elsewhere: Ledger, admin: Admin) -> None:
    requests = [take(str(n)) for n in range(10)]
    with ThreadPoolExecutor(8) as pool:
        futures = [
            (one, pool.submit(ledger.handle, one)) for one in requests for ledger in (lockers, elsewhere) for _ in "123"
        ]
        outcomes: dict[UUID, set[Outcome]] = {}
        for one, future in futures:
            outcomes.setdefault(one.command_id, set()).add(again(future.result()))
        firsts = sum(not future.result().repeated for _, future in futures)
    assert all(len(same) == 1 for same in outcomes.values()), "all get the same outcome"
    assert firsts == len(requests), "one of them is told that it was the first"
    assert events(admin) == len(requests)


def test_a_request_whose_answer_was_lost_is_recorded_once(
    lockers: Ledger, admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = take()

    def lost(self: GroupCommit[Any, Any], item: Any) -> Any:
        perform(self, item)
        raise psycopg.OperationalError("the server went away after it had committed")

    perform = GroupCommit.perform
    commits = lockers.ledger_recorder._commits
    monkeypatch.setattr(commits, "perform", lost.__get__(commits))
    with pytest.raises(Exception, match="same idempotency key"):
        lockers.handle(wanted)
    monkeypatch.undo()
    assert lockers.handle(wanted).repeated
    assert events(admin) == 1


# In bulk


def test_a_request_that_stands_twice_in_a_list_is_recorded_once(lockers: Ledger, admin: Admin) -> None:
    first, other = take("1"), take("2")
    opened = request(OpenLocker(), lockers.handle(take("3")).record_id)
    answers = lockers.handle_all([first, opened, other, first, opened, opened, first])
    outcomes = [answer for answer in answers if isinstance(answer, Outcome)]
    assert len(outcomes) == len(answers)
    assert [outcome.repeated for outcome in outcomes] == [False, False, False, True, True, True, True]
    assert outcomes[3] == outcomes[6] == again(outcomes[0])
    assert events(admin) == 4


def test_of_two_requests_with_one_key_in_a_list_the_second_is_refused(lockers: Ledger, admin: Admin) -> None:
    answers = lockers.handle_all([take("1", key="k"), take("2", key="k"), take("3")])
    assert [type(answer) for answer in answers] == [Outcome, IdempotencyKeyReused, Outcome]
    # And when both are known by then, in either order.
    for order in ((0, 1), (1, 0)):
        both = [take("1", key="k"), take("2", key="k")]
        answers = lockers.handle_all([both[at] for at in order])
        assert [type(answers[order.index(at)]) for at in (0, 1)] == [Outcome, IdempotencyKeyReused]
    assert events(admin) == 2


def test_a_list_that_was_recorded_in_part_is_completed(lockers: Ledger, elsewhere: Ledger, admin: Admin) -> None:
    requests = [take(str(n)) for n in range(30)]
    done = [lockers.handle(one) for one in requests[::3]]
    answers = elsewhere.handle_all(requests)
    assert answers[::3] == [again(outcome) for outcome in done]
    assert [answer.repeated for answer in answers if isinstance(answer, Outcome)].count(False) == 20
    assert lockers.handle_all(requests) == [again(answer) for answer in answers if isinstance(answer, Outcome)]
    assert events(admin) == 30
