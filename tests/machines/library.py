"""The library at random: readers, their books, the counter, the van, and what time brings about."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from domain.kernel import Channel
from domain.library import FAMILY
from domain.library import commands as c
from domain.library.state import Charge, Dispatch, Hold, Item, Loan, Patron, Title
from domain.library.vocabulary import (
    AgeBand,
    BlockGround,
    CancellationGround,
    ChargeStatus,
    DeactivationGround,
    HoldStatus,
    LoanStatus,
    MeansOfPayment,
    MediaType,
    ReliefGround,
    ReturnPlace,
    WithdrawalGround,
)
from tests.machines.machine import Attempt, Machine, NotYet, Scene, Stage, World

BRANCHES = ("Zentralbibliothek", "Bilk")
MEDIA = (MediaType.BOOK, MediaType.FILM, MediaType.THING)


def nobody(scene: Scene) -> UUID:
    return UUID(int=scene.random.getrandbits(128))


# Readers


def register(scene: Scene) -> Attempt:
    band = scene.pick([AgeBand.ADULT, AgeBand.ADULT, AgeBand.UNDER_16, AgeBand.FROM_16_TO_20])
    guardian = scene.text() if band is AgeBand.UNDER_16 and scene.chance(0.5) else None
    number = scene.text()
    command = c.RegisterPatron(
        name=scene.text(), card_number=number, age_band=band, branch=scene.pick(BRANCHES), guardian=guardian
    )
    return Attempt(command=command)


def register_with_a_taken_card(scene: Scene) -> Attempt:
    _, said = scene.earlier(c.RegisterPatron)
    return Attempt(command=replace(said, name=scene.text()))


def replace_card(scene: Scene) -> Attempt:
    record, _ = scene.some(Patron)
    number = scene.text() if scene.chance(0.7) else scene.earlier(c.RegisterPatron)[1].card_number
    return Attempt(command=c.ReplaceCard(card_number=number), record=record)


def change_age_band(scene: Scene) -> Attempt:
    record, _ = scene.some(Patron)
    return Attempt(command=c.ChangeAgeBand(age_band=scene.pick(AgeBand)), record=record)


def consent(scene: Scene) -> Attempt:
    record, _ = scene.some(Patron)
    return Attempt(command=c.GiveGuardianConsent(guardian=scene.text()), record=record)


def withdraw_consent(scene: Scene) -> Attempt:
    record, _ = scene.some(Patron)
    return Attempt(command=c.WithdrawGuardianConsent(), record=record)


def block(scene: Scene) -> Attempt:
    record, _ = scene.some(Patron)
    return Attempt(command=c.BlockPatron(ground=scene.pick(BlockGround)), record=record)


def unblock(scene: Scene) -> Attempt:
    record, _ = scene.some(Patron)
    return Attempt(command=c.UnblockPatron(note=scene.text()), record=record)


def deactivate(scene: Scene) -> Attempt:
    record, _ = scene.some(Patron)
    return Attempt(command=c.DeactivatePatron(ground=scene.pick(DeactivationGround)), record=record)


def reactivate(scene: Scene) -> Attempt:
    record, _ = scene.some(Patron)
    return Attempt(command=c.ReactivatePatron(), record=record)


def correct_patron(scene: Scene) -> Attempt:
    record, _ = scene.some(Patron)
    field = scene.pick(["name", "born", "branch", "card"])
    new = scene.pick(BRANCHES) if field == "branch" else None
    command = c.CorrectPatron(field=field, new=new, new_sealed=scene.text(), reason=scene.text())
    return Attempt(command=command, record=record)


def raise_fee(scene: Scene) -> Attempt:
    record, _ = scene.some(Patron)
    return Attempt(command=c.RaiseMembershipFee(), record=record)


def fee_of(scene: Scene, status: ChargeStatus) -> tuple[UUID, UUID]:
    record, patron = scene.some(Patron)
    fees = [fee.id for fee in patron.fees if fee.status is status] or [fee.id for fee in patron.fees]
    return record, scene.pick(fees) if fees and scene.chance(0.9) else nobody(scene)


def pay_fee(scene: Scene) -> Attempt:
    record, fee = fee_of(scene, ChargeStatus.OPEN)
    return Attempt(command=c.PayMembershipFee(charge=fee, method=scene.pick(MeansOfPayment)), record=record)


def waive_fee(scene: Scene) -> Attempt:
    record, fee = fee_of(scene, ChargeStatus.OPEN)
    ground = scene.often(ReliefGround.HARDSHIP, ReliefGround.ITEM_FOUND)
    command = c.WaiveMembershipFee(charge=fee, ground=ground, reason=scene.text())
    return Attempt(command=command, record=record, channel=scene.often(Channel.STAFF, Channel.SERVICE_PORTAL))


def refund_fee(scene: Scene) -> Attempt:
    record, fee = fee_of(scene, ChargeStatus.PAID)
    command = c.RefundMembershipFee(charge=fee, ground=ReliefGround.MISTAKE, reason=scene.text())
    return Attempt(command=command, record=record)


# Titles and stock


def catalogue(scene: Scene) -> Attempt:
    number = scene.number("T-") if scene.chance(0.7) else scene.taken("library.title_number")
    return Attempt(command=c.CatalogueTitle(number=number, title="Immensee", media_type=scene.pick(MEDIA)))


def correct_title(scene: Scene) -> Attempt:
    record, _ = scene.some(Title)
    field = scene.pick(["title", "creator", "isbn", "number"])
    return Attempt(command=c.CorrectTitle(field=field, new=scene.pick(["a", "b"]), reason=scene.text()), record=record)


def acquiring(scene: Scene, barcode: str) -> c.AcquireItem:
    return c.AcquireItem(
        barcode=barcode,
        title=scene.often("Immensee", None),
        media_type=scene.pick(MEDIA),
        branch=scene.pick(BRANCHES),
        for_loan=scene.chance(0.9),
    )


def acquire(scene: Scene) -> Attempt:
    return Attempt(command=acquiring(scene, scene.number()))


def acquire_under_a_taken_barcode(scene: Scene) -> Attempt:
    return Attempt(command=replace(acquiring(scene, scene.taken("library.barcode")), title="Immensee"))


def acquire_of_a_title(scene: Scene) -> Attempt:
    title_id, title = scene.some(Title)
    media_type = scene.often(title.media_type, *MEDIA)
    command = replace(acquiring(scene, scene.number()), title_id=title_id, media_type=media_type)
    return Attempt(command=command if scene.chance(0.8) else replace(command, title_id=nobody(scene)))


def assign(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    title_id, _ = scene.pick(scene.world.of(Title).items())
    return Attempt(command=c.AssignItemToTitle(title_id=scene.often(title_id, nobody(scene))), record=record)


def correct_item(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    field = scene.pick(["title", "shelf_mark", "branch", "barcode"])
    command = c.CorrectItem(field=field, new=scene.pick(BRANCHES), reason=scene.text())
    return Attempt(command=command, record=record)


def withdraw(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    return Attempt(command=c.WithdrawItem(ground=scene.pick(WithdrawalGround)), record=record)


def begin_twice(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    return Attempt(command=replace(acquiring(scene, scene.number()), title="Immensee"), record=record)


def send_nothing(scene: Scene) -> Attempt:
    return Attempt(command=c.RecallItem(), record=nobody(scene))


# Loans


def a_reader(scene: Scene) -> UUID:
    """Mostly somebody who may borrow."""
    able = [
        record
        for record, patron in scene.world.of(Patron).items()
        if patron.active and patron.blocked is None and (patron.age_band is AgeBand.ADULT or patron.guardian_consent)
    ]
    return scene.pick(able) if able and scene.chance(0.75) else scene.often(any_reader(scene), nobody(scene))


def any_reader(scene: Scene) -> UUID:
    return scene.pick(scene.world.of(Patron))


def who_said(scene: Scene, record: UUID, cls: type[c.LendItem] | type[c.PlaceHold]) -> UUID:
    """Who borrowed the item last, or waits for it: the item itself does not tell."""
    said = [command for where, command in scene.world.recorded if where == record and isinstance(command, cls)]
    return scene.often(said[-1].patron, scene.pick(said).patron, a_reader(scene)) if said else a_reader(scene)


def lend(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    patron = a_reader(scene)
    return Attempt(command=c.LendItem(patron=patron, branch=scene.pick(BRANCHES)), record=record, on=_or_before(scene))


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
    return Attempt(command=command, record=record, channel=scene.often(Channel.STAFF, Channel.ONLINE_SHOP))


def renew_what_is_overdue(scene: Scene) -> Attempt:
    record, _ = scene.some(Item, lambda item: _loan_is(item, LoanStatus.OVERDUE))
    command = c.RenewLoan(patron=who_said(scene, record, c.LendItem), override_reason=scene.text())
    return Attempt(command=command, record=record)


def give_back(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    command = c.ReturnItem(branch=scene.pick(BRANCHES), place=scene.pick(ReturnPlace))
    return Attempt(command=command, record=record, on=_or_before(scene))


def change_due_date(scene: Scene) -> Attempt:
    record, item = scene.some(Item)
    due = scene.often(scene.day(0, 40), scene.day(-9, -1), scene.today if item.loan is None else item.loan.due)
    return Attempt(command=c.ChangeDueDate(due=due, reason=scene.text()), record=record)


def recall(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    return Attempt(command=c.RecallItem(), record=record)


def mark_overdue(scene: Scene) -> Attempt:
    record, item = scene.some(Item, lambda item: item.loan is not None)
    loan = nobody(scene) if item.loan is None else scene.often(item.loan.id, nobody(scene))
    return Attempt(command=c.MarkLoanOverdue(loan=loan), record=record)


def remind(scene: Scene) -> Attempt:
    record, item = scene.some(Item, lambda item: item.loan is not None)
    loan = nobody(scene) if item.loan is None else scene.often(item.loan.id, nobody(scene))
    return Attempt(command=c.SendReminder(loan=loan), record=record)


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


def end_what_is_overdue(scene: Scene) -> Attempt:
    record, _ = scene.some(Item, lambda item: _loan_is(item, LoanStatus.OVERDUE))
    command = scene.pick([c.DeclareLost(replacement=Decimal("9.90")), c.ReturnItem(branch="Bilk")])
    return Attempt(command=command, record=record)


def claim(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    return Attempt(command=c.ClaimItemReturned(note=scene.text()), record=record)


def declare_lost(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    price = scene.pick([Decimal(0), Decimal("24.90"), Decimal("5.50")])
    return Attempt(command=c.DeclareLost(replacement=price), record=record)


def find(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    return Attempt(command=c.FindItem(branch=scene.pick(BRANCHES)), record=record)


def anonymise(scene: Scene) -> Attempt:
    record, item = scene.some(Item)
    loans = [loan.id for loan in item.settling] + ([] if item.loan is None else [item.loan.id])
    return Attempt(command=c.AnonymiseLoan(loan=scene.pick([*loans, *loans, nobody(scene)])), record=record)


# Charges


def charge_of(scene: Scene, status: ChargeStatus) -> tuple[UUID, UUID]:
    record, item = scene.some(Item)
    charges = [charge for loan in item.settling for charge in loan.charges]
    fitting = [charge.id for charge in charges if charge.status is status] or [charge.id for charge in charges]
    return record, scene.pick(fitting) if fitting and scene.chance(0.9) else nobody(scene)


def pay(scene: Scene) -> Attempt:
    record, charge = charge_of(scene, ChargeStatus.OPEN)
    command = c.PayCharge(charge=charge, method=scene.pick(MeansOfPayment), branch=scene.pick(BRANCHES))
    return Attempt(command=command, record=record)


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
    return Attempt(command=command, record=record)


# Holds and the van


def hold(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    command = c.PlaceHold(patron=a_reader(scene), pickup_branch=scene.pick(BRANCHES))
    return Attempt(command=command, record=record)


def hold_again(scene: Scene) -> Attempt:
    record, _ = scene.some(Item, lambda item: bool(item.holds))
    command = c.PlaceHold(patron=who_said(scene, record, c.PlaceHold), pickup_branch="Bilk")
    return Attempt(command=command, record=record)


def hold_what_one_has(scene: Scene) -> Attempt:
    record, _ = scene.some(Item, lambda item: item.loan is not None)
    command = c.PlaceHold(patron=who_said(scene, record, c.LendItem), pickup_branch="Bilk")
    return Attempt(command=command, record=record)


def hold_behind_who_is_served(scene: Scene) -> Attempt:
    record, _ = scene.some(Item, lambda item: bool(item.holds) and item.holds[0].status is not HoldStatus.PLACED)
    return Attempt(command=c.PlaceHold(patron=a_reader(scene), pickup_branch="Bilk"), record=record)


def set_aside(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    return Attempt(command=c.SetItemAside(), record=record)


def set_aside_again(scene: Scene) -> Attempt:
    record, _ = scene.some(Item, _set_aside)
    return Attempt(command=c.SetItemAside(), record=record)


def expire_too_early(scene: Scene) -> Attempt:
    record, item = scene.some(Item, _set_aside)
    until = item.holds[0].pickup_until if item.holds else None
    return Attempt(command=c.ExpireHold(), record=record, on=min(until or scene.today, scene.today))


def expire(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    return Attempt(command=c.ExpireHold(), record=record)


def cancel(scene: Scene) -> Attempt:
    record, item = scene.some(Item)
    ids = [waiting.id for waiting in item.holds]
    hold = scene.often(scene.pick(ids), nobody(scene)) if ids else nobody(scene)
    return Attempt(command=c.CancelHold(hold=hold, ground=scene.pick(CancellationGround)), record=record)


def reorder(scene: Scene) -> Attempt:
    record, item = scene.some(Item)
    ids = [waiting.id for waiting in item.holds]
    hold = scene.often(scene.pick(ids), nobody(scene)) if ids else nobody(scene)
    command = c.ReorderHold(hold=hold, rank=scene.random.randint(1, max(1, len(ids))), reason=scene.text())
    return Attempt(command=command, record=record, channel=scene.often(Channel.STAFF, Channel.TERMINAL))


def reorder_what_is_served(scene: Scene) -> Attempt:
    def served(item: Item) -> bool:
        return len(item.holds) > 1 and item.holds[0].status is not HoldStatus.PLACED

    record, item = scene.some(Item, served)
    return Attempt(command=c.ReorderHold(hold=item.holds[-1].id, rank=1, reason=scene.text()), record=record)


def forget_hold(scene: Scene) -> Attempt:
    record, item = scene.some(Item)
    hold = scene.pick([*item.ended_holds, *(waiting.id for waiting in item.holds), nobody(scene)])
    return Attempt(command=c.AnonymiseHold(hold=hold), record=record)


def send(scene: Scene) -> Attempt:
    record, item = scene.some(Item)
    where = item.first_hold.pickup_branch if item.first_hold else scene.pick(BRANCHES)
    return Attempt(command=c.SendInTransit(to_branch=where), record=record)


def receive(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    return Attempt(command=c.ReceiveFromTransit(branch=scene.pick(BRANCHES)), record=record)


def open_list(scene: Scene) -> Attempt:
    day = scene.often(scene.today, date(2999, 1, 1))
    return Attempt(command=c.OpenDispatch(day=day, branch=f"Bücherbus {scene.number()}"))


def open_list_again(scene: Scene) -> Attempt:
    _, said = scene.earlier(c.OpenDispatch)
    return Attempt(command=said)


def list_transit(scene: Scene) -> Attempt:
    record, dispatch = scene.some(Dispatch)
    to_branch = scene.often("Bilk", dispatch.branch)
    command = c.RecordTransit(
        item_type="Buch", to_branch=to_branch, source="Liste", occurrence=scene.random.randint(1, 9)
    )
    return Attempt(command=command, record=record)


def strike_transit(scene: Scene) -> Attempt:
    record, dispatch = scene.some(Dispatch)
    number = scene.often(max(dispatch.transits, default=1), 99)
    return Attempt(command=c.RetractTransit(transit=number, reason=scene.text()), record=record)


def _or_before(scene: Scene) -> date:
    return scene.often(scene.today, scene.today - timedelta(days=2))


def _set_aside(item: Item) -> bool:
    return bool(item.holds) and item.holds[0].status is HoldStatus.READY


def _loan_is(item: Item, status: LoanStatus) -> bool:
    return item.loan is not None and item.loan.status is status


def stages(record_id: UUID, state: Patron | Title | Item | Dispatch) -> Iterator[Stage]:
    match state:
        case Patron():
            standing = "BLOCKED" if state.blocked else "ACTIVE"
            yield Stage("patron", record_id, standing if state.active else "INACTIVE")
            yield from map(_charge, state.fees)
        case Title():
            yield Stage("title", record_id, "CATALOGUED")
        case Dispatch():
            yield Stage("dispatch", record_id, "OPENED")
        case Item():
            yield Stage("item", record_id, state.status)
            for loan in state.settling if state.loan is None else (*state.settling, state.loan):
                yield Stage("loan", loan.id, loan.status)
                yield from map(_charge, loan.charges)
            for waiting in state.holds:
                yield Stage("hold", waiting.id, waiting.status)


def _charge(charge: Charge) -> Stage:
    return Stage("charge", charge.id, charge.status)


def check(world: World, record_id: UUID) -> None:
    state = world.state(record_id)
    match state:
        case Patron():
            assert sum(fee.status is ChargeStatus.OPEN for fee in state.fees) <= len(state.fees)
            assert not state.fees or state.charged_until is not None
        case Item():
            _check_item(state)


def _check_item(item: Item) -> None:
    assert (item.loan is not None) + (item.bound_for is not None) + item.lost <= 1
    assert not (item.withdrawn and (item.loan is not None or item.bound_for is not None or item.holds))
    _check_queue(item.holds)
    if item.loan is not None:
        assert item.loan.status in (LoanStatus.ACTIVE, LoanStatus.OVERDUE, LoanStatus.CLAIMED_RETURNED)
        assert not item.loan.charges
    for loan in item.settling:
        _check_over(loan)


def _check_queue(holds: tuple[Hold, ...]) -> None:
    assert all(waiting.status is HoldStatus.PLACED for waiting in holds[1:])
    assert len({waiting.id for waiting in holds}) == len(holds)


def _check_over(loan: Loan) -> None:
    assert (loan.anonymise_from is None) == bool(loan.unsettled)
    assert loan.status in (LoanStatus.RETURNED, LoanStatus.LOST, LoanStatus.PAID, LoanStatus.FOUND)


MOVES: tuple[Callable[[Scene], Attempt], ...] = (
    register, register_with_a_taken_card, replace_card, change_age_band, consent, withdraw_consent, block, unblock,
    deactivate, reactivate, correct_patron, raise_fee, pay_fee, waive_fee, refund_fee,
    catalogue, correct_title, acquire, acquire_under_a_taken_barcode, acquire_of_a_title, assign, correct_item,
    withdraw, begin_twice, send_nothing,
    lend, lend_to_who_waits, lend_to_a_child, renew, renew_what_is_overdue, give_back, change_due_date, recall,
    mark_overdue, remind, remind_too_early, remind_again, end_what_is_overdue, claim, declare_lost, find, anonymise,
    pay, waive, waive_what_is_lost, refund, forget_what_was_lost,
    hold, hold_again, hold_what_one_has, hold_behind_who_is_served, set_aside, set_aside_again, expire_too_early,
    expire, cancel, reorder, reorder_what_is_served, forget_hold,
    send, receive, open_list, open_list_again, list_transit, strike_transit,
)  # fmt: skip

MACHINE = Machine(
    family=FAMILY,
    moves=MOVES,
    stages=stages,
    check=check,
    endings={
        "HoldFulfilled": "FULFILLED",
        "HoldExpired": "EXPIRED",
        "HoldCancelled": "CANCELLED",
        "LoanAnonymised": "ANONYMISED",
    },
    kept_back={
        "library.record_exists": "the store creates no record twice: VersionConflict",
        "library.wrong_kind": "the store knows no item there: NotFound",
    },
    years=25,
)
