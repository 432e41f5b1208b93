"""Makes the data directory: all of it or nothing, with its settings, login roles and database."""

import os
import shutil
from pathlib import Path

from infra.embedded.account import Account
from infra.embedded.errors import EmbeddedError
from infra.embedded.locks import inheritable
from infra.embedded.passwords import LOGINS, ensure_passwords, verifier
from infra.embedded.place import Place

DATABASE = "stadtbuch"

# TCP is for analysts' tools, so their login alone comes in that way, and to one database.
HBA = """\
# Written by Stadtbuch. TCP is listened to only when a port was asked for, and on the loopback address only.
local  replication  stadtbuch_admin                  scram-sha-256
local  all          all                              scram-sha-256
host   stadtbuch    stadtbuch_analyst  127.0.0.1/32  scram-sha-256
host   all          all                all           reject
"""
# What was written before, and is replaced unless somebody has changed it.
HBA_BEFORE = (
    """\
# Written once by Stadtbuch. TCP is listened to only when a port was asked for, and on the loopback address only.
local  replication  stadtbuch_admin                scram-sha-256
local  all          all                            scram-sha-256
host   all          stadtbuch_admin  0.0.0.0/0     reject
host   all          all              127.0.0.1/32  scram-sha-256
""",
    """\
# Written by Stadtbuch. TCP is listened to only when a port was asked for, and on the loopback address only.
local  replication  stadtbuch_admin                  scram-sha-256
local  all          all                              scram-sha-256
host   all          stadtbuch_analyst  127.0.0.1/32  scram-sha-256
host   all          all                all           reject
""",
)

INCLUDE = """
include = 'stadtbuch.conf'    # rewritten by Stadtbuch at every start
# What you set below this line wins.
"""

# Logs hold no statements and no details (which show rows): clear text of sealed fields exists in memory only.
SETTINGS = {
    "cluster_name": "stadtbuch",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "max_wal_size": "4GB",
    "min_wal_size": "256MB",
    "checkpoint_timeout": "15min",
    "checkpoint_completion_target": "0.9",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "logging_collector": "on",
    "log_timezone": "UTC",
    "log_filename": "postgresql-%Y-%m-%d_%H%M%S.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "10MB",
    "log_file_mode": "0600",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


def create(place: Place, account: Account, bindir: Path, major: int) -> None:
    """Makes the data directory beside its place and renames it when it is whole and on disk."""
    new = place.unfinished
    if new.exists():
        shutil.rmtree(new)  # an earlier first start was cut short
    new.mkdir(mode=0o700)
    account.own(new)
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else ["--locale-provider=libc"]
    initdb: list[str | Path] = [bindir / "initdb", "-D", new]
    options = ["--locale=C", "--encoding=UTF8", "--data-checksums", "--auth=reject", "--no-sync", "--no-instructions"]
    _checked(place, account, [*initdb, f"--username={LOGINS['admin']}", *locale, *options])
    _write(new / "pg_hba.conf", HBA, account)
    write_settings(place, account, bindir, new)
    _write(new / "postgresql.conf", (new / "postgresql.conf").read_text(encoding="utf-8") + INCLUDE, account)
    set_passwords(place, account, bindir, new, f"CREATE DATABASE {DATABASE};\n\n")
    _checked(place, account, [*initdb, "--sync-only"])
    new.rename(place.data)
    _sync(place.base)


def write_settings(place: Place, account: Account, bindir: Path, data: Path) -> None:
    probe: list[str | Path] = [bindir / "postgres", "-D", data, "-C", "wal_compression", "-c", "wal_compression=lz4"]
    compression = "lz4" if account.run(probe, cwd=place.base).returncode == 0 else "pglz"
    settings = SETTINGS | {"log_directory": str(place.log), "wal_compression": compression}
    lines = [f"{name} = {quoted(value)}\n" for name, value in settings.items()]
    _write(data / "stadtbuch.conf", "".join(lines), account)


def renew_access(place: Place, account: Account) -> None:
    """Let in by TCP whom this program lets in, where an earlier one wrote who may."""
    path = place.data / "pg_hba.conf"
    if path.read_text(encoding="utf-8") in HBA_BEFORE:
        _write(path, HBA, account)


def set_passwords(place: Place, account: Account, bindir: Path, data: Path, more: str = "") -> None:
    """Brings login roles and password files together, in single-user mode: no server that trusts anybody ever runs.

    Single-user mode has no parameters; the names are constants and a verifier holds no quote.
    """
    script = ""
    for login, password in ensure_passwords(place).items():
        missing = f"NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{login}')"
        script += f"DO $$ BEGIN IF {missing} THEN CREATE ROLE {login} LOGIN; END IF; END $$;\n\n"
        script += f"ALTER ROLE {login} PASSWORD '{verifier(password)}';\n\n"
    single: list[str | Path] = [bindir / "postgres", "--single", "-j", "-D", data, "-c", "exit_on_error=on", "postgres"]
    _checked(place, account, single, script + more)


def quoted(value: str) -> str:
    """A value as postgresql.conf takes it."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _checked(place: Place, account: Account, command: list[str | Path], stdin: str = "") -> None:
    with inheritable(place.alive) as alive:  # for it outlives us when we are killed
        done = account.run(command, place.base, stdin, [alive])
    if done.returncode != 0:
        raise EmbeddedError(
            f"{Path(command[0]).name} failed with {done.returncode} for {place.data}:\n{done.stderr.strip()[-2000:]}\n"
            "Mend what it names (disk space, permissions) and start again; an unfinished directory is made anew."
        )


def _write(path: Path, text: str, account: Account) -> None:
    """Replaces a file of the data directory as a whole."""
    unfinished = path.with_name(path.name + ".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        account.own(descriptor)
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    unfinished.rename(path)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
