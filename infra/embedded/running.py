"""Which server runs on a data directory: found by asking it, never by a process id alone."""

import os
import signal
import socket
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import pq
from psycopg.conninfo import make_conninfo

from infra.embedded.account import Account
from infra.embedded.errors import EmbeddedError
from infra.embedded.locks import Patience, Progress, is_held
from infra.embedded.passwords import LOGINS, Role
from infra.embedded.place import Place

# Crash recovery replays up to max_wal_size; on a slow disk that takes minutes.
RECOVERY_LIMIT = 1800.0
# How long processes whose postmaster died may take to notice it, before they are told.
ORPHAN_GRACE = 2.0


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answered and named this data directory as its own."""

    pid: int
    port: int
    socket_dir: Path
    version_num: int
    tcp: bool


@dataclass(frozen=True, slots=True)
class PidFile:
    """What postmaster.pid says, which may be stale."""

    pid: int
    port: int
    socket_dir: Path
    ready: bool

    @classmethod
    def read(cls, data: Path) -> "PidFile | None":
        """None where there is none or the server has not yet written all of it."""
        try:
            lines = os.fsdecode((data / "postmaster.pid").read_bytes()).splitlines()
            return cls(abs(int(lines[0])), int(lines[3]), Path(lines[4]), lines[7].strip() == "ready")
        except (FileNotFoundError, IndexError, ValueError):
            return None


def conninfo(place: Place, socket_dir: Path, port: int, role: Role, dbname: str) -> str:
    """A libpq connection string without the password, which libpq reads from the passfile."""
    return make_conninfo(
        host=str(socket_dir), port=port, user=LOGINS[role], dbname=dbname, passfile=str(place.passfile(role))
    )


def answers(where: str) -> bool:
    return pq.PGconn.ping(f"{where} connect_timeout=5".encode()) == pq.Ping.OK


@contextmanager
def asked(place: Place) -> Iterator[Running | None]:
    """The server of this data directory, or None when none answers; it stays connected for the length of the block."""
    file = PidFile.read(place.data)
    where = file and conninfo(place, file.socket_dir, file.port, "admin", "postgres")
    if not file or not where or not file.ready or not answers(where):
        yield None
        return
    try:
        connection = psycopg.connect(where, autocommit=True, connect_timeout=30)
    except psycopg.OperationalError as error:
        if "password" in str(error):
            raise EmbeddedError(
                f"The running server does not take the password in {place.passfile('admin')}. "
                "Bring the right file back; or end the processes that use the server, "
                f"stop it (kill -INT {file.pid}), delete the file and start again: a new password is then made."
            ) from error
        yield None  # it went down between the two
        return
    with closing(connection):
        try:
            running = _identified(place, file, connection)
        except psycopg.OperationalError:
            running = None  # it went down just now
        yield running


def _identified(place: Place, file: PidFile, connection: psycopg.Connection) -> Running | None:
    [(directory, tcp)] = connection.execute(
        "SELECT current_setting('data_directory'), current_setting('listen_addresses') <> ''"
    ).fetchall()
    if not Path(directory).exists() or not Path(directory).samefile(place.data):
        return None  # a copied home names the server of the original
    if (listener := _listener(connection)) != file.pid:
        raise EmbeddedError(
            f"{place.data}/postmaster.pid names the process {file.pid}, but its socket belongs to "
            f"{listener or 'one that cannot be seen from here'}. Use the server from where it was started, perhaps a "
            "container; or stop it there and start again."
        )
    return Running(file.pid, file.port, file.socket_dir, connection.info.server_version, tcp)


def _listener(connection: psycopg.Connection) -> int:
    """The process that listens on the other end of the unix socket, as the kernel knows it."""
    with socket.socket(fileno=os.dup(connection.fileno())) as peer:
        credentials = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    pid, _, _ = struct.unpack("3i", credentials)
    return int(pid)


def find(place: Place, account: Account, progress: Progress) -> Running | None:
    """The running server, waited for while it starts up, recovers or goes down; None when no process of it is left.

    To be called under the mutex. Processes that outlive their postmaster still hold its shared memory, so no
    new server may start beside them; they notice by themselves unless they are busy, and then they are ended.
    """
    patience = Patience(f"PostgreSQL in {place.data} is starting, recovering or stopping", RECOVERY_LIMIT, progress)
    orphaned_since: float | None = None
    while True:
        with asked(place) as running:
            if running:
                return running
        here = processes(place, account)
        if not here and not is_held(place.alive):
            return None
        file = PidFile.read(place.data)
        if here and (file is None or file.pid not in here):
            orphaned_since = patience.waited if orphaned_since is None else orphaned_since
            if patience.waited - orphaned_since > ORPHAN_GRACE:
                # As their postmaster would on a crash: they leave at once and write nothing more.
                send(signal.SIGQUIT, here, place, account)
        else:
            orphaned_since = None
        if patience.over:
            raise EmbeddedError(
                f"PostgreSQL in {place.data} has not answered for {RECOVERY_LIMIT / 60:.0f} minutes (processes: "
                f"{', '.join(map(str, sorted(here))) or 'none to be seen from here, perhaps in another container'}). "
                f"Look into {place.log}; run the command again to go on waiting."
            )
        patience.pause()


def processes(place: Place, account: Account) -> set[int]:
    """Server processes that work in this data directory, whoever started them."""
    pids = {int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    return {pid for pid in pids if _belongs(pid, place, account)}


def _belongs(pid: int, place: Place, account: Account) -> bool:
    """Whether it is a postgres of the account with the data directory as its working directory, as all of them have."""
    process = Path("/proc") / str(pid)
    try:
        return (
            process.stat().st_uid == account.uid
            and (process / "cwd").samefile(place.data)
            and (process / "exe").readlink().name.startswith("postgres")  # " (deleted)" follows after an upgrade
        )
    except OSError:  # it has gone, is a zombie, or its data directory does not exist yet
        return False


def send(what: signal.Signals, pids: set[int], place: Place, account: Account) -> None:
    """Signals server processes of this data directory, and no others, whoever may have got their process ids since."""
    for pid in pids:
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            if _belongs(pid, place, account):  # asked now that the descriptor holds on to this very process
                signal.pidfd_send_signal(descriptor, what)
        except ProcessLookupError:
            continue
        finally:
            os.close(descriptor)
