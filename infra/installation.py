"""One installation as its settings describe it: the database server, its logins, the key, and the ledger on top."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import psycopg

from domain.families import FAMILIES
from infra import keys
from infra.database import Database
from infra.embedded import Server, start
from infra.embedded.server import to_stderr
from infra.ledger import Ledger
from infra.migrations import Migration, check, check_server, migrate
from infra.settings import Settings


@dataclass(frozen=True, slots=True)
class Installation:
    """Where everything is. `server` is None where STADTBUCH_DSN names another PostgreSQL."""

    settings: Settings
    database: Database
    server: Server | None

    def key_encryption_key(self, *, create: bool = False) -> keys.KeyEncryptionKey:
        """The key of STADTBUCH_KEK_COMMAND or STADTBUCH_KEK_FILE. Raises KeyUnavailable."""
        if self.settings.kek_command is not None:
            return keys.from_command(self.settings.kek_command)
        return keys.from_file(self.settings.kek_file, create=create)

    def init(self) -> tuple[Migration, ...]:
        """Create or upgrade the store and, on the first run, the key; answers the migrations applied.

        Raises KeyUnavailable where a ledger that holds events has lost its key: another would not open anything.
        """
        applied = migrate(self.database, self.settings.log_name)
        self.key_encryption_key(create=self._is_empty())
        return applied

    def _is_empty(self) -> bool:
        with psycopg.connect(self.database.conninfo("log"), autocommit=True, connect_timeout=10) as connection:
            row = connection.execute("select position = 0 from ledger.head").fetchone()
            return bool(row and row[0])

    def check(self) -> None:
        """Raise MigrationError unless the store is exactly at this program's schema and durable for its login."""
        with psycopg.connect(self.database.app, autocommit=True, connect_timeout=10) as connection:
            check_server(connection)
            check(connection)

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """The ledger, closed at the end: what was handed in is recorded first."""
        ledger = Ledger(self.database, self.key_encryption_key(), FAMILIES)
        try:
            yield ledger
        finally:
            ledger.close()


@contextmanager
def installation(settings: Settings, progress: Callable[[str], None] = to_stderr) -> Iterator[Installation]:
    """Start or join the embedded server, or name the other one; leave it at the end. Raises EmbeddedError."""
    with ExitStack() as stack:
        if settings.dsn is not None:
            dsn = settings.dsn.get_secret_value()
            app = settings.app_dsn.get_secret_value() if settings.app_dsn else dsn
            analyst = settings.reader_dsn.get_secret_value() if settings.reader_dsn else None
            yield Installation(settings, Database(dsn, app, analyst), None)
            return
        server = stack.enter_context(
            start(settings.home, bindir=settings.postgres_bin, tcp_port=settings.tcp_port, progress=progress)
        )
        logins = (server.conninfo("admin"), server.conninfo("app"), server.conninfo("analyst"))
        yield Installation(settings, Database(*logins), server)
