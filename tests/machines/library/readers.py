"""What readers and the desk do with memberships and fees."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from domain.kernel import Channel
from domain.library import commands as c
from domain.library.state import Patron
from domain.library.vocabulary import (
    AgeBand,
    BlockGround,
    ChargeStatus,
    DeactivationGround,
    MeansOfPayment,
    ReliefGround,
)
from tests.machines.library.people import BRANCHES, nobody, or_before
from tests.machines.machine import Attempt, NotYet, Scene


def register(scene: Scene) -> Attempt:
    band = scene.pick([AgeBand.ADULT, AgeBand.ADULT, AgeBand.UNDER_16, AgeBand.FROM_16_TO_20])
    guardian = scene.text() if band is AgeBand.UNDER_16 and scene.chance(0.5) else None
    number = scene.text()
    command = c.RegisterPatron(
        name=scene.text(), card_number=number, age_band=band, branch=scene.pick(BRANCHES), guardian=guardian
    )
    return Attempt(command=command)


def take_over(scene: Scene) -> Attempt:
    command = c.RegisterPatron(
        name=scene.text(),
        card_number=scene.text(),
        age_band=AgeBand.ADULT,
        branch=scene.pick(BRANCHES),
        charged_until=scene.often(scene.day(-40, 90), None),
    )
    channel = scene.pick([Channel.IMPORT, Channel.IMPORT, Channel.STAFF])
    return Attempt(command=command, on=scene.day(-400, 0), channel=channel)


def register_with_a_taken_card(scene: Scene) -> Attempt:
    _, said = scene.earlier(c.RegisterPatron)
    return Attempt(command=replace(said, name=scene.text()))


def replace_card(scene: Scene) -> Attempt:
    record, _ = scene.some(Patron)
    number = scene.text() if scene.chance(0.7) else scene.earlier(c.RegisterPatron)[1].card_number
    return Attempt(command=c.ReplaceCard(card_number=number), record=record)


def change_age_band(scene: Scene) -> Attempt:
    record, _ = scene.some(Patron)
    return Attempt(command=c.ChangeAgeBand(age_band=scene.pick(AgeBand)), record=record, on=or_before(scene))


def consent(scene: Scene) -> Attempt:
    record, _ = scene.some(Patron)
    return Attempt(command=c.GiveGuardianConsent(guardian=scene.text()), record=record, on=or_before(scene))


def withdraw_consent(scene: Scene) -> Attempt:
    record, _ = scene.some(Patron)
    return Attempt(command=c.WithdrawGuardianConsent(), record=record, on=or_before(scene))


def block(scene: Scene) -> Attempt:
    record, _ = scene.some(Patron)
    return Attempt(command=c.BlockPatron(ground=scene.pick(BlockGround)), record=record, on=or_before(scene))


def unblock(scene: Scene) -> Attempt:
    record, _ = scene.some(Patron)
    return Attempt(command=c.UnblockPatron(note=scene.text()), record=record, on=or_before(scene))


def deactivate(scene: Scene) -> Attempt:
    record, _ = scene.some(Patron)
    return Attempt(
        command=c.DeactivatePatron(ground=scene.pick(DeactivationGround)), record=record, on=or_before(scene)
    )


def reactivate(scene: Scene) -> Attempt:
    record, _ = scene.some(Patron)
    return Attempt(command=c.ReactivatePatron(), record=record, on=or_before(scene))


def correct_patron(scene: Scene) -> Attempt:
    record, _ = scene.some(Patron)
    field = scene.pick(["name", "born", "branch", "card"])
    new = scene.pick(BRANCHES) if field == "branch" else None
    command = c.CorrectPatron(field=field, new=new, new_sealed=scene.text(), reason=scene.text())
    return Attempt(command=command, record=record)


def raise_fee(scene: Scene) -> Attempt:
    record, _ = scene.some(Patron)
    return Attempt(command=c.RaiseMembershipFee(), record=record, on=or_before(scene))


def raise_fee_for_the_time_before(scene: Scene) -> Attempt:
    record, patron = scene.some(Patron, lambda patron: patron.active and patron.charged_until is None)
    if patron.pays_from is None:
        raise NotYet
    return Attempt(
        command=c.RaiseMembershipFee(), record=record, on=patron.pays_from - timedelta(days=scene.pick([1, 400]))
    )


def fee_of(scene: Scene, status: ChargeStatus) -> tuple[UUID, UUID]:
    record, patron = scene.some(Patron)
    fees = [fee.id for fee in patron.fees if fee.status is status] or [fee.id for fee in patron.fees]
    return record, scene.pick(fees) if fees and scene.chance(0.9) else nobody(scene)


def pay_fee(scene: Scene) -> Attempt:
    record, fee = fee_of(scene, ChargeStatus.OPEN)
    command = c.PayMembershipFee(charge=fee, method=scene.pick(MeansOfPayment))
    return Attempt(command=command, record=record, on=or_before(scene))


def waive_fee(scene: Scene) -> Attempt:
    record, fee = fee_of(scene, ChargeStatus.OPEN)
    ground = scene.often(ReliefGround.HARDSHIP, ReliefGround.ITEM_FOUND)
    command = c.WaiveMembershipFee(charge=fee, ground=ground, reason=scene.text())
    return Attempt(command=command, record=record, channel=scene.often(Channel.STAFF, Channel.SERVICE_PORTAL))


def refund_fee(scene: Scene) -> Attempt:
    record, fee = fee_of(scene, ChargeStatus.PAID)
    command = c.RefundMembershipFee(charge=fee, ground=ReliefGround.MISTAKE, reason=scene.text())
    return Attempt(command=command, record=record, on=or_before(scene))


MOVES: tuple[Callable[[Scene], Attempt], ...] = (
    register,
    take_over,
    register_with_a_taken_card,
    replace_card,
    change_age_band,
    consent,
    withdraw_consent,
    block,
    unblock,
    deactivate,
    reactivate,
    correct_patron,
    raise_fee,
    raise_fee_for_the_time_before,
    pay_fee,
    waive_fee,
    refund_fee,
)
