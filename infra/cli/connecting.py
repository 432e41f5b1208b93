"""How analysts' tools connect: lines to paste into psql, DBeaver, R and Python. No password is shown in any."""

from __future__ import annotations

import shlex
from typing import Any
from urllib.parse import quote, urlencode

from psycopg.conninfo import conninfo_to_dict, make_conninfo

_JDBC = ("user", "sslmode")


def lines(conninfo: str, tcp_port: int | None) -> dict[str, str]:
    """By tool, what to paste. `tcp_port` is that of the embedded server where it has one; by a socket no JDBC goes."""
    values = _shown(conninfo) | ({} if tcp_port is None else {"host": "127.0.0.1", "port": str(tcp_port)})
    found = {"psql": f"psql {shlex.quote(make_conninfo('', **values))}", "R": _r(values), "pandas": _pandas(values)}
    if not values.get("host", "/").startswith("/"):
        found["DBeaver"] = _jdbc(values)
    return found


def passfile(conninfo: str) -> str | None:
    """The file that holds the password, where the connection string names one."""
    return _shown(conninfo).get("passfile")


def _shown(conninfo: str) -> dict[str, str]:
    given: dict[str, Any] = dict(conninfo_to_dict(conninfo))
    return {name: str(value) for name, value in given.items() if name != "password" and value is not None}


def _jdbc(values: dict[str, str]) -> str:
    place = f"{values['host']}:{values.get('port', '5432')}/{quote(values.get('dbname', ''))}"
    return f"jdbc:postgresql://{place}?{urlencode({name: values[name] for name in _JDBC if name in values})}"


def _r(values: dict[str, str]) -> str:
    named = ", ".join(f"{name} = {_text(value)}" for name, value in values.items())
    return f"con <- DBI::dbConnect(RPostgres::Postgres(), {named})"


def _pandas(values: dict[str, str]) -> str:
    return f"engine = sqlalchemy.create_engine({_text(f'postgresql+psycopg://?{urlencode(values)}')})"


def _text(value: str) -> str:
    """A string of R and of Python."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
