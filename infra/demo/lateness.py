"""Loans of the generated city's library that come back late or never: reminded of, missed, given up."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from domain.kernel import Command, Effective, Sealed
from domain.library.commands import (
    BlockPatron,
    ClaimItemReturned,
    DeclareLost,
    FindItem,
    MarkLoanOverdue,
    SendReminder,
    UnblockPatron,
    WithdrawItem,
    charge_id,
)
from domain.library.terms import terms_on
from domain.library.vocabulary import BlockGround, ChargeCause, WithdrawalGround
from infra.demo.accounts import Accounts, Borrowed
from infra.demo.shelf import Copy, Reader, night
from infra.demo.simulation import Work
from infra.demo.stock import FOUND
from infra.tick import PRINCIPAL

if TYPE_CHECKING:
    from infra.demo.library import Library

ONE_DAY: Final = timedelta(days=1)


class Lateness:
    """What is done about an item that does not come back in time."""

    def __init__(self, library: Library, accounts: Accounts) -> None:
        self._library = library
        self._accounts = accounts
        self._simulation = library.simulation
        self._random = library.simulation.random

    def nights(self, copy: Copy, loan: Borrowed, until: datetime) -> Work:
        """What the scheduler records before an overdue item comes back."""
        day: date | None = loan.due + ONE_DAY
        command: Command = MarkLoanOverdue(loan=loan.id)
        sent = 0
        while day is not None and night(day) < until:
            yield night(day)
            self._accounts.do(copy, PRINCIPAL, command, Effective.on(day))
            day = terms_on(day).reminder_on(day if sent else loan.due, sent)
            command, sent = SendReminder(loan=loan.id), sent + 1

    def chase(self, reader: Reader) -> Work:
        """A reader who does not return an item is blocked until it is back."""
        library = self._library
        reader.overdue += 1
        if reader.overdue == 1:
            block = BlockPatron(ground=BlockGround.OVERDUE_ITEMS, note=Sealed("Dritte Mahnung ohne Antwort."))
            library.about(reader, library.desk(reader.branch), block)
        yield library.later(12)
        reader.overdue -= 1
        if reader.overdue == 0:
            library.about(reader, library.desk(reader.branch), UnblockPatron())

    def missed(self, copy: Copy, loan: Borrowed) -> Generator[datetime, None, bool]:
        """The item is missed: the reader says that it is back, or it is given up; answers whether it turned up."""
        library, random = self._library, self._random
        comes = library.later((loan.due - self._simulation.today).days + 35)
        yield from self.nights(copy, loan, comes)
        yield comes
        if random.random() < 0.5:
            late = max(0, (self._simulation.today - loan.due).days)
            self._accounts.do(
                copy, library.desk(copy.branch), ClaimItemReturned(note=Sealed("Angeblich im Rückgabekasten."))
            )
            yield library.later(10)
            charges = (charge_id(copy.record, copy.version, ChargeCause.OVERDUE),) if late else ()
            self._accounts.do(copy, library.desk(copy.branch), FindItem(branch=copy.branch), facts=1 + len(charges))
            self._simulation.start(self._accounts.settle(copy, loan, charges, self._simulation.today))
            return True
        return (yield from self.given_up(copy, loan))

    def given_up(self, copy: Copy, loan: Borrowed) -> Generator[datetime, None, bool]:
        """The item is declared lost and charged for; mostly it turns up, else it is paid for and leaves the stock."""
        library = self._library
        late = (self._simulation.today - loan.due).days > 0
        causes = (ChargeCause.OVERDUE, ChargeCause.REPLACEMENT) if late else (ChargeCause.REPLACEMENT,)
        charges = tuple(charge_id(copy.record, copy.version, cause) for cause in causes)
        price = Decimal(self._random.randrange(790, 3_990, 100)) / 100
        self._accounts.do(copy, library.desk(copy.branch), DeclareLost(replacement=price), facts=1 + len(charges))
        yield library.later(15)
        if self._random.random() < FOUND:
            self._accounts.do(copy, library.desk(copy.branch), FindItem(branch=copy.branch), facts=2)
            self._simulation.start(self._accounts.settle(copy, loan, charges[:-1], self._simulation.today))
            return True
        for charge in charges:
            self._accounts.pay(copy, charge)
        self._simulation.start(self._accounts.settle(copy, loan, (), self._simulation.today))
        self._accounts.do(copy, library.desk(copy.branch), WithdrawItem(ground=WithdrawalGround.MISSING))
        return False
