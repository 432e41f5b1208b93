"""Checks the whole ledger, row by row: leaves, positions, versions, times, seals, claims, commands, head, vault, and
the entries about exports in clear."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from infra.codec import Codec
from infra.database import Database
from infra.keys import KeyEncryptionKey
from infra.verify.access import check_access
from infra.verify.claims import Claims
from infra.verify.commands import Commands
from infra.verify.events import Events
from infra.verify.keys import check_vault
from infra.verify.reading import Connection, chunks, head, problems
from infra.verify.report import MOST_FAULTS, Fault, Report
from infra.verify.seals import Seals

__all__ = ["MOST_FAULTS", "Fault", "Report", "verify"]


def verify(
    database: Database,
    codec: Codec,
    *,
    kek: KeyEncryptionKey | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Read the ledger as of one moment, in the role of the log, and check all of it.

    With `kek` the vault is checked as well, every wrapped key against its commitment. Not checked is
    ledger.command.request_hmac, for requests are not kept; docs/guarantees.md says what else stays unseen.

    `progress` is told rows done and rows in all. The report names the first fault and at most 99 more. Memory does not
    grow with the ledger, but for the claims that are to be released later. While it reads, PostgreSQL keeps old row
    versions of the tables that change.
    """
    with _snapshot(database) as connection:
        stored = head(connection)
        report = Report()
        events = Events(report, codec, stored)
        seals, claims, commands = Seals(report, connection), Claims(report, connection), Commands(report, connection)
        for rows, parts in chunks(connection):
            for row in rows:
                fact = events.check(row)
                seals.check(row, parts.pop(row.position, []), fact)
                claims.check(row, fact)
                commands.check(row)
            seals.settle(parts)
            progress(report.rows, stored.position)
            if report.full:
                break
        else:
            for ending in (events, claims, commands):
                ending.end()
            _between_rows(connection, report)
            check_access(connection, report)
            if kek is not None:
                check_vault(connection, report, stored.log, kek)
        report.in_order()
        return report


@contextmanager
def _snapshot(database: Database) -> Iterator[Connection]:
    with psycopg.connect(database.conninfo("log"), autocommit=True) as connection:
        connection.execute("set default_transaction_isolation = 'repeatable read'")
        connection.execute("set default_transaction_read_only = on")
        with connection.transaction():
            yield connection


def _between_rows(connection: Connection, report: Report) -> None:
    """What the server itself compares: the versions of each record, commands that remember nothing sensible."""
    for query, check in (("versions", "version"), ("commands_at_odds", "command")):
        for position, message in problems(connection, query):
            report.found(position, check, message)
