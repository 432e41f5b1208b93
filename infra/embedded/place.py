"""Where the embedded server keeps its things below a home."""

import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from infra.embedded.account import Account, check_entry
from infra.embedded.errors import EmbeddedError

SOCKET_PATH_LIMIT = 100  # bytes; sun_path holds 108 on Linux and 104 elsewhere


@dataclass(frozen=True, slots=True)
class Place:
    """The layout of HOME/postgres. Only the user who made it may use it."""

    home: Path

    @property
    def base(self) -> Path:
        return self.home / "postgres"

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def unfinished(self) -> Path:
        """A data directory that is being made; it is renamed to `data` when it is whole."""
        return self.base / "data.new"

    @property
    def software(self) -> Path:
        return self.base / "software"

    @property
    def log(self) -> Path:
        return self.base / "log"

    @property
    def startup_log(self) -> Path:
        """What the server says before its log collector runs."""
        return self.base / "startup.log"

    @property
    def mutex(self) -> Path:
        """Locked by whoever starts, joins, leaves or stops."""
        return self.base / "start.lock"

    @property
    def users(self) -> Path:
        """Locked, shared, by every user of the server."""
        return self.base / "users.lock"

    @property
    def alive(self) -> Path:
        """Locked by PostgreSQL's own processes, which inherit it: the kernel knows when the last of them has gone."""
        return self.base / "alive.lock"

    @property
    def run(self) -> Path:
        return self.base / "run"

    @property
    def socket_note(self) -> Path:
        """Names the socket directory where `run` would be too long a path."""
        return self.base / "socket_dir"

    def passfile(self, role: str) -> Path:
        return self.base / f"{role}.pgpass"

    def prepare(self) -> None:
        """Makes home and base where they are missing, and refuses what belongs to somebody else."""
        try:
            for folder in (self.home, self.base):
                _make(folder)
            status = self.base.lstat()
        except OSError as error:
            raise EmbeddedError(
                f"{self.base} cannot be made: {error.strerror}. "
                "Set STADTBUCH_HOME to a directory that you may write to."
            ) from error
        if not stat.S_ISDIR(status.st_mode):
            raise EmbeddedError(f"{self.base} is not a directory. Move it away or choose another STADTBUCH_HOME.")
        if status.st_uid != os.geteuid():
            raise EmbeddedError(
                f"{self.base} belongs to the user with the id {status.st_uid}, and you are {os.geteuid()}. "
                "Run Stadtbuch as its owner or choose another STADTBUCH_HOME."
            )

    def open_to(self, account: Account) -> None:
        """Lets the account enter the home and gives it the directories it writes to."""
        if os.geteuid() == 0:
            mode = stat.S_IMODE(self.home.stat().st_mode)
            if not mode & 0o001:
                self.home.chmod(mode | 0o001)  # enter, not list; what is private inside has its own mode
            check_entry(account, self.base)
        for folder in (self.log, self.run):
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o700)
            account.own(folder)

    def fresh_socket_dir(self, account: Account, port: int) -> Path:
        """The socket directory for a new server, without what a killed one left in it.

        Only to be called when no process of an earlier server is left. The same directory is chosen again
        after a kill, so that connection strings stay good.
        """
        folder = self._short_dir(account) if self._awkward(self.run, port) else self.run
        for leftover in folder.iterdir():
            leftover.unlink()
        return folder

    def forget_socket_dir(self, account: Account) -> None:
        """Removes the short directory, if there was one, after a clean stop."""
        folder = self._noted(account)
        if folder is not None:
            shutil.rmtree(folder)
        self.socket_note.unlink(missing_ok=True)

    @staticmethod
    def _awkward(folder: Path, port: int) -> bool:
        """Whether libpq could not use it: too long, or with the comma that separates hosts."""
        return len(os.fsencode(folder / f".s.PGSQL.{port}.lock")) > SOCKET_PATH_LIMIT or "," in str(folder)

    def _prefix(self) -> str:
        return f"stadtbuch-{self.data.stat().st_ino}-"  # a copied home has another inode and gets its own

    def _short_dir(self, account: Account) -> Path:
        folder = self._noted(account)
        if folder is None:
            folder = Path(tempfile.mkdtemp(prefix=self._prefix(), dir="/tmp"))  # made with mode 0700
            account.own(folder)
            self.socket_note.write_bytes(os.fsencode(folder))
        return folder

    def _noted(self, account: Account) -> Path | None:
        """The short directory of an earlier start, if it is still there and still ours."""
        try:
            folder = Path(os.fsdecode(self.socket_note.read_bytes()))
            status = folder.lstat()
            prefix = self._prefix()
        except FileNotFoundError:
            return None
        ours = stat.S_ISDIR(status.st_mode) and stat.S_IMODE(status.st_mode) == 0o700 and status.st_uid == account.uid
        return folder if ours and folder.name.startswith(prefix) else None


def _make(folder: Path) -> None:
    """Makes a folder of ours where there is none. Another process may make it at the same time."""
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        return  # what it is, the caller looks at
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
