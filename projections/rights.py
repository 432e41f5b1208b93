"""What each role sees of a read model, told beside its declaration: all rows, or those that meet a condition."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from domain.rights import Role, Roles

_OFFICE: Final = re.compile(r"[^./]+")


class Viewer(NamedTuple):
    """Who is looking. `own` are the records that are proven to be a citizen's own."""

    role: Role | None
    org_unit: str
    own: tuple[UUID, ...] = ()

    @property
    def office(self) -> str | None:
        """The office (Amt) that the unit is part of: 61 of 61.2 and of 61/L."""
        found = _OFFICE.match(self.org_unit)
        return None if found is None else found.group()


@dataclass(frozen=True, slots=True)
class All:
    """Every row."""


@dataclass(frozen=True, slots=True)
class Is:
    """Rows whose column has this value."""

    column: str
    value: str | bool


@dataclass(frozen=True, slots=True)
class SameOffice:
    """Rows of which one of these columns names a unit of the viewer's own office."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """Rows of a record that is the viewer's own."""

    column: str = "record_id"


@dataclass(frozen=True, slots=True)
class Within:
    """Rows that belong to a row of another read model which the viewer sees."""

    column: str
    source: Visible


@dataclass(frozen=True, slots=True)
class OfItsKind:
    """Rows about a record, by `kind` and `record_id`, whose row in the register of its kind the viewer sees."""

    registers: Mapping[str, Visible]


Condition = All | Is | SameOffice | Own | Within | OfItsKind
Rows = tuple[Condition, ...]
"""Rows that meet one of these conditions."""
Readers = Mapping[Role, Rows]
"""What each role sees. A role that is not told of sees nothing, and neither does anybody where nothing is told."""


class Visible(Protocol):
    """A read model, as far as who sees what of it is concerned."""

    @property
    def name(self) -> str: ...
    @property
    def row(self) -> type: ...
    @property
    def unique(self) -> tuple[str, ...]: ...
    @property
    def readers(self) -> Readers: ...


ALL: Final[Rows] = (All(),)
AUDITORS: Final[Readers] = {Role.AUDITOR: ALL}
STAFF: Final[Readers] = {Role.CLERK: ALL, **AUDITORS}
"""Those who work with single records, and those who check them."""
OFFICE: Final[Readers] = {**STAFF, Role.ANALYST: ALL}
"""And those who count. They see no text: see `Column.readers`."""
FIGURES: Final[Readers] = {**AUDITORS, Role.ANALYST: ALL}
"""What analysts made themselves: what it shows of whom, the program does not know."""
EVERYBODY: Final[Readers] = {**OFFICE, Role.CITIZEN: ALL}
PUBLISHED: Final[Readers] = {**STAFF, Role.CITIZEN: ALL}
"""What is shown to everybody with its texts."""

READS_TEXTS: Final[Roles] = frozenset(Role) - {Role.ANALYST, Role.ADMIN}
"""Who sees a sealed column, where its declaration does not say."""
INTERNAL: Final[Roles] = frozenset(Role) - {Role.CITIZEN}
"""Who sees a column that says more than a citizen should know, of their own records too."""


def within(column: str, source: Visible) -> Readers:
    """Each role sees the rows that belong to what it sees of `source`."""
    return {role: rows if rows == ALL else (Within(column, source),) for role, rows in source.readers.items()}


def of_its_kind(registers: Mapping[str, Visible], roles: Roles = frozenset(Role)) -> Readers:
    """Each of these roles sees what tells of the records that it sees in the registers; auditors see everything."""
    known = {role for register in registers.values() for role in register.readers if role in roles}
    return {**{role: (OfItsKind(registers),) for role in known}, **AUDITORS}
