"""Making, delivering and completing what was ordered."""

from dataclasses import replace
from datetime import date

import pytest

from domain.cadastre.commands import AssessFee, CompleteOrder
from domain.cadastre.facts import ProductDelivered, ProductGenerated, PurposeFulfilled
from domain.cadastre.vocabulary import DeliveryChannel, Stage
from tests.domain.cadastre.orders import (
    BY_POST,
    FREE,
    MAKE,
    PAY,
    SHA256,
    completed,
    confirmed,
    delivered,
    made,
    noticed,
    paid,
    placed,
    priced,
)
from tests.scenario import TODAY


def test_the_ledger_keeps_the_hash_of_the_product_only() -> None:
    paid().when(MAKE).then(ProductGenerated(data_as_of=TODAY, sha256=SHA256))


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


def test_an_extract_does_not_show_the_future() -> None:
    paid().when(replace(MAKE, data_as_of=date(2026, 3, 3))).refused("cadastre.data_from_the_future")
    paid().when(replace(MAKE, data_as_of=date(2026, 3, 3)), on=date(2026, 3, 3)).so()


def test_a_delivery_says_the_days_it_took() -> None:
    made().when(BY_POST, on=date(2026, 3, 9)).then(
        ProductDelivered(
            channel=DeliveryChannel.POST, expires=None, sha256=SHA256, delivered_on=date(2026, 3, 9), days=7
        )
    )


def test_only_what_was_made_is_delivered() -> None:
    paid().when(BY_POST).refused("cadastre.product_missing")


def test_a_download_expires_and_a_letter_does_not() -> None:
    download = replace(BY_POST, channel=DeliveryChannel.DOWNLOAD)
    made().when(download).refused("cadastre.download_expires")
    made().when(replace(download, expires=date(2026, 3, 1))).refused("cadastre.download_expires")
    made().when(replace(BY_POST, expires=TODAY)).refused("cadastre.download_expires")
    made().when(replace(download, expires=TODAY)).so()


def test_an_order_is_complete_when_delivered_and_paid() -> None:
    made().when(CompleteOrder()).refused("cadastre.not_delivered")
    assert delivered().when(CompleteOrder()).then(PurposeFulfilled(owner_data_deleted=False)).state.stage is (
        Stage.COMPLETED
    )


def test_an_order_is_not_complete_while_its_fee_is_open() -> None:
    billed = noticed().when(MAKE).so().when(BY_POST).so()
    billed.when(CompleteOrder()).refused("cadastre.fee_open")
    settled = billed.when(PAY).so()
    assert settled.state.stage is Stage.DELIVERED
    settled.when(CompleteOrder()).so()


def test_owner_data_goes_when_its_purpose_is_met() -> None:
    owners = confirmed().when(AssessFee()).so().when(PAY).so().when(MAKE).so().when(BY_POST).so()
    owners.when(CompleteOrder()).then(PurposeFulfilled(owner_data_deleted=True))


def test_a_completed_order_stays_complete() -> None:
    for command in (AssessFee(), PAY, MAKE, BY_POST, CompleteOrder()):
        completed().when(command).refused("cadastre.order_finished")
