"""A unit of work: commands decided one upon the other, in memory, and what of it is to be recorded together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

import psycopg
from eventsourcing.persistence import PersistenceError

from domain.kernel import Context, Effective, Envelope, Fact, Family, Message, On, Rejected, Sealed
from domain.requests import NotFound, Principal, Request, VersionConflict, new_record_id
from domain.rules import EFFECTIVE_IN_FUTURE, SUBJECT_FORGOTTEN
from infra.codec import Codec
from infra.ledger.refusals import unavailable
from infra.ledger.streams import Stream
from infra.sealing import DataKey
from infra.store.commit import Closed
from infra.store.mapper import Pending
from infra.store.unit import ClaimEntry, CommandEntry, Guard
from infra.vault import KeyDestroyed, Vault


class NotYetRecorded(Exception):
    """A correction names the position of what it corrects, and that is still pending in the same unit of work."""


Load = Callable[[Iterable[UUID]], Mapping[UUID, Stream]]


class Work:
    """Collects pending events. A command that is refused leaves no trace in it."""

    def __init__(
        self,
        load: Load,
        family_of_command: Mapping[type, Family],
        family_of_fact: Mapping[type[Fact], Family],
        vault: Vault,
        hmac_of: Callable[[Request], bytes],
    ) -> None:
        self._load = load
        self._family_of_command = family_of_command
        self._family_of_fact = family_of_fact
        self._vault = vault
        self._hmac_of = hmac_of
        self._streams: dict[UUID, Stream] = {}
        self._loaded: dict[UUID, int] = {}
        self._read: set[UUID] = set()
        self._written: set[UUID] = set()
        self.keys: dict[UUID, DataKey] = {}
        self.pending: list[Pending] = []
        self.commands: list[CommandEntry] = []
        self.claims: list[ClaimEntry] = []
        self.releases: list[ClaimEntry] = []

    def fetch(self, record_ids: Iterable[UUID]) -> None:
        """Load the streams that are not loaded yet, together."""
        missing = {record_id for record_id in record_ids if record_id not in self._streams}
        if missing:
            self.hold(missing, self._load(missing))

    def hold(self, record_ids: Iterable[UUID], found: Mapping[UUID, Stream]) -> None:
        """Take streams that were loaded already; a record that is not found has none."""
        for record_id in record_ids:
            stream = found.get(record_id, Stream())
            self._streams[record_id] = stream
            self._loaded[record_id] = stream.version

    def stream(self, record_id: UUID) -> Stream:
        """A stream as it stands in this unit of work."""
        self.fetch((record_id,))
        return self._streams[record_id]

    def fetch_keys(self, codec: Codec) -> None:
        """Load or make the keys that what is pending is to be sealed under. Raises KeyDestroyed."""
        wanted = {value.key or event.record_id for event in self.pending for _, value in event.sealed(codec)}
        self.keys.update(self._vault.keys(wanted - self.keys.keys()))

    @property
    def written(self) -> Set[UUID]:
        """The records that are written."""
        return self._written

    @property
    def records(self) -> set[UUID]:
        """The records that are written or that decisions rest on."""
        return self._read | self._written

    def guards(self) -> tuple[Guard, ...]:
        """The records that decisions rest on and that this work does not write: they must not have moved."""
        return tuple(Guard(record_id, self._loaded[record_id]) for record_id in self._read - self._written)

    def context(
        self, record_id: UUID, principal: Principal, now: datetime, effective: Effective, reads: tuple[UUID, ...] = ()
    ) -> Context:
        """The context of a decision about a record that rests on these others."""
        self.fetch(reads)
        return Context(
            now=now,
            effective=effective,
            actor=principal.actor,
            deputising_for=principal.deputising_for,
            own=principal.counted_by,
            role=principal.role,
            org_unit=principal.org_unit,
            channel=principal.channel,
            record_id=record_id,
            version=self.stream(record_id).version,
            reads={other: self._streams[other].state for other in reads},
            pseudonym=self.pseudonym,
        )

    def pseudonym(self, purpose: str, text: str, key: UUID | None = None) -> str:
        """A keyed hash; the keys it was made under are in `keys`. Raises Rejected where the key was destroyed."""
        if key is None:
            return self._vault.pseudonym(purpose, text)
        if key not in self.keys:
            try:
                self.keys.update(self._vault.keys((key,)))
            except KeyDestroyed:
                raise Rejected(SUBJECT_FORGOTTEN) from None
            except (PersistenceError, psycopg.Error, Closed) as error:
                raise unavailable(error) from error
        return self._vault.pseudonym(purpose, text, self.keys[key])

    def decide(self, request: Request, now: datetime) -> None:
        """Decide a request upon what this work holds and add its events.

        Raises Rejected, Invalid, NotFound, VersionConflict and, in a work of several requests, NotYetRecorded; then
        nothing is added.
        """
        command = request.command
        family = self._family_of_command[type(command)]
        record_id = target_of(request)
        stream = self.stream(record_id)
        _check_target(request, stream)
        effective = request.effective or Effective(now)
        _check_effective(effective, now)
        reads = command.reads(stream.state)
        context = self.context(record_id, request.principal, now, effective, reads)
        with self._vault.recording(self.keys):
            decided = family.decide(stream.state, command, context)
        self._add(request, record_id, reads, decided, effective)

    def _add(
        self,
        request: Request,
        record_id: UUID,
        reads: tuple[UUID, ...],
        decided: tuple[Fact | On, ...],
        effective: Effective,
    ) -> None:
        envelope = envelope_of(request, effective)
        streams: dict[UUID, Stream] = {}
        pending: list[Pending] = []
        for item in decided:
            target, fact = item if isinstance(item, On) else (record_id, item)
            if target != record_id and target not in reads:
                raise TypeError(
                    f"{type(fact).__name__} is for a record that {type(request.command).__name__} does not read"
                )
            if target in self._written and _lacks_position(fact):
                raise NotYetRecorded
            stream = (streams.get(target) or self._streams[target]).after(self._family_of_fact[type(fact)], fact)
            streams[target] = stream
            shared = joined(request, envelope, target, fact.sealing_key())
            pending.append(Pending(target, stream.version, fact, effective, shared, self.keys))
        version = (streams.get(record_id) or self._streams[record_id]).version
        entry = CommandEntry(request.command_id, self._hmac_of(request), record_id, version, len(pending))
        before = len(self.pending)
        for offset, event in enumerate(pending):
            at = before + offset
            self.claims.extend(ClaimEntry(at, claim.kind, claim.key) for claim in event.fact.claims())
            self.releases.extend(ClaimEntry(at, claim.kind, claim.key) for claim in event.fact.releases())
        self._streams.update(streams)
        self._written.update(streams)
        self._read.update(reads, (record_id,))
        self.pending.extend(pending)
        self.commands.append(entry)


def has_target(request: Request) -> bool:
    """Whether a request is addressed to a record, be it to one that it creates."""
    return request.record_id is not None or type(request.command).creates


def target_of(request: Request) -> UUID:
    """The record a request is addressed to; a command that creates one derives the id unless the caller chose it."""
    if request.record_id is not None:
        return request.record_id
    if not type(request.command).creates:
        raise NotFound(Message("The command names no record.", "Der Auftrag nennt keinen Datensatz."))
    return new_record_id(request.command_id)


def envelope_of(request: Request, effective: Effective) -> Envelope:
    """The envelope that all events of a request share."""
    principal = request.principal
    return Envelope(
        actor=principal.actor,
        role=principal.role,
        org_unit=principal.org_unit,
        deputising_for=principal.deputising_for,
        authentication=principal.authentication,
        client=principal.client,
        channel=principal.channel,
        legal_basis=request.legal_basis,
        effective_precision=effective.precision,
        effective_zone=effective.zone,
        correlation_id=request.correlation_id or request.command_id,
        causation_id=request.causation_id,
        command_id=request.command_id,
        reason=None if request.reason is None else Sealed(request.reason),
        person=None if principal.person is None else Sealed(principal.person),
    )


def joined(request: Request, envelope: Envelope, record: UUID, key: UUID | None) -> Envelope:
    """The envelope for one fact: its texts under the key that the fact names, and never joined to another's.

    A correlation id is the caller's word, and one session may lend five books. What a citizen does for themselves is
    joined within the one record only, and what has a key of its own, such as a loan, within that alone: else whoever
    reads the ledger could put a person together from loans and orders.
    """
    within = key or (record if request.principal.person is not None else None)
    if within is not None and request.correlation_id is not None:
        envelope = replace(envelope, correlation_id=uuid5(request.correlation_id, f"within:{within}"))
    if key is None or (envelope.reason is None and envelope.person is None):
        return envelope
    return replace(
        envelope,
        reason=None if envelope.reason is None else Sealed(envelope.reason.text, key),
        person=None if envelope.person is None else Sealed(envelope.person.text, key),
    )


def _check_target(request: Request, stream: Stream) -> None:
    command = type(request.command)
    if not command.creates and stream.kind != command.kind:
        raise NotFound(
            Message(
                f"There is no {command.kind} with this id. Check the id, or look the record up by its number.",
                f"Es gibt keinen Datensatz der Art {command.kind} mit dieser Kennung. Prüfen Sie die Kennung, "
                "oder suchen Sie über die Nummer.",
            )
        )
    expected = 0 if command.creates else request.expected_version
    if expected is not None and expected != stream.version:
        raise version_conflict(expected, stream.version)


def version_conflict(expected: int, actual: int) -> VersionConflict:
    """The refusal of a request that rests on an outdated version."""
    return VersionConflict(
        Message(
            f"The record is at version {actual}, not {expected}: read it again and decide anew.",
            f"Der Datensatz hat Version {actual}, nicht {expected}: Lesen Sie ihn neu und entscheiden Sie noch einmal.",
        ),
        expected=expected,
        actual=actual,
    )


def _lacks_position(fact: Fact) -> bool:
    """Whether a correction does not say where the text stands that it replaces."""
    return getattr(fact, "corrected_position", 0) is None


def _check_effective(effective: Effective, now: datetime) -> None:
    if effective.at > now and (effective.at - now).total_seconds() > 300:
        raise Rejected(EFFECTIVE_IN_FUTURE, effective_at=effective.at.isoformat())
