"""`stadtbuch sql`: a session of the analyst's login, with psql where there is one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from rich.console import Console
from rich.table import Table

from infra.cli.console import DONE, FINDING, UNAVAILABLE, as_error, leave, say
from infra.installation import Installation


def run(place: Installation, command: str | None, *, as_json: bool) -> int:
    """Run one query, or a session; answers the exit code."""
    analyst = place.database.analyst
    if analyst is None:
        leave(UNAVAILABLE, "Set STADTBUCH_READER_DSN to the login of your analysts.", as_json=as_json)
    psql = shutil.which("psql")
    # No password may stand in a list of processes, so it goes by the environment; everything else as it was given.
    if command is None and psql is not None and sys.stdin.isatty():
        values: dict[str, Any] = dict(conninfo_to_dict(analyst))
        password = values.pop("password", None)
        environment = {} if password is None else {"PGPASSWORD": str(password)}
        return subprocess.run([psql, make_conninfo(**values)], env=os.environ | environment, check=False).returncode
    with psycopg.connect(analyst, autocommit=True) as connection:
        if command is not None:
            return _show(connection, command, as_json=as_json)
        if sys.stdin.isatty():
            say("Queries on the schema `read`, each on one line; an empty line ends the session.")
        code = DONE
        for line in iter(_line, ""):
            code = _show(connection, line, as_json=as_json)
        return code


def _line() -> str:
    if sys.stdin.isatty():
        print("read> ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


def _show(connection: psycopg.Connection[tuple[object, ...]], query: str, *, as_json: bool) -> int:
    try:
        cursor = connection.execute(query.encode())
    except (psycopg.ProgrammingError, psycopg.DataError, psycopg.OperationalError, psycopg.InternalError) as error:
        if connection.closed:
            raise
        message = f"{error.diag.message_primary or error}"
        if as_json:
            print(as_error(FINDING, message), flush=True)
        else:
            say(message)
        return FINDING
    names = [column.name for column in cursor.description or ()]
    if as_json:
        for row in cursor if names else ():
            print(json.dumps(dict(zip(names, row, strict=True)), default=str, ensure_ascii=False))
        return DONE
    table = Table(*names)
    for row in cursor if names else ():
        table.add_row(*("" if value is None else str(value) for value in row))
    Console().print(table)
    return DONE
