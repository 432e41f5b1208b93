"""The parts a table is filled in, each by itself: ranges of records or of positions, or shares of the keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, TypeVar
from uuid import UUID
from zlib import crc32

from domain.kernel import Recorded
from infra.projector.events import Events
from infra.projector.fold import Cell, Failure
from infra.projector.rows import Key
from infra.queries import named
from projections.model import Projection

_SQL: Final = named("projector")
_RECORDS: Final = 2**128
Raw = list[tuple[Any, ...]]
Item = TypeVar("Item")


class Cut(StrEnum):
    """What a part has to itself."""

    RECORDS = "records"
    POSITIONS = "positions"
    KEYS = "keys"


class Mixed(Exception):
    """A key names a record, but events of another one belong to it too: the table cannot be cut by records."""


def is_mixed(failure: Failure) -> bool:
    """Whether a batch failed by Mixed."""
    return isinstance(failure.cause, Mixed)


def cut_of(projection: Projection) -> Cut:
    """How a projection's table is cut: by what all events of a key have in common without being decoded."""
    if projection.append_only:
        return Cut.POSITIONS
    return Cut.RECORDS if projection.key[0] == "record_id" else Cut.KEYS


@dataclass(frozen=True, slots=True)
class Part:
    """The part `number` of `of`."""

    cut: Cut
    number: int
    of: int

    def projection(self, whole: Projection) -> Projection:
        """The projection, seeing what belongs to the part. Raises Mixed when it is folded."""
        key_of, number, of = whole.key_of, self.number, self.of

        def own(event: Recorded) -> Key | None:
            key = key_of(event)
            return key if key is not None and crc32(repr(key).encode()) % of == number else None

        def of_record(event: Recorded) -> Key | None:
            key = key_of(event)
            if key is not None and key[0] != event.record_id:
                raise Mixed(f"{whole.name}: key {key} of an event of {event.record_id}")
            return key

        match self.cut:
            case Cut.KEYS if of > 1:
                return replace(whole, key_of=own)
            case Cut.RECORDS if whole.key != ("record_id",) or key_of is not _KEY_OF:
                return replace(whole, key_of=of_record)
            case _:
                return whole

    def raw(self, events: Events, target: int, topics: Sequence[str], chunk: int) -> Iterator[tuple[float, Raw]]:
        """The events of these topics up to a position, undecoded: chunk by chunk, with the share that is then read.

        By records they come record by record, otherwise in the order of positions.
        """
        if self.cut is Cut.RECORDS:
            yield from self._by_record(events, target, topics, chunk)
            return
        low, high = (0, target) if self.cut is Cut.KEYS else _range(target, self.number, self.of)
        for reached, rows in events.raw_between(low, high, topics, chunk):
            yield (reached - low) / max(high - low, 1), rows

    def _by_record(self, events: Events, target: int, topics: Sequence[str], chunk: int) -> Iterator[tuple[float, Raw]]:
        low, high = _range(_RECORDS, self.number, self.of)
        last, version = UUID(int=low), 0
        while True:
            bounds = (last, version, UUID(int=high - 1), target)
            rows = events.raw(_SQL["events_by_record"], (*bounds, list(topics), events.known, chunk))
            if len(rows) < chunk:
                yield 1.0, rows
                return
            last, version = rows[-1][1], rows[-1][2]
            yield (last.int - low) / (high - low), rows

    def divided(self, cells: dict[Key, Cell], raw: Raw) -> tuple[Sequence[Cell], dict[Key, Cell]]:
        """The cells that no event after these will change any more, and all others."""
        match self.cut:
            case Cut.POSITIONS:
                return list(cells.values()), {}
            case Cut.RECORDS if raw:
                # The last record may go on in the next chunk.
                last = raw[-1][1]
                going_on = {key: cell for key, cell in cells.items() if key[0] == last}
                return [cell for key, cell in cells.items() if key[0] != last], going_on
            case _:
                return [], cells


def _range(size: int, number: int, of: int) -> tuple[int, int]:
    return size * number // of, size * (number + 1) // of


_KEY_OF: Final = Projection.__dataclass_fields__["key_of"].default


def ahead(items: Iterable[Item]) -> Iterator[Item]:
    """The items, the next one fetched in a thread while one is in hand."""
    following = iter(items)
    with ThreadPoolExecutor(1, "projector-reads") as reading:
        coming = reading.submit(next, following, None)
        while (item := coming.result()) is not None:
            coming = reading.submit(next, following, None)
            yield item
