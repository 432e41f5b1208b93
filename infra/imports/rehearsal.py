"""The ledger as an importer sees it: at work, or in a rehearsal that decides everything and records nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from domain.kernel import Claim, Rejected
from domain.requests import Outcome, Request
from infra.ledger import Ledger
from infra.ledger.streams import Stream
from infra.ledger.work import Work, target_of


class LedgerBook:
    """What imports need of the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def lookup(self, kind: str, key: str) -> UUID | None:
        """The record that holds a claim."""
        return self._ledger.lookup(kind, key)

    def streams(self, record_ids: Sequence[UUID]) -> Mapping[UUID, Stream]:
        """Records as they stand, without those that do not exist."""
        return self._ledger.streams(record_ids)

    def handle_all(self, requests: Sequence[Request]) -> Sequence[Outcome | Exception]:
        """Decide and record."""
        return self._ledger.handle_all(requests)

    def pseudonym(self, purpose: str, text: str) -> str:
        """A keyed hash under the ledger's own secret."""
        return self._ledger.vault.pseudonym(purpose, text)


class Rehearsal(LedgerBook):
    """Decides on copies in memory: of every record that would be written to, and of all claims.

    They are nowhere else, so none is let go: memory grows with the records that would change, not with those read.
    """

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger)
        families = ledger.codec.families
        self._family_of_command = {command: family for family in families for command in family.commands}
        self._rules = {kind: rule for family in families for kind, rule in family.claim_rules.items()}
        self._copies: dict[UUID, Stream] = {}
        self._claims: dict[Claim, UUID | None] = {}

    def lookup(self, kind: str, key: str) -> UUID | None:
        """The record that holds a claim, or would."""
        claim = Claim(kind, key)
        if claim in self._claims:
            return self._claims[claim]
        return super().lookup(kind, key)

    def streams(self, record_ids: Sequence[UUID]) -> Mapping[UUID, Stream]:
        """Records as they would stand."""
        return self._load(record_ids)

    def handle_all(self, requests: Sequence[Request]) -> Sequence[Outcome | Exception]:
        """Decide, and keep what would follow. Outcomes tell how many events there would be, not where."""
        now = datetime.now(UTC)
        answers: list[Outcome | Exception] = []
        for request in requests:
            try:
                answers.append(self._rehearse(request, now))
            except Exception as error:
                answers.append(error)
        return answers

    def _rehearse(self, request: Request, now: datetime) -> Outcome:
        work = Work(
            self._load, self._family_of_command, self._ledger.codec.family_of, self._ledger.vault, lambda _: b""
        )
        work.decide(request, now)
        released = {Claim(entry.kind, entry.key) for entry in work.releases}
        claimed = {Claim(entry.kind, entry.key) for entry in work.claims}
        for claim in claimed - released:
            if self.lookup(*claim) is not None:
                raise Rejected(self._rules[claim.kind])
        record_id = target_of(request)
        self._claims.update(dict.fromkeys(released))
        self._claims.update(dict.fromkeys(claimed, record_id))
        for written in {event.record_id for event in work.pending}:
            self._copies[written] = work.stream(written)
        events = len(work.pending)
        return Outcome(
            command_id=request.command_id,
            record_id=record_id,
            version=work.stream(record_id).version,
            first_position=1 if events else None,
            last_position=events or None,
        )

    def _load(self, record_ids: Iterable[UUID]) -> Mapping[UUID, Stream]:
        wanted = list(record_ids)
        copies = {record_id: self._copies[record_id] for record_id in wanted if record_id in self._copies}
        missing = [record_id for record_id in wanted if record_id not in copies]
        return {**super().streams(missing), **copies} if missing else copies
