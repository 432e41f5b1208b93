"""Databases for tests to use one after the other: emptied, as long as a test has left them as they were made."""

from __future__ import annotations

import itertools

import psycopg

from infra.embedded import Server

Connection = psycopg.Connection[tuple[object, ...]]
# pg_terminate_backend waits for a process to have gone, so many milliseconds.
LEAVE = """
select pg_terminate_backend(pid, 5000) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
"""
# What migrations have made belongs to the owner of the ledger, what the projector has made to the projector.
READ_MODELS = """
select case relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end, oid::regclass::text
from pg_class where relnamespace in ('read'::regnamespace, 'as_of'::regnamespace, 'history'::regnamespace)
  and relkind in ('r', 'p', 'v', 'm')
  and relowner <> (select relowner from pg_class where oid = 'ledger.event'::regclass)
"""
EMPTY = """
alter table ledger.event disable trigger immutable_table;
truncate ledger.event, ledger.sealed, ledger.command, ledger.claim, vault.key,
  projector.projection, projector.report, projector.build, projector.build_part, projector.quarantine restart identity;
alter table ledger.event enable always trigger immutable_table;
"""
HEAD = "update ledger.head set log = %s, position = 0, recorded_at = 'epoch'"
DEFINITIONS = """
select md5(string_agg(it, e'\\n' order by it)) from (
  select concat_ws(' ', 'class', oid, relname, relnamespace, relowner, relacl, reloptions, relrowsecurity) from pg_class
  where relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
  union all select concat_ws(' ', 'column', attrelid, attname, atttypid, attnotnull, attacl, atthasdef, attisdropped)
  from pg_attribute where attrelid >= 16384
  union all select concat_ws(' ', 'function', oid, proname, prosrc, proowner, proacl, proconfig, prosecdef) from pg_proc
  where pronamespace::regnamespace::text !~ '^(pg_|information_schema)'
  union all select concat_ws(' ', 'trigger', tgrelid, tgname, tgenabled, tgfoid) from pg_trigger where not tgisinternal
  union all select concat_ws(' ', 'constraint', oid, conname, conrelid, convalidated) from pg_constraint
  where oid >= 16384
  union all select concat_ws(' ', 'schema', oid, nspname, nspacl, nspowner) from pg_namespace where nspname !~ '^pg_'
  union all select concat_ws(' ', 'database', datacl, datconnlimit, datallowconn) from pg_database
  where datname = current_database()
  union all select concat_ws(' ', 'setting', setrole, setconfig) from pg_db_role_setting
  where setdatabase = (select oid from pg_database where datname = current_database())
  union all select concat_ws(' ', 'rights', defaclrole, defaclnamespace, defaclacl) from pg_default_acl
  union all select concat_ws(' ', 'statistics', count(*)) from pg_statistic where starelid >= 16384
  union all select concat_ws(' ', 'migration', applied) from migration.applied
  union all select concat_ws(' ', 'rows', relname, pg_relation_size(oid)) from pg_class
  where relkind = 'r' and oid >= 16384 and oid not in ('ledger.head'::regclass, 'migration.applied'::regclass)
) what(it)
"""


class Spares:
    """Databases to be used again: to make and to drop one takes ten times as long as to empty it.

    One whose definitions a test has changed (tables, functions, triggers, rights, statistics) is dropped.
    """

    def __init__(
        self, server: Server, template: str, log_name: str, connection: Connection, *, prefix: str = "test"
    ) -> None:
        self.server = server
        self._template = template
        self._log_name = log_name
        self._prefix = prefix
        self._connection = connection
        self._numbers = itertools.count(1)
        self._free: list[str] = []
        self._made: dict[str, object] = {}

    def take(self) -> str:
        """The name of an empty one."""
        if self._free:
            return self._free.pop()
        name = f"{self._prefix}_{next(self._numbers)}"
        self._connection.execute(f"create database {name} template {self._template}".encode())
        with self._open(name) as there:
            self._made[name] = _definitions(there)
        return name

    def give_back(self, name: str) -> None:
        """Whoever is still connected is thrown out, as by dropping it."""
        with self._open(name) as there:
            there.execute(LEAVE)
            wipe(there, self._log_name)
            same = _definitions(there) == self._made[name]
        if same:
            self._free.append(name)
        else:
            self._drop(name)

    def close(self) -> None:
        """Drop all that were made."""
        for name in list(self._made):
            self._drop(name)

    def _drop(self, name: str) -> None:
        del self._made[name]
        self._connection.execute(f"drop database {name} with (force)".encode())

    def _open(self, name: str) -> Connection:
        return psycopg.connect(self.server.conninfo("admin", dbname=name), autocommit=True)


def wipe(connection: Connection, log_name: str) -> None:
    """Empty a ledger and its read models as only a superuser can: with the guard of its events out of the way."""
    for kind, name in connection.execute(READ_MODELS).fetchall():
        connection.execute(f"drop {kind} if exists {name} cascade".encode())
    connection.execute(EMPTY)
    connection.execute(HEAD, [log_name])


def _definitions(connection: Connection) -> object:
    """A digest of all that is defined in a database, of how it is set, and of what it knows of its tables."""
    row = connection.execute(DEFINITIONS).fetchone()
    assert row is not None
    return row[0]
