"""XES (IEEE 1849): a log of the records of each family, and the steps of cases as the logs they came from."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from xml.sax.saxutils import quoteattr

from domain.efile.facts import CaseOpened
from domain.kernel import Recorded
from infra.exports.facts import activity, clear, scalar
from infra.exports.source import Source
from projections.efile import steps

OWN: Final = "Stadtbuch"
"""The log of steps that people documented by hand, in cases that no import has opened."""
_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Identity" prefix="identity" uri="http://www.xes-standard.org/identity.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/>\
<date key="time:timestamp" value="1970-01-01T00:00:00.000000Z"/></global>
<classifier name="Activity" keys="concept:name"/>
"""
# What XML 1.0 has no way to write.
_UNWRITABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Attributes = Mapping[str, Any]


class Log:
    """One log, written trace by trace and compressed; the same traces make the same bytes."""

    def __init__(self, path: Path, name: str) -> None:
        self.traces = self.events = 0
        self._stack = ExitStack()
        raw = self._stack.enter_context(path.open("wb"))
        packed = self._stack.enter_context(gzip.GzipFile("", "wb", compresslevel=6, fileobj=raw, mtime=0))
        self._file = self._stack.enter_context(io.TextIOWrapper(packed, encoding="utf-8", newline="\n"))
        self._file.write(_HEAD + _attributes({"concept:name": name}) + "\n")

    def add(self, trace: Attributes, events: Sequence[Attributes]) -> None:
        """A trace with its events, in their order."""
        inner = "".join(f"<event>{_attributes(event)}</event>\n" for event in events)
        self._file.write(f"<trace>{_attributes(trace)}\n{inner}</trace>\n")
        self.traces += 1
        self.events += len(events)

    def close(self) -> None:
        """End the log."""
        self._file.write("</log>\n")
        self._stack.close()


def _attributes(values: Attributes) -> str:
    return "".join(_attribute(key, value) for key, value in values.items() if value is not None)


def _attribute(key: str, value: Any) -> str:
    tag, text = "string", str(scalar(value))
    match value:
        case Enum():
            pass
        case bool():
            tag, text = "boolean", "true" if value else "false"
        case int():
            tag = "int"
        case Decimal():
            tag = "float"
        case datetime():
            tag = "date"
    return f"<{tag} key={quoteattr(key)} value={quoteattr(_UNWRITABLE.sub(chr(0xFFFD), text))}/>"


def write_xes(place: Path, source: Source) -> dict[str, int]:
    """Write `<family>.xes.gz` and `steps-1.xes.gz` …; answers how many traces and events each log has."""
    logs: dict[str, Log] = {}
    try:
        for family in source.codec.families:
            logs[family.name] = Log(place / f"{family.name}.xes.gz", family.name)
        for record_id, events in source.records():
            family = source.codec.family_of[type(events[0].fact)]
            logs[family.name].add(_record(record_id, events), [_event(event) for event in events])
            _add_steps(place, logs, source, events)
    finally:
        for log in logs.values():
            log.close()
    counted = [(f"{name}.{what}", getattr(log, what)) for name, log in logs.items() for what in ("traces", "events")]
    return dict(counted)


def _record(record_id: UUID, events: Sequence[Recorded]) -> Attributes:
    numbers = [number for event in events if (number := event.fact.number()) is not None]
    kind = events[0].fact.kind
    return {"concept:name": record_id, "stadtbuch:kind": kind, "stadtbuch:number": numbers[-1] if numbers else None}


def _event(event: Recorded) -> Attributes:
    envelope = event.envelope
    return {
        "concept:name": activity(event.fact),
        "time:timestamp": event.effective_at,
        "lifecycle:transition": "complete",
        "org:resource": envelope.actor,
        "org:role": envelope.role,
        "org:group": envelope.org_unit,
        "stadtbuch:position": event.position,
        "stadtbuch:version": event.version,
        "stadtbuch:recorded": event.recorded_at,
        "stadtbuch:precision": envelope.effective_precision,
        **{value.path: found for value, found in clear(event.fact)},
    }


def _add_steps(place: Path, logs: dict[str, Log], source: Source, events: Sequence[Recorded]) -> None:
    """The documented steps of a case, as they stand: in a log of their source, from which they can be imported."""
    opened = events[0].fact
    if not isinstance(opened, CaseOpened):
        return
    rows = source.rows_of(steps.PROJECTION, events)
    if not (rows or opened.source):
        return
    name = f"steps of {opened.source or OWN}"
    if name not in logs:
        number = sum(1 for known in logs if known.startswith("steps of ")) + 1
        logs[name] = Log(place / f"steps-{number}.xes.gz", opened.source or OWN)
    trace = {"concept:name": opened.source_id or opened.reference, "stadtbuch:reference": opened.reference}
    logs[name].add(trace, [_step(row) for row in sorted(rows, key=lambda row: row.entry)])


def _step(row: steps.DocumentedStepRow) -> Attributes:
    return {
        "concept:name": row.activity,
        "time:timestamp": row.taken_at,
        "lifecycle:transition": row.outcome,
        "org:resource": row.performer,
        "org:group": row.unit,
        "identity:id": row.source_id,
    }
