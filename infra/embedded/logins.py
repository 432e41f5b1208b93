"""Keeps logins as they are meant to be: out of databases that are not theirs, and the analysts' with its password."""

from contextlib import closing
from typing import Any

import psycopg
from psycopg import sql

from infra.embedded.cluster import DATABASE
from infra.embedded.locks import Progress
from infra.embedded.passwords import LOGINS, ensure_passwords, verifier
from infra.embedded.place import Place
from infra.embedded.running import Running, conninfo

# PostgreSQL lets every login into its own databases, and make temporary tables there.
FOREIGN = ("postgres", "template1")


def mend(place: Place, running: Running, progress: Progress) -> None:
    """Brings a server that was made before, or that somebody has changed, to what it is made as. Under the mutex."""
    where = conninfo(place, running.socket_dir, running.port, "admin", "postgres")
    try:
        with closing(psycopg.connect(where, autocommit=True, connect_timeout=30)) as admin:
            _close_foreign(admin)
            if not _analyst_comes_in(place, running):
                _set_password(admin, place, progress)
    except psycopg.OperationalError:
        return  # it went down just now, and whoever starts it again does the same


def _set_password(admin: psycopg.Connection[Any], place: Place, progress: Progress) -> None:
    # PostgreSQL lets every login change its own password, and so whoever uses it lock the others out.
    login = LOGINS["analyst"]
    password = ensure_passwords(place)[login]
    admin.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(login), sql.Literal(verifier(password))))
    progress(
        f"{login} did not take the password in {place.passfile('analyst')}, and has it again. Sessions opened with "
        "another one stay open."
    )


def _close_foreign(admin: psycopg.Connection[Any]) -> None:
    for name in FOREIGN:
        row = admin.execute("select has_database_privilege('public', %s, 'connect, temporary')", (name,)).fetchone()
        if row and row[0]:
            admin.execute(sql.SQL("revoke connect, temporary on database {} from public").format(sql.Identifier(name)))


def _analyst_comes_in(place: Place, running: Running) -> bool:
    """Whether the password of the file is taken. What else keeps the login out is the operators' affair."""
    try:
        where = conninfo(place, running.socket_dir, running.port, "analyst", DATABASE)
        psycopg.connect(where, connect_timeout=30).close()
    except psycopg.OperationalError as error:
        return "password authentication failed" not in str(error)
    return True
