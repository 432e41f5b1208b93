"""The register of charges, what readers owe for membership, and what is left of queues and titles."""

from datetime import date, timedelta
from decimal import Decimal

from domain.library import FAMILY
from domain.library import commands as c
from domain.library import facts as f
from domain.library.vocabulary import (
    AgeBand,
    CancellationGround,
    ChargeCause,
    ChargeStatus,
    DeactivationGround,
    ItemStatus,
    MeansOfPayment,
    ReliefGround,
    WithdrawalGround,
)
from projections.library import holds, items, patrons, titles
from projections.library.charges import PROJECTION
from tests.domain.library.examples import ADA, BEN, BILK, CENTRAL, MONDAY, REASON, a_book, a_hold, a_loan, a_reader
from tests.domain.library.test_titles import CATALOGUED, STORM, corrected
from tests.projections.library.reading import row, rows
from tests.scenario import ACTOR, RECORD, Given, given

FEE = c.fee_id(RECORD, 1)


def test_a_late_return_is_charged_for_without_a_word_of_the_reader() -> None:
    back = a_loan(MONDAY - timedelta(days=30)).when(c.ReturnItem(branch=BILK)).so()
    found = row(PROJECTION, back)
    assert (found.kind, found.cause, found.status) == ("entgelt", ChargeCause.OVERDUE, ChargeStatus.OPEN)
    assert (found.amount, found.currency, found.month) == (Decimal("1.50"), "EUR", date(2026, 3, 1))
    assert (found.branch, found.loan, found.weeks) == (CENTRAL, c.loan_id(RECORD, 1), 1)
    assert str(ADA) not in repr(found)
    paid = back.when(c.PayCharge(charge=found.charge, method=MeansOfPayment.CASH, branch=BILK)).so()
    assert (row(PROJECTION, paid).status, row(PROJECTION, paid).paid_on) == (ChargeStatus.PAID, MONDAY)
    refund = c.RefundCharge(charge=found.charge, ground=ReliefGround.MISTAKE, reason=REASON)
    refunded = row(PROJECTION, paid.when(refund).so())
    assert (refunded.status, refunded.refunded_on, refunded.relieved_by) == (ChargeStatus.REFUNDED, MONDAY, ACTOR)


def test_a_fee_is_a_charge_of_the_reader() -> None:
    owed = a_reader().when(c.RaiseMembershipFee()).so()
    found = row(PROJECTION, owed)
    assert (found.cause, found.amount, found.loan) == (ChargeCause.MEMBERSHIP, Decimal("20.00"), None)
    waive = c.WaiveMembershipFee(charge=FEE, ground=ReliefGround.HARDSHIP, reason=REASON)
    waived = row(PROJECTION, owed.when(waive).so())
    assert (waived.status, waived.ground, waived.waived_on) == (ChargeStatus.WAIVED, ReliefGround.HARDSHIP, MONDAY)
    paid = owed.when(c.PayMembershipFee(charge=FEE, method=MeansOfPayment.ONLINE)).so()
    assert row(PROJECTION, paid).method is MeansOfPayment.ONLINE
    refund = c.RefundMembershipFee(charge=FEE, ground=ReliefGround.MISTAKE, reason=REASON)
    assert row(PROJECTION, paid.when(refund).so()).status is ChargeStatus.REFUNDED


def test_a_payment_of_a_charge_that_is_not_known_makes_no_row() -> None:
    paid = a_reader().when(c.RaiseMembershipFee()).so().when(
        c.PayMembershipFee(charge=FEE, method=MeansOfPayment.ONLINE)
    ).so()  # fmt: skip
    assert rows(PROJECTION, given(FAMILY, *(fact for _, fact in paid.history[2:]))) == []


def test_who_pays_for_membership_owes_each_year_anew() -> None:
    def of(scenario: Given) -> patrons.PatronRow:
        found = row(patrons.PROJECTION, scenario)
        assert isinstance(found, patrons.PatronRow)
        return found

    assert of(a_reader()).fee_due_on == MONDAY
    owed = a_reader().when(c.RaiseMembershipFee()).so()
    assert (of(owed).fee_due_on, of(owed).owed) == (date(2027, 3, 2), Decimal("20.00"))
    paid = owed.when(c.PayMembershipFee(charge=FEE, method=MeansOfPayment.CARD)).so()
    assert (of(paid).fee_due_on, of(paid).owed) == (date(2027, 3, 2), Decimal(0))
    resting = paid.when(c.DeactivatePatron(ground=DeactivationGround.ON_REQUEST)).so()
    assert of(resting).fee_due_on is None
    assert of(resting.when(c.ReactivatePatron()).so()).fee_due_on == date(2027, 3, 2)
    assert of(a_reader(age_band=AgeBand.UNDER_16)).fee_due_on is None
    grown = a_reader(age_band=AgeBand.FROM_16_TO_20).when(c.ChangeAgeBand(age_band=AgeBand.ADULT)).so()
    assert of(grown).fee_due_on == MONDAY


def test_a_queue_shows_its_order_and_who_was_moved() -> None:
    queue = a_hold().when(c.PlaceHold(patron=BEN, pickup_branch=CENTRAL)).so()
    ada, ben = (hold.id for hold in queue.state.holds)
    moved = queue.when(c.ReorderHold(hold=ben, rank=1, reason=REASON)).so()
    assert row(items.PROJECTION, moved).queue == (ben, ada)
    assert [each.moves for each in rows(holds.PROJECTION, moved)] == [0, 1]
    given_up = moved.when(c.CancelHold(hold=ben, ground=CancellationGround.BY_READER)).so()
    assert row(items.PROJECTION, given_up).queue == (ada,)
    forgotten = given_up.when(c.AnonymiseHold(hold=ben), on=MONDAY + timedelta(days=28)).so()
    found = rows(holds.PROJECTION, forgotten)[1]
    assert (found.patron_ref, found.anonymised_on) == (None, MONDAY + timedelta(days=28))


def test_a_lost_item_shows_and_so_does_its_return() -> None:
    gone = a_loan().when(c.DeclareLost(replacement=Decimal(20))).so()
    lost = row(items.PROJECTION, gone)
    assert (lost.status, lost.loan, lost.due) == (ItemStatus.LOST, None, None)
    back = row(items.PROJECTION, gone.when(c.FindItem(branch=BILK)).so())
    assert (back.status, back.branch) == (ItemStatus.AVAILABLE, BILK)
    left = gone.when(c.WithdrawItem(ground=WithdrawalGround.MISSING)).so().when(c.FindItem(branch=BILK)).so()
    assert row(items.PROJECTION, left).status is ItemStatus.WITHDRAWN


def test_a_title_shows_and_the_items_that_belong_to_it() -> None:
    title = given(FAMILY, CATALOGUED).when(corrected("isbn", "978-3-16-148410-0")).so()
    found = row(titles.PROJECTION, title)
    assert (found.catalogue_number, found.isbn, found.corrections) == ("T-1888", "978-3-16-148410-0", 1)
    item = a_book(title="Schimmelreiter").beside(STORM, CATALOGUED).when(c.AssignItemToTitle(title_id=STORM)).so()
    (only,) = rows(items.PROJECTION, item)
    assert (only.title_id, only.title) == (STORM, "Der Schimmelreiter")
    correction = f.TitleCorrected(field="isbn", old=None, new="1", reason=REASON)
    assert rows(titles.PROJECTION, given(FAMILY, correction)) == []
    assert rows(titles.PROJECTION, a_book()) == []
