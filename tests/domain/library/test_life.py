"""Whole lives of items: whatever is asked of the library, its states fit together, and its documents name all of it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from domain.kernel import Channel, Command, Context, Effective, Fact, Rejected, Sealed
from domain.library import FAMILY
from domain.library import commands as c
from domain.library import facts as f
from domain.library.state import Item
from domain.library.vocabulary import (
    BlockGround,
    CancellationGround,
    DeactivationGround,
    HoldStatus,
    ItemStatus,
    MeansOfPayment,
    ReliefGround,
    WithdrawalGround,
)
from domain.probe import placeholder
from projections.library import DUTIES
from tests.domain.library.examples import (
    ADA,
    BEN,
    BILK,
    CENTRAL,
    CHILD,
    MONDAY,
    REASON,
    a_book,
    a_loan,
    acquired,
    registered,
)
from tests.domain.library.test_transits import OPENED, RECORDED
from tests.scenario import ACTOR, NOW, RECORD, Given, an_id, given, pseudonym

ROOT = Path(__file__).parents[3]
readers = st.sampled_from((ADA, BEN, CHILD))
branches = st.sampled_from((CENTRAL, BILK))
some_id = an_id("no loan, hold or charge")


def of_running(item: Item) -> UUID:
    return some_id if item.loan is None else item.loan.id


def of_settling(item: Item) -> UUID:
    return item.settling[0].id if item.settling else of_running(item)


def of_charge(item: Item) -> UUID:
    return next((charge.id for loan in item.settling for charge in loan.charges), some_id)


def of_hold(item: Item) -> UUID:
    return item.holds[-1].id if item.holds else some_id


# What is addressed to a loan, a hold or a charge of the item as it then stands.
aimed: tuple[Callable[[Item], Command], ...] = (
    lambda item: c.MarkLoanOverdue(loan=of_running(item)),
    lambda item: c.SendReminder(loan=of_running(item)),
    lambda item: c.AnonymiseLoan(loan=of_settling(item)),
    lambda item: c.PayCharge(charge=of_charge(item), method=MeansOfPayment.CASH, branch=BILK),
    lambda item: c.WaiveCharge(charge=of_charge(item), ground=ReliefGround.GOODWILL, reason=REASON),
    lambda item: c.RefundCharge(charge=of_charge(item), ground=ReliefGround.ITEM_FOUND, reason=REASON),
    lambda item: c.ReorderHold(hold=of_hold(item), rank=1, reason=REASON),
    lambda item: c.CancelHold(hold=of_hold(item), ground=CancellationGround.BY_READER),
    lambda item: c.AnonymiseHold(hold=next(iter(item.ended_holds)) if item.ended_holds else some_id),
)
plain: st.SearchStrategy[Command] = st.one_of(
    st.builds(c.LendItem, patron=readers, branch=branches),
    st.builds(c.RenewLoan, patron=readers, override_reason=st.sampled_from((None, REASON))),
    st.builds(c.ReturnItem, branch=branches),
    st.builds(c.PlaceHold, patron=readers, pickup_branch=branches),
    st.just(c.SetItemAside()),
    st.just(c.ExpireHold()),
    st.builds(c.SendInTransit, to_branch=branches),
    st.builds(c.ReceiveFromTransit, branch=branches),
    st.builds(c.CorrectItem, field=st.just("branch"), new=branches, reason=st.just(REASON)),
    st.just(c.WithdrawItem(ground=WithdrawalGround.MISSING)),
    st.just(c.RecallItem()),
    st.just(c.ClaimItemReturned()),
    st.builds(c.DeclareLost, replacement=st.sampled_from((Decimal(0), Decimal("24.90")))),
    st.builds(c.FindItem, branch=branches),
)
wishes: st.SearchStrategy[Command | Callable[[Item], Command]] = st.one_of(plain, st.sampled_from(aimed))
ENDINGS = (f.ItemReturned, f.ItemDeclaredLost, f.ItemFound)


def check(scenario: Given) -> None:
    """What is true of an item at any time."""
    item = scenario.state
    assert isinstance(item, Item)
    assert len({hold.id for hold in item.holds}) == len(item.holds)
    assert [hold.status for hold in item.holds[1:]] == [HoldStatus.PLACED] * len(item.holds[1:])
    assert (item.loan is not None) + (item.bound_for is not None) + item.withdrawn <= 1
    assert not (item.lost and (item.loan is not None or item.bound_for is not None))
    facts = [fact for _, fact in scenario.history]
    known = {fact.loan for fact in facts if isinstance(fact, f.ItemLent)}
    forgotten = {fact.loan for fact in facts if isinstance(fact, f.LoanAnonymised)}
    running = set() if item.loan is None else {item.loan.id}
    assert {loan.id for loan in item.settling} == known - forgotten - running
    for loan in item.settling:
        assert (loan.anonymise_from is None) == bool(loan.unsettled)
    if item.loan is not None:
        lent = [fact for _, fact in scenario.history if isinstance(fact, f.ItemLent)]
        ended = {fact.loan for _, fact in scenario.history if isinstance(fact, ENDINGS)}
        assert {fact.loan for fact in lent[:-1]} == ended - {None}
        assert item.loan.id == lent[-1].loan
        assert item.loan.due >= lent[-1].lent_on
        assert not item.loan.charges


@hypothesis_given(st.lists(st.tuples(wishes, st.integers(0, 30)), max_size=40))
def test_whatever_is_asked_of_an_item_its_state_fits_together(
    asked: list[tuple[Command | Callable[[Item], Command], int]],
) -> None:
    scenario = a_book()
    now = NOW
    for wish, days in asked:
        now += timedelta(days=days)
        command = wish if isinstance(wish, Command) else wish(scenario.state)
        decision = scenario.when(command, now=now)
        if decision.refusal is None:
            scenario = decision.so()
            check(scenario)
        else:
            assert isinstance(decision.refusal, Rejected)
            assert decision.refusal.rule in FAMILY.rules


def a_life() -> Given:
    """An item's history in which most facts occur."""
    scenario = a_book().beside(
        ADA,
        f.PatronCardReplaced(card_number=Sealed("D-8"), card="8"),
        f.PatronBlocked(ground=BlockGround.CARD_LOST, note=None, blocked_on=MONDAY),
        f.PatronUnblocked(note=None, unblocked_on=MONDAY),
        f.PatronDeactivated(ground=DeactivationGround.ON_REQUEST, deactivated_on=MONDAY),
        f.PatronReactivated(reactivated_on=MONDAY),
    )
    for command in (
        c.LendItem(patron=ADA, branch=CENTRAL),
        c.PlaceHold(patron=BEN, pickup_branch=BILK),
        c.RenewLoan(patron=ADA, override_reason=Sealed("krank")),
        c.ReturnItem(branch=CENTRAL),
        c.SendInTransit(to_branch=BILK),
        c.ReceiveFromTransit(branch=BILK),
        c.LendItem(patron=BEN, branch=BILK),
        c.ReturnItem(branch=BILK),
        c.CorrectItem(field="title", new="Immensee", reason=REASON),
    ):
        scenario = scenario.when(command).so()
    return scenario


def test_a_fold_that_begins_after_the_beginning_does_not_fail() -> None:
    for skipped in range(1, 12):
        state = None
        for fact in [fact for owner, fact in a_life().history if owner == RECORD][skipped:]:
            state = FAMILY.evolve(state, fact)
        assert state is None
    for other in (f.LoanRenewed, f.ItemReturned):
        fact = next(fact for _, fact in a_life().history if isinstance(fact, other))
        assert FAMILY.evolve(given(FAMILY, acquired()).state, fact).loan is None


def test_a_fact_of_another_kind_of_record_changes_nothing() -> None:
    for kinds in ((acquired(), registered()), (registered(), OPENED), (OPENED, acquired())):
        state = given(FAMILY, kinds[0]).state
        assert FAMILY.evolve(state, kinds[1]) is state


@pytest.mark.parametrize("beginning", [registered(), acquired(), OPENED])
def test_any_state_answers_which_commands_it_allows(beginning: Fact) -> None:
    for scenario in (given(FAMILY, beginning), given(FAMILY, beginning).beside(RECORD, *_second(beginning))):
        for command in FAMILY.commands:
            scenario.when(placeholder(command, MONDAY))


def _second(beginning: Fact) -> tuple[Fact, ...]:
    if isinstance(beginning, f.ItemAcquired):
        return tuple(fact for owner, fact in a_life().history if owner == RECORD)[1:]
    if isinstance(beginning, f.DispatchOpened):
        return (RECORDED,)
    return (f.PatronBlocked(ground=BlockGround.CARD_LOST, note=None, blocked_on=MONDAY),)


def test_only_a_creating_command_begins_a_record() -> None:
    scenario = a_book()
    context = Context(
        now=NOW,
        effective=Effective(NOW),
        actor=ADA,
        role="clerk",
        org_unit="41",
        channel=Channel.STAFF,
        record_id=scenario.record_id,
        pseudonym=pseudonym,
    )
    with pytest.raises(Rejected, match=r"library\.wrong_kind"):
        FAMILY.decide(None, c.ReturnItem(branch=CENTRAL), context)


def test_a_waiting_hold_shows_among_what_blocks_the_renewal() -> None:
    held = a_book().when(c.LendItem(patron=ADA, branch=CENTRAL)).so()
    held = held.when(c.PlaceHold(patron=BEN, pickup_branch=CENTRAL)).so()
    held.when(placeholder(c.RenewLoan, MONDAY)).refused("library.held_by_another")


def test_the_family_page_names_no_rule_that_is_gone() -> None:
    page = (ROOT / "docs" / "families" / "library.md").read_text()
    known = {rule.id for rule in FAMILY.rules} | {fact.topic for fact in FAMILY.facts} | set(FAMILY.claim_rules)
    known |= {duty.name for duty in DUTIES} | set(FAMILY.upcasters)
    named = {word for word in page.split("`") if word.startswith("library.") and " " not in word}
    assert named - known == set()


def test_every_rule_has_a_test_that_refuses_by_it() -> None:
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    assert [rule.id for rule in FAMILY.rules if f'refused("{rule.id}")' not in "".join(tests.split())] == []


def test_what_does_not_exist_is_only_begun() -> None:
    context = Context(
        now=NOW,
        effective=Effective(NOW),
        actor=ACTOR,
        role="clerk",
        org_unit="41",
        channel=Channel.STAFF,
        record_id=RECORD,
        pseudonym=pseudonym,
    )
    with pytest.raises(Rejected) as refusal:
        FAMILY.decide(None, c.RecallItem(), context)
    assert (refusal.value.rule.id, refusal.value.details) == ("library.wrong_kind", {"wanted": "item"})


def test_every_channel_may_lend() -> None:
    for channel in Channel:
        a_book().when(c.LendItem(patron=ADA, branch=CENTRAL), channel=channel).so()


def test_every_status_of_an_item_is_reached() -> None:
    book = a_book()
    seen = {
        book.state.status,
        book.when(c.LendItem(patron=ADA, branch=CENTRAL)).so().state.status,
        book.when(c.SendInTransit(to_branch=BILK)).so().state.status,
        book.when(c.WithdrawItem(ground=WithdrawalGround.WORN)).so().state.status,
        a_loan().when(c.DeclareLost(replacement=Decimal(20))).so().state.status,
    }
    assert seen == set(ItemStatus)
