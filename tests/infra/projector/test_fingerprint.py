"""A read model is built anew when what makes its rows has changed, and not otherwise."""

import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import ClassVar
from uuid import UUID

import pytest

from domain.families import FAMILIES
from domain.kernel import Fact, Message
from infra.codec import Codec
from infra.projector.fingerprint import fingerprint, sources
from projections.families import PROJECTIONS
from projections.model import Projection, column, find
from tests.projections.rows import THINGS, ThingRow

TOPICS = ["a.b.v1"]


@dataclass(frozen=True, slots=True)
class OneRow:
    record_id: UUID = column("One.", "Eins.")


@dataclass(frozen=True, slots=True)
class SameRow:
    record_id: UUID = column("The same with other words.", "Dasselbe in anderen Worten.")


def mark(projection: Projection) -> str:
    return fingerprint(projection, TOPICS)


def test_shape_key_indexes_and_topics_count() -> None:
    marks = [
        mark(THINGS),
        mark(replace(THINGS, row=OneRow, number=None, order=())),
        mark(replace(THINGS, key=("number",))),
        mark(replace(THINGS, indexes=(("name",),))),
        mark(replace(THINGS, order=("due_on",))),
        mark(replace(THINGS, number=None)),
        fingerprint(THINGS, ["a.b.v1", "a.b.v2"]),
    ]
    assert len(set(marks)) == len(marks)


def test_words_do_not_count() -> None:
    one = replace(THINGS, row=OneRow, number=None, order=())
    other = replace(one, row=SameRow, comment=Message("x", "y"), singular="X", plural="Y")
    assert mark(one) == mark(other)


@pytest.fixture
def module(tmp_path: Path) -> Iterator[ModuleType]:
    path = tmp_path / "a_fold.py"
    path.write_text('"""A fold."""\n\n\ndef fold(row, event):\n    return None\n')
    spec = importlib.util.spec_from_file_location("a_fold", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules["a_fold"] = made
    spec.loader.exec_module(made)
    yield made
    del sys.modules["a_fold"]


def test_the_source_of_the_fold_counts(module: ModuleType) -> None:
    projection = replace(THINGS, fold=module.fold)
    before = mark(projection)
    assert mark(projection) == before
    assert module.__file__ is not None
    source = Path(module.__file__)
    source.write_text(source.read_text().replace("return None", "return row  # and now for something different"))
    assert mark(projection) != before


def test_so_does_what_the_fold_calls_in_other_modules_of_the_project() -> None:
    registers = {module for name in ("case_record", "event") for module, _ in sources(find(PROJECTIONS, name))}
    assert {"projections.efile.cases", "projections.audit.events"} <= registers
    assert not registers & {"projections.model", "domain.kernel"}


def test_no_two_read_models_share_a_mark() -> None:
    codec = Codec(FAMILIES)
    marks = [fingerprint(projection, codec.topics_of(projection.facts)) for projection in PROJECTIONS]
    assert len(set(marks)) == len(marks)
    assert ThingRow.__module__ in dict(sources(THINGS))


class Planted(Fact):
    topic: ClassVar[str] = "trees.planted.v1"

    def number(self) -> str | None:
        return "67-1"


class PlantedOtherwise(Fact):
    topic: ClassVar[str] = "trees.planted.v1"

    def number(self) -> str | None:
        return "68-1"


def test_what_a_fold_asks_of_its_facts_counts_and_nothing_else_of_them() -> None:
    one, other = replace(THINGS, facts=(Planted,)), replace(THINGS, facts=(PlantedOtherwise,))
    assert mark(one) == mark(other)
    assert mark(replace(one, asks=("number",))) != mark(replace(other, asks=("number",)))
    assert mark(replace(one, asks=("supervised",))) == mark(replace(other, asks=("supervised",)))
