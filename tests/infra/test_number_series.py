"""Numbers without gaps and without twins, however many clerks bill at the same moment, in processes of their own."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import chain
from threading import Barrier
from uuid import UUID, uuid4

import pytest

from domain.cadastre import commands as c
from domain.cadastre.state import Order, Series
from domain.cadastre.vocabulary import PaperSize, Product, SeriesKind
from domain.families import FAMILIES
from domain.kernel import Command, Rejected, Sealed
from domain.requests import Outcome, Overloaded, Request
from infra.database import Database
from infra.ledger import Ledger
from infra.tick import today
from tests.database import CLERK, KEK

pytestmark = pytest.mark.database

TODAY = today()
DUE = TODAY + timedelta(days=30)
ORDERS = 24


@pytest.fixture
def offices(database: Database) -> Iterator[list[Ledger]]:
    """Ledgers with caches, connections and writers of their own."""
    opened = [Ledger(database, KEK, FAMILIES) for _ in range(3)]
    yield opened
    for ledger in opened:
        ledger.close()


def do(ledger: Ledger, command: Command, record: UUID | None = None) -> UUID:
    """The record, once the command is recorded; one that is told to come again later, among so many, does."""
    request = Request(command=command, principal=CLERK, idempotency_key=str(uuid4()), record_id=record)
    while True:
        try:
            return ledger.handle(request).record_id
        except Overloaded:
            continue


def priced(ledger: Ledger) -> UUID:
    placing = c.PlaceOrder(
        order_number=str(uuid4()),
        product=Product.PROPERTY_MAP,
        parcels=("053110001000120003__",),
        paper_size=PaperSize.A4,
        requester=Sealed("Jörg Müller"),
    )
    order = do(ledger, placing)
    do(ledger, c.AssessFee(), order)
    return order


def a_series(ledger: Ledger) -> UUID:
    return do(ledger, c.OpenSeries(series_kind=SeriesKind.INVOICE, year=TODAY.year, prefix="RE62"))


def at_once(offices: Sequence[Ledger], tasks: Sequence[tuple[Command, UUID]], workers: int = 8) -> list[str]:
    """What became of each task when all workers begin together: `done`, or the rule against it."""
    barrier = Barrier(workers)

    def work(worker: int) -> list[tuple[int, str]]:
        barrier.wait()
        answers = []
        for place in range(worker, len(tasks), workers):
            try:
                do(offices[worker % len(offices)], *tasks[place])
                answers.append((place, "done"))
            except Rejected as refusal:
                answers.append((place, refusal.rule.id))
        return answers

    with ThreadPoolExecutor(workers) as threads:
        return [answer for _, answer in sorted(chain.from_iterable(threads.map(work, range(workers))))]


def number_of(ledger: Ledger, order: UUID) -> str | None:
    state = ledger.stream(order).state
    assert isinstance(state, Order)
    return state.demand.number if state.demand else None


def next_of(ledger: Ledger, series: UUID) -> int:
    state = ledger.stream(series).state
    assert isinstance(state, Series)
    return state.next


def texts(first: int, last: int) -> list[str]:
    return [f"RE62-{TODAY.year}-{n:05}" for n in range(first, last + 1)]


def test_invoices_that_are_issued_at_once_have_every_number_once(offices: list[Ledger]) -> None:
    ledger = offices[0]
    series = a_series(ledger)
    orders = [priced(ledger) for _ in range(ORDERS)]
    bill = c.IssueInvoice(series_id=series, due=DUE)
    assert at_once(offices, [(bill, order) for order in orders]) == ["done"] * ORDERS
    assert sorted(str(number_of(ledger, order)) for order in orders) == texts(1, ORDERS)
    assert next_of(ledger, series) == ORDERS + 1


def test_of_two_who_bill_one_order_the_loser_takes_no_number(offices: list[Ledger]) -> None:
    ledger = offices[0]
    series = a_series(ledger)
    orders = [priced(ledger) for _ in range(8)]
    bill = c.IssueInvoice(series_id=series, due=DUE)
    answers = at_once(offices, [(bill, order) for order in orders for _ in range(2)])
    assert sorted(answers) == ["cadastre.fee_notice_issued"] * 8 + ["done"] * 8
    assert sorted(str(number_of(ledger, order)) for order in orders) == texts(1, 8)
    assert next_of(ledger, series) == 9


def test_cancellations_and_invoices_share_the_series(offices: list[Ledger]) -> None:
    ledger = offices[0]
    series = a_series(ledger)
    orders = [priced(ledger) for _ in range(8)]
    bill = c.IssueInvoice(series_id=series, due=DUE)
    take_back = c.CancelInvoice(series_id=series, reason=Sealed("falsch"))
    for order in orders[:4]:
        do(ledger, bill, order)
    tasks: list[tuple[Command, UUID]] = [(take_back, order) for order in orders[:4]]
    tasks += [(bill, order) for order in orders[4:]]
    assert at_once(offices, tasks) == ["done"] * 8
    assert next_of(ledger, series) == 13
    assert len({number_of(ledger, order) for order in orders[4:]}) == 4


def test_a_request_that_comes_twice_takes_one_number(offices: list[Ledger]) -> None:
    ledger = offices[0]
    series = a_series(ledger)
    order = priced(ledger)
    key = str(uuid4())
    bill = c.IssueInvoice(series_id=series, due=DUE)
    request = Request(command=bill, principal=CLERK, idempotency_key=key, record_id=order)
    with ThreadPoolExecutor(len(offices)) as threads:
        outcomes: list[Outcome] = list(threads.map(lambda office: office.handle(request), offices))
    assert sorted(outcome.repeated for outcome in outcomes) == [False, True, True]
    assert next_of(ledger, series) == 2


def test_numbers_stay_without_gaps_in_bulk(offices: list[Ledger]) -> None:
    ledger = offices[0]
    series = a_series(ledger)
    orders = [priced(ledger) for _ in range(6)]
    bill = c.IssueInvoice(series_id=series, due=DUE)
    requests = [
        Request(command=bill, principal=CLERK, idempotency_key=str(uuid4()), record_id=order)
        for order in (*orders, orders[0])
    ]
    answers = ledger.handle_all(requests)
    assert [isinstance(answer, Outcome) for answer in answers] == [True] * 6 + [False]
    assert [number_of(ledger, order) for order in orders] == texts(1, 6)
    assert next_of(ledger, series) == 7
