"""Legal holds and confidentiality, alike for files and cases."""

import pytest

from domain.efile.vocabulary import Confidentiality
from domain.kernel import Sealed
from tests.domain.efile.examples import REASON, Sort, of_files_and_cases
from tests.scenario import SOMEBODY_ELSE

BLANK: Sealed[str] = Sealed(" ")
COURT = "VG Düsseldorf"


@of_files_and_cases
@pytest.mark.allows("efile.nothing_changed", "efile.destroyed")
def test_what_becomes_more_confidential_is_classified_otherwise(sort: Sort) -> None:
    change = sort.change_confidentiality(confidentiality=Confidentiality.CONFIDENTIAL, reason=REASON)
    changed = sort.facts["ConfidentialityChanged"](
        old=Confidentiality.OPEN, new=Confidentiality.CONFIDENTIAL, reason=REASON
    )
    after = sort.open().when(change).then(changed)
    assert after.state.confidentiality is Confidentiality.CONFIDENTIAL
    after.when(change).refused("efile.nothing_changed")


@of_files_and_cases
def test_what_is_closed_can_still_be_classified_otherwise(sort: Sort) -> None:
    change = sort.change_confidentiality(confidentiality=Confidentiality.RESTRICTED, reason=REASON)
    assert sort.offered().when(change).so().state.confidentiality is Confidentiality.RESTRICTED


@of_files_and_cases
def test_classifying_otherwise_needs_a_reason(sort: Sort) -> None:
    change = sort.change_confidentiality(confidentiality=Confidentiality.RESTRICTED, reason=BLANK)
    sort.open().when(change).refused("efile.reason_missing")


@of_files_and_cases
def test_what_was_destroyed_is_neither_classified_nor_held(sort: Sort) -> None:
    gone = sort.approved(sort.facts["Destroyed"](process_id="AUS-2037-1", approvers=(SOMEBODY_ELSE,)))
    change = sort.change_confidentiality(confidentiality=Confidentiality.RESTRICTED, reason=REASON)
    gone.when(change).refused("efile.destroyed")
    gone.when(sort.place_hold(authority=COURT, reason=REASON)).refused("efile.destroyed")


@of_files_and_cases
@pytest.mark.allows("efile.authority_missing", "efile.reason_missing", "efile.destroyed")
def test_a_hold_is_placed_on_authority_at_any_stage(sort: Sort) -> None:
    place = sort.place_hold(authority=COURT, reason=REASON)
    for scenario in (sort.open(), sort.kept(), sort.offered()):
        held = scenario.when(place).then(sort.facts["LegalHoldPlaced"](hold=1, authority=COURT, reason=REASON))
        assert held.state.holds == (1,)
    sort.open().when(sort.place_hold(authority=" ", reason=REASON)).refused("efile.authority_missing")
    sort.open().when(sort.place_hold(authority=COURT, reason=BLANK)).refused("efile.reason_missing")


@of_files_and_cases
@pytest.mark.allows("efile.not_held", "efile.hold_unknown")
def test_each_hold_is_released_by_its_number(sort: Sort) -> None:
    place = sort.place_hold(authority=COURT, reason=REASON)
    release = sort.release_hold(hold=1, authority=COURT, reason=REASON)
    sort.open().when(release).refused("efile.not_held")
    twice = sort.open().when(place).so().when(place).so()
    assert twice.state.holds == (1, 2)
    released = twice.when(release).then(sort.facts["LegalHoldReleased"](hold=1, authority=COURT, reason=REASON))
    assert released.state.holds == (2,)
    released.when(release).refused("efile.hold_unknown")
    assert released.when(place).so().state.holds == (2, 3), "numbers are not used again"


@of_files_and_cases
def test_releasing_a_hold_needs_an_authority_and_a_reason(sort: Sort) -> None:
    held = sort.open().when(sort.place_hold(authority=COURT, reason=REASON)).so()
    held.when(sort.release_hold(hold=1, authority="", reason=REASON)).refused("efile.authority_missing")
    held.when(sort.release_hold(hold=1, authority=COURT, reason=BLANK)).refused("efile.reason_missing")
