"""Documents and their versions, and steps that were taken outside the ledger."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid5

import pytest

from domain.efile import FAMILY
from domain.efile.commands import (
    AddAttachment,
    AddDocumentVersion,
    CompleteCirculationStep,
    CorrectCirculationStep,
    CorrectDocument,
    RecordCirculationStep,
    SkipCirculationStep,
)
from domain.efile.facts import (
    AttachmentAdded,
    CirculationStepCorrected,
    CirculationStepRecorded,
    DocumentCorrected,
    DocumentFiled,
    DocumentVersionAdded,
    StepContent,
)
from domain.efile.vocabulary import DocumentField, DocumentKind, StepOutcome
from domain.kernel import Channel, Sealed
from tests.domain.efile.examples import (
    CASE,
    CASE_CLOSED,
    CASE_OPENED,
    DOCUMENT,
    FILED,
    FIRST_HASH,
    REASON,
    SECOND_HASH,
    STARTED,
    file_document,
)
from tests.scenario import ACTOR, NOW, SOMEBODY_ELSE, TODAY, Given, an_id, given

BLANK: Sealed[str] = Sealed(" ")
DIGEST = "0" * 64
OTHER_DIGEST = "1" * 64


def a_case(*more: Any) -> Given:
    return given(FAMILY, CASE_OPENED, *more, record_id=CASE)


def new_version(**changes: Any) -> AddDocumentVersion:
    fields: dict[str, Any] = {
        "document_id": DOCUMENT,
        "filename": Sealed("bescheid-2.pdf"),
        "mime": "application/pdf",
        "size": 48_300,
        "sha256": SECOND_HASH,
    }
    return AddDocumentVersion(**(fields | changes))


def test_a_document_is_filed_by_its_drafter() -> None:
    filed = DocumentFiled(
        document_id=uuid5(CASE, "document:1"),
        no=1,
        document_kind=DocumentKind.OUTGOING,
        title=Sealed("Bescheid"),
        received_on=None,
        letter_date=date(2026, 2, 27),
        foreign_reference=None,
        filename=Sealed("bescheid.pdf"),
        mime="application/pdf",
        size=48_213,
        sha256=FIRST_HASH,
        drafter=ACTOR,
        deputising_for=None,
        day=TODAY,
    )
    a_case().when(file_document()).then(filed)


def test_documents_of_a_case_are_counted_and_have_different_ids() -> None:
    two = a_case().when(file_document()).so().when(file_document()).so()
    first, second = two.state.documents
    assert first.id != second.id
    assert two.history[-1][1].no == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", BLANK),
        ("filename", Sealed("")),
        ("filename", Sealed("x" * 256)),
        ("foreign_reference", Sealed("")),
        ("mime", "pdf"),
        ("mime", "application/PDF"),
        ("size", -1),
        ("sha256", FIRST_HASH.upper()),
        ("sha256", FIRST_HASH[:-1]),
    ],
)
def test_a_document_is_described_properly(field: str, value: object) -> None:
    a_case().when(file_document(**{field: value})).invalid(field)


@pytest.mark.allows("efile.document_unknown", "efile.same_version", "efile.case_closed")
def test_a_version_is_added_by_its_drafter() -> None:
    added = DocumentVersionAdded(
        document_id=DOCUMENT,
        version=2,
        filename=Sealed("bescheid-2.pdf"),
        mime="application/pdf",
        size=48_300,
        sha256=SECOND_HASH,
        drafter=SOMEBODY_ELSE,
        deputising_for=None,
        invalidated_steps=(),
        day=TODAY,
    )
    a_case(FILED).when(new_version(), actor=SOMEBODY_ELSE).then(added)


def test_a_document_sits_in_one_case() -> None:
    elsewhere = given(FAMILY, CASE_OPENED, record_id=an_id("other case")).beside(CASE, CASE_OPENED, FILED)
    elsewhere.when(new_version()).refused("efile.document_unknown")
    correct = CorrectDocument(document_id=DOCUMENT, field=DocumentField.KIND, new="incoming", reason=REASON)
    elsewhere.when(correct).refused("efile.document_unknown")


ATTACHMENT = AttachmentAdded(
    document_id=DOCUMENT,
    no=1,
    version=1,
    title=Sealed("Lageplan"),
    filename=Sealed("lageplan.pdf"),
    mime="application/pdf",
    size=91_002,
    sha256=SECOND_HASH,
    added_by=ACTOR,
    deputising_for=None,
    day=TODAY,
)


def attach(**changes: Any) -> AddAttachment:
    fields: dict[str, Any] = {
        "document_id": DOCUMENT,
        "title": Sealed("Lageplan"),
        "filename": Sealed("lageplan.pdf"),
        "mime": "application/pdf",
        "size": 91_002,
        "sha256": SECOND_HASH,
    }
    return AddAttachment(**(fields | changes))


@pytest.mark.allows("efile.document_unknown", "efile.case_closed")
def test_an_attachment_goes_with_a_document_and_its_latest_version() -> None:
    after = a_case(FILED).when(attach()).then(ATTACHMENT)
    second = after.when(new_version()).so().when(attach())
    second.then(replace(ATTACHMENT, no=2, version=2))
    a_case().when(attach()).refused("efile.document_unknown")
    a_case(FILED, CASE_CLOSED).when(attach()).refused("efile.case_closed")


@pytest.mark.allows("efile.document_circulates")
def test_what_circulates_keeps_its_attachments() -> None:
    a_case(FILED, STARTED).when(attach()).refused("efile.document_circulates")
    other = replace(FILED, document_id=an_id("other document"), no=2)
    a_case(FILED, other, STARTED).when(attach(document_id=other.document_id)).so()
    left_out = a_case(FILED, STARTED)
    for no in (1, 2):
        left_out = left_out.when(SkipCirculationStep(no=no, reason=REASON), actor=SOMEBODY_ELSE).so()
    left_out.when(attach()).so()


@pytest.mark.allows("efile.four_eyes", "efile.drafter_skips_signature")
def test_who_attached_something_or_had_it_attached_signs_as_little_as_who_drafted() -> None:
    clerk, head = an_id("clerk"), an_id("head")
    attached = a_case(FILED).when(attach(), actor=clerk, deputising_for=head).so()
    (document,) = attached.state.documents
    assert document.drafters == (ACTOR, clerk, head)
    started = attached.beside(CASE, STARTED)
    skip = [SkipCirculationStep(no=no, reason=REASON) for no in (1, 2)]
    co_signed = started.when(sign(1), actor=SOMEBODY_ELSE).so()
    for person in (clerk, head):
        started.when(sign(1), actor=person).refused("efile.four_eyes")
        started.when(skip[0], actor=person).refused("efile.drafter_skips_signature")
        co_signed.when(sign(2), actor=person).refused("efile.four_eyes")
        co_signed.when(skip[1], actor=person).refused("efile.drafter_skips_signature")
    (signed,) = co_signed.when(sign(2), actor=an_id("third")).facts
    assert signed.drafters == (ACTOR, clerk, head)  # type: ignore[union-attr]


@pytest.mark.allows("efile.four_eyes")
def test_an_attachment_that_names_nobody_keeps_nobody_from_signing() -> None:
    unknown = replace(ATTACHMENT, added_by=None)
    started = a_case(FILED, unknown, STARTED)
    started.when(sign(1), actor=SOMEBODY_ELSE).so().when(sign(2), actor=an_id("third")).so()


def sign(no: int, outcome: StepOutcome = StepOutcome.SIGNED) -> CompleteCirculationStep:
    return CompleteCirculationStep(no=no, outcome=outcome, signed_sha256=FIRST_HASH)


@pytest.mark.allows("efile.document_signed")
def test_what_is_finally_signed_keeps_its_attachments() -> None:
    signed = a_case(FILED, STARTED).when(sign(1), actor=an_id("co-signer")).so().when(sign(2), actor=SOMEBODY_ELSE).so()
    assert signed.state.documents[0].signed_version == 1
    signed.when(attach()).refused("efile.document_signed")
    versioned = signed.when(new_version()).so()
    assert versioned.state.documents[0].signed_version == 1, "the new version is not signed"
    versioned.when(attach()).so()


@pytest.mark.allows("efile.document_signed")
def test_an_objection_or_a_co_signature_signs_nothing_finally() -> None:
    co_signed = a_case(FILED, STARTED).when(sign(1), actor=an_id("co-signer")).so()
    assert co_signed.state.documents[0].signed_version is None
    objected = co_signed.when(sign(2, StepOutcome.OBJECTED), actor=SOMEBODY_ELSE).so()
    objected.when(attach()).so()


def test_a_final_signature_is_for_the_document_of_its_round_alone() -> None:
    other = replace(FILED, document_id=an_id("other document"), no=2)
    signed = (
        a_case(FILED, other, STARTED)
        .when(sign(1), actor=an_id("co-signer"))
        .so()
        .when(sign(2), actor=SOMEBODY_ELSE)
        .so()
    )
    signed.when(attach(document_id=other.document_id)).so()


@pytest.mark.parametrize(
    ("field", "value"), [("title", BLANK), ("filename", BLANK), ("mime", "pdf"), ("size", -1), ("sha256", "x")]
)
def test_an_attachment_is_described_properly(field: str, value: object) -> None:
    a_case(FILED).when(attach(**{field: value})).invalid(field)


def test_a_new_version_differs_from_the_last() -> None:
    a_case(FILED).when(new_version(sha256=FIRST_HASH)).refused("efile.same_version")


@pytest.mark.allows("efile.same_version")
def test_an_earlier_version_may_come_back() -> None:
    a_case(FILED).when(new_version()).so().when(new_version(sha256=FIRST_HASH)).so()


def test_a_clear_field_of_a_document_is_corrected_with_old_and_new() -> None:
    correct = CorrectDocument(document_id=DOCUMENT, field=DocumentField.LETTER_DATE, new="2026-02-26", reason=REASON)
    corrected = DocumentCorrected(
        document_id=DOCUMENT,
        field=DocumentField.LETTER_DATE,
        old="2026-02-27",
        new="2026-02-26",
        new_sealed=None,
        corrected_position=None,
        reason=REASON,
    )
    after = a_case(FILED).when(correct).then(corrected)
    after.when(correct).refused("efile.nothing_changed")
    (cleared,) = after.when(
        CorrectDocument(document_id=DOCUMENT, field=DocumentField.LETTER_DATE, new=None, reason=REASON)
    ).facts
    assert (cleared.old, cleared.new) == ("2026-02-26", None)  # type: ignore[union-attr]


def test_the_other_fields_of_a_document_can_be_corrected() -> None:
    after = a_case(FILED)
    for field, new in ((DocumentField.KIND, "incoming"), (DocumentField.RECEIVED_ON, "2026-03-01")):
        after = after.when(CorrectDocument(document_id=DOCUMENT, field=field, new=new, reason=REASON)).so()
    for field in (DocumentField.TITLE, DocumentField.FOREIGN_REFERENCE):
        correct = CorrectDocument(document_id=DOCUMENT, field=field, new_sealed=Sealed("neu"), reason=REASON)
        after = after.when(correct).so()
    (document,) = after.state.documents
    assert document.document_kind is DocumentKind.INCOMING
    assert document.received_on == date(2026, 3, 1)
    assert document.title.position == 5
    assert document.foreign_reference is not None
    assert document.foreign_reference.position == 6


def test_a_sealed_field_of_a_document_is_corrected_by_its_position() -> None:
    correct = CorrectDocument(
        document_id=DOCUMENT, field=DocumentField.TITLE, new_sealed=Sealed("Bauschein"), reason=REASON
    )
    (corrected,) = a_case(FILED).when(correct).facts
    assert corrected.corrected_position == 2  # type: ignore[union-attr]


@pytest.mark.parametrize("new", ["27.02.2026", "2026-02-30", "20260227"])
def test_a_corrected_date_is_a_date(new: str) -> None:
    correct = CorrectDocument(document_id=DOCUMENT, field=DocumentField.LETTER_DATE, new=new, reason=REASON)
    a_case(FILED).when(correct).invalid("new")


def test_a_correction_of_a_document_needs_a_reason() -> None:
    correct = CorrectDocument(document_id=DOCUMENT, field=DocumentField.KIND, new="incoming", reason=BLANK)
    a_case(FILED).when(correct).refused("efile.reason_missing")


CHECK = StepContent(activity="Check receipt", performer=SOMEBODY_ELSE, unit="Group 4", outcome="complete")
RECORDED = CirculationStepRecorded(
    entry=1,
    step=CHECK,
    details=Sealed("{}"),
    source="receipt",
    source_id="task-42935",
    source_row=7,
    source_digest=DIGEST,
    day=TODAY,
)


def record(**changes: Any) -> RecordCirculationStep:
    fields: dict[str, Any] = {
        "step": CHECK,
        "details": Sealed("{}"),
        "source": "receipt",
        "source_id": "task-42935",
        "source_row": 7,
        "source_digest": DIGEST,
    }
    return RecordCirculationStep(**(fields | changes))


def test_a_step_is_documented_afterwards() -> None:
    long_ago = NOW - timedelta(days=5000)
    a_case().when(record(), at=long_ago, channel=Channel.IMPORT).then(replace(RECORDED, day=long_ago.date()))


def test_documented_steps_keep_the_order_of_the_source_even_at_one_time() -> None:
    day, by = date(2014, 4, 11), Channel.IMPORT
    two = a_case().when(record(), on=day, channel=by).so().when(record(source_row=8), on=day, channel=by).so()
    assert [fact.entry for _, fact in two.history[1:]] == [1, 2]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"step": StepContent(activity="")}, "step.activity"),
        ({"step": StepContent(activity="x", unit="")}, "step.unit"),
        ({"step": StepContent(activity="x", outcome="")}, "step.outcome"),
        ({"details": BLANK}, "details"),
        ({"source": ""}, "source"),
        ({"source_id": ""}, "source_id"),
        ({"source_row": 0}, "source_row"),
        ({"source_digest": "7"}, "source_digest"),
    ],
)
def test_a_documented_step_is_described_properly(change: dict[str, Any], field: str) -> None:
    a_case().when(record(**change)).invalid(field)


def correct(**changes: Any) -> CorrectCirculationStep:
    fields: dict[str, Any] = {
        "entry": 1,
        "step": StepContent(activity="Check receipt again"),
        "source_digest": OTHER_DIGEST,
        "reason": REASON,
    }
    return CorrectCirculationStep(**(fields | changes))


@pytest.mark.allows("efile.no_entry", "efile.entry_unknown", "efile.reason_missing")
def test_a_documented_step_is_corrected_with_old_and_new() -> None:
    corrected = CirculationStepCorrected(
        entry=1,
        old=CHECK,
        new=StepContent(activity="Check receipt again"),
        details=None,
        corrected_position=None,
        source_digest=OTHER_DIGEST,
        reason=REASON,
        day=TODAY,
    )
    after = a_case(RECORDED).when(correct(), channel=Channel.IMPORT).then(corrected)
    (entry,) = after.state.entries
    assert (entry.step.activity, entry.source_digest) == ("Check receipt again", OTHER_DIGEST)
    assert entry.details.position == 2


def test_corrected_details_name_the_position_of_the_old_ones() -> None:
    (corrected,) = a_case(RECORDED).when(correct(details=Sealed("{1}"), source_digest=None)).facts
    assert corrected.corrected_position == 2  # type: ignore[union-attr]


def test_only_a_documented_step_can_be_corrected() -> None:
    a_case().when(correct()).refused("efile.no_entry")
    a_case(RECORDED).when(correct(entry=2)).refused("efile.entry_unknown")
    a_case(RECORDED).when(correct(entry=0)).refused("efile.entry_unknown")


def test_a_correction_of_a_step_needs_a_reason() -> None:
    a_case(RECORDED).when(correct(reason=BLANK)).refused("efile.reason_missing")
