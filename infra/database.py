"""Where the database is, and in which role each part of the program comes to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from psycopg.conninfo import make_conninfo

# What a role's sessions start with, whatever is set for the login, the database or the server.
SESSION: Final[Mapping[str, Mapping[str, str]]] = {
    # What is acknowledged is on disk.
    "writer": {"synchronous_commit": "on"},
    # A reader's mistake must not hold the server: what takes longer is cancelled, and nothing can be written.
    "reader": {
        "default_transaction_read_only": "on",
        "statement_timeout": "30s",
        "idle_in_transaction_session_timeout": "60s",
        # What the server thinks of views that know neither tables nor moment beforehand makes it compile in vain.
        "jit": "off",
    },
}
# The analysts' own login has more time; `init` sets this for it, and leaves alone what the operators have set.
ANALYST: Final[Mapping[str, str]] = {
    "default_transaction_read_only": "on",
    "statement_timeout": "5min",
    "idle_in_transaction_session_timeout": "5min",
}
# What a query of theirs may put on disk while it sorts and joins. Superusers set it, and no login changes its own.
ANALYST_DISK: Final[Mapping[str, str]] = {"temp_file_limit": "4GB"}

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
        settings = {"role": f"stadtbuch_{role}", "timezone": "UTC", **SESSION.get(role, {})}
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        return make_conninfo(self.app, options=options, application_name=f"stadtbuch {role}")
