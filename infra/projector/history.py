"""The versions of a row: which of them was so when, as known at which position. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final

from domain.kernel import Recorded, day_of

FOREVER: Final = 2**63 - 1
"""The position before which a version holds that nothing has followed yet."""

Fold = Callable[[Any, Recorded], Any]
effective_day = lru_cache(maxsize=10_000)(day_of)


@dataclass(slots=True, eq=False)
class Version:
    """A row as it was from `from_position` on, for effective days from `effective_from` on.

    Up to `to_position` it was the last one: it held for all days to come. After that it holds for the days before
    `effective_to`, up to `until_position`. A version that was never the last one, because an event came late, has
    `to_position` = `from_position`. Positions and days that end something are not part of it.
    """

    row: Any
    from_position: int
    effective_from: date
    to_position: int = FOREVER
    effective_to: date | None = None
    until_position: int = FOREVER
    stored: bool = False

    @property
    def last(self) -> bool:
        """Whether nothing has followed it."""
        return self.to_position == FOREVER


@dataclass(slots=True)
class Line:
    """The versions of one row that hold as known now, by effective day; days between them have no row.

    An event that takes effect on the last version's first day or later needs that version alone, which is all there is
    here unless the line is `whole`. `new` and `changed` are what is to be written.
    """

    current: list[Version] = field(default_factory=list)
    whole: bool = False
    new: list[Version] = field(default_factory=list)
    changed: dict[int, Version] = field(default_factory=dict)

    @property
    def since(self) -> date | None:
        """The first day of what holds for all days to come; an earlier event comes late."""
        if not self.current:
            return None
        last = self.current[-1]
        return last.effective_from if last.last else last.effective_to

    def late(self, days: Sequence[date]) -> bool:
        """Whether one of the events that take effect on these days, in this order, comes late."""
        since = self.since
        for day in days:
            if since is not None and day < since:
                return True
            since = day
        return False

    def take(self, event: Recorded, row: Any, fold: Fold) -> None:
        """The versions after an event; `row` is what it makes of the last version's row."""
        day, since = effective_day(event.effective_at), self.since
        if since is None or day >= since:
            self._follow(event.position, day, row)
        else:
            self._insert(event, day, row, fold)

    def again(self) -> Line:
        """A line to go on with when this one is stored: its last version alone. An empty one knows nothing of what is
        stored, and is not to be gone on with."""
        kept = [
            Version(last.row, last.from_position, last.effective_from, last.to_position, last.effective_to, stored=True)
            for last in self.current[-1:]
        ]
        return Line(kept)

    def _follow(self, position: int, day: date, row: Any) -> None:
        before = self.current[-1] if self.current and self.current[-1].last else None
        if before is not None:
            if row is before.row:
                return
            before.to_position, before.effective_to = position, day
            self._touch(before)
            if day == before.effective_from:
                self.current.pop()
        if row is not None:
            self._add(Version(row, position, day))
            if not self.whole:
                del self.current[:-1]

    def _insert(self, event: Recorded, day: date, row: Any, fold: Fold) -> None:
        """An event that comes late: what held on its day and on later ones is made anew, each from what it was."""
        position, current, self.current = event.position, self.current, []
        reached: date | None = day
        for version in current:
            if not version.last and (version.effective_to is None or version.effective_to <= day):
                self.current.append(version)
                continue
            start = max(version.effective_from, day)
            if reached is not None and start > reached:
                self._between(position, reached, start, _folded(fold, None, event))
            after = row if version.last else _folded(fold, version.row, event)
            reached = None if version.last else version.effective_to
            if after is version.row:
                self.current.append(version)
                continue
            end, whether_last = version.effective_to, version.last
            version.until_position = position
            if whether_last:
                version.to_position = position
            self._touch(version)
            if version.effective_from < day:
                self._add(Version(version.row, position, version.effective_from, position, day))
            if after is not None:
                self._add(Version(after, position, start, FOREVER if whether_last else position, end))
        if reached is not None and row is not None:
            self._add(Version(row, position, reached))

    def _between(self, position: int, start: date, end: date, row: Any) -> None:
        if row is not None:
            self._add(Version(row, position, start, position, end))

    def _add(self, version: Version) -> None:
        self.current.append(version)
        self.new.append(version)

    def _touch(self, version: Version) -> None:
        if version.stored:
            self.changed[id(version)] = version


def _folded(fold: Fold, row: Any, event: Recorded) -> Any:
    """The row after an event that came late. A fold that does not take the event without those that took effect later
    has no row to show for those days."""
    try:
        return fold(row, event)
    except Exception:  # the row itself has folded this event: only what is shown of earlier days is at stake
        return None
