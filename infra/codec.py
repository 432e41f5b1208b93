"""Facts and envelopes to JSON text and back, through a closed registry of topics; outdated topics are upcast."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from domain.kernel import Envelope, Fact, Family, Recorded, Sealed, Upcaster


class UnknownTopic(Exception):
    """A stored topic that no family of this program knows: it was written by a newer version."""


class UnreadableEvent(Exception):
    """A stored body or envelope that does not have the shape its topic promises."""


Decode = Callable[[str | bytes], Any]


def sealed_fields(cls: type) -> tuple[str, ...]:
    """The names of a dataclass's sealed fields, in order of definition."""
    hints = typing.get_type_hints(cls)
    return tuple(name for name in cls.__dataclass_fields__ if _is_sealed(hints[name]))  # type: ignore[attr-defined]


def _is_sealed(hint: object) -> bool:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return any(_is_sealed(part) for part in typing.get_args(hint))
    return hint is Sealed or typing.get_origin(hint) is Sealed


def _stored_part(_: type, value: object) -> Sealed[str]:
    match value:
        case {"sealed": int(part)}:
            return Sealed(None, part=part)
    raise ValueError('a sealed field is stored as {"sealed": part}')


class Codec:
    """Encodes and decodes the facts of the given families. Safe to share between threads."""

    def __init__(self, families: Iterable[Family]) -> None:
        self.families = tuple(families)
        self.family_of: dict[type[Fact], Family] = {}
        self.facts: dict[str, type[Fact]] = {}
        self._sealed: dict[type, tuple[str, ...]] = {Envelope: sealed_fields(Envelope)}
        self._decoders: dict[str, Decode] = {}
        self._upcasters: dict[str, tuple[str, Upcaster]] = {}
        self._envelope = msgspec.json.Decoder(Envelope, dec_hook=_stored_part).decode
        self._raw = msgspec.json.Decoder(dict[str, Any]).decode
        for family in self.families:
            for cls in family.facts:
                if cls.topic in self.facts:
                    raise ValueError(f"topic {cls.topic} is registered twice")
                self.family_of[cls] = family
                self.facts[cls.topic] = cls
                self._sealed[cls] = sealed_fields(cls)
                self._decoders[cls.topic] = msgspec.json.Decoder(cls, dec_hook=_stored_part).decode
            self._upcasters.update(family.upcasters)
        for topic in self._upcasters:
            self._decoders[topic] = self._upcasting(topic)

    def _upcasting(self, topic: str) -> Decode:
        steps = []
        current = topic
        while current not in self.facts:
            current, step = self._upcasters[current]
            steps.append(step)
        cls = self.facts[current]

        def decode(text: str | bytes) -> Any:
            body = self._raw(text)
            for step in steps:
                body = step(body)
            return msgspec.convert(body, cls, dec_hook=_stored_part)

        return decode

    def topics_of(self, facts: Iterable[type[Fact]]) -> frozenset[str]:
        """Every stored topic, outdated ones included, that is read as one of these facts."""
        wanted = {cls.topic for cls in facts}
        return frozenset(wanted | {topic for topic in self._upcasters if self._successor(topic) in wanted})

    def _successor(self, topic: str) -> str:
        while topic not in self.facts:
            topic = self._upcasters[topic][0]
        return topic

    def sealed(self, thing: Fact | Envelope) -> list[tuple[str, Sealed[str]]]:
        """The sealed fields of a fact or envelope that hold something, with their names."""
        names = self._sealed[type(thing)]
        return [(name, value) for name in names if (value := getattr(thing, name)) is not None]

    def encode(self, thing: Fact | Envelope, part_of: Callable[[Sealed[str]], int]) -> bytes:
        """The exact text that is stored and hashed; `part_of` answers the part a sealed text was put into."""
        return msgspec.json.encode(thing, enc_hook=lambda value: {"sealed": part_of(value)})

    def fact(self, topic: str, position: int | None, body: str | bytes) -> Fact:
        """A stored body as the current version of its fact, sealed fields as references.

        Raises UnknownTopic and UnreadableEvent.
        """
        try:
            decode = self._decoders[topic]
        except KeyError:
            raise UnknownTopic(f"the topic {topic!r} is unknown here: it was recorded by a newer Stadtbuch") from None
        try:
            fact: Fact = decode(body)
        except Exception as error:
            # Decoders and upcasters are pure: whatever fails in them is the body's fault.
            raise UnreadableEvent(f"event {position} ({topic}): {error}") from error
        for name in self._sealed[type(fact)]:
            reference = getattr(fact, name)
            if reference is not None:
                reference.position = position
                reference.name = name
        return fact

    def envelope(self, position: int | None, text: str | bytes) -> Envelope:
        """A stored envelope, its sealed fields as references named `envelope.reason` and `envelope.person`."""
        try:
            envelope: Envelope = self._envelope(text)
        except msgspec.DecodeError as error:
            raise UnreadableEvent(f"envelope of event {position}: {error}") from error
        for reference, name in ((envelope.reason, "envelope.reason"), (envelope.person, "envelope.person")):
            if reference is not None:
                reference.position = position
                reference.name = name
        return envelope

    def recorded(
        self,
        position: int,
        record_id: UUID,
        version: int,
        topic: str,
        recorded_at: datetime,
        effective_at: datetime,
        envelope: str | bytes,
        body: str | bytes,
    ) -> Recorded:
        """A row of ledger.event as the event that rules and folds see."""
        return Recorded(
            position,
            record_id,
            version,
            topic,
            recorded_at,
            effective_at,
            self.envelope(position, envelope),
            self.fact(topic, position, body),
            body if isinstance(body, str) else body.decode(),
        )
