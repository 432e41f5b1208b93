"""What is done with loans and their charges."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from domain.kernel import Channel
from domain.library import commands as c
from domain.library.state import Item, Patron
from domain.library.vocabulary import (
    AgeBand,
    ChargeStatus,
    LoanStatus,
    MeansOfPayment,
    ReliefGround,
    ReturnPlace,
)
from tests.machines.library.people import BRANCHES, CALENDAR, a_reader, loan_is, nobody, or_before, who_said
from tests.machines.machine import Attempt, NotYet, Scene


def lend(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    command = c.LendItem(patron=a_reader(scene), branch=scene.pick(BRANCHES))
    channel = scene.often(Channel.STAFF, Channel.TERMINAL)
    return Attempt(command=command, record=record, on=or_before(scene), channel=channel)


def lend_as_of_before(scene: Scene) -> Attempt:
    record, item = scene.some(Item, lambda item: item.loan is None and item.for_loan and not item.holds)
    reader, patron = scene.some(Patron, lambda patron: patron.active and not patron.blocked)
    if patron.borrows_since is None or item.since is None or patron.borrows_since <= item.since:
        raise NotYet
    day = patron.borrows_since - timedelta(days=scene.pick([0, 1]))
    return Attempt(command=c.LendItem(patron=reader, branch="Bilk"), record=record, on=day)


def lend_to_who_waits(scene: Scene) -> Attempt:
    record, _ = scene.some(Item, lambda item: bool(item.holds) and item.loan is None)
    return Attempt(command=c.LendItem(patron=who_said(scene, record, c.PlaceHold), branch="Bilk"), record=record)


def lend_to_a_child(scene: Scene) -> Attempt:
    child, _ = scene.pick(
        (record, patron)
        for record, patron in scene.world.of(Patron).items()
        if patron.age_band is AgeBand.UNDER_16 and not patron.guardian_consent and patron.active and not patron.blocked
    )
    record, _ = scene.some(Item, lambda item: item.loan is None and item.for_loan)
    return Attempt(command=c.LendItem(patron=child, branch="Bilk"), record=record)


def renew(scene: Scene) -> Attempt:
    record, _ = scene.some(Item, lambda item: item.loan is not None)
    reason = scene.text() if scene.chance(0.3) else None
    command = c.RenewLoan(patron=who_said(scene, record, c.LendItem), override_reason=reason)
    channel = scene.often(Channel.STAFF, Channel.ONLINE_SHOP)
    return Attempt(command=command, record=record, on=or_before(scene), channel=channel)


def renew_for_another(scene: Scene) -> Attempt:
    record, _ = scene.some(Item, lambda item: loan_is(item, LoanStatus.ACTIVE) and not item.holds)
    return Attempt(command=c.RenewLoan(patron=a_reader(scene)), record=record)


def renew_what_is_overdue(scene: Scene) -> Attempt:
    record, _ = scene.some(Item, lambda item: loan_is(item, LoanStatus.OVERDUE))
    command = c.RenewLoan(patron=who_said(scene, record, c.LendItem), override_reason=scene.text())
    return Attempt(command=command, record=record)


def renew_as_if_in_time(scene: Scene) -> Attempt:
    record, item = scene.some(Item, lambda item: loan_is(item, LoanStatus.OVERDUE))
    if item.loan is None or item.loan.due > scene.today:
        raise NotYet
    command = c.RenewLoan(patron=who_said(scene, record, c.LendItem), override_reason=scene.often(None, scene.text()))
    channel = scene.pick([Channel.STAFF, Channel.TERMINAL, Channel.IMPORT])
    return Attempt(command=command, record=record, on=item.loan.due, channel=channel)


def give_back(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    reason = scene.often(None, scene.text())
    command = c.ReturnItem(branch=scene.pick(BRANCHES), place=scene.pick(ReturnPlace), override_reason=reason)
    channel = scene.often(Channel.STAFF, Channel.TERMINAL)
    return Attempt(command=command, record=record, on=or_before(scene), channel=channel)


def change_due_date(scene: Scene) -> Attempt:
    record, item = scene.some(Item)
    due = scene.often(scene.day(0, 40), scene.day(-9, -1), scene.today if item.loan is None else item.loan.due)
    command = c.ChangeDueDate(due=due, reason=scene.text())
    # Staff give no due date before the real today, which most worlds have not come to; an import does.
    channel = scene.pick([Channel.STAFF, Channel.IMPORT])
    return Attempt(command=command, record=record, on=or_before(scene), channel=channel)


def recall(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    # As with due dates, a week from the day of most worlds is over; an import recalls all the same.
    channel = scene.pick([Channel.STAFF, Channel.IMPORT])
    return Attempt(command=c.RecallItem(), record=record, on=or_before(scene), channel=channel)


def mark_overdue(scene: Scene) -> Attempt:
    record, item = scene.some(Item, lambda item: item.loan is not None)
    loan = nobody(scene) if item.loan is None else scene.often(item.loan.id, nobody(scene))
    return Attempt(command=c.MarkLoanOverdue(loan=loan), record=record, channel=scene.pick(CALENDAR))


def remind(scene: Scene) -> Attempt:
    record, item = scene.some(Item, lambda item: item.loan is not None)
    loan = nobody(scene) if item.loan is None else scene.often(item.loan.id, nobody(scene))
    return Attempt(command=c.SendReminder(loan=loan), record=record, channel=scene.often(Channel.SYSTEM, *CALENDAR))


def remind_too_early(scene: Scene) -> Attempt:
    record, item = scene.some(Item, lambda item: item.loan is not None and item.loan.next_reminder_on is not None)
    if item.loan is None or item.loan.next_reminder_on is None:
        raise NotYet
    day = item.loan.next_reminder_on - timedelta(days=1)
    return Attempt(command=c.SendReminder(loan=item.loan.id), record=record, on=min(day, scene.today))


def remind_again(scene: Scene) -> Attempt:
    record, item = scene.some(Item, lambda item: item.loan is not None and item.loan.reminders > 0)
    if item.loan is None or item.loan.reminders == 0:
        raise NotYet
    return Attempt(command=c.SendReminder(loan=item.loan.id), record=record)


def remind_after_the_last(scene: Scene) -> Attempt:
    def reminded(item: Item) -> bool:
        return item.loan is not None and loan_is(item, LoanStatus.OVERDUE) and item.loan.next_reminder_on is None

    record, item = scene.some(Item, reminded)
    return Attempt(command=c.SendReminder(loan=nobody(scene) if item.loan is None else item.loan.id), record=record)


def end_what_is_overdue(scene: Scene) -> Attempt:
    record, _ = scene.some(Item, lambda item: loan_is(item, LoanStatus.OVERDUE))
    command = scene.pick([c.DeclareLost(replacement=Decimal("9.90")), c.ReturnItem(branch="Bilk")])
    return Attempt(command=command, record=record)


def claim(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    channel = scene.often(Channel.STAFF, Channel.SERVICE_PORTAL)
    command = c.ClaimItemReturned(note=scene.text(), override_reason=scene.often(None, scene.text()))
    return Attempt(command=command, record=record, on=or_before(scene), channel=channel)


def declare_lost(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    price = scene.pick([Decimal(0), Decimal("24.90"), Decimal("5.50")])
    command = c.DeclareLost(replacement=price, override_reason=scene.often(None, scene.text()))
    return Attempt(
        command=command, record=record, on=or_before(scene), channel=scene.often(Channel.STAFF, Channel.TERMINAL)
    )


def find(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    channel = scene.often(Channel.STAFF, Channel.TERMINAL)
    command = c.FindItem(branch=scene.pick(BRANCHES))
    return Attempt(command=command, record=record, on=or_before(scene), channel=channel)


def anonymise(scene: Scene) -> Attempt:
    record, item = scene.some(Item)
    loans = [loan.id for loan in item.settling] + ([] if item.loan is None else [item.loan.id])
    command = c.AnonymiseLoan(loan=scene.pick([*loans, *loans, nobody(scene)]))
    return Attempt(command=command, record=record, channel=scene.pick(CALENDAR))


def charge_of(scene: Scene, status: ChargeStatus) -> tuple[UUID, UUID]:
    record, item = scene.some(Item)
    charges = [charge for loan in item.settling for charge in loan.charges]
    fitting = [charge.id for charge in charges if charge.status is status] or [charge.id for charge in charges]
    return record, scene.pick(fitting) if fitting and scene.chance(0.9) else nobody(scene)


def pay(scene: Scene) -> Attempt:
    record, charge = charge_of(scene, ChargeStatus.OPEN)
    command = c.PayCharge(charge=charge, method=scene.pick(MeansOfPayment), branch=scene.pick(BRANCHES))
    channel = scene.often(Channel.STAFF, Channel.SERVICE_PORTAL)
    return Attempt(command=command, record=record, on=or_before(scene), channel=channel)


def waive(scene: Scene) -> Attempt:
    record, charge = charge_of(scene, ChargeStatus.OPEN)
    command = c.WaiveCharge(charge=charge, ground=scene.pick(ReliefGround), reason=scene.text())
    return Attempt(command=command, record=record, channel=scene.often(Channel.STAFF, Channel.CHATBOT))


def waive_what_is_lost(scene: Scene) -> Attempt:
    def lost(item: Item) -> bool:
        return any(loan.status is LoanStatus.LOST and loan.unsettled for loan in item.settling)

    record, item = scene.some(Item, lost)
    charge = next(loan.unsettled[0] for loan in item.settling if loan.status is LoanStatus.LOST and loan.unsettled)
    command = c.WaiveCharge(charge=charge.id, ground=ReliefGround.GOODWILL, reason=scene.text())
    return Attempt(command=command, record=record)


def forget_what_was_lost(scene: Scene) -> Attempt:
    lost = (LoanStatus.LOST, LoanStatus.PAID)
    record, item = scene.some(Item, lambda item: any(loan.status in lost for loan in item.settling))
    loan = next(loan for loan in item.settling if loan.status in lost)
    return Attempt(command=c.AnonymiseLoan(loan=loan.id), record=record)


def refund(scene: Scene) -> Attempt:
    record, charge = charge_of(scene, ChargeStatus.PAID)
    command = c.RefundCharge(charge=charge, ground=scene.pick(ReliefGround), reason=scene.text())
    return Attempt(command=command, record=record, on=or_before(scene))


MOVES: tuple[Callable[[Scene], Attempt], ...] = (
    lend,
    lend_as_of_before,
    lend_to_who_waits,
    lend_to_a_child,
    renew,
    renew_for_another,
    renew_what_is_overdue,
    renew_as_if_in_time,
    give_back,
    change_due_date,
    recall,
    mark_overdue,
    remind,
    remind_too_early,
    remind_again,
    remind_after_the_last,
    end_what_is_overdue,
    claim,
    declare_lost,
    find,
    anonymise,
    pay,
    waive,
    waive_what_is_lost,
    forget_what_was_lost,
    refund,
)
