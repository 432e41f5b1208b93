"""The round of each item of the generated city's library: from hand to hand, and what comes of being late."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from uuid import UUID

from domain.kernel import Channel, Command, Effective, Sealed
from domain.library.commands import (
    AnonymiseHold,
    AnonymiseLoan,
    BlockPatron,
    CancelHold,
    ChangeDueDate,
    ClaimItemReturned,
    CorrectItem,
    DeclareLost,
    ExpireHold,
    FindItem,
    LendItem,
    MarkLoanOverdue,
    PayCharge,
    PlaceHold,
    RecallItem,
    ReceiveFromTransit,
    RenewLoan,
    ReturnItem,
    SendInTransit,
    SendReminder,
    SetItemAside,
    UnblockPatron,
    WaiveCharge,
    WithdrawItem,
    charge_id,
    hold_id,
    loan_id,
)
from domain.library.terms import terms_on
from domain.library.vocabulary import (
    BlockGround,
    CancellationGround,
    ChargeCause,
    ReliefGround,
    ReturnPlace,
    WithdrawalGround,
)
from domain.requests import Principal
from infra.demo.shelf import Copy, Reader, night
from infra.demo.simulation import Work
from infra.demo.stock import FOUND, PAID, RENEWALS, SEASON
from infra.tick import PRINCIPAL

if TYPE_CHECKING:
    from infra.demo.library import Library

ONE_DAY: Final = timedelta(days=1)
MISSED: Final = 0.012
"""Loans of which the item is missed: half of the readers say that they gave it back."""
LONG_OVERDUE: Final = 40
OUT: Final = 28
"""Days that an item is out, about."""


@dataclass(slots=True)
class Borrowed:
    """A loan as the generator remembers it."""

    id: UUID
    reader: Reader
    day: date
    due: date
    renewals: int = 0


class Lending:
    """What happens to the copies of a library."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._simulation = library.simulation
        self._random = library.simulation.random

    def rounds(self, copy: Copy) -> Work:
        """The item waits on its shelf, is lent, comes back, and waits again; in summer not so long."""
        library = self._library
        yield library.later(self._random.uniform(0, library.pace.gap() * library.items))
        if self._random.random() < 0.02:
            yield library.later(9)
            mark = CorrectItem(
                field="shelf_mark", new=f"{copy.media_type[:3]} 901", reason=Sealed("Signatur vertauscht.")
            )
            self._do(copy, library.desk(copy.branch), mark)
        while True:
            while self._random.random() > SEASON[self._simulation.today.month - 1] / max(SEASON):
                yield library.later(15)
            kept = yield from self.loans(copy, library.somebody())
            if not kept:
                self._simulation.start(self.rounds(library.acquire(copy.media_type)))
                return
            # An item's share of the library's pace.
            yield library.later(max(0.5, library.pace.gap() * library.items - OUT))

    def loans(self, copy: Copy, reader: Reader) -> Generator[datetime, None, bool]:
        """A loan, and the loans of those who queue meanwhile; answers whether the library still has the item."""
        held = False
        while True:
            loan = self.lend(copy, reader, held)
            waiting, hold = yield from self.reading(copy, loan)
            missed = waiting is None and self._random.random() < MISSED
            if missed:
                back = yield from self.missed(copy, loan)
                if not back:
                    return False
            else:
                yield from self.back(copy, loan)
            if waiting is None or hold is None:
                break
            fetched = yield from self.hand_over(copy, waiting, hold)
            if not fetched:
                break
            reader, held = waiting, True
        if copy.branch != copy.home:
            yield self._library.later(1)
            yield from self.move(copy, copy.home)
        return True

    def lend(self, copy: Copy, reader: Reader, held: bool) -> Borrowed:
        """A loan begins."""
        library, today = self._library, self._simulation.today
        loan = Borrowed(
            loan_id(copy.record, copy.version), reader, today,
            today + timedelta(days=terms_on(today).period(copy.media_type).days),
        )  # fmt: skip
        who = library.self_service(reader) if self._random.random() < 0.6 else library.desk(copy.branch)
        self._do(copy, who, LendItem(patron=reader.record, branch=copy.branch), facts=2 if held else 1)
        return loan

    def reading(self, copy: Copy, loan: Borrowed) -> Generator[datetime, None, tuple[Reader | None, UUID | None]]:
        """What happens while an item is out; answers who waits for it at the end, and the hold."""
        library, random = self._library, self._random
        renewing = RENEWALS[copy.media_type] / (1 + RENEWALS[copy.media_type])
        while True:
            left = max(1, (loan.due - self._simulation.today).days)
            fate = random.random()
            if fate < 0.12:
                yield library.later(left / 2)
                waiting = library.somebody(other_than=loan.reader)
                hold = hold_id(copy.record, copy.version)
                shop = library.self_service(waiting, Channel.ONLINE_SHOP)
                self._do(copy, shop, PlaceHold(patron=waiting.record, pickup_branch=waiting.branch))
                gone = yield from self.queueing(copy, loan, shop, hold)
                return (None, None) if gone else (waiting, hold)
            if fate < 0.13:
                loan.due += timedelta(days=7)
                change = ChangeDueDate(due=loan.due, reason=Sealed("Zweigstelle wegen Umbaus geschlossen."))
                self._do(copy, library.desk(copy.branch), change)
            elif random.random() < renewing and self._may_renew(copy, loan):
                yield library.later(left * 0.6)
                if self._may_renew(copy, loan):
                    self._renew(copy, loan)
            else:
                return None, None

    def queueing(self, copy: Copy, loan: Borrowed, shop: Principal, hold: UUID) -> Generator[datetime, None, bool]:
        """While somebody waits, the item may be recalled, or they give up; answers whether they did."""
        if self._random.random() < 0.06:
            yield self._library.later(2)
            self._do(copy, shop, CancelHold(hold=hold, ground=CancellationGround.BY_READER))
            self._simulation.start(self.forget_hold(copy, hold, self._simulation.today))
            return True
        recalled = self._simulation.today + timedelta(days=terms_on(self._simulation.today).recall_days)
        if recalled < loan.due and self._random.random() < 0.25:
            self._do(copy, self._library.desk(copy.branch), RecallItem())
            loan.due = recalled
        return False

    # Back, late or never

    def back(self, copy: Copy, loan: Borrowed) -> Work:
        """The item comes back, mostly in time; what lay in the return box is booked on the next opening day."""
        random, library = self._random, self._library
        left = max(1, (loan.due - self._simulation.today).days)
        comes = library.later(left * 0.65 if random.random() < 0.9 else left + random.choice((4, 9, 30, 75)))
        yield from self.nights(copy, loan, comes)
        yield comes
        if (self._simulation.today - loan.due).days > LONG_OVERDUE:
            yield from self.chase(loan.reader)
        branch = copy.branch if random.random() < 0.75 else loan.reader.branch
        day = self._simulation.today
        box = random.random() < 0.1 and (day - loan.day).days > 1
        if box:
            day -= ONE_DAY
        late = (day - loan.due).days
        charges = (charge_id(copy.record, copy.version, ChargeCause.OVERDUE),) if late > 0 else ()
        command = ReturnItem(branch=branch, place=ReturnPlace.RETURN_BOX if box else ReturnPlace.COUNTER)
        # What was given back at the counter long ago can only be taken over.
        who = library.desk(branch) if box else replace(library.desk(branch), channel=Channel.IMPORT)
        self._do(copy, who, command, Effective.on(day) if box else None, facts=1 + len(charges))
        copy.branch = branch
        self._simulation.start(self.settle(copy, loan, charges, day))

    def nights(self, copy: Copy, loan: Borrowed, until: datetime) -> Work:
        """What the scheduler records before an overdue item comes back."""
        day: date | None = loan.due + ONE_DAY
        command: Command = MarkLoanOverdue(loan=loan.id)
        sent = 0
        while day is not None and night(day) < until:
            yield night(day)
            self._do(copy, PRINCIPAL, command, Effective.on(day))
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
            self._do(copy, library.desk(copy.branch), ClaimItemReturned(note=Sealed("Angeblich im Rückgabekasten.")))
            yield library.later(10)
            charges = (charge_id(copy.record, copy.version, ChargeCause.OVERDUE),) if late else ()
            self._do(copy, library.desk(copy.branch), FindItem(branch=copy.branch), facts=1 + len(charges))
            self._simulation.start(self.settle(copy, loan, charges, self._simulation.today))
            return True
        return (yield from self.given_up(copy, loan))

    def given_up(self, copy: Copy, loan: Borrowed) -> Generator[datetime, None, bool]:
        """The item is declared lost and charged for; mostly it turns up, else it is paid for and leaves the stock."""
        library = self._library
        late = (self._simulation.today - loan.due).days > 0
        causes = (ChargeCause.OVERDUE, ChargeCause.REPLACEMENT) if late else (ChargeCause.REPLACEMENT,)
        charges = tuple(charge_id(copy.record, copy.version, cause) for cause in causes)
        price = Decimal(self._random.randrange(790, 3_990, 100)) / 100
        self._do(copy, library.desk(copy.branch), DeclareLost(replacement=price), facts=1 + len(charges))
        yield library.later(15)
        if self._random.random() < FOUND:
            self._do(copy, library.desk(copy.branch), FindItem(branch=copy.branch), facts=2)
            self._simulation.start(self.settle(copy, loan, charges[:-1], self._simulation.today))
            return True
        for charge in charges:
            self._pay(copy, charge)
        self._simulation.start(self.settle(copy, loan, (), self._simulation.today))
        self._do(copy, library.desk(copy.branch), WithdrawItem(ground=WithdrawalGround.MISSING))
        return False

    # What is owed, and what is forgotten

    def settle(self, copy: Copy, loan: Borrowed, charges: tuple[UUID, ...], day: date) -> Work:
        """What is owed is paid, waived or left open; of a loan that is settled it is forgotten who had the item."""
        for charge in charges:
            if self._random.random() < 0.06:
                return
            yield self._library.later(self._random.choice((0.05, 3, 14)))
            if self._random.random() < PAID:
                self._pay(copy, charge)
            else:
                ground = self._random.choice((ReliefGround.GOODWILL, ReliefGround.HARDSHIP))
                waive = WaiveCharge(charge=charge, ground=ground, reason=Sealed("Auf Kulanz erlassen."))
                self._do(copy, self._library.desk(loan.reader.branch), waive)
            day = self._simulation.today
        day += timedelta(days=terms_on(day).keep_days)
        yield night(day)
        self._do(copy, PRINCIPAL, AnonymiseLoan(loan=loan.id), Effective.on(day))

    def forget_hold(self, copy: Copy, hold: UUID, day: date) -> Work:
        """Of a hold that ended in vain it is forgotten who waited."""
        day += timedelta(days=terms_on(day).keep_days)
        yield night(day)
        self._do(copy, PRINCIPAL, AnonymiseHold(hold=hold), Effective.on(day))

    # To those who wait

    def hand_over(self, copy: Copy, reader: Reader, hold: UUID) -> Generator[datetime, None, bool]:
        """The item goes to the pick-up shelf; answers whether the reader fetched it."""
        library = self._library
        yield library.later(0.5)
        if copy.branch == reader.branch:
            self._do(copy, library.desk(copy.branch), SetItemAside())
        else:
            yield from self.move(copy, reader.branch, held=True)
        ready = self._simulation.today
        days = terms_on(ready).pickup_days
        if self._random.random() < 0.9:
            yield library.later(days * 0.5)
            if not reader.overdue:
                return True
        over = ready + timedelta(days=days + 1)
        yield night(over)
        self._do(copy, PRINCIPAL, ExpireHold(), Effective.on(over))
        self._simulation.start(self.forget_hold(copy, hold, over))
        return False

    def move(self, copy: Copy, branch: str, *, held: bool = False) -> Work:
        """The van takes the item to another branch; where somebody waits for it, it is set aside at once."""
        library = self._library
        self._do(copy, library.desk(copy.branch), SendInTransit(to_branch=branch))
        yield library.later(1.5)
        self._do(copy, library.desk(branch), ReceiveFromTransit(branch=branch), facts=2 if held else 1)
        copy.branch = branch

    # Parts

    def _do(
        self, copy: Copy, who: Principal, command: Command, effective: Effective | None = None, facts: int = 1
    ) -> None:
        """Hand in a command on a copy, which leads to so many facts."""
        self._simulation.do(who, command, copy.record, effective=effective)
        copy.version += facts

    def _pay(self, copy: Copy, charge: UUID) -> None:
        command = PayCharge(charge=charge, method=self._library.method(), branch=copy.branch)
        self._do(copy, self._library.desk(copy.branch), command)

    def _may_renew(self, copy: Copy, loan: Borrowed) -> bool:
        period = terms_on(self._simulation.today).period(copy.media_type)
        return loan.renewals < period.renewals and not loan.reader.overdue

    def _renew(self, copy: Copy, loan: Borrowed) -> None:
        today = self._simulation.today
        reader = self._library.self_service(loan.reader, Channel.ONLINE_SHOP)
        self._do(copy, reader, RenewLoan(patron=loan.reader.record))
        loan.renewals += 1
        loan.due = max(loan.due, today) + timedelta(days=terms_on(today).period(copy.media_type).renewal_days)
