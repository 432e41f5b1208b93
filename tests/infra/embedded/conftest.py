"""Homes, other processes and kills for the tests of the embedded server."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import pytest

from infra.embedded import start
from tests.waiting import until

ROOT = Path(__file__).parents[3]

# Starts or joins, says what it got, and leaves when its standard input ends.
USER = """
import json, sys
from pathlib import Path
from infra.embedded import start
home, bindir = sys.argv[1:]
with start(Path(home), bindir=Path(bindir) if bindir else None) as server:
    print(json.dumps({"pid": server.pid, "joined": server.joined}), flush=True)
    sys.stdin.read()
"""


def lives(pid: int) -> bool:
    """Whether the process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def processes_in(data: Path) -> set[int]:
    """Every process whose working directory is the data directory."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (entry / "cwd").samefile(data):
                    found.add(int(entry.name))
            except OSError:  # it has gone, or belongs to somebody else
                continue
    return found


def kill(*pids: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):  # the death of one may have ended another
            os.kill(pid, signal.SIGKILL)
    until(lambda: not any(lives(pid) for pid in pids))


def kill_all(data: Path) -> None:
    """The whole server, its postmaster first, which could otherwise start some of them again."""
    postmaster = int((data / "postmaster.pid").read_text().split()[0])
    kill(postmaster, *processes_in(data))


class User:
    """Another process of ours that uses the server of a home."""

    def __init__(self, home: Path, bindir: Path | None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(home), str(bindir or "")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def says(self) -> dict[str, Any]:
        """What start() gave it: pid and joined."""
        assert self.process.stdout is not None
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said

    def leave(self) -> None:
        self.process.communicate(timeout=30)
        assert self.process.returncode == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


class NewUser(Protocol):
    def __call__(self, home: Path) -> User: ...


def new_folder() -> Path:
    """An empty directory that every user can reach; pytest's own is below a private one."""
    folder = Path(tempfile.mkdtemp(prefix="embedded-test-", dir="/tmp"))
    folder.chmod(0o755)
    return folder


def remove(folder: Path) -> None:
    """Ends what a failed test left running in the folder, then removes it."""
    for data in folder.glob("**/postgres/data"):
        kill(*processes_in(data))
    shutil.rmtree(folder)


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = new_folder()
    yield folder
    remove(folder)


@pytest.fixture(scope="session")
def made_home(postgres_bin: Path | None) -> Iterator[Path]:
    """A home after its first start."""
    folder = new_folder()
    start(folder / "home", bindir=postgres_bin).stop()
    yield folder / "home"
    remove(folder)


@pytest.fixture
def home(made_home: Path) -> Iterator[Path]:
    """A home whose database was made earlier and that nobody uses. Tests that change its files change them back."""
    yield made_home
    kill(*processes_in(made_home / "postgres" / "data"))


@pytest.fixture
def new_user(postgres_bin: Path | None) -> Iterator[NewUser]:
    """Starts further processes that use a home's server, and ends those that a test left."""
    users: list[User] = []

    def user(home: Path) -> User:
        users.append(User(home, postgres_bin))
        return users[-1]

    yield user
    for user_ in users:
        if user_.process.stdout is not None and not user_.process.stdout.closed:
            user_.kill()


@pytest.fixture
def foreigner(made_home: Path) -> Iterator[int]:
    """A process that is none of ours but runs as the same user as the server, which is the worst case."""
    owner = (made_home / "postgres" / "data").stat()
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        identity = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
    process = subprocess.Popen(["sleep", "600"], cwd="/", **identity)
    yield process.pid
    assert process.poll() is None, "a process that is none of ours was signalled"
    process.kill()
    process.wait()
