"""The store as a page of Python: what ledger.append is to answer, told by dictionaries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from infra.store.unit import Unit

Key = tuple[str, str]


@dataclass
class Model:
    """What a ledger holds. `events` are (record, version) in order of position."""

    events: list[tuple[UUID, int]] = field(default_factory=list)
    versions: dict[UUID, int] = field(default_factory=dict)
    claims: dict[Key, tuple[UUID, int]] = field(default_factory=dict)
    commands: dict[UUID, tuple[bytes, int | None, int | None]] = field(default_factory=dict)

    def append(self, units: Sequence[Unit]) -> list[list[str]]:
        """Record a batch; answers a status for each command of each unit."""
        answers = []
        earlier: list[Unit] = []
        before = Model(list(self.events), dict(self.versions), dict(self.claims), dict(self.commands))
        for unit in units:
            fault = same_command(unit, earlier) or before.known(unit) or shared(unit, earlier) or before.fault(unit)
            earlier.append(unit)
            if fault is None:
                answers.append(self.record(unit))
            elif fault == "repeated":
                known = [command.command_id in before.commands for command in unit.commands]
                answers.append(["repeated" if yes else "unit_repeated" for yes in known])
            else:
                answers.append([fault] * len(unit.commands))
        return answers

    def known(self, unit: Unit) -> str | None:
        """Whether a command of the unit was answered before."""
        answered = [(command, self.commands[command.command_id][0]) for command in unit.commands
                    if command.command_id in self.commands]  # fmt: skip
        if not answered:
            return None
        return "repeated" if all(command.request_hmac == hmac for command, hmac in answered) else "key_reused"

    def fault(self, unit: Unit) -> str | None:
        """Why the unit cannot be recorded as things stand, the gravest reason first."""
        wrote: dict[UUID, list[int]] = {}
        for record, version in written(unit):
            wrote.setdefault(record, []).append(version)
        if any(versions != list(range(versions[0], versions[0] + len(versions))) or versions[0] < 1
               for versions in wrote.values()):  # fmt: skip
            return "versions"
        if any(versions[0] != self.versions.get(record, 0) + 1 for record, versions in wrote.items()):
            return "version_conflict"
        if any(self.versions.get(guard.record_id, 0) != guard.version for guard in unit.guards):
            return "guard_failed"
        claimed = [(claim.kind, claim.key) for claim in unit.claims]
        if len(set(claimed)) < len(claimed) or any(claim in self.claims for claim in claimed):
            return "claim_taken"
        for release in unit.releases:
            holder, _ = self.claims.get((release.kind, release.key), (None, 0))
            if holder != written(unit)[release.event][0]:
                return "claim_not_held"
        return None

    def record(self, unit: Unit) -> list[str]:
        """Take the unit in; nothing stands against it."""
        first = len(self.events) + 1
        self.events += written(unit)
        self.versions.update(written(unit))
        for claim in unit.claims:
            self.claims[claim.kind, claim.key] = (written(unit)[claim.event][0], first + claim.event)
        for claim in unit.releases:
            self.claims.pop((claim.kind, claim.key), None)
        statuses = []
        for command in unit.commands:
            last = first + command.events - 1
            span = (first, last) if command.events else (None, None)
            self.commands[command.command_id] = (command.request_hmac, *span)
            statuses.append("recorded" if command.events else "nothing")
            first = last + 1
        return statuses


def written(unit: Unit) -> list[tuple[UUID, int]]:
    """Records and versions that the unit writes, in order."""
    return [(UUID(str(event.originator_id)), event.originator_version) for event in unit.events]


def same_command(unit: Unit, earlier: Sequence[Unit]) -> str | None:
    """Whether an earlier unit of the batch has a command of the same id: then that one is asked first."""
    ids = {command.command_id for command in unit.commands}
    return "retry_alone" if any(command.command_id in ids for other in earlier for command in other.commands) else None


def shared(unit: Unit, earlier: Sequence[Unit]) -> str | None:
    """Whether the unit has to wait for what an earlier one of its batch turns out to be."""
    wrote, guarded = {record for record, _ in written(unit)}, {guard.record_id for guard in unit.guards}
    for other in earlier:
        they_wrote = {record for record, _ in written(other)}
        they_guarded = {guard.record_id for guard in other.guards}
        keys = keys_of(unit) & keys_of(other)
        if keys or they_wrote & (wrote | guarded) or they_guarded & wrote:
            return "retry_alone"
    return None


def keys_of(unit: Unit) -> set[Key]:
    """What the unit claims or releases."""
    return {(claim.kind, claim.key) for claim in (*unit.claims, *unit.releases)}
