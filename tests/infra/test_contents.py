"""Whether a file is what a record's facts say it was: which version, or none."""

import hashlib
import re
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar, get_type_hints
from uuid import UUID

import pytest

from domain.efile import commands as e
from domain.efile.vocabulary import DisposalKind, DocumentKind
from domain.families import FAMILIES
from domain.kernel import Code, Command, Envelope, Fact, Recorded, Sealed
from domain.probe import filled
from domain.requests import Request
from infra.cli import contents
from infra.contents import ALGORITHMS, closest, kept, measure
from infra.database import Database
from infra.installation import Installation
from infra.ledger import Ledger
from infra.settings import Settings
from tests.database import CLERK
from tests.golden.samples import sample

pytestmark = pytest.mark.any_server

RECORD, DOCUMENT = UUID(int=1), UUID(int=2)
THEN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def recorded(*facts: Fact) -> Iterator[Recorded]:
    for position, fact in enumerate(facts, 1):
        yield Recorded(position, RECORD, position, fact.topic, THEN, THEN, sample(Envelope), fact)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoTaken(Fact):
    topic: ClassVar[str] = "trees.photo_taken.v1"
    kind: ClassVar[str] = "tree"
    sha256: Code
    size: int | None = None
    document_id: UUID | None = None


def test_each_new_hash_of_a_part_is_its_next_version() -> None:
    found = list(kept(recorded(PhotoTaken(sha256="aa"), PhotoTaken(sha256="aa"), PhotoTaken(sha256="bb", size=3))))
    assert [(each.part, each.part_id, each.version, each.digest, each.size, each.position) for each in found] == [
        ("tree", RECORD, 1, "aa", None, 1),
        ("tree", RECORD, 2, "bb", 3, 3),
    ]


def test_parts_of_a_record_have_versions_of_their_own() -> None:
    found = list(kept(recorded(PhotoTaken(sha256="aa"), PhotoTaken(sha256="bb", document_id=DOCUMENT))))
    assert [(each.part, each.part_id, each.version) for each in found] == [
        ("tree", RECORD, 1),
        ("document", DOCUMENT, 1),
    ]


def holds_a_hash(cls: type) -> bool:
    for hint in get_type_hints(cls).values():
        inner = [each for each in (hint, *getattr(hint, "__args__", ())) if is_dataclass(each)]
        if any(isinstance(each, type) and holds_a_hash(each) for each in inner):
            return True
    return any(each.name in ALGORITHMS for each in fields(cls))


HASHED = [fact for family in FAMILIES for fact in family.facts if holds_a_hash(fact)]


@pytest.mark.parametrize("fact", HASHED, ids=lambda fact: fact.topic)
def test_every_fact_that_keeps_a_hash_is_compared_with(fact: type[Fact]) -> None:
    (found,) = kept(recorded(filled(fact, date(2026, 3, 2))))
    assert found.fact == fact.__name__
    if re.search("Document|File|Attachment", fact.__name__) and not fact.__name__.startswith("File"):
        assert found.part != fact.kind, "the part of the record that the file is of has a name in PARTS"


def test_the_families_keep_hashes() -> None:
    assert {"DocumentFiled", "DocumentVersionAdded", "PaperFileAttached", "ProductGenerated"} <= {
        fact.__name__ for fact in HASHED
    }


def test_what_is_closest_comes_first_by_size_and_then_the_latest(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"12345")
    sizes = (90, None, 4, 4)
    found = list(kept(recorded(*(PhotoTaken(sha256=f"{n}", size=size) for n, size in enumerate(sizes)))))
    assert [each.position for each in closest(found, measure(path), at_most=4)] == [4, 3, 1, 2]


def test_a_size_that_differs_is_no_match_even_under_the_same_hash(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"12345")
    measured = measure(path)
    (one,) = kept(recorded(PhotoTaken(sha256=measured.digests["sha256"], size=5)))
    assert one.is_of(measured)
    assert not replace(one, size=6).is_of(measured)
    assert replace(one, size=None).is_of(measured)


def test_a_large_file_is_measured_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    tracemalloc.start()
    try:
        measured = measure(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert measured.size == 64 * 1024 * 1024
    assert peak < 8 * 1024 * 1024


# On a real database


@dataclass
class Office:
    """A case with a document in two versions, and the files that they are."""

    place: Installation
    case: str
    case_id: UUID
    first: Path
    second: Path

    def check(
        self, path: Path, record: str | None = None, version: int | None = None
    ) -> tuple[dict[str, Any], str, int]:
        return contents.run(self.place, path, self.case if record is None else record, version)


@pytest.fixture
def office(ledger: Ledger, database: Database, tmp_path: Path) -> Office:
    def do(command: Command, record: UUID | None = None) -> UUID:
        key = f"{type(command).__name__} {record}"
        return ledger.handle(Request(command=command, principal=CLERK, idempotency_key=key, record_id=record)).record_id

    first, second = tmp_path / "antrag.pdf", tmp_path / "antrag-neu.pdf"
    first.write_bytes(b"Antrag")
    second.write_bytes(b"Antrag, ergaenzt")
    unit = do(
        e.DefineFilePlanUnit(
            code="63.10",
            title="Baugenehmigungen",
            retention_years=10,
            disposal_kind=DisposalKind.APPRAISE,
            valid_from=date(2020, 1, 1),
        )
    )
    file = do(e.OpenFile(reference="F-1", subject=Sealed("x"), plan_unit_id=unit, lead_unit="63", custodian_unit="63"))
    case = do(
        e.OpenCase(
            file_id=file, plan_unit_id=unit, reference="V-1", subject=Sealed("x"), lead_unit="63", custodian_unit="63"
        )
    )

    def content(path: Path) -> dict[str, Any]:
        data = path.read_bytes()
        return {
            "filename": Sealed(path.name),
            "mime": "application/pdf",
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
        }

    do(e.FileDocument(document_kind=DocumentKind.INCOMING, title=Sealed("Antrag"), **content(first)), case)
    document = next(iter(kept(recorded_of(database, case)))).part_id
    do(e.AddDocumentVersion(document_id=document, **content(second)), case)
    return Office(Installation(Settings(), database, None), "V-1", case, first, second)


def recorded_of(database: Database, record_id: UUID) -> list[Recorded]:
    return contents.events_of(database, record_id)


@pytest.mark.database
def test_a_file_is_found_again_as_the_version_it_was(office: Office) -> None:
    result, text, code = office.check(office.second)
    assert (code, result["verdict"]) == (0, "matches")
    assert [(each["part"], each["version"], each["fact"]) for each in result["matches"]] == [
        ("document", 2, "DocumentVersionAdded")
    ]
    assert "It matches version 2 of document" in text
    assert "the latest is" not in text
    result, text, code = office.check(office.first, record=str(office.case_id))
    assert (code, result["matches"][0]["version"]) == (0, 1)
    assert "the latest is version 2" in text


@pytest.mark.database
def test_a_single_changed_byte_is_no_match(office: Office, tmp_path: Path) -> None:
    altered = tmp_path / "altered.pdf"
    altered.write_bytes(office.second.read_bytes().replace(b"A", b"a", 1))
    result, text, code = office.check(altered)
    assert (code, result["verdict"]) == (1, "no match")
    assert [each["version"] for each in result["closest"]] == [2, 1]
    assert "No match: none of 2 files" in text


@pytest.mark.database
def test_one_version_alone_can_be_asked_for(office: Office) -> None:
    assert office.check(office.first, version=1)[2] == 0
    result, text, code = office.check(office.first, version=2)
    assert (code, [each["version"] for each in result["closest"]]) == (1, [2])
    assert "in version 2" in text


@pytest.mark.database
def test_a_record_that_is_not_there_or_keeps_no_file_is_told_apart(office: Office) -> None:
    for absent in ("V-2", str(UUID(int=9))):
        result, text, code = office.check(office.first, record=absent)
        assert (code, result["verdict"]) == (1, "record unknown")
        assert absent in text
    result, text, code = office.check(office.first, record="F-1")
    assert (code, result["verdict"], result["closest"]) == (1, "no match", [])
    assert "keeps the hash of no file" in text
