"""Which events made the values in which a live row and the rebuilt one differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from domain.kernel import Recorded
from infra.projector.apply import fetch
from infra.projector.compare import Difference, Origin
from infra.projector.events import Connection, Events
from infra.projector.fold import Batch, key_text
from infra.projector.guard import Guard, Overran
from infra.projector.parts import Cut, Raw, cut_of
from infra.projector.rows import Key
from infra.projector.table import Table
from infra.queries import named
from projections.model import OnFailure, Projection

_SQL: Final = named("projector")


def explained(
    differences: Sequence[Difference],
    projection: Projection,
    guard: Guard,
    topics: Sequence[str],
    events: Events,
    looking: Connection,
    live: Table,
    rebuilt: Table,
    upto: int,
    chunk: int,
) -> tuple[Difference, ...]:
    """The differences with the events behind them: the keys' events are folded again, but for those set aside."""
    aside = {position for (position,) in looking.execute(_SQL["positions_aside"], (rebuilt.relation,))}
    wanted = {_text(difference) for difference in differences}
    found: dict[str, tuple[Key, list[Recorded]]] = {}
    for event in _events(differences, projection, topics, events, upto, chunk):
        known = type(event.fact) in projection.facts and event.position not in aside
        key = projection.key_of(event) if known else None
        if key is not None and (text := key_text(key)) in wanted:
            found.setdefault(text, (key, []))[1].append(event)
    rows = fetch(looking, live, [key for key, _ in found.values()])
    return tuple(
        _explained(each, projection, guard, rows.get(found[_text(each)][0]), found[_text(each)][1])
        if _text(each) in found
        else each
        for each in differences
    )


def _text(difference: Difference) -> str:
    return key_text(tuple(difference.key.values()))


def _events(
    differences: Sequence[Difference],
    projection: Projection,
    topics: Sequence[str],
    events: Events,
    upto: int,
    chunk: int,
) -> Iterator[Recorded]:
    if cut_of(projection) is Cut.RECORDS:
        records = [difference.key["record_id"] for difference in differences]
        raws: Iterable[Raw] = [events.raw(_SQL["events_of_records"], (records, upto))]
    else:
        raws = (raw for _, raw in events.raw_between(0, upto, topics, chunk))
    for raw in raws:
        yield from (event for event in events.decoded(raw) if isinstance(event, Recorded))


def _explained(
    difference: Difference, projection: Projection, guard: Guard, live: Any, events: Sequence[Recorded]
) -> Difference:
    steps = _steps(projection, guard, events)
    origins = {
        column: Origin(_last(steps, column, getattr(live, column, None)), _set(steps, column))
        for column in difference.columns
    }
    return replace(difference, events=tuple(event.position for event in events), origins=origins)


def _steps(projection: Projection, guard: Guard, events: Sequence[Recorded]) -> list[tuple[int, Any]]:
    """The row after each event, up to one that the fold does not take or does not return from."""
    steps: list[tuple[int, Any]] = []

    def fold(row: Any, event: Recorded) -> Any:
        after = projection.fold(row, event)
        steps.append((event.position, after))
        return after

    told = replace(projection, fold=fold, on_failure=OnFailure.SKIP)
    batch = Batch(told, frozenset(), frozenset(projection.facts))
    try:
        for step in (lambda each: each.take(events), Batch.fold):
            guard.run(step, [batch])
    except Overran:
        return list(steps)  # the quarantine says why; the differences are told as far as the row went
    return steps


def _last(steps: Sequence[tuple[int, Any]], column: str, value: Any) -> int | None:
    """The last event after which a column had this value."""
    held = [position for position, row in steps if row is not None and getattr(row, column) == value]
    return held[-1] if held else None


def _set(steps: Sequence[tuple[int, Any]], column: str) -> int | None:
    """The last event that changed a column."""
    changed, before = None, object()
    for position, row in steps:
        value = getattr(row, column, None)
        if value != before:
            changed, before = position, value
    return changed
