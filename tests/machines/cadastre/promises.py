"""What the rules of cadastre orders promise, told from the stored events alone and not from how rules are decided."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from domain.cadastre import facts as f
from domain.cadastre.vocabulary import Format, InterestGround, NumberUse, OrderField, PaperSize, Product, TariffPosition
from domain.kernel import Channel, Recorded, day_of
from tests.machines.deputies import persons
from tests.machines.machine import World

Demanded = (f.FeeNoticeIssued, f.InvoiceIssued)
Late = f.PaymentBecameOverdue | f.DeliveryExpired
Reviewed = f.LegitimateInterestConfirmed | f.LegitimateInterestRefused
Asked = f.OrderPlaced | f.LegitimateInterestClaimed | f.OrderCorrected
OWNERS = (Product.OWNER_STATEMENT, Product.HOLDING_STATEMENT)
FLAT = {
    TariffPosition.MAP_A4_A3: 30,
    TariffPosition.MAP_A2_A0: 60,
    TariffPosition.STATEMENT: 30,
    TariffPosition.EXTRA_COPY: 10,
}
PRICED = (OrderField.PAPER_SIZE, OrderField.COPIES)
UNDER_REVIEW = (OrderField.PARCELS, OrderField.REQUESTER, OrderField.PURPOSE, OrderField.GROUND)
QUARTER_HOURS = {date(2020, 3, 1): 23, date(2023, 1, 7): 25, date(2024, 8, 10): 27}
HASH = re.compile(r"[0-9a-f]{64}")
LAST = (f.LegitimateInterestRefused, f.PurposeFulfilled, f.OrderCancelled, f.OrderRefunded, f.DraftDiscarded)

MONEY = (f.FeeAssessed, Demanded, f.InvoiceCancelled, f.PaymentReminded, f.PaymentSettled, f.FeeWaived)

# A fact of the one class never takes effect before the last one, recorded earlier, of each of the others.
AFTER: dict[type, tuple[type | tuple[type, ...], ...]] = {
    f.OrderPlaced: (f.OrderDrafted, f.DraftChanged),
    f.DraftChanged: (f.OrderDrafted, f.DraftChanged),
    f.DraftDiscarded: (f.OrderDrafted, f.DraftChanged),
    f.LegitimateInterestClaimed: (f.OrderPlaced,),
    f.LegitimateInterestConfirmed: (f.LegitimateInterestClaimed,),
    f.LegitimateInterestRefused: (f.LegitimateInterestClaimed,),
    f.FeeAssessed: (f.OrderPlaced, f.LegitimateInterestConfirmed, f.FeeAssessed),
    f.FeeNoticeIssued: (f.OrderPlaced, f.FeeAssessed, f.InvoiceCancelled),
    f.InvoiceIssued: (f.OrderPlaced, f.FeeAssessed, f.InvoiceCancelled),
    f.InvoiceCancelled: (f.InvoiceIssued, f.PaymentReminded),
    f.PaymentSettled: (f.FeeAssessed,),
    f.FeeWaived: (f.FeeAssessed, Demanded, f.InvoiceCancelled, f.PaymentReminded),
    f.PaymentReminded: (Demanded,),
    f.ProductGenerated: (f.ProductGenerated,),
    f.ProductDelivered: (f.ProductGenerated, f.ProductDelivered),
    f.DeliveryExpired: (f.ProductDelivered,),
    f.PurposeFulfilled: (f.ProductDelivered, *MONEY),
    f.OrderCancelled: (f.OrderPlaced, f.LegitimateInterestClaimed, *MONEY),
    f.OrderRefunded: (f.OrderCancelled, f.PurposeFulfilled, f.PaymentSettled, f.OrderRefunded),
}

# Nor on the last day of a payment or a download that is recorded to be over.
AFTER_WHAT_IS_LATE: dict[type, tuple[type, ...]] = {
    f.FeeWaived: (f.PaymentBecameOverdue,),
    f.InvoiceCancelled: (f.PaymentBecameOverdue,),
    f.OrderCancelled: (f.PaymentBecameOverdue,),
    f.ProductDelivered: (f.DeliveryExpired,),
    f.PurposeFulfilled: (f.PaymentBecameOverdue, f.DeliveryExpired),
}

# Where a fact says the day on which it took effect.
SAID: dict[type, str] = {
    f.DraftChanged: "changed_on",
    f.LegitimateInterestRefused: "refused_on",
    f.InvoiceCancelled: "cancelled_on",
    f.PaymentReminded: "reminded_on",
    f.PurposeFulfilled: "fulfilled_on",
    f.OrderRefunded: "refunded_on",
    f.OrderCorrected: "corrected_on",
}


def check_series(world: World, events: Sequence[Recorded]) -> None:
    """Numbers without gaps, in the order of their days, each on one order by the same command."""
    opened = events[0].fact
    assert isinstance(opened, f.SeriesOpened)
    days = [event.effective.day for event in events[1:]]
    assert days == sorted(days), "a later number has an earlier day"
    assert all(day >= events[0].effective.day for day in days), "a number is given before its series was opened"
    for number, event in enumerate(events[1:], start=opened.first):
        taken = event.fact
        assert isinstance(taken, f.NumberTaken)
        assert taken.number_in_series == number, "a number is missing, or given twice"
        assert taken.text == f"{opened.prefix}-{opened.year}-{number:05}"
        assert taken.taken_on == event.effective.day
        assert taken.taken_on.year == opened.year
        if taken.use is NumberUse.TAKEN_OVER:
            borne = [_number_of(other.fact) for other in world.events(taken.order_id) if _is_earlier(other, event)]
            assert taken.text in borne, "a number is passed over that no notice bears"
            continue
        others = [other.fact for other in world.events(taken.order_id) if _same_command(other, event)]
        assert [_number_of(fact) for fact in others] == [taken.text], "a number is on no order, or on two"


def check_order(world: World, events: Sequence[Recorded]) -> None:
    """All that is promised of an order, at each of its events."""
    for before, event in enumerate(events):
        earlier = events[:before]
        _check_days(earlier, event)
        _check_end(earlier, event)
        assert "Text " not in event.body, "a personal text stands in clear"
        match event.fact:
            case f.LegitimateInterestConfirmed() | f.LegitimateInterestRefused() as fact:
                _check_four_eyes(earlier, event, fact)
            case f.FeeAssessed() as fact:
                _check_fee(earlier, fact)
                assert fact.exemption_ground is None or event.envelope.channel in (Channel.STAFF, Channel.IMPORT)
            case f.FeeNoticeIssued() | f.InvoiceIssued() as fact:
                assert _owed(earlier) == fact.amount.amount
                assert not _demands(earlier), "a fee is demanded twice"
                _check_numbered(world, event)
            case f.OrderCorrected() as fact:
                assert set(fact.changed_by) == persons(event)
                reviewed = fact.field in UNDER_REVIEW and _found(earlier, f.LegitimateInterestClaimed)
                assert not reviewed, "what is reviewed is changed"
            case f.InvoiceCancelled() as fact:
                assert [_number_of(demand.fact) for demand in _demands(earlier)] == [fact.invoice_number]
                _check_numbered(world, event)
            case f.PaymentSettled() as fact:
                assert _found(earlier, f.PaymentSettled) is None, "a fee is paid twice"
                assert _fee(earlier) == fact.amount.amount
            case f.FeeWaived() as fact:
                assert _owed(earlier) == fact.amount.amount
            case f.ProductGenerated() as fact:
                _check_released(earlier, event)
                assert HASH.fullmatch(fact.sha256)
                assert fact.data_as_of <= event.effective.day
            case f.ProductDelivered() as fact:
                _check_released(earlier, event)
                assert fact.sha256 == _last(earlier, f.ProductGenerated).sha256
            case f.PurposeFulfilled():
                assert _owed(earlier) == 0, "an order is complete, and its fee is open"
            case f.OrderRefunded() as fact:
                returned = [e.fact.amount.amount for e in earlier if isinstance(e.fact, f.OrderRefunded)]
                left = _last(earlier, f.PaymentSettled).amount.amount - sum(returned)
                assert 0 < fact.amount.amount <= left, "more is refunded than was paid"
                assert fact.amount.amount + fact.kept.amount == left
                assert event.envelope.channel in (Channel.STAFF, Channel.IMPORT)


def _check_days(earlier: Sequence[Recorded], event: Recorded) -> None:
    day = event.effective.day
    said = getattr(event.fact, SAID.get(type(event.fact), ""), day)
    assert said == day, f"{type(event.fact).__name__} says another day"
    for cls in AFTER.get(type(event.fact), ()):
        ground = _found(earlier, cls)
        assert ground is None or day >= ground.effective.day, (
            f"{type(event.fact).__name__} is before {type(ground.fact).__name__}"
        )
    if isinstance(event.fact, (*MONEY, f.OrderCancelled)) or _reprices(event):
        assert all(day >= other.effective.day for other in earlier if _reprices(other)), "it is before a correction"
    if _reprices(event):
        fees = [other for other in earlier if isinstance(other.fact, f.FeeAssessed | f.InvoiceCancelled)]
        assert all(day >= fee.effective.day for fee in fees), "a fee is void before it was assessed or billed no more"
    if isinstance(event.fact, Late):
        assert day > _last_day(event.fact), "what is late is so from the next day on"
    late = [e.fact for e in earlier if type(e.fact) in AFTER_WHAT_IS_LATE.get(type(event.fact), ())]
    assert all(day > _last_day(fact) for fact in late), f"{type(event.fact).__name__} is before what is late"
    staff = event.envelope.channel in (Channel.STAFF, Channel.IMPORT) or isinstance(event.fact, Late)
    assert staff or day >= day_of(event.recorded_at), "an earlier day is named by somebody else than staff"


def _reprices(event: Recorded) -> bool:
    """Whether something is corrected that the fee depends on."""
    return isinstance(event.fact, f.OrderCorrected) and event.fact.field in PRICED


def _last_day(fact: object) -> date:
    assert isinstance(fact, Late)
    return fact.due if isinstance(fact, f.PaymentBecameOverdue) else fact.expires


def _check_end(earlier: Sequence[Recorded], event: Recorded) -> None:
    if any(isinstance(other.fact, LAST) for other in earlier):
        follows = f.OrderCorrected | f.OrderRefunded | f.PaymentSettled
        assert isinstance(event.fact, follows), "an order went on after its end"
    if isinstance(event.fact, f.OrderRefunded):
        assert _found(earlier, (f.OrderCancelled, f.PurposeFulfilled)), "a fee is refunded before the end"
    if isinstance(event.fact, f.PaymentReminded):
        since = max(other.version for other in earlier if isinstance(other.fact, Demanded))
        assert sum(isinstance(e.fact, f.PaymentReminded) for e in earlier if e.version > since) < 2


def _check_four_eyes(earlier: Sequence[Recorded], event: Recorded, fact: Reviewed) -> None:
    asking = [e for e in earlier if isinstance(e.fact, Asked)]
    assert not persons(event) & persons(*asking), "who asks for owner data grants it"
    assert set(fact.held_against) == persons(*asking)
    assert event.envelope.channel in (Channel.STAFF, Channel.IMPORT)
    if isinstance(fact, f.LegitimateInterestConfirmed):
        assert _last(earlier, f.LegitimateInterestClaimed).ground_kind is not InterestGround.PURCHASE


def _check_fee(earlier: Sequence[Recorded], fact: f.FeeAssessed) -> None:
    """The fee again: base and copies at the prices of the tariff that held, nothing where exempt."""
    placed = _last(earlier, f.OrderPlaced)
    confirmed = _found(earlier, f.LegitimateInterestConfirmed)
    assert (confirmed is not None) == (placed.product in OWNERS), "owner data without a confirmed interest"
    size, copies = placed.paper_size, placed.copies
    for correction in (e.fact for e in earlier if isinstance(e.fact, f.OrderCorrected)):
        size = PaperSize(correction.new or "") if correction.field is OrderField.PAPER_SIZE else size
        copies = int(correction.new or 0) if correction.field is OrderField.COPIES else copies
    day = confirmed.effective.day if confirmed else placed.placed_on
    version = max(since for since in QUARTER_HOURS if since <= day)
    assert (fact.tariff_day, fact.tariff_version) == (day, version.isoformat())
    if placed.format is not Format.PDF:
        base = QUARTER_HOURS[version] * ((fact.minutes or 0) // 15 + bool((fact.minutes or 0) % 15))
    elif placed.product is not Product.PROPERTY_MAP:
        base = FLAT[TariffPosition.STATEMENT]
    else:
        small = size in (PaperSize.A4, PaperSize.A3)
        base = FLAT[TariffPosition.MAP_A4_A3 if small else TariffPosition.MAP_A2_A0]
    extra = FLAT[TariffPosition.EXTRA_COPY] * (copies - 1)
    assert (fact.base.amount, fact.copies.amount) == (Decimal(base), Decimal(extra))
    assert fact.total.amount == (0 if fact.exemption_ground else base + extra)
    assert sum(line.amount.amount for line in fact.lines) == base + extra


def _check_released(earlier: Sequence[Recorded], event: Recorded) -> None:
    """Nothing is made or handed over before its fee is zero, paid, waived or demanded."""
    freed = [e.effective.day for e in earlier if isinstance(e.fact, f.PaymentSettled | f.FeeWaived)]
    freed += [demand.effective.day for demand in _demands(earlier)]
    freed += [e.effective.day for e in earlier if isinstance(e.fact, f.FeeAssessed) and e.fact.total.amount == 0]
    _owed(earlier)
    assert freed, f"{type(event.fact).__name__} of what is neither paid nor demanded"
    assert event.effective.day >= min(freed)


def _check_numbered(world: World, event: Recorded) -> None:
    """A number comes from one series by the same command; only an import brings its own. No other paper bears it."""
    papers = [each for record, known in world.records.items() if known.kind == "order" for each in world.events(record)]
    assert sum(_number_of(each.fact) == _number_of(event.fact) for each in papers) == 1, "a number is on two papers"
    series = [e for record, known in world.records.items() if known.kind == "series" for e in world.events(record)]
    taken = [e.fact.text for e in series if isinstance(e.fact, f.NumberTaken) and _same_command(e, event)]
    imported = event.envelope.channel is Channel.IMPORT and not taken
    assert imported or taken == [_number_of(event.fact)]


def _fee(earlier: Sequence[Recorded]) -> Decimal:
    """The fee that holds. Asserts that one was assessed."""
    assessed = _found(earlier, f.FeeAssessed)
    assert assessed is not None, "no fee was assessed"
    assert isinstance(assessed.fact, f.FeeAssessed)
    later = [e.fact for e in earlier if e.version > assessed.version]
    assert not any(isinstance(fact, f.OrderCorrected) and fact.fee_void for fact in later), "the fee is void"
    return assessed.fact.total.amount


def _owed(earlier: Sequence[Recorded]) -> Decimal:
    """What is still to be paid."""
    fee = _fee(earlier)
    return Decimal(0) if _found(earlier, (f.PaymentSettled, f.FeeWaived)) else fee


def _demands(earlier: Sequence[Recorded]) -> list[Recorded]:
    """The notices and invoices that stand."""
    gone = {e.fact.invoice_number for e in earlier if isinstance(e.fact, f.InvoiceCancelled)}
    return [e for e in earlier if isinstance(e.fact, Demanded) and _number_of(e.fact) not in gone]


def _number_of(fact: object) -> str | None:
    match fact:
        case f.FeeNoticeIssued():
            return fact.notice_number
        case f.InvoiceIssued():
            return fact.invoice_number
        case f.InvoiceCancelled():
            return fact.cancellation_number
    return None


def _same_command(one: Recorded, other: Recorded) -> bool:
    return one.envelope.command_id == other.envelope.command_id


def _is_earlier(one: Recorded, other: Recorded) -> bool:
    return one.position < other.position and not _same_command(one, other)


def _found(events: Sequence[Recorded], cls: type | tuple[type, ...]) -> Recorded | None:
    """The last event of this class, or of one of these, by its version."""
    return next((event for event in reversed(events) if isinstance(event.fact, cls)), None)


def _last(events: Sequence[Recorded], cls: type) -> Any:
    """The last fact of this class, which there must be."""
    found = _found(events, cls)
    assert found is not None, f"{cls.__name__} is missing"
    return found.fact
