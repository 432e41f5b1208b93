"""Legal holds and confidentiality, alike for files and cases."""

from datetime import date

import pytest

from domain.efile.vocabulary import Confidentiality
from domain.kernel import Sealed
from tests.domain.efile.examples import REASON, Sort, of_files_and_cases
from tests.scenario import SOMEBODY_ELSE, TODAY

BLANK: Sealed[str] = Sealed(" ")
COURT = "VG Düsseldorf"


@of_files_and_cases
@pytest.mark.allows("efile.nothing_changed", "efile.destroyed")
def test_what_becomes_more_confidential_is_classified_otherwise(sort: Sort) -> None:
    change = sort.change_confidentiality(confidentiality=Confidentiality.CONFIDENTIAL, reason=REASON)
    changed = sort.facts["ConfidentialityChanged"](
        old=Confidentiality.OPEN, new=Confidentiality.CONFIDENTIAL, reason=REASON, day=TODAY
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
        held = scenario.when(place).then(
            sort.facts["LegalHoldPlaced"](hold=1, authority=COURT, reason=REASON, voids_approval=False, day=TODAY)
        )
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
    released = twice.when(release).then(
        sort.facts["LegalHoldReleased"](hold=1, authority=COURT, reason=REASON, day=TODAY)
    )
    assert released.state.holds == (2,)
    released.when(release).refused("efile.hold_unknown")
    assert released.when(place).so().state.holds == (2, 3), "numbers are not used again"


@of_files_and_cases
def test_releasing_a_hold_needs_an_authority_and_a_reason(sort: Sort) -> None:
    held = sort.open().when(sort.place_hold(authority=COURT, reason=REASON)).so()
    held.when(sort.release_hold(hold=1, authority="", reason=REASON)).refused("efile.authority_missing")
    held.when(sort.release_hold(hold=1, authority=COURT, reason=BLANK)).refused("efile.reason_missing")


@of_files_and_cases
@pytest.mark.allows("efile.out_of_order")
def test_a_hold_may_be_known_late_but_is_not_older_than_the_record(sort: Sort) -> None:
    place = sort.place_hold(authority=COURT, reason=REASON)
    for scenario in (sort.open(), sort.approved()):
        scenario.when(place, on=date(2026, 3, 1)).refused("efile.out_of_order")
        scenario.when(place, on=date(2026, 3, 2)).so()


@of_files_and_cases
@pytest.mark.allows("efile.out_of_order")
def test_a_hold_is_released_no_earlier_than_it_was_placed(sort: Sort) -> None:
    placed = sort.open().when(sort.place_hold(authority=COURT, reason=REASON), on=date(2026, 5, 4)).so()
    release = sort.release_hold(hold=1, authority=COURT, reason=REASON)
    placed.when(release, on=date(2026, 5, 3)).refused("efile.out_of_order")
    placed.when(release, on=date(2026, 5, 4)).so()


@of_files_and_cases
@pytest.mark.allows("efile.out_of_order")
def test_a_hold_is_no_work_and_a_closing_may_come_before_it(sort: Sort) -> None:
    held = sort.open().when(sort.place_hold(authority=COURT, reason=REASON), on=date(2026, 5, 4)).so()
    held.when(sort.close, on=date(2026, 5, 3)).so()


@of_files_and_cases
def test_a_hold_says_whether_an_approval_is_void(sort: Sort) -> None:
    place = sort.place_hold(authority=COURT, reason=REASON)
    for scenario, voids in ((sort.open(), False), (sort.offered(), False), (sort.approved(), True)):
        (placed,) = scenario.when(place).facts
        assert placed.voids_approval is voids  # type: ignore[union-attr]
    said = {"hold": 1, "authority": COURT, "reason": REASON}
    for told, approved in ((True, False), (None, False), (False, True)):
        placed = sort.facts["LegalHoldPlaced"](voids_approval=told, **said)
        assert bool(sort.approved(placed).state.disposal.approved_by) is approved
