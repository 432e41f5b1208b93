"""One use of the embedded server: start or join it, connect to it, keep it running, leave it."""

import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.embedded import cluster, launch, logins, running
from infra.embedded.account import Account, account_for
from infra.embedded.binaries import check_version, embedded_bindir, usable_bindir
from infra.embedded.errors import EmbeddedError
from infra.embedded.locks import Progress, Share, exclusive
from infra.embedded.passwords import LOGINS, Role, missing
from infra.embedded.place import Place


def to_stderr(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def start(
    home: Path,
    *,
    bindir: Path | None = None,
    tcp_port: int | None = None,
    settings: Mapping[str, str] | None = None,
    progress: Progress = to_stderr,
) -> "Server":
    """Starts the server of a home, or joins the one that runs; makes the database on the first start.

    bindir names other binaries than the embedded ones. tcp_port opens 127.0.0.1 as well. settings are
    further PostgreSQL settings; they count for a server that this call starts, not for one it joins.
    progress is told, in a sentence, what takes long. Raises EmbeddedError.
    """
    if sys.platform != "linux":
        raise EmbeddedError("The embedded PostgreSQL needs Linux. Set STADTBUCH_DSN to a PostgreSQL server instead.")
    if tcp_port is not None and not 0 < tcp_port < 65536:
        raise EmbeddedError(f"{tcp_port} is no TCP port. Choose one from 1024 to 65535.")
    place = Place(home.expanduser().resolve())
    place.prepare()
    return Server(place, account_for(place.data), bindir, tcp_port, dict(settings or {}), progress)


class Server:
    """A running server and our use of it. The last user who leaves stops it; a killed one just stops counting."""

    def __init__(
        self,
        place: Place,
        account: Account,
        bindir: Path | None,
        tcp_port: int | None,
        settings: Mapping[str, str],
        progress: Progress,
    ) -> None:
        self._place = place
        self._account = account
        self._bindir = bindir
        self._tcp_port = tcp_port
        self._settings = settings
        self._progress = progress
        self._threads = threading.RLock()
        with exclusive(place.mutex, progress):
            self._use: Share | None = Share(place.users)
            try:
                self._running, self.joined = self._join_or_launch()
                logins.mend(place, self._running, progress)
            except BaseException as error:
                alone = self._use.alone()
                self._use.release()
                if alone and not isinstance(error, EmbeddedError):  # Ctrl-C; a server that only recovers may go on
                    launch.shut_down(place, account, progress)
                raise

    def _join_or_launch(self) -> tuple[running.Running, bool]:
        place = self._place
        major = check_version(place, self._bindir or embedded_bindir())
        found = running.find(place, self._account, self._progress)
        if found and self._tcp_port is not None and (found.port if found.tcp else None) != self._tcp_port:
            if self._use is None or not self._use.alone():
                raise EmbeddedError(
                    f"PostgreSQL in {place.data} already runs "
                    f"{f'on the TCP port {found.port}' if found.tcp else 'without a TCP port'} and others use it. "
                    f"End the processes that use it, then start again with the port {self._tcp_port}."
                )
            launch.shut_down(place, self._account, self._progress)  # a killed process left it behind
            found = None
        if found:
            return found, True
        place.open_to(self._account)
        bindir = usable_bindir(place, self._bindir)
        if not place.data.exists():
            self._progress(f"First start: making the database in {place.data}")
            cluster.create(place, self._account, bindir, major)
        else:
            cluster.write_settings(place, self._account, bindir, place.data)
            cluster.renew_access(place, self._account)
            if missing(place):
                (place.data / "postmaster.pid").unlink(missing_ok=True)  # stale: find() saw no process
                cluster.set_passwords(place, self._account, bindir, place.data)
        return launch.launch(place, self._account, bindir, self._tcp_port, self._settings, self._progress), False

    def conninfo(self, role: Role, *, dbname: str = cluster.DATABASE) -> str:
        """A libpq connection string; the password is not in it but in the file that it names."""
        if role not in LOGINS:
            raise EmbeddedError(f"There is no login role {role!r}. Choose one of {', '.join(LOGINS)}.")
        return running.conninfo(self._place, self.socket_dir, self._running.port, role, dbname)

    @property
    def version_num(self) -> int:
        """As server_version_num: 180006 for 18.6."""
        return self._running.version_num

    @property
    def data_dir(self) -> Path:
        return self._place.data

    @property
    def socket_dir(self) -> Path:
        return self._running.socket_dir

    @property
    def pid(self) -> int:
        """The postmaster's."""
        return self._running.pid

    @property
    def tcp_port(self) -> int | None:
        return self._running.port if self._running.tcp else None

    @property
    def log_dir(self) -> Path:
        return self._place.log

    def ensure_running(self) -> bool:
        """Restarts the server if it died, waiting for crash recovery; True if it is another one than before.

        Cheap while it lives: one connection attempt.
        """
        with self._threads:
            if self._use is None:
                raise EmbeddedError("This use of PostgreSQL has ended; start it again.")
            said = running.PidFile.read(self.data_dir)
            if said and said.pid == self.pid and running.answers(self.conninfo("admin")):
                launch.prune_logs(self._place)
                return False
            before = self._running
            self._tcp_port = self.tcp_port
            with exclusive(self._place.mutex, self._progress):
                self._running, _ = self._join_or_launch()
            return self._running != before

    def stop(self) -> None:
        """Ends our use; stops the server if nobody else uses it. May be called again."""
        with self._threads:
            use, self._use = self._use, None
            if use is None:
                return
            if not use.ours:  # a forked child that unwinds must not stop the server of its parent
                use.release()
                return
            with exclusive(self._place.mutex, self._progress):
                last = use.alone()
                use.release()
                if last:
                    launch.shut_down(self._place, self._account, self._progress)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<embedded PostgreSQL {self.version_num} in {os.fspath(self.data_dir)}, process {self.pid}>"
