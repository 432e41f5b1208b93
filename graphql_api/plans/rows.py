"""What of a read model's rows an answer shows: the columns it needs, and how they become objects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from typing import Any

from graphql_api.ids import encoder
from graphql_api.lists import Listing, Row
from graphql_api.plans.running import Batch, Columns, Level, Run
from graphql_api.plans.values import Columnar, Convert
from graphql_api.sealed import SealedText
from projections.model import ColumnType, referred, shown_columns
from projections.query import Moment

Produce = Callable[[Columns, int], Iterable[Any]]
"""The values of one field, for so many rows at once."""


@dataclass(slots=True)
class Rows:
    """The fields asked for of rows of a read model, each as all its values at once. `columns` are those it needs."""

    listing: Listing
    columns: tuple[str, ...] = ()
    needs: set[str] = field(default_factory=set)
    levels: list[Level] = field(default_factory=list)
    _answers: list[str] = field(default_factory=list)
    _produce: list[Produce] = field(default_factory=list)
    _sealed: list[tuple[str, str, Convert]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.needs.update(self.listing.source.unique)

    def column(self, answer: str, name: str, values: Columnar) -> None:
        """A column."""
        self.needs.add(name)
        self._add(answer, lambda columns, _: values(columns[name]))

    def always(self, answer: str, value: object) -> None:
        """The same value in every row; None where a level puts one there later."""
        self._add(answer, lambda _, count: repeat(value, count))

    def sealed(self, answer: str, name: str, show: Convert) -> None:
        """A column of references to sealed texts."""
        self.needs.add(name)
        self.always(answer, None)
        self._sealed.append((answer, name, show))

    def node_id(self, answer: str) -> None:
        """The opaque id."""
        key = self.listing.source.unique
        columns = shown_columns(self.listing.source)
        encode = encoder(self.listing.type_name, [columns[name].holds for name in key])
        self._add(answer, lambda columns, _: map(encode, *(columns[name] for name in key)))

    def below(self, answer: str, level: Level, needs: Iterable[str]) -> None:
        """What a level fetches by these columns, and puts there."""
        self.needs.update(needs)
        self.always(answer, None)
        self.levels.append(level)

    def show(self, run: Run, columns: Columns, count: int, moment: Moment | None, *, below: bool = True) -> list[Row]:
        """The rows as the answer shows them, and what is `below` them to be fetched."""
        # Neither zip is strict, which costs a third of the time: there are as many values as answers, and as rows.
        values = zip(*[produce(columns, count) for produce in self._produce])  # noqa: B905
        shown = [dict(zip(self._answers, each)) for each in values] if self._answers else _empty(count)  # noqa: B905
        if not count:
            return shown
        for answer, name, show in self._sealed:
            run.places.extend(
                (referred(reference), partial(_put, row, answer, show))
                for row, reference in zip(shown, columns[name], strict=True)
                if reference is not None
            )
        for level in self.levels if below else ():
            run.later(level, Batch(shown, columns, moment))
        return shown

    def _add(self, answer: str, produce: Produce) -> None:
        self._answers.append(answer)
        self._produce.append(produce)


def wanted(listing: Listing, parts: Iterable[Rows]) -> tuple[str, ...]:
    """The columns that these parts of an answer need."""
    needs = {name for part in parts for name in part.needs} | set(listing.source.unique)
    return tuple(name for name in shown_columns(listing.source) if name in needs)


def by_column(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Columns:
    """Rows by column; rows may have more columns after the named ones."""
    return dict(zip(names, zip(*rows, strict=True), strict=False)) if rows else dict.fromkeys(names, ())


def _empty(count: int) -> list[Row]:
    return [{} for _ in range(count)]


def _put(row: Row, answer: str, show: Convert, text: SealedText) -> None:
    row[answer] = show(text)


def is_sealed(listing: Listing, name: str) -> bool:
    """Whether a column holds references to sealed texts."""
    return shown_columns(listing.source)[name].holds is ColumnType.SEALED
