"""The embedded server is made, joined, left and stopped; it is closed to everybody else."""

import os
import socket
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import psycopg
import pytest

from infra.embedded import EmbeddedError, Server, cluster, start
from infra.embedded.passwords import Role
from infra.embedded.place import Place
from tests.infra.embedded.conftest import NewUser, kill, lives, processes_in
from tests.waiting import until

pytestmark = pytest.mark.database

ROLES: tuple[Role, ...] = ("admin", "app", "analyst")


def ask(server: Server, query: str, role: Role = "admin") -> object:
    with psycopg.connect(server.conninfo(role)) as connection:
        [(value,)] = connection.execute(query.encode()).fetchall()
        return value


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def test_a_first_start_makes_a_database_that_is_safe_and_sorts_by_code_point(
    folder: Path, postgres_bin: Path | None, capfd: pytest.CaptureFixture[str]
) -> None:
    with start(folder / "new" / "home", bindir=postgres_bin) as server:
        assert not server.joined
        assert server.data_dir == folder / "new" / "home" / "postgres" / "data"
        expected = {
            "fsync": "on",
            "full_page_writes": "on",
            "synchronous_commit": "on",
            "data_checksums": "on",
            "password_encryption": "scram-sha-256",
            "server_encoding": "UTF8",
            "timezone": "UTC",
            "max_connections": "200",
            "shared_buffers": "256MB",
            "max_wal_size": "4GB",
            "listen_addresses": "",
            "unix_socket_permissions": "0700",
            "logging_collector": "on",
        }
        assert {name: ask(server, f"SHOW {name}") for name in expected} == expected
        assert ask(server, "SHOW wal_compression") in {"lz4", "pglz"}
        assert ask(server, "SELECT current_database()") == "stadtbuch"
        provider, collation = ("b", "C.UTF-8") if server.version_num >= 170000 else ("c", "C")
        column = "datlocale" if server.version_num >= 170000 else "datcollate"
        where = "FROM pg_database WHERE datname = 'stadtbuch'"
        assert ask(server, f"SELECT datlocprovider::text {where}") == provider
        assert ask(server, f"SELECT {column} {where}") == collation
        assert ask(server, "SHOW server_version_num") == str(server.version_num)
    assert "First start" in capfd.readouterr().err


def test_each_role_has_a_login_and_only_the_admin_has_privileges(home: Path, postgres_bin: Path | None) -> None:
    with start(home, bindir=postgres_bin) as server:
        for role in ROLES:
            assert ask(server, "SELECT current_user", role) == f"stadtbuch_{role}"
        powers = "rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls"
        assert ask(server, f"SELECT array_agg(rolname::text) FROM pg_roles WHERE {powers}") == ["stadtbuch_admin"]
        ours = "roleid::regrole::text LIKE 'stadtbuch%' OR member::regrole::text LIKE 'stadtbuch%'"
        assert ask(server, f"SELECT count(*) FROM pg_auth_members WHERE {ours}") == 0
        assert ask(server, "SELECT current_database()", "app") == "stadtbuch"
        with pytest.raises(EmbeddedError, match="Choose one of admin, app, analyst"):
            server.conninfo("owner")  # type: ignore[arg-type]  # what an untyped caller might ask for


def test_only_the_admin_comes_into_the_servers_own_databases(home: Path, postgres_bin: Path | None) -> None:
    with start(home, bindir=postgres_bin) as server:
        for name in ("postgres", "template1"):
            for role in ("app", "analyst"):
                with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                    psycopg.connect(server.conninfo(role, dbname=name))
        with psycopg.connect(server.conninfo("admin", dbname="postgres"), autocommit=True) as admin:
            admin.execute("GRANT CONNECT, TEMPORARY ON DATABASE postgres TO public")  # as in a server made before
        with start(home, bindir=postgres_bin):
            may = "SELECT has_database_privilege('public', 'postgres', 'connect, temporary')"
            assert ask(server, may) is False


def test_an_analyst_who_changes_the_password_locks_nobody_out_for_long(
    home: Path, postgres_bin: Path | None, capfd: pytest.CaptureFixture[str]
) -> None:
    with start(home, bindir=postgres_bin) as server:
        for change in ("PASSWORD 'mine'", "PASSWORD NULL"):
            with psycopg.connect(server.conninfo("analyst"), autocommit=True) as analyst:
                analyst.execute(f"ALTER ROLE stadtbuch_analyst {change}".encode())
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(server.conninfo("analyst"))
            capfd.readouterr()
            start(home, bindir=postgres_bin).stop()
            assert "did not take the password" in capfd.readouterr().err
            assert ask(server, "SELECT current_user", "analyst") == "stadtbuch_analyst"
        start(home, bindir=postgres_bin).stop()
        assert not capfd.readouterr().err, "there was nothing to mend"


def test_the_operators_change_the_analysts_password_in_its_file(home: Path, postgres_bin: Path | None) -> None:
    file = home / "postgres" / "analyst.pgpass"
    before = file.read_text()
    with start(home, bindir=postgres_bin) as server:
        file.write_text("*:*:*:stadtbuch_analyst:another-one\n")
        start(home, bindir=postgres_bin).stop()
        assert ask(server, "SELECT current_user", "analyst") == "stadtbuch_analyst"
    file.write_text(before)


def test_nobody_gets_in_without_the_password(home: Path, postgres_bin: Path | None) -> None:
    with start(home, bindir=postgres_bin) as server:
        for role in ROLES:
            for password in ("passfile=/dev/null", "password=wrong"):
                with pytest.raises(psycopg.OperationalError, match="password"):
                    psycopg.connect(f"{server.conninfo(role)} {password}")


def test_passwords_are_random_private_and_shown_nowhere(home: Path, folder: Path, postgres_bin: Path | None) -> None:
    with start(home, bindir=postgres_bin) as server:
        files = sorted((home / "postgres").glob("*.pgpass"))
        assert [file.name for file in files] == ["admin.pgpass", "analyst.pgpass", "app.pgpass"]
        secrets = {file.read_text().strip().rpartition(":")[2] for file in files}
        assert len(secrets) == 3
        assert min(map(len, secrets)) >= 32
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        shown = repr(server) + repr(vars(server)) + "".join(map(server.conninfo, ROLES))
        arguments = Path(f"/proc/{server.pid}/cmdline").read_text()
        logs = "".join(file.read_text() for file in (server.log_dir).iterdir())
        assert not any(secret in shown + arguments + logs for secret in secrets)
        assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700


def test_the_server_never_runs_as_root(home: Path, postgres_bin: Path | None) -> None:
    with start(home, bindir=postgres_bin) as server:
        assert Path(f"/proc/{server.pid}").stat().st_uid == server.data_dir.stat().st_uid != 0


def test_the_server_has_nothing_of_the_terminal_of_its_starter(home: Path, new_user: NewUser) -> None:
    user = new_user(home)
    pid = user.says()["pid"]
    assert os.getsid(pid) == pid  # no Ctrl-C and no closed terminal reaches it
    assert Path(f"/proc/{pid}/fd/0").readlink() == Path("/dev/null")
    held = {file.readlink() for file in Path(f"/proc/{pid}/fd").iterdir()}
    assert home / "postgres" / "alive.lock" in held
    private = {Path(f"/proc/{user.process.pid}/fd/{number}").readlink() for number in "01"}
    assert not held & (private | {home / "postgres" / "users.lock", home / "postgres" / "start.lock"})


def test_a_second_process_joins_and_the_last_one_out_stops_the_server(
    home: Path, postgres_bin: Path | None, new_user: NewUser
) -> None:
    with start(home, bindir=postgres_bin) as server:
        other = new_user(home)
        assert other.says() == {"pid": server.pid, "joined": True}
        with start(home, bindir=postgres_bin) as again:
            assert again.joined
        assert ask(server, "SELECT 1") == 1
    assert lives(server.pid)
    other.leave()
    assert not processes_in(server.data_dir)
    assert not list(server.socket_dir.iterdir())


def test_stopping_twice_stops_once_and_a_stopped_use_cannot_go_on(home: Path, postgres_bin: Path | None) -> None:
    server = start(home, bindir=postgres_bin)
    server.stop()
    server.stop()
    assert not processes_in(server.data_dir)
    with pytest.raises(EmbeddedError, match="start it again"):
        server.ensure_running()


def test_many_that_start_at_once_share_one_server(folder: Path, postgres_bin: Path | None, new_user: NewUser) -> None:
    users = [new_user(folder / "home") for _ in range(4)]  # the very first start, so that they race for initdb as well
    said = [user.says() for user in users]
    assert len({one["pid"] for one in said}) == 1
    assert sorted(one["joined"] for one in said) == [False, True, True, True]
    for user in users:
        user.leave()
    assert not processes_in(folder / "home" / "postgres" / "data")


def test_many_that_prepare_the_same_new_home_at_once_all_may_use_it(folder: Path) -> None:
    def prepare(place: Place, together: Barrier) -> None:
        together.wait()
        place.prepare()

    with ThreadPoolExecutor(8) as pool:
        for number in range(50):
            place, together = Place(folder / f"{number}" / "home"), Barrier(8)
            for done in [pool.submit(prepare, place, together) for _ in range(8)]:
                done.result()
            assert stat.S_IMODE(place.base.stat().st_mode) == (0o711 if os.geteuid() == 0 else 0o700)


def test_a_killed_starter_leaves_the_server_to_the_next(
    home: Path, postgres_bin: Path | None, new_user: NewUser
) -> None:
    starter = new_user(home)
    pid = starter.says()["pid"]
    starter.kill()
    assert lives(pid)
    with start(home, bindir=postgres_bin) as server:
        assert server.joined
        assert server.pid == pid
    assert not processes_in(server.data_dir)


def test_a_server_that_does_not_answer_yet_is_waited_for(
    home: Path, postgres_bin: Path | None, new_user: NewUser
) -> None:
    with start(home, bindir=postgres_bin) as server:
        os.kill(server.pid, 19)  # SIGSTOP: as silent as in a long recovery
        try:
            other = new_user(home)
            until((home / "postgres" / "start.lock").exists)
            with pytest.raises(subprocess.TimeoutExpired):
                other.process.wait(1.5)
        finally:
            os.kill(server.pid, 18)  # SIGCONT
        assert other.says() == {"pid": server.pid, "joined": True}
        other.leave()


def test_tcp_is_for_the_loopback_address_with_a_password_and_without_the_admin(
    home: Path, postgres_bin: Path | None
) -> None:
    port = free_port()
    with start(home, bindir=postgres_bin, tcp_port=port) as server:
        assert server.tcp_port == port
        assert ask(server, "SHOW listen_addresses") == "127.0.0.1"
        passfile = home / "postgres" / "analyst.pgpass"
        tcp = f"host=127.0.0.1 port={port} dbname=stadtbuch"
        with psycopg.connect(f"{tcp} user=stadtbuch_analyst passfile={passfile}") as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("stadtbuch_analyst",)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"{tcp} user=stadtbuch_analyst password=wrong")
        for other in ("admin", "app"):
            with pytest.raises(psycopg.OperationalError, match="rejects connection"):
                psycopg.connect(f"{tcp} user=stadtbuch_{other} passfile={home / 'postgres' / other}.pgpass")
        with start(home, bindir=postgres_bin) as joined:
            assert joined.tcp_port == port
            kill(server.pid)
            assert joined.ensure_running()  # by one who never asked for the port
            assert joined.tcp_port == port
            assert server.ensure_running()
            assert server.tcp_port == port
        with pytest.raises(EmbeddedError, match=f"already runs on the TCP port {port} and others use it"):
            start(home, bindir=postgres_bin, tcp_port=free_port())
    with start(home, bindir=postgres_bin) as server:
        assert server.tcp_port is None
        assert str(port) not in Path(f"/proc/{server.pid}/cmdline").read_text()


def test_who_may_come_in_is_renewed_unless_somebody_has_changed_it(home: Path, postgres_bin: Path | None) -> None:
    start(home, bindir=postgres_bin).stop()
    access = home / "postgres" / "data" / "pg_hba.conf"
    owner = access.stat()
    own = cluster.HBA + "# mine\n"
    for before, after in (*((each, cluster.HBA) for each in cluster.HBA_BEFORE), (own, own)):
        access.write_text(before)
        os.chown(access, owner.st_uid, owner.st_gid)
        start(home, bindir=postgres_bin).stop()
        assert access.read_text() == after


def test_a_server_that_was_left_behind_is_restarted_for_another_tcp_port(
    home: Path, postgres_bin: Path | None, new_user: NewUser
) -> None:
    starter = new_user(home)
    pid = starter.says()["pid"]
    starter.kill()
    with start(home, bindir=postgres_bin, tcp_port=free_port()) as server:
        assert server.pid != pid
        assert server.tcp_port is not None


def test_a_taken_port_is_reported_with_what_the_server_said(home: Path, postgres_bin: Path | None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(EmbeddedError, match="already in use"):
        start(home, bindir=postgres_bin, tcp_port=taken.getsockname()[1])
    with pytest.raises(EmbeddedError, match="Choose one from 1024"):
        start(home, bindir=postgres_bin, tcp_port=70000)
    start(home, bindir=postgres_bin).stop()  # the failure left nothing behind


def test_further_settings_reach_the_server(home: Path, postgres_bin: Path | None) -> None:
    with start(home, bindir=postgres_bin, settings={"max_connections": "20"}) as server:
        assert ask(server, "SHOW max_connections") == "20"


def test_a_setting_of_the_operator_wins_and_survives_a_restart(home: Path, postgres_bin: Path | None) -> None:
    file = home / "postgres" / "data" / "postgresql.conf"
    before = file.read_text()
    file.write_text(before + "work_mem = '12MB'\nshared_buffers = '64MB'\n")
    with start(home, bindir=postgres_bin) as server:
        assert ask(server, "SHOW work_mem") == "12MB"
        assert ask(server, "SHOW shared_buffers") == "64MB"
    file.write_text(before)


def test_logs_hold_no_statements_and_do_not_grow_without_end(home: Path, postgres_bin: Path | None) -> None:
    logs = home / "postgres" / "log"
    for number in range(30):
        (logs / f"postgresql-2020-01-01_0000{number:02}.log").touch()
    with start(home, bindir=postgres_bin) as server:
        with psycopg.connect(server.conninfo("admin"), autocommit=True) as connection:
            connection.execute("CREATE TEMP TABLE reader (name text PRIMARY KEY)")
            for _ in range(2):
                try:
                    connection.execute("INSERT INTO reader VALUES ('Erika Mustermann')")
                except psycopg.errors.UniqueViolation as error:
                    refused = str(error)
        assert "Erika Mustermann" in refused
        newest = max(logs.iterdir())
        until(lambda: "duplicate key" in newest.read_text())
        assert "Erika" not in newest.read_text()
        assert ask(server, "SHOW log_rotation_size") == "10MB"
        server.ensure_running()
        assert len(list(logs.iterdir())) <= 11
