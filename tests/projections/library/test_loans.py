"""The register of loans and the counts that come from them."""

from datetime import date, timedelta
from decimal import Decimal

from domain.kernel import Channel, Sealed
from domain.library import commands as c
from domain.library import facts as f
from domain.library.vocabulary import BlockGround, LoanStatus, MeansOfPayment, MediaType, ReliefGround
from projections.library.counts import PROJECTION as COUNTS
from projections.library.loans import PROJECTION, LoanRow
from tests.domain.library.examples import ADA, BEN, BILK, CENTRAL, MONDAY, REASON, a_book, a_hold, a_loan
from tests.projections.library.reading import row, rows
from tests.scenario import RECORD, Given, an_id


def overdue(found: LoanRow, day: date) -> bool:
    """What a front end filters by, whether the calendar was asked already or not."""
    return found.ended_on is None and found.due < day


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


def test_an_overdue_loan_has_not_ended_and_was_due_before_the_day_of_asking() -> None:
    late = a_loan(MONDAY - timedelta(days=29))
    assert overdue(row(PROJECTION, late), MONDAY)
    assert not overdue(row(PROJECTION, late), MONDAY - timedelta(days=1))
    assert not overdue(row(PROJECTION, returned(late)), MONDAY)
    assert not overdue(row(PROJECTION, late.when(c.RenewLoan(patron=ADA, override_reason=REASON)).so()), MONDAY)


def test_renewals_and_overrides_are_counted_on_the_loan() -> None:
    held = a_loan().when(c.RenewLoan(patron=ADA)).so().when(c.PlaceHold(patron=BEN, pickup_branch=BILK)).so()
    found = row(PROJECTION, held.when(c.RenewLoan(patron=ADA, override_reason=REASON)).so())
    assert (found.renewals, found.overrides, found.due) == (2, 1, date(2026, 5, 25))


def test_a_return_ends_the_loan_where_and_when_it_happened() -> None:
    found = row(PROJECTION, returned(a_loan(MONDAY - timedelta(days=30))))
    assert (found.status, found.returned_on, found.returned_to, found.days_overdue) == ("RETURNED", MONDAY, BILK, 2)
    assert (found.ended_on, found.charged, found.owed) == (MONDAY, Decimal("1.50"), Decimal("1.50"))
    assert (found.version, found.position) == (4, 7)


def test_the_next_loan_of_an_item_is_another_row() -> None:
    again = returned(a_loan()).when(c.LendItem(patron=BEN, branch=BILK)).so()
    assert [found.status for found in rows(PROJECTION, again)] == [LoanStatus.RETURNED, LoanStatus.ACTIVE]


def test_a_loan_that_fulfils_a_hold_names_it() -> None:
    lent = a_hold().when(c.LendItem(patron=ADA, branch=CENTRAL)).so()
    assert row(PROJECTION, lent).hold == c.hold_id(RECORD, 1)


def test_a_return_without_its_loan_makes_no_row() -> None:
    fact = f.ItemReturned(
        loan=an_id("a loan"),
        media_type=MediaType.BOOK,
        branch=BILK,
        returned_on=MONDAY,
        days_overdue=0,
        place=None,
        anonymise_from=None,
        overridden=(),
        override_by=None,
        override_reason=None,
    )
    assert rows(PROJECTION, a_book().beside(a_book().record_id, fact)) == []


def test_each_step_counts_in_its_own_month_and_branch() -> None:
    lent = a_loan(date(2026, 1, 30)).when(c.RenewLoan(patron=ADA), on=date(2026, 2, 20), channel=Channel.IMPORT).so()
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
    scenario = a_book().beside(ADA, f.PatronBlocked(ground=BlockGround.CARD_LOST, note=None, blocked_on=MONDAY))
    assert rows(COUNTS, scenario) == []
    assert rows(COUNTS, a_hold()) == []


def test_what_time_brings_about_shows() -> None:
    loan = c.loan_id(RECORD, 1)
    marked = a_loan(MONDAY - timedelta(days=29)).when(c.MarkLoanOverdue(loan=loan)).so()
    found = row(PROJECTION, marked)
    assert (found.status, found.overdue_since) == (LoanStatus.OVERDUE, MONDAY)
    assert found.next_reminder_on == MONDAY + timedelta(days=2)
    reminded = marked.when(c.SendReminder(loan=loan), on=MONDAY + timedelta(days=2)).so()
    assert row(PROJECTION, reminded).reminders == 1
    claimed = row(PROJECTION, reminded.when(c.ClaimItemReturned(), on=MONDAY + timedelta(days=3)).so())
    assert (claimed.status, claimed.next_reminder_on) == (LoanStatus.CLAIMED_RETURNED, None)
    renewed = row(PROJECTION, reminded.when(c.RenewLoan(patron=ADA, override_reason=REASON)).so())
    assert (renewed.status, renewed.reminders, renewed.next_reminder_on) == (LoanStatus.ACTIVE, 0, None)


def test_a_changed_and_a_recalled_due_date_show() -> None:
    held = a_loan().when(c.PlaceHold(patron=BEN, pickup_branch=BILK)).so()
    later = held.when(c.ChangeDueDate(due=MONDAY + timedelta(days=50), reason=REASON)).so()
    assert (row(PROJECTION, later).due, row(PROJECTION, later).overrides) == (MONDAY + timedelta(days=50), 1)
    recalled = row(PROJECTION, later.when(c.RecallItem()).so())
    assert (recalled.due, recalled.recalled_on) == (MONDAY + timedelta(days=7), MONDAY)


def test_a_lost_loan_goes_from_lost_to_paid_to_found_to_forgotten() -> None:
    gone = a_loan().when(c.DeclareLost(replacement=Decimal("24.90"))).so()
    lost = row(PROJECTION, gone)
    assert (lost.status, lost.owed, lost.anonymise_from) == (LoanStatus.LOST, Decimal("24.90"), None)
    (charge,) = gone.state.settling[0].charges
    paid = gone.when(c.PayCharge(charge=charge.id, method=MeansOfPayment.CARD, branch=BILK)).so()
    settled = row(PROJECTION, paid)
    assert (settled.status, settled.owed) == (LoanStatus.PAID, 0)
    assert settled.anonymise_from == MONDAY + timedelta(days=28)
    again = paid.when(c.FindItem(branch=BILK)).so()
    found = row(PROJECTION, again)
    assert (found.status, found.found_on, found.ended_on, found.anonymise_from) == (
        LoanStatus.FOUND,
        MONDAY,
        MONDAY,
        None,
    )
    refund = c.RefundCharge(charge=charge.id, ground=ReliefGround.ITEM_FOUND, reason=REASON)
    back = again.when(refund).so()
    assert row(PROJECTION, back).anonymise_from == MONDAY + timedelta(days=28)
    forgotten = back.when(c.AnonymiseLoan(loan=c.loan_id(RECORD, 1)), on=date(2026, 7, 1)).so()
    blank = row(PROJECTION, forgotten)
    assert (blank.status, blank.patron_ref, blank.anonymise_from) == (LoanStatus.ANONYMISED, None, None)
    assert (blank.anonymised_on, blank.branch) == (date(2026, 7, 1), CENTRAL)


def test_what_was_found_without_its_loan_makes_no_row() -> None:
    fact = f.ItemFound(
        loan=None, media_type=MediaType.BOOK, branch=BILK, found_on=MONDAY, days_overdue=None, anonymise_from=None
    )
    assert rows(PROJECTION, a_book().beside(RECORD, fact)) == []
