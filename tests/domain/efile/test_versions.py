"""Facts of earlier shapes, read as those of today."""

from typing import Any

import pytest

from domain.efile.upcasters import UPCASTERS

CLOSED = {"zda_on": "2026-03-02", "retention_years": 10, "retention_until": "2036-12-31", "disposal_kind": "B"}


STEPS = (
    "retention_expired",
    "offer_became_due",
    "disposal_offered",
    "appraisal_received",
    "transfer_sent",
    "transfer_failed",
    "import_confirmed",
    "destroyed",
    "legal_hold_released",
)


def up(topic: str, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    new, cast = UPCASTERS[topic]
    return new, cast(body)


def test_cases_without_a_medium_were_electronic() -> None:
    assert up("efile.case_opened.v1", {"reference": "1"}) == (
        "efile.case_opened.v2",
        {"reference": "1", "medium": "001"},
    )


@pytest.mark.parametrize("kind", ["file", "case"])
def test_what_was_closed_before_plans_had_versions_was_closed_by_the_first(kind: str) -> None:
    topic, body = up(f"efile.{kind}_closed.v1", CLOSED)
    assert topic == f"efile.{kind}_closed.v2"
    assert body == {**CLOSED, "plan_version": 1, "offer_due_on": "2038-01-01"}


@pytest.mark.parametrize(
    ("until", "due"), [(None, "2057-01-01"), ("2026-12-31", "2028-01-01"), ("2066-12-31", "2057-01-01")]
)
def test_its_offer_is_due_a_year_after_retention_or_thirty_years_after_closing(until: str | None, due: str) -> None:
    _, body = up("efile.case_closed.v1", {**CLOSED, "retention_until": until})
    assert body["offer_due_on"] == due


@pytest.mark.parametrize(("zda", "until"), [("9970-01-01", None), ("9999-01-01", "9999-12-31")])
def test_no_offer_is_due_after_the_end_of_the_calendar(zda: str, until: str | None) -> None:
    _, body = up("efile.case_closed.v1", {**CLOSED, "zda_on": zda, "retention_until": until})
    assert body["offer_due_on"] == "9999-01-01"


def test_in_whose_place_somebody_acted_stays_unknown_where_it_was_not_said() -> None:
    for topic in ("efile.document_filed.v1", "efile.document_version_added.v1"):
        assert up(topic, {"drafter": "x"})[1] == {"drafter": "x", "deputising_for": None, "day": None}
    _, completed = up("efile.circulation_step_completed.v1", {"no": 1})
    assert completed == {"no": 1, "deputising_for": None, "drafters": [], "day": None}


@pytest.mark.parametrize(
    "topic",
    [
        "efile.circulation_started",
        "efile.circulation_step_added",
        "efile.circulation_step_recorded",
        "efile.circulation_step_corrected",
        "efile.case_lead_unit_transferred",
        "efile.file_lead_unit_transferred",
        "efile.case_reopened",
        "efile.file_reopened",
        "efile.case_of_file_closed",
        "efile.case_of_file_destroyed",
        *(f"efile.{kind}_{step}" for kind in ("file", "case") for step in STEPS),
        "efile.file_destruction_approved",
    ],
)
def test_a_day_that_a_fact_did_not_say_stays_unknown(topic: str) -> None:
    assert up(f"{topic}.v1", {"x": 1}) == (f"{topic}.v2", {"x": 1, "day": None})


def test_of_a_step_skipped_then_only_the_number_is_known() -> None:
    _, skipped = up("efile.circulation_step_skipped.v1", {"no": 1})
    assert skipped == {"no": 1, "step_kind": None, "objector": None, "day": None}


def test_whose_document_was_left_unsigned_stays_unknown_where_it_was_not_said() -> None:
    topic, skipped = up("efile.circulation_step_skipped.v2", {"no": 1, "step_kind": "final_sign"})
    assert topic == "efile.circulation_step_skipped.v3"
    assert skipped == {"no": 1, "step_kind": "final_sign", "drafters": []}


def test_how_often_a_file_was_held_stays_unknown_where_it_was_not_said() -> None:
    topic, approved = up("efile.case_destruction_approved.v1", {"approver": "x"})
    assert topic == "efile.case_destruction_approved.v2"
    assert approved == {"approver": "x", "file_holds": None, "day": None}


@pytest.mark.parametrize("kind", ["file", "case"])
def test_what_a_hold_made_void_stays_unknown_where_it_was_not_said(kind: str) -> None:
    topic, held = up(f"efile.{kind}_legal_hold_placed.v1", {"hold": 1})
    assert topic == f"efile.{kind}_legal_hold_placed.v2"
    assert held == {"hold": 1, "voids_approval": None, "day": None}


def test_who_added_an_attachment_stays_unknown_where_it_was_not_said() -> None:
    topic, attached = up("efile.attachment_added.v1", {"no": 1, "day": "2026-03-02"})
    assert topic == "efile.attachment_added.v2"
    assert attached == {"no": 1, "day": "2026-03-02", "added_by": None, "deputising_for": None}


def test_references_of_earlier_versions_are_compared_as_they_are_written() -> None:
    for topic in ("efile.file_opened.v1", "efile.case_opened.v2"):
        assert up(topic, {"reference": "F-1"})[1] == {"reference": "F-1", "reference_key": None}


def test_on_which_day_something_was_classified_stays_unknown_where_it_was_not_said() -> None:
    for kind in ("file", "case"):
        topic, body = up(f"efile.{kind}_confidentiality_changed.v1", {"old": "003", "new": "001"})
        assert topic == f"efile.{kind}_confidentiality_changed.v2"
        assert body == {"old": "003", "new": "001", "day": None}
