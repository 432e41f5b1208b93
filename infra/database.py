"""Where the database is, and in which role each part of the program comes to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from psycopg.conninfo import make_conninfo

# A reader's mistake must not hold the server: what takes longer is cancelled, and nothing can be written.
READER_OPTIONS = " -c statement_timeout=30s -c default_transaction_read_only=on"

Role = Literal["writer", "projector", "reader", "eraser", "log"]
GROUP_ROLES = (
    "stadtbuch_owner",
    "stadtbuch_writer",
    "stadtbuch_projector",
    "stadtbuch_reader",
    "stadtbuch_eraser",
    "stadtbuch_log",
)


@dataclass(frozen=True, slots=True)
class Database:
    """The libpq connection strings of a ledger's database.

    `admin` may create schemas and roles and is used by `init` only; `app` is the login of the running program, a member
    of the group roles; `analyst` is a login that is a member of the reader role and of nothing else.
    """

    admin: str = field(repr=False)
    app: str = field(repr=False)
    analyst: str | None = field(repr=False, default=None)

    def conninfo(self, role: Role) -> str:
        """The program's login, acting in one group role: what that role may not do, the connection may not do."""
        options = f"-c role=stadtbuch_{role} -c timezone=UTC{READER_OPTIONS if role == 'reader' else ''}"
        return make_conninfo(self.app, options=options, application_name=f"stadtbuch {role}")
