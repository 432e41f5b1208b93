"""`stadtbuch doctor`: what is set, what is wrong, and what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
from pydantic import SecretStr

from infra.cli.console import say
from infra.database import GROUP_ROLES
from infra.embedded import EmbeddedError
from infra.installation import Installation, installation
from infra.keys import KeyUnavailable
from infra.migrations import MigrationError, check, check_server
from infra.settings import Settings, unknown, variable

ENOUGH_DISK = 2 * 1024**3
TOLERATED_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    about: str
    good: bool
    says: str

    def __str__(self) -> str:
        return f"{'ok   ' if self.good else 'WRONG'} {self.about}: {self.says}"


def examine(settings: Settings) -> list[Finding]:
    """Everything that can be looked at; what depends on something missing is left out."""
    return [*_settings(settings), *_disk(settings), *_server(settings)]


def _settings(settings: Settings) -> Iterator[Finding]:
    for name in sorted(settings.model_fields_set):
        value = getattr(settings, name)
        yield Finding(variable(name), True, "set, not shown" if isinstance(value, SecretStr) else str(value))
    for name in unknown():
        yield Finding(name, False, "this is no setting; docs/settings.md lists them")


def _disk(settings: Settings) -> Iterator[Finding]:
    if settings.dsn is None:
        place = settings.home
        while not place.exists():
            place = place.parent
        free = shutil.disk_usage(place).free
        says = f"{free / 1024**3:,.1f} GB free at {place}"
        good = free >= ENOUGH_DISK
        yield Finding("disk", good, says if good else f"{says}: make room, PostgreSQL stops when the disk is full")


def _server(settings: Settings) -> Iterator[Finding]:
    try:
        with installation(settings, say) as place:
            yield from _installed(place)
    except (EmbeddedError, psycopg.OperationalError) as error:
        yield Finding("PostgreSQL", False, str(error).strip())


def _installed(place: Installation) -> Iterator[Finding]:
    with psycopg.connect(place.database.app, autocommit=True, connect_timeout=10) as connection:
        version = connection.info.server_version
        yield Finding("PostgreSQL", True, f"{version // 10000}.{version % 10000}")
        yield _tried(
            "durability", "fsync, full_page_writes and synchronous_commit are on", lambda: check_server(connection)
        )
        schema = _tried("schema", "as this program expects it", lambda: check(connection))
        yield schema
        yield _clock(connection)
        if schema.good:
            yield _roles(connection)
            yield _open_functions(connection)
            yield _triggers(connection)
            yield _tried("key-encryption key", "readable", place.key_encryption_key)
            yield _models(connection)
    if place.database.analyst is not None:
        yield _analyst(place.database.analyst)


def _tried(about: str, says: str, attempt: Callable[[], object]) -> Finding:
    try:
        attempt()
    except (MigrationError, KeyUnavailable) as error:
        return Finding(about, False, str(error))
    return Finding(about, True, says)


def _clock(connection: psycopg.Connection[tuple[object, ...]]) -> Finding:
    row = connection.execute("select clock_timestamp()").fetchone()
    theirs = row[0] if row else None
    seconds = abs((datetime.now(UTC) - theirs).total_seconds()) if isinstance(theirs, datetime) else 0.0
    says = f"{seconds:.1f} s apart from the database's"
    good = seconds <= TOLERATED_SECONDS
    return Finding("clock", good, says if good else f"{says}: synchronise both machines (NTP)")


def _roles(connection: psycopg.Connection[tuple[object, ...]]) -> Finding:
    wanted = [role for role in GROUP_ROLES if role != "stadtbuch_owner"]
    rows = connection.execute(
        "select r from unnest(%s::text[]) r where not pg_has_role(current_user, r, 'member')", (wanted,)
    )
    missing = [str(row[0]) for row in rows]
    if missing:
        return Finding("roles", False, f"the login lacks {', '.join(missing)}: run `stadtbuch init`")
    row = connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone()
    if row and row[0]:
        return Finding(
            "roles", False, "the program's login is a superuser: set STADTBUCH_APP_DSN to a login without rights"
        )
    return Finding("roles", True, "the login is a member of the group roles and has no rights of its own")


def _open_functions(connection: psycopg.Connection[tuple[object, ...]]) -> Finding:
    row = connection.execute("select count(*), min(function::text) from migration.open_function").fetchone()
    if row and row[0]:
        return Finding(
            "open functions",
            False,
            f"every login may call {row[0]} functions that write or lock, such as {row[1]}: run `stadtbuch init`; it "
            "says what to do where its login is no superuser",
        )
    return Finding("open functions", True, "no login writes large objects or takes the program's locks")


def _analyst(conninfo: str) -> Finding:
    try:
        with psycopg.connect(conninfo, autocommit=True, connect_timeout=10) as connection:
            rows = connection.execute(
                "select distinct c"
                " from pg_db_role_setting s join pg_roles r on r.oid = s.setrole, unnest(s.setconfig) c"
                " where r.rolname = current_user and s.setdatabase in"
                " (0, (select oid from pg_database where datname = current_database())) order by c"
            ).fetchall()
    except psycopg.OperationalError as error:
        return Finding(
            "analysts' login",
            False,
            f"it is not let in, perhaps because somebody has changed its password: set it anew ({str(error).strip()})",
        )
    return Finding("analysts' login", True, f"comes in; {', '.join(str(row[0]) for row in rows) or 'not limited'}")


def _triggers(connection: psycopg.Connection[tuple[object, ...]]) -> Finding:
    row = connection.execute(
        "select count(*) from pg_trigger where tgrelid = 'ledger.event'::regclass and tgenabled = 'A'"
        " and tgname in ('immutable_rows', 'immutable_table')"
    ).fetchone()
    if row is None or row[0] != 2:
        return Finding("immutability", False, "the triggers that refuse changes to ledger.event are off: find out why")
    return Finding("immutability", True, "changes to ledger.event are refused")


def _models(connection: psycopg.Connection[tuple[object, ...]]) -> Finding:
    with connection.transaction():
        connection.execute("set local role stadtbuch_reader")
        rows = connection.execute(
            "select name, coalesce(error, nullif(status, 'live'), quarantined_rows || ' rows stand still')"
            " from read.projection_status where (status <> 'live' or quarantined_rows > 0)"
            " and not starts_with(name, 'own_') order by name"  # those are their analysts': `stadtbuch project list`
        ).fetchall()
    if rows:
        first = f"{rows[0][0]} ({rows[0][1]})"
        return Finding(
            "read models", False, f"{len(rows)} are not whole, first {first}: see `stadtbuch projection status`"
        )
    return Finding("read models", True, "live")
