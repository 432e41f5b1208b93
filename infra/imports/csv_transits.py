"""Rows of transits between library branches: which dispatch list they belong to, and what they lead to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from domain.kernel import Command, Effective, Sealed
from domain.library.commands import OpenDispatch, RecordTransit, RetractTransit
from domain.library.state import Dispatch, ListedTransit
from domain.requests import Request
from infra.imports.csv_mapping import Value
from infra.imports.framework import Book, Group, Planned, idempotency_key, principal, record_id
from infra.ledger.streams import Stream

KIND: Final = "csv"
RETRACTED: Final = "Die Zeile steht nicht mehr in der Quelle."


class TransitRow(NamedTuple):
    """One item that moved; the n-th of equal rows has `occurrence` n."""

    day: date
    from_branch: str
    from_authority: str | None
    item_type: str
    to_branch: str
    to_authority: str | None
    source: str
    occurrence: int

    @property
    def listed(self) -> ListedTransit:
        """The row as the list's state holds it."""
        return ListedTransit(self.item_type, self.to_branch, self.to_authority, self.source, self.occurrence)


class TransitTarget:
    """Makes dispatch lists of transit rows. Lists are of a branch and a day; a second source adds to the same ones."""

    name: Final = "library.transit"
    retracts: Final = True
    one_row: Final = False
    required: Final = frozenset({"day", "item_type", "from_branch", "to_branch"})
    optional: Final = frozenset({"from_authority", "to_authority"})
    types: Final[Mapping[str, str]] = MappingProxyType({"day": "date"})

    def content(self, values: Mapping[str, Value], source: str, count: Callable[[str, str], int]) -> TransitRow:
        """The row as a transit."""
        fields = {name: values.get(name) for name in self.required | self.optional}
        row = TransitRow(**fields, source=source, occurrence=0)  # type: ignore[arg-type]  # typed by `required`
        return row._replace(occurrence=count(text_of(row), self.key(row)))

    def key(self, row: TransitRow) -> str:
        """What the list is called."""
        return "\x1f".join((row.day.isoformat(), row.from_authority or "", row.from_branch))

    def record_id(self, key: str, book: Book) -> UUID:
        """The record that is called so."""
        return record_id(KIND, key)

    def source_id(self, row: TransitRow) -> str:
        """What a person would call the row."""
        return f"{row.day.isoformat()} {row.from_branch} → {row.to_branch}: {row.item_type} #{row.occurrence}"

    def plan(self, group: Group[TransitRow], book: Book) -> Sequence[Planned]:
        """Rows that are not on the list are recorded; the first row of a new list opens it."""
        on_list = set(group.state.transits.values()) if isinstance(group.state, Dispatch) else set()
        follows = group.version
        planned = []
        for row in group.rows:
            requests: tuple[Request, ...] = ()
            if follows == 0:
                requests = (self._opened(group.record_id, row.content),)
            if row.content.listed not in on_list:
                request = self._recorded(group.record_id, group.key, row.content, follows + len(requests))
                requests = (*requests, request)
            follows += len(requests)
            planned.append(Planned(row=row.number, requests=requests))
        return planned

    def missing(self, key: str, stream: Stream, source: str, seen: Callable[[str], int]) -> tuple[Request, ...]:
        """Retractions of what the list has from this source and the file has no longer. `seen(text)` counts the rows
        of the file that have this `text_of`."""
        if not isinstance(stream.state, Dispatch):
            return ()
        list_ = stream.state
        gone = [
            (number, transit)
            for number, transit in list_.transits.items()
            if transit.source == source and transit.occurrence > seen(text_of(_row(list_, transit)))
        ]
        return tuple(
            self._request(
                record_id(KIND, key),
                RetractTransit(transit=number, reason=Sealed(RETRACTED)),
                idempotency_key(KIND, key, f"retract {number}", stream.version + offset),
                list_.day,
            )
            for offset, (number, _) in enumerate(gone)
        )

    def _opened(self, record: UUID, row: TransitRow) -> Request:
        command = OpenDispatch(day=row.day, branch=row.from_branch, authority=row.from_authority)
        return self._request(record, command, idempotency_key(KIND, self.key(row), "open", 0), row.day)

    def _recorded(self, record: UUID, key: str, row: TransitRow, follows: int) -> Request:
        command = RecordTransit(
            item_type=row.item_type,
            to_branch=row.to_branch,
            to_authority=row.to_authority,
            source=row.source,
            occurrence=row.occurrence,
        )
        content = f"{text_of(row)}#{row.occurrence}"
        return self._request(record, command, idempotency_key(KIND, key, content, follows), row.day)

    def _request(self, record: UUID, command: Command, key: str, day: date) -> Request:
        return Request(
            command=command,
            principal=principal(KIND),
            idempotency_key=key,
            record_id=record,
            effective=Effective.on(day),
        )


def text_of(row: TransitRow) -> str:
    """What equal rows have in common."""
    return "\x1f".join("" if value is None else str(value) for value in row[:-1])


def _row(dispatch: Dispatch, transit: ListedTransit) -> TransitRow:
    return TransitRow(
        day=dispatch.day,
        from_branch=dispatch.branch,
        from_authority=dispatch.authority,
        item_type=transit.item_type,
        to_branch=transit.to_branch,
        to_authority=transit.to_authority,
        source=transit.source,
        occurrence=transit.occurrence,
    )
