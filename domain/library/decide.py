"""Which facts a command leads to, or which rule forbids it."""

from collections.abc import Mapping
from typing import Final, assert_never

from domain.kernel import Context, Fact, Rejected
from domain.library import charges, fees, holds, loans, overdue, patrons, rules, stock, titles, transits
from domain.library import commands as c
from domain.library.checks import own_day
from domain.library.state import Dispatch, Item, LibraryState, Patron, Title

KINDS: Final[Mapping[type, str]] = {Patron: "patron", Title: "title", Item: "item", Dispatch: "dispatch"}


def decide(state: LibraryState | None, command: c.LibraryCommand, context: Context) -> tuple[Fact, ...]:
    """The facts, or Rejected, or Invalid: whatever is booked, an earlier day is not everybody's to name."""
    facts = decide_record(state, command, context)
    own_day(context)
    return facts


def decide_record(state: LibraryState | None, command: c.LibraryCommand, context: Context) -> tuple[Fact, ...]:
    """The facts that the record's state allows. A state of another kind than the command's is refused."""
    if state is None:
        return begin(command, context)
    if isinstance(command, c.BeginningCommand):
        raise Rejected(rules.RECORD_EXISTS)
    if command.kind != KINDS[type(state)]:
        raise Rejected(rules.WRONG_KIND, wanted=command.kind)
    match state, command:
        case Patron(), _ if isinstance(command, c.FeeCommand):
            return fees.decide(state, command, context)
        case Patron(), _ if isinstance(command, c.MembershipCommand):
            return patrons.decide(state, command, context)
        case Title(), c.CorrectTitle():
            return titles.correct(state, command)
        case Item(), _ if isinstance(command, c.ItemCommand):
            return decide_item(state, command, context)
        case Dispatch(), _ if isinstance(command, c.DispatchCommand):
            return transits.decide_dispatch(state, command, context)
    raise TypeError(f"{type(command).__name__} is no command of the library")


def begin(command: c.LibraryCommand, context: Context) -> tuple[Fact, ...]:
    """The first fact of a new record."""
    if not isinstance(command, c.BeginningCommand):
        raise Rejected(rules.WRONG_KIND, wanted=command.kind)
    match command:
        case c.RegisterPatron():
            return patrons.register(command, context)
        case c.CatalogueTitle():
            return titles.catalogue(command)
        case c.AcquireItem():
            return stock.acquire(command, context)
        case c.OpenDispatch():
            return transits.open_dispatch(command, context)
        case _:
            assert_never(command)


def decide_item(item: Item, command: c.ItemCommand, context: Context) -> tuple[Fact, ...]:
    """The facts that a command on an existing item leads to."""
    match command:
        case c.CorrectItem() | c.WithdrawItem() | c.AssignItemToTitle():
            return stock.decide(item, command, context)
        case c.LendItem() | c.RenewLoan() | c.ReturnItem() | c.ChangeDueDate() | c.RecallItem():
            return loans.decide(item, command, context)
        case (
            c.MarkLoanOverdue()
            | c.SendReminder()
            | c.ClaimItemReturned()
            | c.DeclareLost()
            | c.FindItem()
            | c.AnonymiseLoan()
        ):
            return overdue.decide(item, command, context)
        case c.PayCharge() | c.WaiveCharge() | c.RefundCharge():
            return charges.decide(item, command, context)
        case c.PlaceHold() | c.SetItemAside() | c.ExpireHold() | c.CancelHold() | c.ReorderHold() | c.AnonymiseHold():
            return holds.decide(item, command, context)
        case c.SendInTransit() | c.ReceiveFromTransit():
            return transits.decide(item, command, context)
        case _:
            assert_never(command)
