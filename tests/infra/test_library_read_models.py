"""The library's registers and report on a real database: what the projector keeps is what the folds say."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count
from uuid import UUID

import psycopg
import pytest

from domain.families import FAMILIES
from domain.kernel import Channel, Command, Effective, Sealed
from domain.library import commands as c
from domain.library.vocabulary import AgeBand, MeansOfPayment, MediaType, ReliefGround, ReturnPlace
from domain.requests import Outcome, Request
from infra.database import Database
from infra.ledger import Ledger
from infra.projector import Projector
from projections import library
from projections.families import PROJECTIONS
from projections.model import Projection
from tests.database import CLERK
from tests.infra.projector.tables import folded, rows

pytestmark = pytest.mark.any_server

CENTRAL, BILK = "Zentralbibliothek", "Bilk"
numbers = count(1)


def do(
    ledger: Ledger,
    command: Command,
    record: UUID | None = None,
    on: date | None = None,
    channel: Channel = Channel.STAFF,
) -> Outcome:
    return ledger.handle(
        Request(
            command=command,
            principal=replace(CLERK, channel=channel),
            idempotency_key=f"library {next(numbers)}",
            record_id=record,
            effective=None if on is None else Effective.on(on),
        )
    )


@pytest.fixture
def town(ledger: Ledger, database: Database) -> Database:
    """A winter at the library, projected in small batches: a late return, an overdue loan, a hold, a dispatch list."""
    ada, ben = (
        do(
            ledger,
            c.RegisterPatron(name=Sealed(name), card_number=Sealed(name), age_band=AgeBand.ADULT, branch=CENTRAL),
            on=date(2025, 1, 2),
        ).record_id
        for name in ("Ada", "Ben")
    )
    book, film = (
        do(
            ledger,
            c.AcquireItem(barcode=title, title=title, media_type=media_type, branch=CENTRAL),
            on=date(2025, 1, 2),
        ).record_id
        for title, media_type in (("Immensee", MediaType.BOOK), ("Metropolis", MediaType.FILM))
    )
    do(ledger, c.LendItem(patron=ada, branch=CENTRAL), book, date(2025, 1, 7))
    do(ledger, c.RenewLoan(patron=ada), book, date(2025, 2, 1), Channel.IMPORT)
    do(ledger, c.PlaceHold(patron=ben, pickup_branch=BILK), book, date(2025, 2, 2))
    do(ledger, c.ReturnItem(branch=CENTRAL, place=ReturnPlace.RETURN_BOX), book, date(2025, 3, 7))
    do(ledger, c.SendInTransit(to_branch=BILK), book, date(2025, 3, 8))
    do(ledger, c.ReceiveFromTransit(branch=BILK), book, date(2025, 3, 9))
    do(ledger, c.LendItem(patron=ben, branch=BILK), book, date(2025, 3, 10), Channel.IMPORT)
    do(ledger, c.LendItem(patron=ada, branch=CENTRAL), film, date(2025, 3, 10))
    dispatch = do(ledger, c.OpenDispatch(day=date(2025, 3, 8), branch=CENTRAL), on=date(2025, 3, 8)).record_id
    row = c.RecordTransit(item_type="Buch", to_branch=BILK, source="Fahrdienst", occurrence=1)
    do(ledger, row, dispatch)
    do(ledger, c.RetractTransit(transit=1, reason=Sealed("doppelt")), dispatch)
    title = c.CatalogueTitle(number="T-1", title="Immensee", media_type=MediaType.BOOK)
    do(ledger, c.AssignItemToTitle(title_id=do(ledger, title).record_id), book)
    (late,) = ledger.stream(book).state.settling
    paid = c.PayCharge(charge=late.charges[0].id, method=MeansOfPayment.CASH, branch=CENTRAL)
    do(ledger, paid, book, date(2025, 4, 1))
    do(ledger, c.RaiseMembershipFee(), ada, date(2025, 1, 2))
    (fee,) = ledger.stream(ada).state.fees
    waived = c.WaiveMembershipFee(charge=fee.id, ground=ReliefGround.HARDSHIP, reason=Sealed("Düsselpass"))
    do(ledger, waived, ada, date(2025, 1, 3))
    (out,) = (loan.id for loan in [ledger.stream(film).state.loan])
    do(ledger, c.MarkLoanOverdue(loan=out), film, date(2025, 3, 25))
    Projector(database, FAMILIES, library.PROJECTIONS, library.REPORTS, batch=3).catch_up()
    return database


def test_the_overdue_loans_of_a_day_are_a_filter_on_the_register(town: Database) -> None:
    with psycopg.connect(town.conninfo("reader")) as reader:
        overdue = "select barcode, due from read.loan where ended_on is null and due < %s order by due"
        found = [reader.execute(overdue, [day]).fetchall() for day in (date(2025, 3, 25), date(2025, 4, 8))]
    assert found == [
        [("Metropolis", date(2025, 3, 24))],
        [("Metropolis", date(2025, 3, 24)), ("Immensee", date(2025, 4, 7))],
    ]


def test_loans_are_counted_by_branch_month_medium_and_channel(town: Database) -> None:
    with psycopg.connect(town.conninfo("reader")) as reader:
        found = reader.execute(
            "select month, branch, media_type, channel, loans, renewals, returns, late, late_share"
            " from read.loans_by_branch_and_month order by month, branch, media_type, channel"
        ).fetchall()
    assert found == [
        (date(2025, 1, 1), CENTRAL, "BOOK", "STAFF", 1, 0, 0, 0, None),
        (date(2025, 2, 1), CENTRAL, "BOOK", "IMPORT", 0, 1, 0, 0, None),
        (date(2025, 3, 1), BILK, "BOOK", "IMPORT", 1, 0, 0, 0, None),
        (date(2025, 3, 1), CENTRAL, "BOOK", "STAFF", 0, 0, 1, 1, Decimal("100.0")),
        (date(2025, 3, 1), CENTRAL, "FILM", "STAFF", 1, 0, 0, 0, None),
    ]


def test_what_is_late_is_counted_in_the_month_it_was_due(town: Database) -> None:
    with psycopg.connect(town.conninfo("reader")) as reader:
        found = reader.execute(
            "select month, branch, media_type, loans, overdue, out, overdue_rate from read.overdue_rate"
            " order by month, branch, media_type"
        ).fetchall()
    assert found == [
        (date(2025, 3, 1), CENTRAL, "BOOK", 1, 1, 0, Decimal("100.0")),
        (date(2025, 3, 1), CENTRAL, "FILM", 1, 1, 1, Decimal("100.0")),
        (date(2025, 4, 1), BILK, "BOOK", 1, 0, 0, Decimal("0.0")),
    ]


def test_the_time_readers_wait_is_counted_in_days(town: Database) -> None:
    with psycopg.connect(town.conninfo("reader")) as reader:
        found = reader.execute(
            "select month, pickup_branch, holds, fulfilled, days_p50, days_p90 from read.hold_waiting_time"
        ).fetchall()
    assert found == [(date(2025, 2, 1), BILK, 1, 1, Decimal("35.0"), Decimal("35.0"))]


def test_what_was_charged_and_paid_counts_in_its_own_month(town: Database) -> None:
    with psycopg.connect(town.conninfo("reader")) as reader:
        found = reader.execute(
            "select month, cause, charges, raised, paid, waived, income from read.library_charges_by_month"
            " order by month"
        ).fetchall()
    nothing, fine, fee = Decimal(0), Decimal("1.50"), Decimal("20.00")
    assert found == [
        (date(2025, 1, 1), "MEMBERSHIP", 1, fee, nothing, fee, nothing),
        (date(2025, 3, 1), "OVERDUE", 1, fine, nothing, nothing, nothing),
        (date(2025, 4, 1), "OVERDUE", 0, nothing, fine, nothing, fine),
    ]


@pytest.mark.parametrize("projection", library.PROJECTIONS, ids=lambda projection: projection.name)
def test_what_is_kept_is_what_the_fold_says(town: Database, projection: Projection) -> None:
    kept = rows(town, projection)
    assert kept
    assert kept == folded(town, projection)


def test_no_register_tells_who_reads_what(town: Database) -> None:
    with psycopg.connect(town.conninfo("reader")) as reader:
        readers = {str(row[0]) for row in reader.execute("select record_id from read.patron").fetchall()}
        loans = str(reader.execute("select * from read.loan").fetchall())
        holds = str(reader.execute("select * from read.hold").fetchall())
    assert readers
    assert not [reader for reader in readers if reader in loans or reader in holds]


def test_the_library_is_on_the_closed_list() -> None:
    assert set(library.PROJECTIONS) <= set(PROJECTIONS)
