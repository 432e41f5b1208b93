"""Creates or upgrades the store: numbered SQL files, each applied once, in order, its checksum recorded."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import resources
from typing import Final

import psycopg
from psycopg import sql

from infra.confining import confine, login_of
from infra.database import GROUP_ROLES, Database
from infra.embedded.server import to_stderr

OLDEST_SERVER = 150000
LOCK = 0x5354_4144_5442_5543  # "STADTBUC"
DURABILITY = ("fsync", "full_page_writes", "synchronous_commit")
_MEMBER: Final = (
    "select 1 from pg_auth_members m join pg_roles r on r.oid = m.roleid join pg_roles u on u.oid = m.member"
    " where r.rolname = %s and u.rolname = %s"
)
_ACTING_MEMBER: Final = _MEMBER + " and m.set_option"


class MigrationError(Exception):
    """The database cannot be brought to this program's schema; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered SQL file."""

    number: int
    name: str
    sql: str = field(repr=False)

    @property
    def checksum(self) -> str:
        """SHA-256 of the file's text, in hex."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def shipped() -> tuple[Migration, ...]:
    """The migrations in this package, in order; their numbers are 1, 2, 3 …"""
    files = resources.files("infra").joinpath("sql/migrations").iterdir()
    matches = [(re.fullmatch(r"(\d{4})_(\w+)\.sql", file.name), file) for file in files]
    found = [Migration(int(match[1]), match[2], file.read_text(encoding="utf-8")) for match, file in matches if match]
    found.sort(key=lambda migration: migration.number)
    numbers = [migration.number for migration in found]
    if numbers != list(range(1, len(found) + 1)):
        raise MigrationError(f"the migration files are not numbered without gaps: {numbers}")
    return tuple(found)


def migrate(
    database: Database,
    log_name: str,
    migrations: tuple[Migration, ...] | None = None,
    say: Callable[[str], None] = to_stderr,
) -> tuple[Migration, ...]:
    """Bring the database to this program's schema; answers what was applied, nothing where it was current.

    What could not be done and is no reason to stop is said.

    Raises MigrationError where the server is too old or not durable, where an applied file has changed since, where
    the schema is newer than this program, or where the ledger was created under another name.
    """
    migrations = shipped() if migrations is None else migrations
    # The program's login may have settings of its own.
    with psycopg.connect(database.app, autocommit=True, application_name="stadtbuch init") as connection:
        check_server(connection)
    with psycopg.connect(database.admin, autocommit=True, application_name="stadtbuch init") as connection:
        check_server(connection)
        connection.execute("select pg_advisory_lock(%s)", (LOCK,))
        try:
            _prepare(connection)
            pending = _pending(connection, migrations)
            for migration in pending:
                _apply(connection, migration)
            _name(connection, log_name)
            _grant(connection, database)
            confine(connection, database, say)
        finally:
            connection.execute("select pg_advisory_unlock(%s)", (LOCK,))
    return pending


def check(connection: psycopg.Connection[tuple[object, ...]], migrations: tuple[Migration, ...] | None = None) -> None:
    """Raise MigrationError unless the database is exactly at this program's schema."""
    migrations = shipped() if migrations is None else migrations
    exists = connection.execute("select to_regclass('migration.applied') is not null").fetchone()
    if exists is None or not exists[0]:
        raise MigrationError("this database holds no ledger yet: run `stadtbuch init`")
    if pending := _pending(connection, migrations):
        raise MigrationError(
            f"the schema lacks migration {pending[0].number:04}_{pending[0].name}: run `stadtbuch init`"
        )


def check_server(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Raise MigrationError where the server is older than PostgreSQL 15 or may lose what it acknowledged."""
    if connection.info.server_version < OLDEST_SERVER:
        raise MigrationError(
            f"the server is PostgreSQL {connection.info.server_version // 10000}; Stadtbuch needs 15 or newer"
        )
    rows = connection.execute("select name, setting, source from pg_settings where name = any(%s)", (list(DURABILITY),))
    for setting, value, source in rows.fetchall():
        if value == "off":
            login = connection.info.user
            where = {
                "user": f"run `alter role {login} reset {setting}`",
                "database": f"run `alter database {connection.info.dbname} reset {setting}`",
                "database user": f"run `alter role {login} in database {connection.info.dbname} reset {setting}`",
                "client": "take it out of the connection string and PGOPTIONS",
            }.get(str(source), f"set {setting} = on in postgresql.conf and restart it")
            raise MigrationError(
                f"the server runs with {setting} = off for the login {login} and may lose acknowledged events: {where}"
            )


def _prepare(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    for role in GROUP_ROLES:
        with connection.transaction():
            row = connection.execute("select 1 from pg_roles where rolname = %s", (role,)).fetchone()
            if row is None:
                try:
                    with connection.transaction():
                        connection.execute(sql.SQL("create role {} nologin").format(sql.Identifier(role)))
                except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                    continue  # another database of this server was initialised at the same moment
    current = connection.execute("select current_user, current_database()").fetchone()
    user, name = (str(value) for value in current or ())
    with connection.transaction():
        _tolerating_peers(
            connection, sql.SQL("grant stadtbuch_owner to {}").format(sql.Identifier(user)), "stadtbuch_owner", user
        )
        connection.execute(sql.SQL("grant create on database {} to stadtbuch_owner").format(sql.Identifier(name)))
        connection.execute(sql.SQL("revoke create, temporary on database {} from public").format(sql.Identifier(name)))
        connection.execute("create schema if not exists migration authorization stadtbuch_owner")
        connection.execute(
            "create table if not exists migration.applied (number int primary key, name text not null,"
            " checksum text not null, applied_at timestamptz not null default now())"
        )
        connection.execute("alter table migration.applied owner to stadtbuch_owner")
        connection.execute("grant usage on schema migration to public")
        connection.execute("grant select on migration.applied to public")


def _pending(
    connection: psycopg.Connection[tuple[object, ...]], migrations: tuple[Migration, ...]
) -> tuple[Migration, ...]:
    rows = connection.execute("select number, name, checksum from migration.applied order by number").fetchall()
    applied = {int(str(number)): (str(name), str(checksum)) for number, name, checksum in rows}
    known = {migration.number: migration for migration in migrations}
    for number, (name, checksum) in applied.items():
        if number not in known:
            raise MigrationError(
                f"the schema has migration {number:04}_{name}, which this program does not know: "
                "a newer Stadtbuch upgraded it; use that version"
            )
        if known[number].checksum != checksum:
            raise MigrationError(
                f"migration {number:04}_{name} was applied with another content (checksum {checksum[:12]}…, "
                f"here {known[number].checksum[:12]}…): restore the shipped file, or use the version that applied it"
            )
    return tuple(migration for migration in migrations if migration.number not in applied)


def _apply(connection: psycopg.Connection[tuple[object, ...]], migration: Migration) -> None:
    with connection.transaction():
        connection.execute("set local role stadtbuch_owner")
        connection.execute(migration.sql.encode())
        connection.execute(
            "insert into migration.applied (number, name, checksum) values (%s, %s, %s)",
            (migration.number, migration.name, migration.checksum),
        )


def _name(connection: psycopg.Connection[tuple[object, ...]], log_name: str) -> None:
    with connection.transaction():
        connection.execute("set local role stadtbuch_owner")
        connection.execute(
            "insert into ledger.head (log, position, recorded_at) values (%s, 0, '1970-01-01Z') on conflict do nothing",
            (log_name,),
        )
        row = connection.execute("select log from ledger.head").fetchone()
    if row is None or row[0] != log_name:
        raise MigrationError(
            f"this ledger was created as {row and row[0]!r} and cannot become {log_name!r}: "
            "its name is part of every leaf; set STADTBUCH_LOG_NAME to the ledger's name"
        )


def _grant(connection: psycopg.Connection[tuple[object, ...]], database: Database) -> None:
    """Make the program's login a member of the group roles it acts in, and the analyst's of the reader role."""
    app = login_of(database.app, connection)
    members = [(role, app) for role in GROUP_ROLES if role != "stadtbuch_owner"]
    if database.analyst is not None:
        members.append(("stadtbuch_reader", login_of(database.analyst, connection)))
    for role, login in members:
        statement = sql.SQL("grant {} to {}").format(sql.Identifier(role), sql.Identifier(login))
        _tolerating_peers(connection, statement, role, login)


def _tolerating_peers(
    connection: psycopg.Connection[tuple[object, ...]], statement: sql.Composed, role: str, login: str
) -> None:
    """Grant a membership unless it is there; roles belong to the whole server, where another `init` may be at work."""
    # Who creates a role from PostgreSQL 16 on may grant it, but is no member that could act in it.
    query = _ACTING_MEMBER if connection.info.server_version >= 160000 else _MEMBER
    row = connection.execute(query, (role, login)).fetchone()
    if row is not None or login == role:
        return
    try:
        with connection.transaction():
            connection.execute(statement)
    except (psycopg.errors.UniqueViolation, psycopg.errors.InternalError_):
        _tolerating_peers(connection, statement, role, login)
