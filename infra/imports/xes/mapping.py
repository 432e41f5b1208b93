"""What a trace and an event say in the words of the e-files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.efile.checks import LONGEST_DETAILS
from domain.kernel import Effective, Message, Precision
from infra.imports.framework import BadField, clean

ACTIVITY: Final = "concept:name"
TIME: Final = "time:timestamp"
RESOURCE: Final = "org:resource"
GROUP: Final = "org:group"
OUTCOME: Final = "lifecycle:transition"
LONGEST_NAME: Final = 80
INSTANCES: Final = ("identity:id", "concept:instance")
OPENED: Final = ("startdate", "start_date", "reg_date")
"""Trace attributes that tell when a case began, in lower case; without one it is the first event's time."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cases of a log are kept."""

    source: str
    file_id: UUID
    file_reference: str
    plan_unit_id: UUID
    lead_unit: str


@dataclass(frozen=True, slots=True)
class CaseHead:
    """A trace without its events. `details` is JSON of what it tells beside its name."""

    place: Place
    name: str
    subject: str
    details: str | None
    opened: Effective | None

    def canonical(self) -> str:
        """What of the source makes two heads the same."""
        return self.details or ""


@dataclass(frozen=True, slots=True)
class StepRow:
    """An event. `details` is JSON of what it tells beside the fields of its own."""

    activity: str
    resource: str | None
    group: str | None
    outcome: str | None
    instance: str | None
    effective: Effective
    details: str | None

    def canonical(self) -> str:
        """What of the source makes two rows the same; not their place, so that an insertion changes no other row."""
        when = [self.effective.at.isoformat(), self.effective.precision]
        what = [self.activity, self.resource, self.group, self.outcome, self.instance, self.details]
        return json.dumps([*when, *what], ensure_ascii=False)


def step_of(attributes: Mapping[str, str], zone: str) -> StepRow:
    """An event as a step. Raises BadField."""
    rest = dict(attributes)
    activity = _taken(rest, ACTIVITY, 120)
    if activity is None:
        raise BadField(Message(f"The event has no {ACTIVITY}.", f"Das Ereignis hat kein {ACTIVITY}."))
    when = rest.pop(TIME, None)
    if when is None:
        raise BadField(Message(f"The event has no {TIME}.", f"Das Ereignis hat kein {TIME}."))
    return StepRow(
        activity=activity,
        resource=_taken(rest, RESOURCE, 200),
        group=_taken(rest, GROUP, 80),
        outcome=_taken(rest, OUTCOME, 80),
        instance=next(filter(None, [_taken(rest, key, 120) for key in INSTANCES if key in rest]), None),
        effective=effective_of(when, zone),
        details=_details(rest),
    )


def name_of(attributes: Mapping[str, str]) -> str:
    """What the trace is called. Raises BadField: without a name it would not be found again."""
    name = attributes.get(ACTIVITY)
    if name is None:
        raise BadField(
            Message(
                f"The trace has no {ACTIVITY}, by which its case would be found again.",
                f"Der Trace hat kein {ACTIVITY}, an dem sein Vorgang wiederzufinden wäre.",
            )
        )
    return clean(name, longest=LONGEST_NAME, field=ACTIVITY)


def head_of(attributes: Mapping[str, str], name: str, place: Place, zone: str) -> CaseHead:
    """A trace as a case. Raises BadField."""
    rest = {key: value for key, value in attributes.items() if key != ACTIVITY}
    described = rest.get("concept:description")
    return CaseHead(
        place=place,
        name=name,
        subject=clean(described, longest=1000, field="subject") if described else f"{name} ({place.source})",
        details=_details(rest),
        opened=_opened(rest, zone),
    )


def effective_of(text: str, zone: str) -> Effective:
    """A time of the log. Exact midnight in the zone stands for the day, as case systems write days. Raises BadField.

    A time without an offset is local time of the zone.
    """
    local_zone = ZoneInfo(zone)
    try:
        read = datetime.fromisoformat(text.strip())
        at = (read if read.tzinfo else read.replace(tzinfo=local_zone)).astimezone(UTC)
        local = at.astimezone(local_zone)
    except (ValueError, OverflowError) as error:
        raise BadField(
            Message(
                f"{TIME} is no time in ISO 8601 such as 2026-03-02T10:15:00+01:00.",
                f"{TIME} ist keine Zeit nach ISO 8601 wie 2026-03-02T10:15:00+01:00.",
            )
        ) from error
    if local.time() == time() and local.fold == 0:
        return Effective.on(local.date(), zone)
    return Effective(at, Precision.INSTANT, zone)


def _opened(attributes: Mapping[str, str], zone: str) -> Effective | None:
    for key, value in attributes.items():
        if key.lower() in OPENED:
            try:
                return effective_of(value, zone)
            except BadField:
                # What it says stays in the details; the first event tells the time.
                return None
    return None


def _taken(attributes: dict[str, str], key: str, longest: int) -> str | None:
    value = attributes.pop(key, None)
    return clean(value, longest=longest, field=key) if value and value.strip() else None


def _details(attributes: Mapping[str, str]) -> str | None:
    if not attributes:
        return None
    text = json.dumps(attributes, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return clean(text, longest=LONGEST_DETAILS, field="attributes")
