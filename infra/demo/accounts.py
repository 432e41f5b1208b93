"""What a copy of the generated city's library goes through at the desk: done, paid for, and forgotten in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from domain.kernel import Command, Effective, Sealed
from domain.library.commands import AnonymiseHold, AnonymiseLoan, PayCharge, WaiveCharge
from domain.library.terms import terms_on
from domain.library.vocabulary import ReliefGround
from domain.requests import Principal
from infra.demo.shelf import Copy, Reader, night
from infra.demo.simulation import Work
from infra.demo.stock import PAID
from infra.tick import PRINCIPAL

if TYPE_CHECKING:
    from infra.demo.library import Library


@dataclass(slots=True)
class Borrowed:
    """A loan as the generator remembers it."""

    id: UUID
    reader: Reader
    day: date
    due: date
    renewals: int = 0


class Accounts:
    """Commands on copies, with the versions they lead to; what is owed for a loan, and when its reader is forgotten."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._simulation = library.simulation
        self._random = library.simulation.random

    def do(
        self, copy: Copy, who: Principal, command: Command, effective: Effective | None = None, facts: int = 1
    ) -> None:
        """Hand in a command on a copy, which leads to so many facts."""
        self._simulation.do(who, command, copy.record, effective=effective)
        copy.version += facts

    def pay(self, copy: Copy, charge: UUID) -> None:
        command = PayCharge(charge=charge, method=self._library.method(), branch=copy.branch)
        self.do(copy, self._library.desk(copy.branch), command)

    def settle(self, copy: Copy, loan: Borrowed, charges: tuple[UUID, ...], day: date) -> Work:
        """What is owed is paid, waived or left open; of a loan that is settled it is forgotten who had the item."""
        for charge in charges:
            if self._random.random() < 0.06:
                return
            yield self._library.later(self._random.choice((0.05, 3, 14)))
            if self._random.random() < PAID:
                self.pay(copy, charge)
            else:
                ground = self._random.choice((ReliefGround.GOODWILL, ReliefGround.HARDSHIP))
                waive = WaiveCharge(charge=charge, ground=ground, reason=Sealed("Auf Kulanz erlassen."))
                self.do(copy, self._library.desk(loan.reader.branch), waive)
            day = self._simulation.today
        day += timedelta(days=terms_on(day).keep_days)
        yield night(day)
        self.do(copy, PRINCIPAL, AnonymiseLoan(loan=loan.id), Effective.on(day))

    def forget_hold(self, copy: Copy, hold: UUID, day: date) -> Work:
        """Of a hold that ended in vain it is forgotten who waited."""
        day += timedelta(days=terms_on(day).keep_days)
        yield night(day)
        self.do(copy, PRINCIPAL, AnonymiseHold(hold=hold), Effective.on(day))
