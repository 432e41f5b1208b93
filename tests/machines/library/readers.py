"""What readers and the desk do with memberships and fees."""

from collections.abc import Callable
from dataclasses import replace
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
from tests.machines.library.people import BRANCHES, nobody
from tests.machines.machine import Attempt, Scene


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


MOVES: tuple[Callable[[Scene], Attempt], ...] = (
    register,
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
    pay_fee,
    waive_fee,
    refund_fee,
)
