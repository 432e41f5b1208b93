"""Which row of a changed log is which step of the case: unchanged, changed, or new."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from domain.efile.state import Entry


@dataclass(frozen=True, slots=True)
class Known:
    """A row by what it is recognised by. `digest` is keyed."""

    digest: str
    source_id: str | None
    activity: str


NEW = None
Match = tuple[int, bool] | None
"""The entry (from 0) that a row is, and whether it has changed; None for a new row."""


def align(entries: Sequence[Entry], rows: Sequence[Known]) -> list[Match]:
    """One match for each row.

    Rows that are the same as ever are found by their digest, wherever they stand. Of the rest, a row is a changed
    entry when it has its id in the source, or its activity in the same gap between unchanged rows, or its activity, or
    its gap. What is left is new. Entries that the source no longer has stay as they are.
    """
    matches: list[Match] = [NEW] * len(rows)
    imported = [at for at, entry in enumerate(entries) if entry.source_digest is not None]
    waiting: dict[str | None, deque[int]] = defaultdict(deque)
    for at in imported:
        waiting[entries[at].source_digest].append(at)
    for number, row in enumerate(rows):
        if waiting.get(row.digest):
            matches[number] = (waiting[row.digest].popleft(), False)
    taken = {match[0] for match in matches if match is not None}
    left = [at for at in imported if at not in taken]
    if not left:
        return matches
    old_gap, new_gap = _gaps(imported, matches)
    by: list[tuple[Callable[[int], Hashable], Callable[[int], Hashable]]] = [
        (lambda at: entries[at].source_id, lambda number: rows[number].source_id),
        (
            lambda at: (old_gap[at], entries[at].step.activity),
            lambda number: (new_gap[number], rows[number].activity),
        ),
        (lambda at: entries[at].step.activity, lambda number: rows[number].activity),
        (lambda at: old_gap[at], lambda number: new_gap[number]),
    ]
    for of_entry, of_row in by:
        left = _pair(left, matches, of_entry, of_row)
    return matches


def _pair(
    left: Sequence[int],
    matches: list[Match],
    of_entry: Callable[[int], Hashable],
    of_row: Callable[[int], Hashable],
) -> list[int]:
    """Match entries and unmatched rows of the same feature, in order. Answers the entries that are left."""
    waiting: dict[Hashable, deque[int]] = defaultdict(deque)
    for at in left:
        if of_entry(at) is not None:
            waiting[of_entry(at)].append(at)
    for number, match in enumerate(matches):
        if match is NEW and waiting.get(of_row(number)):
            matches[number] = (waiting[of_row(number)].popleft(), True)
    return sorted(at for group in waiting.values() for at in group) + [at for at in left if of_entry(at) is None]


def _gaps(imported: Sequence[int], matches: Sequence[Match]) -> tuple[dict[int, int], dict[int, int]]:
    """For each entry and for each row, the unchanged entry before it; -1 at the beginning."""
    unchanged = {match[0] for match in matches if match is not None}
    old: dict[int, int] = {}
    before = -1
    for at in imported:
        old[at] = before
        before = at if at in unchanged else before
    new: dict[int, int] = {}
    before = -1
    for number, match in enumerate(matches):
        new[number] = before
        before = match[0] if match is not None else before
    return old, new
