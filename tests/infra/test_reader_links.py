"""What links a reader to a loan goes with the loan's key: nothing else in the ledger tells who had borrowed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.families import FAMILIES
from domain.kernel import Channel, Command, Invalid, Rejected, Sealed
from domain.library import commands as c
from domain.library.state import Item
from domain.library.vocabulary import AgeBand, MediaType
from domain.requests import Outcome, Request
from infra.database import Database
from infra.ledger import Ledger
from infra.ledger.memory import Stale
from infra.store.unit import AlreadyRecorded, KeyConflict
from tests.database import CLERK, KEK

TERMINAL = replace(CLERK, actor=UUID(int=77), channel=Channel.TERMINAL, person="Ada Lesefroh")
Admin = psycopg.Connection[tuple[object, ...]]


def do(ledger: Ledger, command: Command, record: UUID | None = None, **more: object) -> Outcome:
    request = Request(command=command, principal=CLERK, idempotency_key=str(uuid4()), record_id=record)
    return ledger.handle(replace(request, **more))  # type: ignore[arg-type]  # replace() takes any of its fields


def a_reader(ledger: Ledger, card: str = "D-4711") -> UUID:
    command = c.RegisterPatron(
        name=Sealed("Ada Lesefroh"), card_number=Sealed(card), age_band=AgeBand.ADULT, branch="Zentralbibliothek"
    )
    return do(ledger, command).record_id


def a_book(ledger: Ledger, barcode: str = "10042") -> UUID:
    command = c.AcquireItem(
        barcode=barcode, title="Der Schimmelreiter", media_type=MediaType.BOOK, branch="Zentralbibliothek"
    )
    return do(ledger, command).record_id


def loan_of(ledger: Ledger, item: UUID) -> tuple[UUID, str]:
    state = ledger.stream(item).state
    assert isinstance(state, Item)
    assert state.loan is not None
    return state.loan.id, state.loan.reader


@pytest.fixture
def elsewhere(database: Database) -> Iterator[Ledger]:
    """The same ledger in another process, with caches of its own."""
    opened = Ledger(database, KEK, FAMILIES)
    yield opened
    opened.close()


def test_a_loan_and_who_used_the_terminal_for_it_are_sealed_under_the_loans_own_key(
    ledger: Ledger, admin: Admin
) -> None:
    reader, book = a_reader(ledger), a_book(ledger)
    lent = do(ledger, c.LendItem(patron=reader, branch="Zentralbibliothek"), book, principal=TERMINAL)
    loan, _ = loan_of(ledger, book)
    keys = admin.execute("select distinct key_id from ledger.sealed where position = %s", [lent.first_position])
    assert keys.fetchall() == [(loan,)]


def test_no_stored_text_of_a_loan_names_the_reader(ledger: Ledger, admin: Admin) -> None:
    reader, book = a_reader(ledger), a_book(ledger)
    do(ledger, c.LendItem(patron=reader, branch="Zentralbibliothek"), book)
    do(ledger, c.RenewLoan(patron=reader), book)
    do(ledger, c.ReturnItem(branch="Zentralbibliothek"), book)
    rows = admin.execute("select body::text || envelope::text from ledger.event where record_id = %s", [book])
    assert not [row for row in rows if str(reader) in str(row)]


def test_the_readers_hash_cannot_be_made_again_without_the_loans_key(ledger: Ledger) -> None:
    reader, book = a_reader(ledger), a_book(ledger)
    do(ledger, c.LendItem(patron=reader, branch="Zentralbibliothek"), book)
    loan, hashed = loan_of(ledger, book)
    with_the_key = ledger.vault.pseudonym("library.reader", str(reader), ledger.vault.keys([loan])[loan])
    assert with_the_key == hashed
    assert ledger.vault.pseudonym("library.reader", str(reader)) != hashed


def test_a_reader_is_recognised_by_another_process_from_what_was_stored(ledger: Ledger, elsewhere: Ledger) -> None:
    reader, other, book = a_reader(ledger), a_reader(ledger, "D-4712"), a_book(ledger)
    do(ledger, c.LendItem(patron=reader, branch="Zentralbibliothek"), book)
    with pytest.raises(Rejected, match=r"library\.other_reader"):
        do(elsewhere, c.RenewLoan(patron=other), book)
    do(elsewhere, c.RenewLoan(patron=reader), book)


def test_a_decision_made_with_a_key_that_another_process_made_first_is_made_again(
    ledger: Ledger, elsewhere: Ledger, admin: Admin
) -> None:
    reader, book = a_reader(ledger), a_book(ledger)
    loan = c.loan_id(book, ledger.stream(book).version)
    request = Request(
        command=c.LendItem(patron=reader, branch="Zentralbibliothek"),
        principal=CLERK,
        idempotency_key="lend",
        record_id=book,
    )
    # What `handle` does, with the other process acting at the worst moment.
    decided = ledger._work()
    decided.decide(request, datetime.now(UTC))
    kept = elsewhere.vault.keys([loan])[loan]
    for entry in elsewhere.vault.entries([kept]):
        admin.execute("insert into vault.key values (%s, %s, %s, %s)", entry)
    with pytest.raises(KeyConflict):
        ledger._save(decided)
    ledger.handle(request)
    assert loan_of(ledger, book) == (loan, ledger.vault.pseudonym("library.reader", str(reader), kept))


def test_a_loan_whose_key_is_gone_takes_no_renewal(ledger: Ledger, elsewhere: Ledger, admin: Admin) -> None:
    reader, book = a_reader(ledger), a_book(ledger)
    do(ledger, c.LendItem(patron=reader, branch="Zentralbibliothek"), book)
    loan, _ = loan_of(ledger, book)
    admin.execute("update vault.key set wrapped_key = null, destroyed_at = now() where key_id = %s", [loan])
    with pytest.raises(Rejected, match="forgotten"):
        do(elsewhere, c.RenewLoan(patron=reader), book)


def test_a_key_that_was_made_for_what_another_process_recorded_first_is_not_used(
    ledger: Ledger, elsewhere: Ledger
) -> None:
    reader, book = a_reader(ledger), a_book(ledger)
    request = Request(
        command=c.LendItem(patron=reader, branch="Zentralbibliothek"),
        principal=CLERK,
        idempotency_key="lend",
        record_id=book,
    )
    # The same request, sent twice at once, is decided by both; the other process records it.
    decided = ledger._work()
    decided.decide(request, datetime.now(UTC))
    elsewhere.handle(request)
    with pytest.raises(AlreadyRecorded):
        ledger._save(decided)
    do(ledger, c.RenewLoan(patron=reader), book)


def test_a_key_that_was_made_for_what_was_refused_is_not_used(ledger: Ledger, elsewhere: Ledger) -> None:
    reader, book = a_reader(ledger), a_book(ledger)
    with pytest.raises(Invalid):
        do(ledger, c.LendItem(patron=reader, branch=" "), book)
    do(elsewhere, c.LendItem(patron=reader, branch="Zentralbibliothek"), book)
    do(ledger, c.RenewLoan(patron=reader), book)


def test_who_lost_a_race_for_an_item_knows_afterwards_who_has_it(ledger: Ledger, elsewhere: Ledger) -> None:
    """The loser had decided with a key of its own for a loan that the other process recorded meanwhile."""
    reader, other, book = a_reader(ledger), a_reader(ledger, "D-4712"), a_book(ledger)
    lend = c.LendItem(patron=other, branch="Zentralbibliothek")
    request = Request(command=lend, principal=CLERK, idempotency_key="lend", record_id=book)
    with ledger._turns.of({book}):
        assert ledger.memory.carry([request]) == [Stale.STALE]
    do(elsewhere, c.LendItem(patron=reader, branch="Zentralbibliothek"), book)
    do(ledger, c.RenewLoan(patron=reader), book)
