"""Rules that several counters could break together: they work at the same moment, in processes of their own."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.families import FAMILIES
from domain.kernel import Command, Rejected, Sealed
from domain.library import commands as c
from domain.library import facts as f
from domain.library.state import Item
from domain.library.vocabulary import AgeBand, BlockGround, MediaType
from domain.requests import Outcome, Request
from infra.database import Database
from infra.ledger import Ledger
from infra.store.unit import GuardFailed
from tests.database import CLERK, KEK

CENTRAL = "Zentralbibliothek"
ROUNDS = 15
Admin = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def counters(database: Database) -> Iterator[list[Ledger]]:
    """Four counters: ledgers with caches, connections and writer threads of their own."""
    opened = [Ledger(database, KEK, FAMILIES) for _ in range(4)]
    yield opened
    for ledger in opened:
        ledger.close()


def request(command: Command, record: UUID | None = None) -> Request:
    return Request(command=command, principal=CLERK, idempotency_key=str(uuid4()), record_id=record)


def do(ledger: Ledger, command: Command, record: UUID | None = None) -> Outcome:
    return ledger.handle(request(command, record))


def at_once(counters: Sequence[Ledger], requests: Sequence[Request]) -> list[Outcome | str]:
    """What each counter answers its request when all begin together: an outcome, or the id of the rule against it."""
    barrier = Barrier(len(requests))

    def handle(ledger: Ledger, wanted: Request) -> Outcome | str:
        barrier.wait()
        try:
            return ledger.handle(wanted)
        except Rejected as rejected:
            return rejected.rule.id

    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(handle, counters, requests))


def refusals(answers: Sequence[Outcome | str]) -> list[str]:
    return [answer for answer in answers if isinstance(answer, str)]


def register(card: str) -> c.RegisterPatron:
    return c.RegisterPatron(name=Sealed("Ada"), card_number=Sealed(card), age_band=AgeBand.ADULT, branch=CENTRAL)


def a_reader(ledger: Ledger) -> UUID:
    return do(ledger, register(uuid4().hex)).record_id


def a_book(ledger: Ledger) -> UUID:
    command = c.AcquireItem(barcode=uuid4().hex, title="Immensee", media_type=MediaType.BOOK, branch=CENTRAL)
    return do(ledger, command).record_id


def topics_of(admin: Admin, record: UUID) -> list[object]:
    """The facts of a record, in order."""
    rows = admin.execute("select topic from ledger.event where record_id = %s order by version", [record])
    return [topic for (topic,) in rows]


def test_two_counters_lend_the_same_item_and_exactly_one_succeeds(counters: list[Ledger], admin: Admin) -> None:
    readers = [a_reader(counters[0]) for _ in range(2)]
    for _ in range(ROUNDS):
        book = a_book(counters[0])
        answers = at_once(counters, [request(c.LendItem(patron=reader, branch=CENTRAL), book) for reader in readers])
        assert refusals(answers) == ["library.item_on_loan"]
        assert topics_of(admin, book) == [f.ItemAcquired.topic, f.ItemLent.topic]


def test_four_readers_want_the_last_copy_and_three_go_without(counters: list[Ledger]) -> None:
    readers = [a_reader(counters[0]) for _ in range(4)]
    for _ in range(ROUNDS):
        book = a_book(counters[0])
        answers = at_once(counters, [request(c.LendItem(patron=reader, branch=CENTRAL), book) for reader in readers])
        assert refusals(answers) == ["library.item_on_loan"] * 3


def test_a_card_number_is_given_to_two_people_at_once_and_one_of_them_gets_it(counters: list[Ledger]) -> None:
    for _ in range(ROUNDS):
        card = uuid4().hex
        answers = at_once(counters, [request(register(card)), request(register(card.upper()))])
        assert refusals(answers) == ["library.card_taken"]


def test_a_renewal_and_a_hold_of_the_same_moment_end_as_if_one_had_come_first(
    counters: list[Ledger], admin: Admin
) -> None:
    borrower, waiting = a_reader(counters[0]), a_reader(counters[0])
    for _ in range(ROUNDS):
        book = a_book(counters[0])
        do(counters[0], c.LendItem(patron=borrower, branch=CENTRAL), book)
        renew = request(c.RenewLoan(patron=borrower), book)
        hold = request(c.PlaceHold(patron=waiting, pickup_branch=CENTRAL), book)
        answers = at_once(counters, [renew, hold])
        if refusals(answers):
            assert answers[0] == "library.held_by_another"
            assert topics_of(admin, book)[2:] == [f.HoldPlaced.topic]
        else:
            assert topics_of(admin, book)[2:] == [f.LoanRenewed.topic, f.HoldPlaced.topic]


def test_nobody_borrows_after_they_were_blocked(counters: list[Ledger]) -> None:
    block = c.BlockPatron(ground=BlockGround.CARD_LOST)
    for _ in range(ROUNDS):
        reader, book = a_reader(counters[0]), a_book(counters[0])
        lend = request(c.LendItem(patron=reader, branch=CENTRAL), book)
        lent, blocked = at_once(counters, [lend, request(block, reader)])
        assert isinstance(blocked, Outcome)
        if isinstance(lent, Outcome):
            assert lent.last_position is not None
            assert blocked.first_position is not None
            assert lent.last_position < blocked.first_position
        else:
            assert lent == "library.patron_blocked"


def test_a_block_between_deciding_and_recording_undoes_the_decision(counters: list[Ledger], admin: Admin) -> None:
    reader, book = a_reader(counters[0]), a_book(counters[0])
    # What `handle` does, with another counter acting at the worst moment.
    decided = counters[0]._work()
    decided.decide(request(c.LendItem(patron=reader, branch=CENTRAL), book), datetime.now(UTC))
    do(counters[1], c.BlockPatron(ground=BlockGround.CARD_LOST), reader)
    with pytest.raises(GuardFailed):
        counters[0]._save(decided)
    assert topics_of(admin, book) == [f.ItemAcquired.topic]


def test_one_reader_at_two_screens_stands_in_the_queue_once(counters: list[Ledger]) -> None:
    reader = a_reader(counters[0])
    for _ in range(ROUNDS):
        book = a_book(counters[0])
        hold = c.PlaceHold(patron=reader, pickup_branch=CENTRAL)
        answers = at_once(counters, [request(hold, book), request(hold, book)])
        assert refusals(answers) == ["library.hold_exists"]
        state = counters[0].stream(book).state
        assert isinstance(state, Item)
        assert len(state.holds) == 1


def test_the_same_request_from_two_counters_is_one_loan(counters: list[Ledger]) -> None:
    reader = a_reader(counters[0])
    for _ in range(ROUNDS):
        book = a_book(counters[0])
        lend = request(c.LendItem(patron=reader, branch=CENTRAL), book)
        first, second = at_once(counters, [lend, lend])
        assert isinstance(first, Outcome)
        assert isinstance(second, Outcome)
        assert first.last_position == second.last_position
        assert {first.repeated, second.repeated} == {True, False}
