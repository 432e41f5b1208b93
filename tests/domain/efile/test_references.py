"""References of files and cases: no two are told apart by capital letters alone."""

from dataclasses import replace

import pytest

from domain.efile import FAMILY
from domain.kernel import Channel
from tests.domain.efile.examples import (
    CASE,
    CASE_OPENED,
    DEFINED,
    FILE,
    OPENED,
    PLAN_UNIT,
    open_case,
    open_file,
)
from tests.scenario import Given, an_id, given

PLAN = given(FAMILY, record_id=FILE).beside(PLAN_UNIT, DEFINED)
IN_A_FILE = PLAN.beside(FILE, OPENED).about(CASE)


def filed(reference: str, channel: Channel = Channel.STAFF) -> Given:
    return PLAN.when(open_file(reference=reference), channel=channel).so().about(an_id("another"))


def opened(reference: str, channel: Channel = Channel.STAFF) -> Given:
    return IN_A_FILE.when(open_case(reference=reference), channel=channel).so().about(an_id("another"))


SAME = (("61-A/1", "61-a/1"), ("61-a/1", "61-A/1"), ("Straße 1", "STRASSE 1"), ("Ä 1", "a\u0308 1"))


@pytest.mark.allows("efile.file_reference_taken")
@pytest.mark.parametrize(("first", "second"), SAME)
def test_a_file_reference_is_taken_in_capital_letters_too(first: str, second: str) -> None:
    filed(first).when(open_file(reference=second)).refused("efile.file_reference_taken")
    filed(first).when(open_file(reference=f"{second}0")).so()


@pytest.mark.allows("efile.case_reference_taken")
@pytest.mark.parametrize(("first", "second"), SAME)
def test_a_case_reference_is_taken_in_capital_letters_too(first: str, second: str) -> None:
    opened(first).when(open_case(reference=second)).refused("efile.case_reference_taken")
    opened(first).when(open_case(reference=f"{second}0")).so()


@pytest.mark.allows("efile.file_reference_taken", "efile.case_reference_taken")
def test_what_a_source_keeps_apart_by_capital_letters_stays_apart() -> None:
    filed("F-a", Channel.IMPORT).when(open_file(reference="F-A"), channel=Channel.IMPORT).so()
    opened("V-a", Channel.IMPORT).when(open_case(reference="V-A"), channel=Channel.IMPORT).so()
    filed("F-a", Channel.IMPORT).when(open_file(reference="F-a")).refused("efile.file_reference_taken")


@pytest.mark.allows("efile.file_reference_taken", "efile.case_reference_taken")
def test_an_imported_reference_is_held_as_it_is_written_alone() -> None:
    """What docs/guarantees.md excludes, and where that ends: as written, or as the key of what is native."""
    for other in ("az 7 süd", "AZ 7 SÜD"):
        filed("AZ 7 Süd", Channel.IMPORT).when(open_file(reference=other)).so()
        opened("AZ 7 Süd", Channel.IMPORT).when(open_case(reference=other)).so()
    filed("AZ 7 Süd", Channel.IMPORT).when(open_file(reference="AZ 7 Süd")).refused("efile.file_reference_taken")
    opened("AZ 7 Süd", Channel.IMPORT).when(open_case(reference="AZ 7 Süd")).refused("efile.case_reference_taken")
    filed("az 7 süd", Channel.IMPORT).when(open_file(reference="AZ 7 SÜD")).refused("efile.file_reference_taken")
    opened("az 7 süd", Channel.IMPORT).when(open_case(reference="AZ 7 SÜD")).refused("efile.case_reference_taken")
    filed("AZ 7 Süd").when(open_file(reference="az 7 süd"), channel=Channel.IMPORT).refused(
        "efile.file_reference_taken"
    )
    opened("AZ 7 Süd").when(open_case(reference="az 7 süd"), channel=Channel.IMPORT).refused(
        "efile.case_reference_taken"
    )


@pytest.mark.allows("efile.file_reference_taken", "efile.case_reference_taken")
def test_references_of_before_are_taken_as_they_were_written() -> None:
    old = PLAN.beside(FILE, replace(OPENED, reference="F-A", reference_key=None)).about(an_id("another"))
    old.when(open_file(reference="F-A")).refused("efile.file_reference_taken")
    old.when(open_file(reference="F-a")).so()
    old = IN_A_FILE.beside(CASE, replace(CASE_OPENED, reference="V-A", reference_key=None)).about(an_id("another"))
    old.when(open_case(reference="V-A")).refused("efile.case_reference_taken")
    old.when(open_case(reference="V-a")).so()


def test_a_reference_is_looked_up_as_it_is_written_and_by_its_key() -> None:
    assert {claim.key for claim in replace(OPENED, reference="F-A", reference_key="f-a").claims()} == {"F-A", "f-a"}
    assert [claim.key for claim in OPENED.claims()] == [OPENED.reference]
