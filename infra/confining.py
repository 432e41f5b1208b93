"""What logins that only read could still do to others: taken away where `init` may, and asked for where it may not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from infra.database import ANALYST, ANALYST_DISK, Database

_SET_FOR_LOGIN: Final = (
    "select split_part(c, '=', 1) from pg_db_role_setting s, unnest(s.setconfig) c"
    " where s.setrole = (select oid from pg_roles where rolname = %s)"
    " and s.setdatabase in (0, (select oid from pg_database where datname = current_database()))"
)
_CLOSE: Final = sql.SQL("select migration.confine()")


def login_of(conninfo: str, connection: psycopg.Connection[Any]) -> str:
    """The login of a connection string that goes to the database of the connection."""
    return str(conninfo_to_dict(conninfo).get("user", connection.info.user))


def confine(connection: psycopg.Connection[Any], database: Database, say: Callable[[str], None]) -> None:
    """Close what PostgreSQL leaves open to every login, and limit the analysts'.

    What an administrator without these rights leaves undone is said, with the statements to run.
    """
    analyst = _analyst(connection, database)
    wanted: list[sql.SQL | sql.Composed] = []
    if analyst is not None:
        wanted.extend(_limits(connection, analyst))
    if _is_open(connection):
        wanted.append(_CLOSE)
    refused = [statement for statement in wanted if not _done(connection, statement)]
    if refused:
        statements = "; ".join(statement.as_string(connection) for statement in refused)
        say(
            f"The login {analyst or 'of analysts'} could not be limited: its queries may run without end, fill the "
            f"disk, or hold locks of this program. Let an administrator who may do so run: {statements}"
        )


def _analyst(connection: psycopg.Connection[Any], database: Database) -> str | None:
    """The analysts' login, unless the program writes with it."""
    if database.analyst is None:
        return None
    analyst = login_of(database.analyst, connection)
    return None if analyst in (connection.info.user, login_of(database.app, connection)) else analyst


def _limits(connection: psycopg.Connection[Any], analyst: str) -> Iterator[sql.Composed]:
    """Lets a mistake end by itself, in this database; what the operators have set for the login stays.

    All but the limit of the disk guards against accidents: a session may lift it. What analysts may see and do is a
    matter of privileges alone.
    """
    there = {str(row[0]) for row in connection.execute(_SET_FOR_LOGIN, (analyst,))}
    for name, value in {**ANALYST, **ANALYST_DISK}.items():
        if name not in there:
            yield sql.SQL("alter role {} in database {} set {} = {}").format(
                sql.Identifier(analyst),
                sql.Identifier(connection.info.dbname),
                sql.Identifier(name),
                sql.Literal(value),
            )


def _is_open(connection: psycopg.Connection[Any]) -> bool:
    made = connection.execute("select to_regclass('migration.open_function') is not null").fetchone()
    if made is None or not made[0]:
        return False  # the schema is older
    row = connection.execute("select exists (select from migration.open_function)").fetchone()
    return row is not None and bool(row[0])


def _done(connection: psycopg.Connection[Any], statement: sql.SQL | sql.Composed) -> bool:
    if statement is _CLOSE:
        # Taking away what one has not granted is no error to PostgreSQL, only of no effect.
        row = connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone()
        if row is None or not row[0]:
            return False
    try:
        with connection.transaction():
            connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True
