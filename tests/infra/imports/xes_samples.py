"""Case logs in XES for tests: generated, the same every time, changed at will."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from xml.sax.saxutils import quoteattr

CEST = timezone(timedelta(hours=2))
BEGIN = datetime(2024, 4, 11, 0, 0, tzinfo=CEST)
ACTIVITIES = ("Eingang", "Prüfung", "Beteiligung", "Entwurf", "Bescheid")


@dataclass(frozen=True)
class SampleEvent:
    """One event; `more` are further attributes."""

    activity: str = "Eingang"
    at: str = "2024-04-11T09:15:00.250+02:00"
    resource: str | None = "R1"
    group: str | None = "G1"
    instance: str | None = None
    more: dict[str, str] = field(default_factory=dict)

    def xml(self) -> str:
        strings = {
            "concept:name": self.activity,
            "org:resource": self.resource,
            "org:group": self.group,
            "concept:instance": self.instance,
            "lifecycle:transition": "complete",
            **self.more,
        }
        date = f'<date key="time:timestamp" value={quoteattr(self.at)}/>'
        return f"<event>{attributes(strings)}{date}</event>"


@dataclass(frozen=True)
class SampleTrace:
    """One trace."""

    name: str | None = "case-1"
    events: tuple[SampleEvent, ...] = ()
    more: dict[str, str] = field(default_factory=dict)

    def xml(self) -> str:
        own = attributes({"concept:name": self.name, **self.more})
        return f"<trace>{own}{''.join(event.xml() for event in self.events)}</trace>"

    def changed(self, number: int, /, **changes: object) -> SampleTrace:
        """The trace with one event changed."""
        events = list(self.events)
        events[number] = replace(events[number], **changes)  # type: ignore[arg-type]  # any field may be changed
        return replace(self, events=tuple(events))


def attributes(strings: dict[str, str | None]) -> str:
    return "".join(
        f"<string key={quoteattr(key)} value={quoteattr(value)}/>"
        for key, value in strings.items()
        if value is not None
    )


def log(traces: Iterable[SampleTrace], name: str | None = "sample") -> str:
    """A whole log."""
    own = attributes({"concept:name": name})
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0" xmlns="http://www.xes-standard.org/">'
    return f"{head}{own}{''.join(trace.xml() for trace in traces)}</log>\n"


def write(path: Path, traces: Sequence[SampleTrace], name: str | None = "sample") -> Path:
    """The log as a file, gzipped where the path says so."""
    data = log(traces, name).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def some_traces(cases: int, events: int = 5) -> list[SampleTrace]:
    """Cases whose events are partly at midnight and partly tied, as in real logs."""
    return [
        SampleTrace(
            name=f"case-{case}",
            more={"channel": "Internet", "startdate": (BEGIN + timedelta(days=case)).isoformat()},
            events=tuple(
                SampleEvent(
                    activity=ACTIVITIES[number % len(ACTIVITIES)],
                    at=(BEGIN + timedelta(days=case, hours=9 * (number // 2 % 2), seconds=number // 2)).isoformat(),
                    resource=f"R{number % 3}",
                    group=f"G{case % 2}",
                    more={"question": str(number)},
                )
                for number in range(events)
            ),
        )
        for case in range(cases)
    ]
