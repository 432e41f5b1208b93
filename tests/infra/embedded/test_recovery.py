"""The embedded server is killed, finds what a killed one left behind, and loses nothing that was acknowledged."""

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from infra.embedded import EmbeddedError, start
from infra.embedded.account import account_for
from infra.embedded.place import Place
from infra.embedded.running import send
from tests.infra.embedded.conftest import NewUser, kill, kill_all, lives, processes_in
from tests.waiting import until

pytestmark = pytest.mark.database


@contextmanager
def writers(conninfo: str) -> Iterator[set[int]]:
    """Four connections that commit row after row until the server goes; yields what was acknowledged."""
    acknowledged: set[int] = set()
    numbers = count(1)

    def write() -> None:
        try:
            with psycopg.connect(conninfo, autocommit=True) as connection:
                for number in numbers:
                    connection.execute("INSERT INTO journal VALUES (%s)", [number])
                    acknowledged.add(number)
        except psycopg.OperationalError:
            return  # killed, as planned

    with psycopg.connect(conninfo) as connection:
        connection.execute("DROP TABLE IF EXISTS journal")
        connection.execute("CREATE TABLE journal (number bigint PRIMARY KEY)")
    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    until(lambda: len(acknowledged) >= 200)
    yield acknowledged
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()


def stored(conninfo: str) -> set[int]:
    with psycopg.connect(conninfo) as connection:
        return {number for (number,) in connection.execute("SELECT number FROM journal")}


def checkpointer(data: Path) -> int:
    """A process of the server that never leaves of itself; its death makes all others start again."""
    (found,) = [pid for pid in processes_in(data) if b"checkpointer" in command(pid)]
    return found


def command(pid: int) -> bytes:
    """How a process was called; nothing of one that has gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def stopped(folder: Path) -> set[int]:
    """Every process in the folder, stopped, also those that one of them starts meanwhile."""
    found = set[int]()
    while new := processes_in(folder) - found:
        for pid in new:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        found |= new
    return found


@pytest.mark.parametrize("victims", ["postmaster", "every postgres", "starter", "starter and every postgres"])
def test_the_next_start_recovers_all_that_was_acknowledged(
    home: Path, postgres_bin: Path | None, new_user: NewUser, victims: str
) -> None:
    starter = new_user(home)
    pid = starter.says()["pid"]
    with start(home, bindir=postgres_bin) as watcher:
        with writers(watcher.conninfo("admin")) as acknowledged:
            if "starter" in victims:
                starter.kill()
            if victims == "postmaster":
                kill(pid)
            elif "every postgres" in victims:
                kill_all(watcher.data_dir)
            else:
                assert lives(pid)
                kill(pid)  # ends the writers; that the starter's end alone changed nothing was seen before
        assert watcher.ensure_running()
        assert watcher.pid != pid
        assert acknowledged <= stored(watcher.conninfo("admin"))
        assert not watcher.ensure_running()


def test_a_start_after_a_kill_recovers_too(home: Path, postgres_bin: Path | None, new_user: NewUser) -> None:
    starter = new_user(home)
    pid = starter.says()["pid"]
    with start(home, bindir=postgres_bin) as before, writers(before.conninfo("admin")) as acknowledged:
        kill(pid)
        starter.kill()
        before.stop()  # nothing is left to be stopped, and that is no error
    with start(home, bindir=postgres_bin) as after:
        assert not after.joined
        assert acknowledged <= stored(after.conninfo("admin"))


def test_a_use_notices_that_another_one_restarted_the_server(
    home: Path, postgres_bin: Path | None, new_user: NewUser
) -> None:
    with start(home, bindir=postgres_bin) as server:
        kill(server.pid)
        restarted = new_user(home).says()
        assert not restarted["joined"]
        assert server.ensure_running()
        assert server.pid == restarted["pid"]


def test_a_backend_that_outlives_its_postmaster_is_ended_before_the_next_start(
    home: Path, postgres_bin: Path | None
) -> None:
    def loop() -> None:
        with pytest.raises(psycopg.OperationalError):
            connection.execute("DO $$ BEGIN LOOP END LOOP; END $$")  # waits for nothing, so it never notices

    with (
        start(home, bindir=postgres_bin) as server,
        psycopg.connect(server.conninfo("admin"), autocommit=True) as connection,
    ):
        busy = connection.info.backend_pid
        thread = threading.Thread(target=loop)
        thread.start()
        until(lambda: "DO" in Path(f"/proc/{busy}/cmdline").read_text())
        kill(server.pid)
        assert lives(busy)
        assert server.ensure_running()
        assert not lives(busy)
        thread.join(20)


def test_a_stale_pid_file_that_names_a_foreign_process_is_seen_through(
    home: Path, postgres_bin: Path | None, foreigner: int
) -> None:
    with start(home, bindir=postgres_bin) as server:
        pid_file = server.data_dir / "postmaster.pid"
        text = pid_file.read_text()
        kill_all(server.data_dir)
        pid_file.write_text(text.replace(str(server.pid), str(foreigner), 1))
        socket_lock = server.socket_dir / ".s.PGSQL.5432.lock"
        assert socket_lock.exists()
        socket_lock.write_text(socket_lock.read_text().replace(str(server.pid), str(foreigner), 1))
        assert server.ensure_running()
        assert server.pid != foreigner
    assert lives(foreigner)


def test_a_stale_pid_file_may_even_name_the_server_of_another_home(
    home: Path, folder: Path, postgres_bin: Path | None
) -> None:
    with start(home, bindir=postgres_bin) as foreign:
        subprocess.run(["cp", "-a", home, folder], check=True)  # what a careless copy of a running home holds
        with start(folder / "home", bindir=postgres_bin) as server:
            assert not server.joined
            assert server.pid != foreign.pid
            assert server.socket_dir != foreign.socket_dir
        assert lives(foreign.pid)
        assert not lives(server.pid)


def test_a_changed_pid_file_of_a_running_server_makes_nobody_signal_the_wrong_process(
    home: Path, postgres_bin: Path | None, foreigner: int
) -> None:
    server = start(home, bindir=postgres_bin)
    pid_file = server.data_dir / "postmaster.pid"
    text = pid_file.read_text()
    pid_file.write_text(text.replace(str(server.pid), str(foreigner), 1))
    with pytest.raises(EmbeddedError, match=f"names the process {foreigner}"):
        server.stop()
    assert lives(server.pid)
    assert lives(foreigner)
    pid_file.write_text(text)
    start(home, bindir=postgres_bin).stop()
    assert not lives(server.pid)


def test_a_server_that_somebody_started_by_hand_is_joined_and_left_running(
    home: Path, postgres_bin: Path | None
) -> None:
    server = start(home, bindir=postgres_bin)
    command = Path(f"/proc/{server.pid}/cmdline").read_text().split("\0")[:-1]
    owner = server.data_dir.stat()
    server.stop()
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        identity = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
    by_hand = subprocess.Popen(command, cwd="/", stderr=subprocess.DEVNULL, **identity)
    until((server.data_dir / "postmaster.pid").exists)
    with start(home, bindir=postgres_bin) as joined:
        assert joined.pid == by_hand.pid
        assert joined.joined
    assert by_hand.poll() is None
    by_hand.send_signal(signal.SIGINT)
    assert by_hand.wait(20) == 0


def test_a_stop_during_recovery_waits_for_its_end(home: Path, postgres_bin: Path | None) -> None:
    server = start(home, bindir=postgres_bin)
    log = max(server.log_dir.iterdir())
    kill(checkpointer(server.data_dir))
    until(lambda: "reinitializing" in log.read_text())  # PostgreSQL restarts its other processes and recovers
    server.stop()
    assert not processes_in(server.data_dir)
    assert "received fast shutdown request" in log.read_text()
    assert "received immediate shutdown request" not in log.read_text()


def test_a_server_whose_files_were_deleted_is_ended(folder: Path, home: Path, postgres_bin: Path | None) -> None:
    subprocess.run(["cp", "-a", home, folder], check=True)
    server = start(folder / "home", bindir=postgres_bin)
    shutil.rmtree(server.data_dir)
    server.stop()
    assert not lives(server.pid)


def test_no_process_but_those_of_the_server_is_ever_signalled(home: Path, foreigner: int) -> None:
    place = Place(home)
    send(signal.SIGTERM, {foreigner}, place, account_for(place.data))
    assert lives(foreigner)


def test_a_first_start_that_was_cut_short_is_begun_again(
    folder: Path, postgres_bin: Path | None, new_user: NewUser
) -> None:
    home = folder / "home"
    base = home / "postgres"
    user = new_user(home)
    until((base / "data.new" / "base").exists)
    initdb = stopped(base)
    assert initdb
    user.kill()
    again = new_user(home)
    with pytest.raises(subprocess.TimeoutExpired):
        again.process.wait(1.5)  # initdb outlives its starter, and may still write
    for pid in filter(lives, initdb):
        os.kill(pid, signal.SIGCONT)
    until(lambda: not any(map(lives, initdb)))
    until((base / "data.new" / "stadtbuch.conf").exists)
    again.kill()
    assert not (base / "data").exists()
    with start(home, bindir=postgres_bin) as server, psycopg.connect(server.conninfo("app")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not (base / "data.new").exists()


def test_lost_password_files_are_made_anew(home: Path, postgres_bin: Path | None) -> None:
    for file in (home / "postgres").glob("*.pgpass"):
        file.unlink()
    with start(home, bindir=postgres_bin) as server:
        for role in ("admin", "app", "analyst"):
            psycopg.connect(server.conninfo(role)).close()


def test_a_wrong_password_file_is_explained(home: Path, postgres_bin: Path | None) -> None:
    file = home / "postgres" / "admin.pgpass"
    with start(home, bindir=postgres_bin):
        right = file.read_text()
        file.write_text("*:*:*:stadtbuch_admin:wrong\n")
        with pytest.raises(EmbeddedError, match=r"does not take the password in .*admin\.pgpass"):
            start(home, bindir=postgres_bin)
        file.write_text(right)


def test_a_home_of_another_major_version_is_refused(home: Path, postgres_bin: Path | None) -> None:
    marker = home / "postgres" / "data" / "PG_VERSION"
    made_by = marker.read_text()
    marker.write_text("14\n")
    with pytest.raises(EmbeddedError, match=r"made by PostgreSQL 14, and .* is PostgreSQL \d\d, which cannot read it"):
        start(home, bindir=postgres_bin)
    marker.write_text(made_by)
    start(home, bindir=postgres_bin).stop()


def test_ctrl_c_in_our_terminal_does_not_reach_the_server(home: Path, new_user: NewUser) -> None:
    user = new_user(home)
    pid = user.says()["pid"]
    assert os.getpgid(pid) != os.getpgid(user.process.pid)
    user.process.send_signal(signal.SIGINT)
    user.process.communicate(timeout=20)  # unwinds by KeyboardInterrupt and, as the last, stops the server
    assert not lives(pid)


def test_ctrl_c_during_a_start_leaves_no_server_behind(
    home: Path, postgres_bin: Path | None, new_user: NewUser
) -> None:
    user = new_user(home)
    until((home / "postgres" / "data" / "postmaster.pid").exists)
    user.process.send_signal(signal.SIGINT)
    user.process.communicate(timeout=20)
    with start(home, bindir=postgres_bin) as server:
        assert not server.joined
