"""What runs on the machines of a Spark cluster: events come in as Arrow, rows go out as JSON."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Final
from uuid import UUID

import msgspec
import pyarrow as pa

from domain.kernel import Fact
from infra.codec import Codec
from infra.projector.events import Event, decoded
from infra.projector.fingerprint import fingerprint
from infra.projector.fold import Batch, Cell, key_text, without_collector
from infra.projector.parts import Cut, Part, Raw, is_mixed
from infra.projector.rows import Key, Shape
from infra.projector.versions import copied
from infra.projector.worker import named
from projections.model import Projection, find

Job = Mapping[str, str]
STORED: Final = ("position", "record_id", "version", "topic", "recorded_at", "effective_at", "envelope", "body")
KEY: Final = "part_key"
FOLDED: Final = "kind string, text string"
"""What comes out: the JSON of a `row` or a `version`; [position, error] of what is set `aside`, `failed` or `mixed`."""
_OUT: Final = pa.schema([("kind", pa.string()), ("text", pa.string())])


@dataclass(slots=True)
class _Work:
    """The projection of a job, as this machine has it."""

    job: Job
    codec: Codec = field(init=False)
    projection: Projection = field(init=False)
    topics: frozenset[str] = field(init=False)
    facts: frozenset[type[Fact]] = field(init=False)
    same: bool = field(init=False)

    def __post_init__(self) -> None:
        self.codec = Codec(named(self.job["families"]))
        self.projection = find(named(self.job["projections"]), self.job["name"])
        self.topics = self.codec.topics_of(self.projection.facts)
        self.facts = frozenset(self.projection.facts)
        self.same = fingerprint(self.projection, self.topics) == self.job["fingerprint"]

    def events(self, raw: Raw) -> list[Event]:
        """Stored rows as events."""
        return decoded(self.codec, raw)


def _raw(batch: pa.RecordBatch) -> Raw:
    columns = [batch.column(name).to_pylist() for name in STORED]
    return [
        (position, UUID(record_id), version, topic, at.astimezone(UTC), effective.astimezone(UTC), envelope, body)
        for position, record_id, version, topic, at, effective, envelope, body in zip(*columns, strict=True)
    ]


def keyed(job: Job, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The events that concern the projection, with their keys: for projections whose keys are not those of records."""
    work = _Work(job)
    for batch in batches:
        keys = [_key(work, event) for event in work.events(_raw(batch))]
        kept = pa.array([key is not None for key in keys], pa.bool_())
        with_keys = batch.append_column(KEY, pa.array(keys, pa.string()))
        yield with_keys.filter(kept)


def _key(work: _Work, event: Event) -> str | None:
    """A key, or what brings the event to where its failure is told."""
    one = Batch(work.projection, work.topics, work.facts)
    one.take([event])
    if one.failure is not None:
        return "failed"
    return key_text(one.turns[0][0].key) if one.turns else None


def folded(job: Job, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The rows of one partition, whose events come in the order of the part's cut; what they were is carried on."""
    work, part = _Work(job), Part(Cut(job["cut"]), 0, 1)
    if not work.same:
        yield _told([("failed", json.dumps([0, "another machine has another fold: install the same Stadtbuch there"]))])
        return
    own, shape, cells = part.projection(work.projection), Shape(work.projection), dict[Key, Cell]()
    with without_collector():
        for raw in map(_raw, batches):
            batch = Batch(own, work.topics, work.facts, cells)
            batch.take(work.events(raw))
            batch.fold()
            batch.keep_versions()
            if batch.failure is not None:
                kind = "mixed" if is_mixed(batch.failure) else "failed"
                yield _told([(kind, json.dumps([batch.failure.position, batch.failure.error]))])
                return
            aside = [("aside", json.dumps([each.event.position, each.error])) for each in batch.aside]
            done, cells = part.divided(cells, raw)
            yield _told([*aside, *_rows(shape, done)])
    yield _told(_rows(shape, cells.values()))


def _rows(shape: Shape, cells: Collection[Cell]) -> list[tuple[str, str]]:
    encode = msgspec.json.encode
    rows = [("row", encode(shape.copied(cell.row)).decode()) for cell in cells if cell.row is not None]
    lines = (cell.line for cell in cells if cell.line is not None)
    return rows + [("version", encode(copied(shape, version)).decode()) for line in lines for version in line.new]


def _told(told: list[tuple[str, str]]) -> pa.RecordBatch:
    kinds, texts = ([each[place] for each in told] for place in (0, 1))
    return pa.RecordBatch.from_arrays([pa.array(kinds, pa.string()), pa.array(texts, pa.string())], schema=_OUT)
