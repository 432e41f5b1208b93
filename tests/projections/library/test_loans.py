"""The register of loans and the counts that come from them."""

from datetime import date, timedelta

from domain.kernel import Channel, Sealed
from domain.library import commands as c
from domain.library import facts as f
from domain.library.vocabulary import BlockGround, LoanStatus, MediaType
from projections.library.counts import PROJECTION as COUNTS
from projections.library.loans import PROJECTION, LoanRow
from tests.domain.library.examples import ADA, BEN, BILK, CENTRAL, MONDAY, REASON, a_book, a_hold, a_loan
from tests.projections.library.reading import row, rows
from tests.scenario import RECORD, Given, an_id


def overdue(found: LoanRow, day: date) -> bool:
    """What a front end filters by."""
    return found.status is LoanStatus.ACTIVE and found.due < day


def returned(scenario: Given) -> Given:
    return scenario.when(c.ReturnItem(branch=BILK)).so()


def test_a_loan_has_a_row_of_its_own_that_names_its_reader_by_reference_only() -> None:
    found = row(PROJECTION, a_loan())
    assert (found.status, found.branch, found.lent_on, found.due) == (
        LoanStatus.ACTIVE,
        CENTRAL,
        MONDAY,
        date(2026, 3, 30),
    )
    assert found.patron_ref == Sealed.stored(5, 0, "patron_ref")
    assert str(ADA) not in repr(found)


def test_an_overdue_loan_is_active_and_due_before_the_day_of_asking() -> None:
    late = a_loan(MONDAY - timedelta(days=29))
    assert overdue(row(PROJECTION, late), MONDAY)
    assert not overdue(row(PROJECTION, late), MONDAY - timedelta(days=1))
    assert not overdue(row(PROJECTION, returned(late)), MONDAY)
    assert not overdue(row(PROJECTION, late.when(c.RenewLoan(patron=ADA)).so()), MONDAY)


def test_renewals_and_overrides_are_counted_on_the_loan() -> None:
    held = a_loan().when(c.RenewLoan(patron=ADA)).so().when(c.PlaceHold(patron=BEN, pickup_branch=BILK)).so()
    found = row(PROJECTION, held.when(c.RenewLoan(patron=ADA, override_reason=REASON)).so())
    assert (found.renewals, found.overrides, found.due) == (2, 1, date(2026, 5, 25))


def test_a_return_ends_the_loan_where_and_when_it_happened() -> None:
    found = row(PROJECTION, returned(a_loan(MONDAY - timedelta(days=30))))
    assert (found.status, found.returned_on, found.returned_to, found.days_overdue) == ("RETURNED", MONDAY, BILK, 2)
    assert (found.version, found.position) == (3, 6)


def test_the_next_loan_of_an_item_is_another_row() -> None:
    again = returned(a_loan()).when(c.LendItem(patron=BEN, branch=BILK)).so()
    assert [found.status for found in rows(PROJECTION, again)] == [LoanStatus.RETURNED, LoanStatus.ACTIVE]


def test_a_loan_that_fulfils_a_hold_names_it() -> None:
    lent = a_hold().when(c.LendItem(patron=ADA, branch=CENTRAL)).so()
    assert row(PROJECTION, lent).hold == c.hold_id(RECORD, 1)


def test_a_return_without_its_loan_makes_no_row() -> None:
    fact = f.ItemReturned(
        loan=an_id("a loan"), media_type=MediaType.BOOK, branch=BILK, returned_on=MONDAY, days_overdue=0
    )
    assert rows(PROJECTION, a_book().beside(a_book().record_id, fact)) == []


def test_each_step_counts_in_its_own_month_and_branch() -> None:
    lent = a_loan(date(2026, 1, 30)).when(c.RenewLoan(patron=ADA), on=date(2026, 2, 20)).so()
    counted = [
        (found.month.month, found.branch, found.loans, found.renewals, found.returns, found.late)
        for found in rows(COUNTS, returned(lent))
    ]
    assert counted == [(1, CENTRAL, 1, 0, 0, 0), (2, CENTRAL, 0, 1, 0, 0), (3, BILK, 0, 0, 1, 0)]


def test_late_returns_and_overrides_are_counted() -> None:
    late = returned(a_loan(date(2026, 1, 30)))
    assert [found.late for found in rows(COUNTS, late)] == [0, 1]
    capped = a_loan(media_type=MediaType.THING).when(c.RenewLoan(patron=ADA, override_reason=REASON)).so()
    assert [(found.renewals, found.overrides) for found in rows(COUNTS, capped)] == [(1, 1)]


def test_media_and_channels_are_counted_apart() -> None:
    (book,) = rows(COUNTS, a_loan(), Channel.TERMINAL)
    (film,) = rows(COUNTS, a_loan(media_type=MediaType.FILM))
    assert (book.media_type, book.channel) == (MediaType.BOOK, Channel.TERMINAL)
    assert (film.media_type, film.channel) == (MediaType.FILM, Channel.STAFF)


def test_counting_again_what_was_counted_adds_to_the_row() -> None:
    twice = returned(a_loan()).when(c.LendItem(patron=BEN, branch=CENTRAL)).so()
    assert [found.loans for found in rows(COUNTS, twice)] == [2, 0]


def test_what_is_no_step_of_a_loan_is_not_counted() -> None:
    scenario = a_book().beside(ADA, f.PatronBlocked(ground=BlockGround.CARD_LOST, note=None))
    assert rows(COUNTS, scenario) == []
    assert rows(COUNTS, a_hold()) == []
