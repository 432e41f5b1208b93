"""The round of each item of the generated city's library: from hand to hand, and what comes of being late."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from domain.kernel import Channel, Effective, Sealed
from domain.library.commands import (
    CancelHold,
    ChangeDueDate,
    CorrectItem,
    ExpireHold,
    LendItem,
    PlaceHold,
    RecallItem,
    ReceiveFromTransit,
    RenewLoan,
    ReturnItem,
    SendInTransit,
    SetItemAside,
    charge_id,
    hold_id,
    loan_id,
)
from domain.library.terms import terms_on
from domain.library.vocabulary import (
    CancellationGround,
    ChargeCause,
    ReturnPlace,
)
from domain.requests import Principal
from infra.demo.accounts import Accounts, Borrowed
from infra.demo.lateness import ONE_DAY, Lateness
from infra.demo.shelf import Copy, Reader, night
from infra.demo.simulation import Work
from infra.demo.stock import RENEWALS, SEASON
from infra.tick import PRINCIPAL

if TYPE_CHECKING:
    from infra.demo.library import Library

MISSED: Final = 0.012
"""Loans of which the item is missed: half of the readers say that they gave it back."""
LONG_OVERDUE: Final = 40
OUT: Final = 28
"""Days that an item is out, about."""


class Lending:
    """What happens to the copies of a library."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._simulation = library.simulation
        self._random = library.simulation.random
        self._accounts = Accounts(library)
        self._late = Lateness(library, self._accounts)

    def rounds(self, copy: Copy) -> Work:
        """The item waits on its shelf, is lent, comes back, and waits again; in summer not so long."""
        library = self._library
        yield library.later(self._random.uniform(0, library.pace.gap() * library.items))
        if self._random.random() < 0.02:
            yield library.later(9)
            mark = CorrectItem(
                field="shelf_mark", new=f"{copy.media_type[:3]} 901", reason=Sealed("Signatur vertauscht.")
            )
            self._accounts.do(copy, library.desk(copy.branch), mark)
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
                back = yield from self._late.missed(copy, loan)
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
        self._accounts.do(copy, who, LendItem(patron=reader.record, branch=copy.branch), facts=2 if held else 1)
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
                self._accounts.do(copy, shop, PlaceHold(patron=waiting.record, pickup_branch=waiting.branch))
                gone = yield from self.queueing(copy, loan, shop, hold)
                return (None, None) if gone else (waiting, hold)
            if fate < 0.13:
                loan.due += timedelta(days=7)
                change = ChangeDueDate(due=loan.due, reason=Sealed("Zweigstelle wegen Umbaus geschlossen."))
                self._accounts.do(copy, library.desk(copy.branch), change)
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
            self._accounts.do(copy, shop, CancelHold(hold=hold, ground=CancellationGround.BY_READER))
            self._simulation.start(self._accounts.forget_hold(copy, hold, self._simulation.today))
            return True
        recalled = self._simulation.today + timedelta(days=terms_on(self._simulation.today).recall_days)
        if recalled < loan.due and self._random.random() < 0.25:
            self._accounts.do(copy, self._library.desk(copy.branch), RecallItem())
            loan.due = recalled
        return False

    # Back, late or never

    def back(self, copy: Copy, loan: Borrowed) -> Work:
        """The item comes back, mostly in time; what lay in the return box is booked on the next opening day."""
        random, library = self._random, self._library
        left = max(1, (loan.due - self._simulation.today).days)
        comes = library.later(left * 0.65 if random.random() < 0.9 else left + random.choice((4, 9, 30, 75)))
        yield from self._late.nights(copy, loan, comes)
        yield comes
        if (self._simulation.today - loan.due).days > LONG_OVERDUE:
            yield from self._late.chase(loan.reader)
        branch = copy.branch if random.random() < 0.75 else loan.reader.branch
        day = self._simulation.today
        box = random.random() < 0.1 and (day - loan.day).days > 1
        if box:
            day -= ONE_DAY
        late = (day - loan.due).days
        charges = (charge_id(copy.record, copy.version, ChargeCause.OVERDUE),) if late > 0 else ()
        command = ReturnItem(branch=branch, place=ReturnPlace.RETURN_BOX if box else ReturnPlace.COUNTER)
        self._accounts.do(
            copy, library.desk(branch), command, Effective.on(day) if box else None, facts=1 + len(charges)
        )
        copy.branch = branch
        self._simulation.start(self._accounts.settle(copy, loan, charges, day))

    # To those who wait

    def hand_over(self, copy: Copy, reader: Reader, hold: UUID) -> Generator[datetime, None, bool]:
        """The item goes to the pick-up shelf; answers whether the reader fetched it."""
        library = self._library
        yield library.later(0.5)
        if copy.branch == reader.branch:
            self._accounts.do(copy, library.desk(copy.branch), SetItemAside())
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
        self._accounts.do(copy, PRINCIPAL, ExpireHold(), Effective.on(over))
        self._simulation.start(self._accounts.forget_hold(copy, hold, over))
        return False

    def move(self, copy: Copy, branch: str, *, held: bool = False) -> Work:
        """The van takes the item to another branch; where somebody waits for it, it is set aside at once."""
        library = self._library
        self._accounts.do(copy, library.desk(copy.branch), SendInTransit(to_branch=branch))
        yield library.later(1.5)
        self._accounts.do(copy, library.desk(branch), ReceiveFromTransit(branch=branch), facts=2 if held else 1)
        copy.branch = branch

    # Parts

    def _may_renew(self, copy: Copy, loan: Borrowed) -> bool:
        period = terms_on(self._simulation.today).period(copy.media_type)
        return loan.renewals < period.renewals and not loan.reader.overdue

    def _renew(self, copy: Copy, loan: Borrowed) -> None:
        today = self._simulation.today
        reader = self._library.self_service(loan.reader, Channel.ONLINE_SHOP)
        self._accounts.do(copy, reader, RenewLoan(patron=loan.reader.record))
        loan.renewals += 1
        loan.due = max(loan.due, today) + timedelta(days=terms_on(today).period(copy.media_type).renewal_days)
