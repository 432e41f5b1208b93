"""The commands as processes, on a real database."""

import ast
import json
import os
import re
import shlex
import signal
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from infra.cli.connecting import lines
from projections.families import DUTIES
from tests.infra.cli.processes import Cli, free_port

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.any_server]

PLAN = """mutation ($key: String!) { defineFilePlanUnit(input: {code: "10.01", title: "Organisation",
  retentionYears: 10, disposalKind: ARCHIVE, validFrom: "2020-01-01", idempotencyKey: $key}) {
  __typename ... on CommandSuccess { position record { number } } } }"""
UNITS = "{ filePlanUnits(first: 1) { totalCount asOfPosition } }"
TRIES = 5


def test_a_second_init_changes_nothing(cli: Cli) -> None:
    assert cli.does("init")["applied"] == []


def test_a_ledger_that_was_never_made_is_not_served(fresh: Cli) -> None:
    done = fresh.run("serve", "--json")
    assert (done.code, done.json["exitCode"]) == (3, 3)
    assert "stadtbuch init" in done.json["error"]


def test_a_server_answers_while_others_look_and_ends_in_order_when_it_is_told(cli: Cli) -> None:
    with cli.serving() as (address, process):
        status = cli.does("status")
        assert status["position"] == 0
        assert status["bytes"] > 0
        assert status["connect"]["psql"].startswith("psql ")
        assert status["tcpPort"] is None
        assert {model["lag_events"] for model in status["projections"]} == {0}
        again = cli.run("serve", "--json", STADTBUCH_PORT=address.rpartition(":")[2])
        assert again.code == 3
        assert "another `stadtbuch serve`" in again.json["error"]
        assert httpx.post(f"{address}/graphql", json={"query": UNITS}).json()["data"]["filePlanUnits"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert not (cli.home / "postgres" / "data" / "postmaster.pid").exists(), "PostgreSQL was left running"


def test_ctrl_c_ends_a_server_with_0_too(cli: Cli) -> None:
    with cli.serving("serve", "--only", "project") as (address, process):
        assert address is None
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0


def test_when_postgresql_is_killed_commands_and_reads_come_back(cli: Cli) -> None:
    def ask(query: str, **variables: str) -> dict[str, object]:
        """The first answer within a few tries; each waits for the server as long as the API does."""
        said = ""
        for _ in range(TRIES):
            said = client.post("/graphql", json={"query": query, "variables": variables}).text
            answer = httpx.Response(200, text=said).json()
            if not answer.get("errors") and "Unavailable" not in said and "Overloaded" not in said:
                return dict(answer["data"])
        raise AssertionError(said)

    with cli.serving() as (address, _), httpx.Client(base_url=address, timeout=60) as client:
        ask(UNITS)
        os.kill(cli.postmaster, signal.SIGKILL)
        assert ask(PLAN, key="plan")["defineFilePlanUnit"]
        assert ask(UNITS)["filePlanUnits"]
        os.kill(cli.postmaster, signal.SIGKILL)
        assert ask(UNITS)["filePlanUnits"]


def test_the_analysts_session_reads_and_cannot_write(cli: Cli) -> None:
    assert cli.does("sql", "-c", "select 1 as one") == {"one": 1}
    refused = cli.run("sql", "--json", "-c", "create table read.mine (x int)")
    assert (refused.code, refused.json["exitCode"]) == (1, 1)
    assert "read-only" in refused.json["error"]


def test_over_tcp_the_analysts_login_reads_the_read_models_and_nobody_else_comes_in(cli: Cli) -> None:
    port = free_port()
    with cli.serving("serve", "--only", "project", STADTBUCH_TCP_PORT=str(port)):
        connect = cli.does("status")["connect"]
        assert connect["DBeaver"] == f"jdbc:postgresql://127.0.0.1:{port}/stadtbuch?user=stadtbuch_analyst"
        in_r = dict(re.findall(r'(\w+) = "(.*?)"', connect["R"]))
        in_python = dict(parse_qsl(urlsplit(connect["pandas"].split('"')[1]).query))
        in_psql = conninfo_to_dict(shlex.split(connect["psql"])[1])
        assert in_r == in_python == in_psql
        assert (in_r["host"], in_r["port"]) == ("127.0.0.1", str(port))
        with psycopg.connect(**in_python, autocommit=True) as analyst:
            assert analyst.execute("select count(*) from read.loan").fetchone() == (0,)
            analyst.execute("set default_transaction_read_only = off")
            analyst.execute("set statement_timeout = 0")
            for forbidden in (
                "select lo_from_bytea(0, 'x')",
                "create temporary table mine ()",
                "select pg_advisory_lock(1)",
                "delete from read.loan",
                "create table read.mine ()",
                "select * from ledger.event",
                "select * from vault.key",
                "select * from projector.projection",
                "set role stadtbuch_projector",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    analyst.execute(forbidden.encode())
        for name in ("postgres", "template1"):
            with pytest.raises(psycopg.OperationalError, match="rejects connection"):
                psycopg.connect(**{**in_python, "dbname": name})
        for other in ("admin", "app"):
            login = {"user": f"stadtbuch_{other}", "passfile": str(cli.home / "postgres" / f"{other}.pgpass")}
            with pytest.raises(psycopg.OperationalError, match="rejects connection"):
                psycopg.connect(**{**in_python, **login})
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(**{**in_python, "passfile": "/dev/null", "password": "guess"})
    assert (cli.home / "postgres" / "analyst.pgpass").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("home", ["/srv/über uns", '/srv/a "b" \\c'])
def test_lines_to_connect_by_survive_being_pasted(home: str) -> None:
    shown = lines(make_conninfo("", user="stadt", passfile=f"{home}/p", host=f"{home}/run", password="geheim"), None)
    assert "geheim" not in " ".join(shown.values())
    assert "DBeaver" not in shown, "Java knows no unix sockets"
    expected = {"user": "stadt", "passfile": f"{home}/p", "host": f"{home}/run"}
    assert conninfo_to_dict(shlex.split(shown["psql"])[1]) == expected
    url = ast.literal_eval(shown["pandas"].partition("create_engine(")[2].removesuffix(")"))
    assert dict(parse_qsl(urlsplit(url).query)) == expected


def test_another_server_is_reached_by_its_own_name() -> None:
    shown = lines("postgresql://stadt_analyst:geheim@db.example:5433/stadt?sslmode=require", None)
    assert shown["DBeaver"] == "jdbc:postgresql://db.example:5433/stadt?user=stadt_analyst&sslmode=require"
    assert "geheim" not in " ".join(shown.values())


def test_a_ledger_of_events_gets_no_other_key(cli: Cli) -> None:
    with cli.serving() as (address, _):
        sent = {"query": PLAN, "variables": {"key": "plan"}}
        assert "CommandSuccess" in httpx.post(f"{address}/graphql", json=sent, timeout=60).text
    key, away = cli.home / "kek", cli.home / "kek.away"
    key.rename(away)
    done = cli.run("init", "--json")
    checked = cli.run("verify", "--json")
    away.rename(key)
    assert done.code == 3
    assert "restore it from its backup" in done.json["error"]
    assert (checked.code, checked.json["faults"]) == (0, [])
    assert "The wrapped keys are not checked" in checked.err


def test_rows_of_a_csv_file_are_imported_once(cli: Cli, tmp_path: Path) -> None:
    mapping = tmp_path / "fahrdienst.toml"
    mapping.write_text(
        'target = "library.transit"\nsource = "Fahrdienst"\n[columns]\nTag = { field = "day", type = "date" }\n'
        'Art = { field = "item_type" }\nVon = { field = "from_branch" }\nNach = { field = "to_branch" }\n'
    )
    rows = tmp_path / "rows.csv"
    rows.write_text("Tag,Art,Von,Nach\n2026-03-02,BOOK,Benrath,Bilk\n2026-03-02,FILM,Benrath,Eller\n")
    first = cli.does("import", "csv", str(rows), "--mapping", str(mapping))
    assert (first["read"], first["recorded"], first["rejected"]) == (2, 2, 0)
    assert cli.does("import", "csv", str(rows), "--mapping", str(mapping))["unchanged"] == 2
    assert cli.does("verify")["faults"] == []


def test_a_tick_finds_what_is_due_and_writes_down_each_row(cli: Cli, tmp_path: Path) -> None:
    done = cli.does("tick", "--found", str(tmp_path / "found.jsonl"))
    assert done["dryRun"] is False
    assert [duty["duty"] for duty in done["duties"]] == [duty.name for duty in DUTIES]
    assert {(duty["due"], duty["oldest"]) for duty in done["duties"]} == {(0, None)}
    assert (tmp_path / "found.jsonl").read_text() == ""
    rehearsed = cli.run("tick", "--dry-run", "--date", "2026-03-01")
    assert (rehearsed.code, rehearsed.out.splitlines()[0]) == (0, "What was due by 2026-03-01:")
    assert "library.hold_expired: nothing" in rehearsed.out


def test_a_value_is_traced_to_its_event(cli: Cli) -> None:
    with cli.serving() as (address, _):
        sent = {"query": PLAN, "variables": {"key": "plan"}}
        assert "CommandSuccess" in httpx.post(f"{address}/graphql", json=sent, timeout=60).text
    (change,) = cli.does("explain", "file_plan_unit", "10.01", "--field", "title")["changes"]
    assert (change["old"], change["new"], change["topic"]) == (
        None, "Organisation", "efile.file_plan_unit_defined.v1",
    )  # fmt: skip
    told = cli.run("explain", "file_plan_unit", change["key"]["record_id"])
    assert (told.code, f"title: Organisation  (event {change['position']}," in told.out) == (0, True)
    for nobody in (str(uuid4()), "nope"):
        assert cli.run("explain", "file_plan_unit", nobody, "--json").code == 1
    assert cli.run("explain", "file", "F-404", "--json").code == 1
    for wrong in (["no_such", "10.01"], ["file", "10.01", "--field", "colour"], ["event", "10.01"]):
        assert cli.run("explain", *wrong, "--json").code == 2, wrong


def test_a_file_is_checked_against_a_record(cli: Cli) -> None:
    done = cli.run("check-content", __file__, "F-404/2026", "--json")
    assert (done.code, done.json["verdict"]) == (1, "record unknown")


def test_an_export_is_taken_away_once_and_replaced_when_told(cli: Cli) -> None:
    place = cli.home.parent / "taken"
    done = cli.does("export", "csv", str(place))
    assert done["position"] == json.loads((place / "export.json").read_text())["position"]
    assert done["counts"]["event_log"] == done["position"]
    assert set(done) == {"destination", "log", "kind", "position", "counts", "standingStill", "setAside", "sealed"}
    assert (place / "event_log.csv").read_text().startswith("position,record_id,")
    refused = cli.run("export", "csv", str(place), "--json")
    assert (refused.code, "--force" in refused.json["error"]) == (2, True)
    assert cli.does("export", "csv", str(place), "--force", "--to", "0")["counts"]["event_log"] == 0
    assert cli.run("export", "csv", str(place), "--force", "--to", "1000000", "--json").code == 2
    assert cli.run("export", "gdpdu", str(place), "--force", "--json").code == 2
    assert (place / "event_log.csv").is_file(), "what was there is gone though nothing took its place"
