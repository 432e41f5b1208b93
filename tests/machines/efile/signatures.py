"""What the rules of e-files promise of documents: versions, attachments, and signatures that hold for one version."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from domain.efile import facts
from domain.efile.vocabulary import StepKind, StepOutcome
from domain.kernel import Recorded
from tests.machines.efile.reading import persons


@dataclass
class Paper:
    """A document as its events tell it: the hashes of its versions, and everybody who drafted one or attached to it."""

    hashes: list[str]
    drafters: set[UUID]
    attachments: int = 0
    final: set[int] = field(default_factory=set)
    """The versions that were finally signed."""
    against: dict[str, int] = field(default_factory=dict)
    """Who objected, and to which version, where nobody overruled it and they did not sign after all."""


@dataclass
class Tour:
    """A round as its events tell it: the kinds of its steps, the version each was signed for, those left out."""

    paper: Paper | None
    kinds: dict[int, StepKind]
    addressees: dict[int, str]
    signed: dict[int, int] = field(default_factory=dict)
    skipped: set[int] = field(default_factory=set)


def check_documents(events: Sequence[Recorded]) -> None:
    """Follow the documents of a case and its rounds, and hold each signature against what there was to sign."""
    papers: dict[UUID, Paper] = {}
    tours: list[Tour] = []
    for event in events:
        match event.fact:
            case facts.DocumentFiled() as fact:
                assert fact.no == len(papers) + 1, "the documents of a case count 1, 2, 3 …"
                papers[fact.document_id] = Paper([fact.sha256], persons(event))
            case facts.DocumentVersionAdded() as fact:
                paper = papers[fact.document_id]
                paper.hashes.append(fact.sha256)
                paper.drafters |= persons(event)
                assert fact.version == len(paper.hashes), "the versions of a document count 1, 2, 3 …"
            case facts.AttachmentAdded() as fact:
                _attached(papers[fact.document_id], fact, event)
            case facts.CirculationStarted() as fact:
                kinds = {step.no: step.kind for step in fact.steps}
                addressees = {step.no: step.addressee for step in fact.steps}
                tours.append(Tour(papers[fact.document_id] if fact.document_id else None, kinds, addressees))
                assert fact.circulation == len(tours), "the rounds of a case count 1, 2, 3 …"
            case facts.CirculationStepAdded() as fact:
                tours[-1].kinds[fact.step.no] = fact.step.kind
                tours[-1].addressees[fact.step.no] = fact.step.addressee
            case facts.CirculationStepSkipped() as fact:
                _skipped(tours[-1], fact, event)
            case facts.CirculationStepCompleted() as fact:
                _completed(tours[-1], fact, event)


def _attached(paper: Paper, fact: facts.AttachmentAdded, event: Recorded) -> None:
    paper.attachments += 1
    paper.drafters |= persons(event)
    assert (fact.added_by, fact.deputising_for) == (event.envelope.actor, event.envelope.deputising_for), "not named"
    assert (fact.no, fact.version) == (paper.attachments, len(paper.hashes))
    assert fact.version not in paper.final, "an attachment joined what was signed without it"


def _skipped(tour: Tour, fact: facts.CirculationStepSkipped, event: Recorded) -> None:
    tour.skipped.add(fact.no)
    if tour.paper and tour.kinds[fact.no] is StepKind.CO_SIGN:
        against = tour.paper.against.pop(tour.addressees[fact.no], None)
        assert fact.objector or against != len(tour.paper.hashes), "whose objection was overruled is not named"
    if tour.kinds[fact.no].is_signature:
        drafters = tour.paper.drafters if tour.paper else set()
        assert not persons(event) & drafters, "the drafter did without a signature"
        told = fact.supervised()
        assert told, "nobody is told of a missing signature"
        assert set(told.others) == drafters | ({fact.objector} if fact.objector else set())


def _completed(tour: Tour, fact: facts.CirculationStepCompleted, event: Recorded) -> None:
    kind = tour.kinds[fact.no]
    if not kind.is_signature:
        assert fact.signed_version is None
        return
    paper = tour.paper
    assert paper, "signed nothing"
    assert not persons(event) & paper.drafters, "signed by a drafter"
    addressee, unit = tour.addressees[fact.no], event.envelope.org_unit
    assert unit == addressee or unit.startswith((f"{addressee}/", f"{addressee}.")), "signed for another unit"
    version = len(paper.hashes)
    assert (fact.signed_version, fact.signed_sha256) == (version, paper.hashes[-1]), "signed what was not the latest"
    if fact.outcome is not StepOutcome.SIGNED:
        tour.signed.pop(fact.no, None)
        if kind is StepKind.CO_SIGN:
            paper.against[addressee] = version
        return
    tour.signed[fact.no] = version
    if kind is StepKind.CO_SIGN:
        paper.against.pop(addressee, None)
    else:
        asked = {no for no, each in tour.kinds.items() if each is StepKind.CO_SIGN} - tour.skipped
        assert all(tour.signed.get(no) == version for no in asked), "finally signed before all had signed that version"
        assert version not in paper.against.values(), "finally signed over an objection"
        paper.final.add(version)
