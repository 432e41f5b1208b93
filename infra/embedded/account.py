"""As whom PostgreSQL runs: never as root."""

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from infra.embedded.errors import EmbeddedError

# In order of preference: an account of its own, the one that packages make for PostgreSQL, the one every system has.
CANDIDATES = ("stadtbuch", "postgres", "nobody")

# Nothing of ours leaks in: no PG* variable, no LD_LIBRARY_PATH. Logs are in English wherever they are written.
ENVIRONMENT: Mapping[str, str] = {"PATH": os.defpath, "LC_ALL": "C"}


class Identity(TypedDict, total=False):
    """The arguments of subprocess that change the user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """The operating system user that owns the data directory and runs the server."""

    uid: int
    gid: int
    name: str

    @property
    def identity(self) -> Identity:
        if os.geteuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path | int) -> None:
        """Hands a path or an open file that we made to the account."""
        if os.geteuid() == 0:
            if isinstance(path, int):
                os.fchown(path, self.uid, self.gid)
            else:
                os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def run(
        self, command: Sequence[str | Path], cwd: Path, stdin: str = "", inherit: Sequence[int] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Runs a program to its end as the account; the caller looks at the return code."""
        try:
            return subprocess.run(
                [str(part) for part in command],
                input=stdin,
                cwd=cwd,
                env=ENVIRONMENT,
                umask=0o077,
                capture_output=True,
                text=True,
                check=False,
                pass_fds=inherit,
                **self.identity,
            )
        except OSError as error:
            raise EmbeddedError(
                f"{command[0]} cannot be run as the user {self.name}: {error.strerror}. "
                "Choose binaries that this user can reach, on a file system that is not mounted noexec."
            ) from error


def account_for(data: Path) -> Account:
    """The owner of the data directory, or who shall own it; ourselves unless we are root."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), _name(os.geteuid()))
    if data.exists():
        owner = data.stat()
        if owner.st_uid == 0:
            raise EmbeddedError(
                f"{data} belongs to root, and PostgreSQL must not run as root. Hand it to an unprivileged user: "
                f"chown -R nobody {data}"
            )
        return Account(owner.st_uid, owner.st_gid, _name(owner.st_uid))
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid, name)
    raise EmbeddedError(
        f"PostgreSQL must not run as root, and there is no user {', '.join(CANDIDATES)} to run it as. "
        "Make one (useradd --system stadtbuch) or run Stadtbuch as an ordinary user."
    )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def check_entry(account: Account, folder: Path) -> None:
    """Raises EmbeddedError unless the account can enter the folder; changes no permission."""
    if account.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", folder], cwd=Path("/")).returncode == 0:
        return
    closed = next((path for path in reversed(folder.parents) if not _may_enter(account, path)), folder.parent)
    mode = closed.stat().st_mode & 0o7777
    raise EmbeddedError(
        f"PostgreSQL must not run as root, so it runs as the user {account.name}, and that user cannot enter "
        f"{closed} (mode {mode:04o}), above {folder}. Stadtbuch changes no permissions outside its home. "
        "Set STADTBUCH_HOME to a directory that every user can reach, such as /var/lib/stadtbuch, "
        "or run Stadtbuch as an ordinary user."
    )


def _may_enter(account: Account, folder: Path) -> bool:
    status = folder.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & 0o100)
    if status.st_gid == account.gid:
        return bool(status.st_mode & 0o010)
    return bool(status.st_mode & 0o001)
