"""Making, delivering and completing what was ordered."""

from dataclasses import replace
from datetime import date

import pytest

from domain.cadastre.commands import AssessFee, CompleteOrder, RecordDeliveryExpired
from domain.cadastre.facts import DeliveryExpired, ProductDelivered, ProductGenerated, PurposeFulfilled
from domain.cadastre.vocabulary import DeliveryChannel, Stage
from tests.domain.cadastre.orders import (
    BY_POST,
    DOWNLOAD,
    FREE,
    MAKE,
    PAY,
    SHA256,
    completed,
    confirmed,
    delivered,
    downloaded,
    expired,
    made,
    noticed,
    paid,
    placed,
    priced,
)
from tests.scenario import TODAY


def test_the_ledger_keeps_the_hash_of_the_product_only() -> None:
    paid().when(MAKE).then(ProductGenerated(data_as_of=TODAY, sha256=SHA256, generated_on=TODAY))


@pytest.mark.allows("cadastre.fee_not_assessed", "cadastre.payment_missing")
def test_a_product_is_made_when_paid_free_or_billed() -> None:
    paid().when(MAKE).so()
    noticed().when(MAKE).so()
    placed().when(FREE).so().when(MAKE).so()


def test_a_product_is_not_made_before_fee_and_payment() -> None:
    placed().when(MAKE).refused("cadastre.fee_not_assessed")
    priced().when(MAKE).refused("cadastre.payment_missing")


def test_a_faulty_product_is_made_again_before_delivery() -> None:
    again = made().when(replace(MAKE, sha256="cd" * 32)).so()
    (fact,) = again.when(BY_POST).facts
    assert isinstance(fact, ProductDelivered)
    assert fact.sha256 == "cd" * 32


def test_what_was_delivered_is_neither_made_nor_delivered_again() -> None:
    delivered().when(MAKE).refused("cadastre.already_delivered")
    delivered().when(BY_POST).refused("cadastre.already_delivered")


@pytest.mark.parametrize("sha256", ["", "ab" * 31, "AB" * 32, "g" * 64])
def test_a_hash_is_64_hex_digits(sha256: str) -> None:
    paid().when(replace(MAKE, sha256=sha256)).invalid("sha256")


@pytest.mark.allows("cadastre.data_from_the_future")
def test_an_extract_does_not_show_the_future() -> None:
    paid().when(replace(MAKE, data_as_of=date(2026, 3, 3))).refused("cadastre.data_from_the_future")
    paid().when(replace(MAKE, data_as_of=date(2026, 3, 3)), on=date(2026, 3, 3)).so()


@pytest.mark.allows("cadastre.already_delivered", "cadastre.product_missing")
def test_a_delivery_says_the_days_it_took() -> None:
    made().when(BY_POST, on=date(2026, 3, 9)).then(
        ProductDelivered(
            channel=DeliveryChannel.POST, expires=None, sha256=SHA256, delivered_on=date(2026, 3, 9), days=7
        )
    )


def test_only_what_was_made_is_delivered() -> None:
    paid().when(BY_POST).refused("cadastre.product_missing")


@pytest.mark.allows("cadastre.download_expires")
def test_a_download_expires_and_a_letter_does_not() -> None:
    download = replace(BY_POST, channel=DeliveryChannel.DOWNLOAD)
    made().when(download).refused("cadastre.download_expires")
    made().when(replace(download, expires=date(2026, 3, 1))).refused("cadastre.download_expires")
    made().when(replace(BY_POST, expires=TODAY)).refused("cadastre.download_expires")
    made().when(replace(download, expires=TODAY)).so()


@pytest.mark.allows("cadastre.not_delivered", "cadastre.fee_open")
def test_an_order_is_complete_when_delivered_and_paid() -> None:
    made().when(CompleteOrder()).refused("cadastre.not_delivered")
    done = delivered().when(CompleteOrder()).then(PurposeFulfilled(owner_data_deleted=False, fulfilled_on=TODAY))
    assert done.state.stage is Stage.COMPLETED


def test_an_order_is_not_complete_while_its_fee_is_open() -> None:
    billed = noticed().when(MAKE).so().when(BY_POST).so()
    billed.when(CompleteOrder()).refused("cadastre.fee_open")
    settled = billed.when(PAY).so()
    assert settled.state.stage is Stage.DELIVERED
    settled.when(CompleteOrder()).so()


def test_owner_data_goes_when_its_purpose_is_met() -> None:
    owners = confirmed().when(AssessFee()).so().when(PAY).so().when(MAKE).so().when(BY_POST).so()
    owners.when(CompleteOrder()).then(PurposeFulfilled(owner_data_deleted=True, fulfilled_on=TODAY))


def test_a_completed_order_stays_complete() -> None:
    for command in (AssessFee(), MAKE, BY_POST, CompleteOrder()):
        completed().when(command).refused("cadastre.order_finished")


EXPIRED = RecordDeliveryExpired()
LAST_DAY, THE_DAY_AFTER = date(2026, 4, 1), date(2026, 4, 2)


@pytest.mark.allows("cadastre.no_open_download", "cadastre.download_in_time")
def test_a_download_expires_the_day_after_its_last_day() -> None:
    after = downloaded().when(EXPIRED, on=THE_DAY_AFTER).then(DeliveryExpired(expires=LAST_DAY, sha256=SHA256))
    assert after.state.stage is Stage.DELIVERED
    assert after.state.expired


def test_a_download_is_open_until_its_last_day() -> None:
    downloaded().when(EXPIRED, on=LAST_DAY).refused("cadastre.download_in_time")


def test_only_an_open_download_expires() -> None:
    for scenario in (made(), delivered(), expired()):
        scenario.when(EXPIRED, on=THE_DAY_AFTER).refused("cadastre.no_open_download")
    downloaded().when(CompleteOrder()).so().when(EXPIRED, on=THE_DAY_AFTER).refused("cadastre.order_finished")


@pytest.mark.allows("cadastre.already_delivered")
def test_the_same_product_is_delivered_again_when_its_download_has_expired() -> None:
    downloaded().when(DOWNLOAD).refused("cadastre.already_delivered")
    (fact,) = expired().when(BY_POST, on=THE_DAY_AFTER).facts
    assert isinstance(fact, ProductDelivered)
    assert fact.sha256 == SHA256
    again = expired().when(replace(DOWNLOAD, expires=date(2026, 5, 1)), on=THE_DAY_AFTER).so()
    assert not again.state.expired
    again.when(EXPIRED, on=date(2026, 5, 2)).so()


def test_an_expired_product_is_not_made_again_in_the_same_order() -> None:
    expired().when(MAKE).refused("cadastre.already_delivered")


def test_an_order_is_completed_after_its_download_expired() -> None:
    expired().when(CompleteOrder(), on=THE_DAY_AFTER).so()
