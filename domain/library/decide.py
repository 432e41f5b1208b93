"""Which facts a command leads to, or which rule forbids it."""

from typing import assert_never

from domain.kernel import Context, Fact, Rejected
from domain.library import commands as c
from domain.library import holds, loans, patrons, rules, stock, transits
from domain.library.state import Dispatch, Item, LibraryState, Patron


def decide(state: LibraryState | None, command: c.LibraryCommand, context: Context) -> tuple[Fact, ...]:
    """The facts, or Rejected, or Invalid. A state of another kind than the command's is refused."""
    match state:
        case None:
            return begin(command, context)
        case Patron():
            if isinstance(command, c.PatronCommand):
                return patrons.decide(state, command, context)
        case Item():
            if isinstance(command, c.ItemCommand):
                return decide_item(state, command, context)
        case Dispatch():
            if isinstance(command, c.DispatchCommand):
                return transits.decide_dispatch(state, command, context)
        case _:
            assert_never(state)
    raise Rejected(rules.WRONG_KIND, wanted=command.kind)


def begin(command: c.LibraryCommand, context: Context) -> tuple[Fact, ...]:
    """The first fact of a new record."""
    match command:
        case c.RegisterPatron():
            return patrons.register(command, context)
        case c.AcquireItem():
            return stock.acquire(command)
        case c.OpenDispatch():
            return transits.open_dispatch(command, context)
        case _:
            raise Rejected(rules.WRONG_KIND, wanted=command.kind)


def decide_item(item: Item, command: c.ItemCommand, context: Context) -> tuple[Fact, ...]:
    """The facts that a command on an existing item leads to."""
    match command:
        case c.AcquireItem() | c.CorrectItem() | c.WithdrawItem():
            return stock.decide(item, command)
        case c.LendItem() | c.RenewLoan() | c.ReturnItem():
            return loans.decide(item, command, context)
        case c.PlaceHold() | c.SetItemAside() | c.ExpireHold() | c.CancelHold():
            return holds.decide(item, command, context)
        case c.SendInTransit() | c.ReceiveFromTransit():
            return transits.decide(item, command, context)
        case _:
            assert_never(command)
