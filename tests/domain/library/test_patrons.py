"""Memberships: cards, age bands, consent, blocks, corrections."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid5

import pytest

from domain.kernel import Channel, Command, Sealed
from domain.library import FAMILY
from domain.library import commands as c
from domain.library import facts as f
from domain.library.state import Patron
from domain.library.upcasters import UPCASTERS
from domain.library.vocabulary import AgeBand, BlockGround, DeactivationGround
from tests.domain.library.examples import BEN, BILK, CENTRAL, LONG_AGO, MONDAY, REASON, a_book, a_reader, registered
from tests.scenario import RECORD, given, pseudonym

REGISTER = c.RegisterPatron(
    name=Sealed("Ada Lesefroh"), card_number=Sealed("d-1"), age_band=AgeBand.ADULT, branch=CENTRAL
)


@pytest.mark.allows("library.card_taken")
def test_a_card_is_issued_and_its_number_claimed_by_a_hash() -> None:
    expected = registered(card_number=Sealed("d-1"), card=pseudonym("library.card_number", "D-1"), registered_on=MONDAY)
    given(FAMILY).when(REGISTER).then(expected)


def test_a_guardian_is_sealed_under_another_key_than_the_childs() -> None:
    command = c.RegisterPatron(
        name=Sealed("Kind"),
        born=Sealed("2015-05-01"),
        card_number=Sealed("D-9"),
        age_band=AgeBand.UNDER_16,
        branch=CENTRAL,
        guardian=Sealed("Mutter"),
    )
    (fact,) = given(FAMILY).when(command).facts
    assert isinstance(fact, f.PatronRegistered)
    assert fact.guardian_consent
    assert fact.guardian == Sealed("Mutter", uuid5(RECORD, "guardian"))
    assert fact.name == Sealed("Kind")


def test_a_card_number_belongs_to_one_reader() -> None:
    a_book().about(BEN).when(c.ReplaceCard(card_number=Sealed(" d-1 "))).refused("library.card_taken")


def test_a_lost_card_is_never_issued_again() -> None:
    replaced = a_reader().when(c.ReplaceCard(card_number=Sealed("D-7"))).so()
    replaced.beside(BEN, registered("D-2")).about(BEN).when(c.ReplaceCard(card_number=Sealed("D-1"))).refused(
        "library.card_taken"
    )


def test_the_same_card_is_no_new_card() -> None:
    a_reader().when(c.ReplaceCard(card_number=Sealed("D-1"))).refused("library.nothing_changed")


def test_an_empty_card_number_is_invalid() -> None:
    a_reader().when(c.ReplaceCard(card_number=Sealed(" "))).invalid("card_number")


def test_a_name_too_long_is_invalid() -> None:
    command = c.RegisterPatron(
        name=Sealed("x" * 1001), card_number=Sealed("D-1"), age_band=AgeBand.ADULT, branch=CENTRAL
    )
    given(FAMILY).when(command).invalid("name")
    given(FAMILY).when(replace(command, name=Sealed("x" * 1000))).so()


def test_a_membership_begins_once() -> None:
    a_reader().when(REGISTER).refused("library.record_exists")


@pytest.mark.allows("library.nothing_changed", "library.record_exists")
def test_a_birthday_moves_a_reader_to_the_next_age_band() -> None:
    child = a_reader(age_band=AgeBand.UNDER_16)
    older = child.when(c.ChangeAgeBand(age_band=AgeBand.FROM_16_TO_20)).then(
        f.PatronAgeBandChanged(old=AgeBand.UNDER_16, new=AgeBand.FROM_16_TO_20, changed_on=MONDAY)
    )
    older.when(c.ChangeAgeBand(age_band=AgeBand.FROM_16_TO_20)).refused("library.nothing_changed")


@pytest.mark.allows("library.consent_not_given", "library.wrong_kind")
def test_consent_is_given_and_withdrawn() -> None:
    child = a_reader(age_band=AgeBand.UNDER_16)
    child.when(c.WithdrawGuardianConsent()).refused("library.consent_not_given")
    given_by = child.when(c.GiveGuardianConsent(guardian=Sealed("Vater"))).then(
        f.GuardianConsentGiven(guardian=Sealed("Vater", uuid5(RECORD, "guardian")), given_on=MONDAY)
    )
    withdrawn = given_by.when(c.WithdrawGuardianConsent()).then(f.GuardianConsentWithdrawn(withdrawn_on=MONDAY))
    assert withdrawn.state.guardian_consent is False


@pytest.mark.allows("library.patron_blocked_already", "library.patron_not_blocked")
def test_a_reader_is_blocked_once_and_unblocked_once() -> None:
    block = c.BlockPatron(ground=BlockGround.OPEN_CHARGES, note=Sealed("12,50 EUR"))
    blocked = (
        a_reader()
        .when(block)
        .then(f.PatronBlocked(ground=BlockGround.OPEN_CHARGES, note=Sealed("12,50 EUR"), blocked_on=MONDAY))
    )
    blocked.when(block).refused("library.patron_blocked_already")
    free = blocked.when(c.UnblockPatron()).then(f.PatronUnblocked(note=None, unblocked_on=MONDAY))
    free.when(c.UnblockPatron()).refused("library.patron_not_blocked")


@pytest.mark.allows("library.patron_active_already", "library.patron_inactive_already")
def test_a_membership_rests_and_is_taken_up_again() -> None:
    end = c.DeactivatePatron(ground=DeactivationGround.EXPIRED)
    a_reader().when(c.ReactivatePatron()).refused("library.patron_active_already")
    resting = a_reader().when(end).then(f.PatronDeactivated(ground=DeactivationGround.EXPIRED, deactivated_on=MONDAY))
    resting.when(end).refused("library.patron_inactive_already")
    resting.when(c.ReactivatePatron()).then(f.PatronReactivated(reactivated_on=MONDAY))


def test_the_standing_of_a_reader_changes_in_the_order_of_its_days() -> None:
    steps: list[tuple[Command, Command]] = [
        (c.BlockPatron(ground=BlockGround.CARD_LOST), c.UnblockPatron()),
        (c.DeactivatePatron(ground=DeactivationGround.EXPIRED), c.ReactivatePatron()),
    ]
    for first, second in steps:
        begun = a_reader(registered_on=MONDAY - timedelta(days=9))
        begun.when(first, on=MONDAY - timedelta(days=10)).refused("library.out_of_order")
        begun.when(first, on=MONDAY - timedelta(days=9)).so()
        changed = begun.when(first, on=MONDAY - timedelta(days=2)).so()
        changed.when(second, on=MONDAY - timedelta(days=3)).refused("library.out_of_order")
        changed.when(second, on=MONDAY - timedelta(days=2)).so()
        both = changed.when(second).so()
        both.when(first, on=MONDAY - timedelta(days=1)).refused("library.out_of_order")


def test_consent_and_age_follow_each_other_in_the_order_of_their_days() -> None:
    begun = a_reader(age_band=AgeBand.UNDER_16, registered_on=MONDAY - timedelta(days=9))
    consent, withdraw = c.GiveGuardianConsent(guardian=Sealed("Vater")), c.WithdrawGuardianConsent()
    older = c.ChangeAgeBand(age_band=AgeBand.ADULT)
    for first in (consent, older):
        begun.when(first, on=MONDAY - timedelta(days=10)).refused("library.out_of_order")
        begun.when(first, on=MONDAY - timedelta(days=9)).so()
    consented = begun.when(consent, on=MONDAY - timedelta(days=2)).so()
    consented.when(withdraw, on=MONDAY - timedelta(days=3)).refused("library.out_of_order")
    withdrawn = consented.when(withdraw, on=MONDAY - timedelta(days=2)).so()
    withdrawn.when(consent, on=MONDAY - timedelta(days=3)).refused("library.out_of_order")
    grown = begun.when(older, on=MONDAY - timedelta(days=2)).so()
    grown.when(c.ChangeAgeBand(age_band=AgeBand.UNDER_16), on=MONDAY - timedelta(days=3)).refused(
        "library.out_of_order"
    )


def test_a_reader_of_before_whose_days_are_not_known_is_blocked_on_any_day() -> None:
    topic, upcast = UPCASTERS["library.patron_registered.v1"]
    assert topic == f.PatronRegistered.topic
    assert upcast({"branch": "Bilk"}) == {"branch": "Bilk", "registered_on": None, "charged_until": None}
    of_before = a_reader(registered_on=None)
    assert of_before.when(c.BlockPatron(ground=BlockGround.CARD_LOST), on=LONG_AGO).so().state.since == LONG_AGO


def test_who_is_taken_over_owes_from_where_the_earlier_system_ended() -> None:
    paid = replace(REGISTER, charged_until=date(2026, 8, 31))
    taken_over = given(FAMILY).when(paid, on=LONG_AGO, channel=Channel.IMPORT).so()
    assert (taken_over.state.registered_on, taken_over.state.charged_until) == (LONG_AGO, date(2026, 8, 31))
    fee = c.RaiseMembershipFee()
    taken_over.when(fee, on=date(2026, 8, 31)).refused("library.fee_not_due")
    taken_over.when(fee, on=date(2026, 9, 1)).so()
    given(FAMILY).when(paid).refused("library.charged_elsewhere")
    far = replace(REGISTER, charged_until=date.max)
    given(FAMILY).when(far, channel=Channel.IMPORT).invalid("charged_until")


@pytest.mark.allows("library.charged_elsewhere")
def test_who_is_taken_over_without_such_a_day_owes_from_the_import_on() -> None:
    taken_over = given(FAMILY).when(REGISTER, on=LONG_AGO, channel=Channel.IMPORT).so()
    taken_over.when(c.RaiseMembershipFee(), on=MONDAY - timedelta(days=1)).refused("library.fee_not_due")
    taken_over.when(c.RaiseMembershipFee()).so()
    assert given(FAMILY).when(REGISTER).so().state.charged_until is None


@pytest.mark.allows("library.field_not_correctable")
def test_a_wrong_branch_is_put_right_and_the_history_shows_both() -> None:
    corrected = (
        a_reader()
        .when(c.CorrectPatron(field="branch", new=BILK, reason=REASON))
        .then(
            f.PatronCorrected(
                field="branch", old=CENTRAL, new=BILK, new_sealed=None, corrected_position=None, reason=REASON
            )
        )
    )
    corrected.when(c.CorrectPatron(field="branch", new=BILK, reason=REASON)).refused("library.nothing_changed")


def test_a_wrong_age_band_is_put_right() -> None:
    corrected = a_reader().when(c.CorrectPatron(field="age_band", new="UNDER_16", reason=REASON)).so()
    assert corrected.state.age_band is AgeBand.UNDER_16
    a_reader().when(c.CorrectPatron(field="age_band", new="OLD", reason=REASON)).invalid("new")


def test_a_wrong_name_is_put_right_by_the_position_it_replaces() -> None:
    corrected = (
        a_reader().when(c.CorrectPatron(field="name", new_sealed=Sealed("Ada Lesefroh-Buch"), reason=REASON)).so()
    )
    assert corrected.history[-1][1] == f.PatronCorrected(
        field="name",
        old=None,
        new=None,
        new_sealed=Sealed("Ada Lesefroh-Buch"),
        corrected_position=1,
        reason=REASON,
    )
    state = corrected.state
    assert isinstance(state, Patron)
    assert state.name.position == 2
    a_reader().when(c.CorrectPatron(field="name", new="in clear", reason=REASON)).invalid("new_sealed")


def test_a_date_of_birth_that_was_not_known_is_added() -> None:
    corrected = a_reader().when(c.CorrectPatron(field="born", new_sealed=Sealed("1981-12-10"), reason=REASON)).so()
    assert corrected.state.born.position == 2


def test_a_correction_needs_a_reason() -> None:
    a_reader().when(c.CorrectPatron(field="branch", new=BILK, reason=Sealed(""))).invalid("reason")


def test_a_card_number_is_replaced_and_not_corrected() -> None:
    refusal = (
        a_reader().when(c.CorrectPatron(field="card", new="x", reason=REASON)).refused("library.field_not_correctable")
    )
    assert refusal.details["fields"] == "age_band branch name born"


def test_a_command_for_an_item_is_refused_by_a_membership() -> None:
    a_reader().when(c.ReturnItem(branch=CENTRAL)).refused("library.wrong_kind")
