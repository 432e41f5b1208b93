"""Citizens who work in the office, too: what they filed as citizens they do not sign as staff."""

from typing import Any
from uuid import UUID, uuid5

import pytest

from domain.efile.commands import (
    AddAttachment,
    AddDocumentVersion,
    CompleteCirculationStep,
    SkipCirculationStep,
    StartCirculation,
)
from domain.efile.vocabulary import StepOutcome
from domain.kernel import Channel, Command, Sealed
from domain.requests import actor_of
from tests.domain.efile.examples import CASE, CASES, CO_SIGN, FINAL_SIGN, FIRST_HASH, REASON, SECOND_HASH, file_document
from tests.scenario import SOMEBODY_ELSE, Given, an_id

ADA, BOB = an_id("ada"), an_id("bob")
DOCUMENT = uuid5(CASE, "document:1")
PDF: dict[str, Any] = {"filename": Sealed("a.pdf"), "mime": "application/pdf", "size": 1, "sha256": SECOND_HASH}
VERSION = AddDocumentVersion(document_id=DOCUMENT, **PDF)
ATTACHMENT = AddAttachment(document_id=DOCUMENT, title=Sealed("Lageplan"), **PDF)


def as_citizen(scenario: Given, command: Command, own: UUID = ADA) -> Given:
    portal = Channel.SERVICE_PORTAL
    return scenario.when(command, actor=actor_of(portal), own=own, role="citizen", channel=portal).so()


def on_its_round(scenario: Given) -> Given:
    return scenario.when(StartCirculation(document_id=DOCUMENT, steps=(CO_SIGN, FINAL_SIGN)), actor=BOB).so()


def sign(no: int, sha256: str) -> CompleteCirculationStep:
    return CompleteCirculationStep(no=no, outcome=StepOutcome.SIGNED, signed_sha256=sha256)


FILED_AT_THE_PORTAL = as_citizen(CASES.open(), file_document())
FILED_AT_THE_OFFICE = CASES.open().when(file_document(), actor=SOMEBODY_ELSE).so()


@pytest.mark.allows("efile.four_eyes", "efile.drafter_skips_signature")
@pytest.mark.parametrize(
    ("drafted", "sha256"),
    [
        (FILED_AT_THE_PORTAL, FIRST_HASH),
        (as_citizen(FILED_AT_THE_OFFICE, VERSION), SECOND_HASH),
        (as_citizen(FILED_AT_THE_OFFICE, ATTACHMENT), FIRST_HASH),
    ],
    ids=["document", "version", "attachment"],
)
def test_what_somebody_filed_as_a_citizen_they_do_not_sign_as_staff(drafted: Given, sha256: str) -> None:
    circulating = on_its_round(drafted)
    skip = SkipCirculationStep(no=1, reason=REASON)
    for who, place in ((ADA, None), (BOB, ADA)):
        circulating.when(sign(1, sha256), actor=who, deputising_for=place).refused("efile.four_eyes")
        circulating.when(skip, actor=who, deputising_for=place).refused("efile.drafter_skips_signature")
    signed = circulating.when(sign(1, sha256), actor=BOB).so()
    signed.when(sign(2, sha256), actor=ADA).refused("efile.four_eyes")
    signed.when(sign(2, sha256), actor=an_id("head")).so()


def test_another_citizen_may_be_anybody_of_the_staff() -> None:
    on_its_round(as_citizen(CASES.open(), file_document(), own=BOB)).when(sign(1, FIRST_HASH), actor=ADA).so()


def test_what_staff_file_carries_no_marks() -> None:
    (document,) = FILED_AT_THE_OFFICE.state.documents
    assert document.marks == ()
    (document,) = FILED_AT_THE_PORTAL.state.documents
    assert len(document.marks) == 1
    assert str(ADA) not in repr(document)
