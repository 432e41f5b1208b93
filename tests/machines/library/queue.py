"""What is done with the queue for an item, and on the van."""

from collections.abc import Callable
from datetime import date

from domain.kernel import Channel
from domain.library import commands as c
from domain.library.state import Dispatch, Item
from domain.library.vocabulary import (
    CancellationGround,
    HoldStatus,
)
from tests.machines.library.people import BRANCHES, CALENDAR, a_reader, is_set_aside, nobody, or_before, who_said
from tests.machines.machine import Attempt, Scene


def hold(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    command = c.PlaceHold(patron=a_reader(scene), pickup_branch=scene.pick(BRANCHES))
    channel = scene.often(Channel.STAFF, Channel.ONLINE_SHOP)
    return Attempt(command=command, record=record, on=or_before(scene), channel=channel)


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
    # What staff book as of before the real today waits from today, beyond the day of most worlds; an import does not.
    channel = scene.pick([Channel.STAFF, Channel.IMPORT])
    return Attempt(command=c.SetItemAside(), record=record, on=or_before(scene), channel=channel)


def set_aside_elsewhere(scene: Scene) -> Attempt:
    def elsewhere(item: Item) -> bool:
        return item.first_hold is not None and item.loan is None and item.first_hold.pickup_branch != item.branch

    record, _ = scene.some(Item, elsewhere)
    return Attempt(command=c.SetItemAside(), record=record)


def set_aside_again(scene: Scene) -> Attempt:
    record, _ = scene.some(Item, is_set_aside)
    return Attempt(command=c.SetItemAside(), record=record)


def expire_too_early(scene: Scene) -> Attempt:
    record, item = scene.some(Item, is_set_aside)
    until = item.holds[0].pickup_until if item.holds else None
    return Attempt(command=c.ExpireHold(), record=record, on=min(until or scene.today, scene.today))


def expire(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    return Attempt(command=c.ExpireHold(), record=record, channel=scene.pick(CALENDAR))


def cancel(scene: Scene) -> Attempt:
    record, item = scene.some(Item)
    ids = [waiting.id for waiting in item.holds]
    hold = scene.often(scene.pick(ids), nobody(scene)) if ids else nobody(scene)
    command = c.CancelHold(hold=hold, ground=scene.pick(CancellationGround))
    channel = scene.often(Channel.STAFF, Channel.SERVICE_PORTAL)
    return Attempt(command=command, record=record, on=or_before(scene), channel=channel)


def reorder(scene: Scene) -> Attempt:
    record, item = scene.some(Item)
    ids = [waiting.id for waiting in item.holds]
    hold = scene.often(scene.pick(ids), nobody(scene)) if ids else nobody(scene)
    command = c.ReorderHold(hold=hold, rank=scene.random.randint(1, max(1, len(ids))), reason=scene.text())
    channel = scene.often(Channel.STAFF, Channel.TERMINAL)
    return Attempt(command=command, record=record, on=or_before(scene), channel=channel)


def reorder_what_is_served(scene: Scene) -> Attempt:
    def served(item: Item) -> bool:
        return len(item.holds) > 1 and item.holds[0].status is not HoldStatus.PLACED

    record, item = scene.some(Item, served)
    return Attempt(command=c.ReorderHold(hold=item.holds[-1].id, rank=1, reason=scene.text()), record=record)


def forget_hold(scene: Scene) -> Attempt:
    record, item = scene.some(Item)
    hold = scene.pick([*item.ended_holds, *(waiting.id for waiting in item.holds), nobody(scene)])
    return Attempt(command=c.AnonymiseHold(hold=hold), record=record, channel=scene.pick(CALENDAR))


def send(scene: Scene) -> Attempt:
    record, item = scene.some(Item)
    where = item.first_hold.pickup_branch if item.first_hold else scene.pick(BRANCHES)
    return Attempt(command=c.SendInTransit(to_branch=where), record=record, on=or_before(scene))


def receive(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    channel = scene.pick([Channel.STAFF, Channel.IMPORT, Channel.TERMINAL])
    command = c.ReceiveFromTransit(branch=scene.pick(BRANCHES))
    return Attempt(command=command, record=record, on=or_before(scene), channel=channel)


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


MOVES: tuple[Callable[[Scene], Attempt], ...] = (
    hold,
    hold_again,
    hold_what_one_has,
    hold_behind_who_is_served,
    set_aside,
    set_aside_elsewhere,
    set_aside_again,
    expire_too_early,
    expire,
    cancel,
    reorder,
    reorder_what_is_served,
    forget_hold,
    send,
    receive,
    open_list,
    open_list_again,
    list_transit,
    strike_transit,
)
