"""What was stored in an older shape is read as if it had been written in that of today."""

import pytest

from domain.council import FAMILY
from domain.council.facts import (
    AgendaItemAdded,
    AttendanceRecorded,
    ConsultationPlanned,
    ObjectionDecided,
    PaperAmended,
    PaperCorrected,
    PaperCoSigned,
    PaperDecided,
    PaperDrafted,
    PaperFileAttached,
    PaperFileRemoved,
    ResolutionObjected,
    VoteRecorded,
)
from domain.kernel import Fact
from infra.codec import Codec
from tests.golden.samples import golden


def old(topic: str) -> Fact:
    return Codec([FAMILY]).fact(topic, 1, golden(topic).read_bytes().rstrip(b"\n"))


def test_who_drafted_an_older_paper_is_not_known() -> None:
    fact = old("council.paper_drafted.v1")
    assert isinstance(fact, PaperDrafted)
    assert (fact.drafted_by, fact.deputising_for) == (None, None)


def test_older_consultations_have_no_order() -> None:
    fact = old("council.consultation_planned.v1")
    assert isinstance(fact, ConsultationPlanned)
    assert fact.order is None


def test_an_older_outcome_is_pending_only_where_it_postponed() -> None:
    topic = "council.paper_decided.v1"
    adopted = old(topic)
    postponed = Codec([FAMILY]).fact(topic, 1, golden(topic).read_bytes().replace(b'"adopted"', b'"postponed"').strip())
    assert isinstance(adopted, PaperDecided)
    assert isinstance(postponed, PaperDecided)
    assert (adopted.pending, postponed.pending) == (False, True)


def test_on_which_day_a_body_dealt_with_a_paper_is_not_known_of_old() -> None:
    for topic in ("council.paper_decided.v1", "council.paper_decided.v2"):
        fact = old(topic)
        assert isinstance(fact, PaperDecided)
        assert (fact.topic, fact.decided_on) == ("council.paper_decided.v3", None)


@pytest.mark.parametrize("name", ["paper_amended", "paper_corrected", "paper_file_attached", "paper_file_removed"])
def test_who_changed_an_older_paper_is_not_known(name: str) -> None:
    fact = old(f"council.{name}.v1")
    assert isinstance(fact, PaperAmended | PaperCorrected | PaperFileAttached | PaperFileRemoved)
    assert fact.topic == f"council.{name}.v2"
    assert (fact.changed_by, fact.changed_on, fact.voids) == ((), None, None)


def test_who_co_signed_or_objected_and_when_it_was_decided_again_is_not_known_of_old() -> None:
    signed, objected = old("council.paper_co_signed.v1"), old("council.resolution_objected.v1")
    assert isinstance(signed, PaperCoSigned)
    assert (signed.signatory, signed.deputising_for, signed.signed_on) == (None, None, None)
    assert isinstance(objected, ResolutionObjected)
    assert (objected.objected_by, objected.deputising_for) == (None, None)
    decided = old("council.objection_decided.v1")
    assert isinstance(decided, ObjectionDecided)
    assert decided.decided_on is None


@pytest.mark.parametrize(
    ("topic", "field"),
    [
        ("council.paper_drafted.v1", "drafted_on"),
        ("council.paper_drafted.v2", "drafted_on"),
        ("council.meeting_scheduled.v1", "scheduled_on"),
        ("council.meeting_rescheduled.v1", "rescheduled_on"),
        ("council.minutes_drafted.v1", "drafted_on"),
        ("council.minutes_signed.v1", "signed_on"),
        ("council.implementation_assigned.v1", "assigned_on"),
        ("council.implementation_reported.v1", "reported_on"),
    ],
)
def test_older_facts_do_not_tell_their_day(topic: str, field: str) -> None:
    assert getattr(old(topic), field) is None


def test_an_older_count_gives_no_reason() -> None:
    fact = old("council.vote_recorded.v1")
    assert isinstance(fact, VoteRecorded)
    assert fact.correction_reason is None


def test_an_older_item_names_no_resolution_to_decide_again() -> None:
    fact = old("council.agenda_item_added.v1")
    assert isinstance(fact, AgendaItemAdded)
    assert fact.decides_again is None


def test_older_attendance_is_a_number() -> None:
    fact = old("council.attendance_recorded.v1")
    assert isinstance(fact, AttendanceRecorded)
    assert (fact.voting_members, fact.members) == (7, ())
