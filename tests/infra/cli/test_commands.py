"""The commands as processes, on a real database."""

import json
import os
import signal
from pathlib import Path

import httpx
import pytest

from infra.cli.reporting import without_password
from projections.families import DUTIES
from tests.infra.cli.processes import Cli

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
        assert status["analysts"].startswith("psql ")
        assert status["tcp"] is None
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


def test_no_password_is_shown() -> None:
    shown = without_password("host=db.example user=stadt password=geheim dbname=stadtbuch")
    assert "geheim" not in shown
    assert "user=stadt" in shown


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


def test_a_file_is_checked_against_a_record(cli: Cli) -> None:
    done = cli.run("check-content", __file__, "F-404/2026", "--json")
    assert (done.code, done.json["verdict"]) == (1, "record unknown")


def test_an_export_is_taken_away_once_and_replaced_when_told(cli: Cli) -> None:
    place = cli.home.parent / "taken"
    done = cli.does("export", "csv", str(place))
    assert done["position"] == json.loads((place / "export.json").read_text())["position"]
    assert done["counts"]["event_log"] == done["position"]
    assert (place / "event_log.csv").read_text().startswith("position,record_id,")
    refused = cli.run("export", "csv", str(place), "--json")
    assert (refused.code, "--force" in refused.json["error"]) == (2, True)
    assert cli.does("export", "csv", str(place), "--force", "--to", "0")["counts"]["event_log"] == 0
    assert cli.run("export", "csv", str(place), "--to", "1000000", "--json").code == 2
