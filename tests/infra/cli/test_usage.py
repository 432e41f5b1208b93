"""What the command line says of itself, and of what it cannot do: without a database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from infra.cli.app import app

ROOT = Path(__file__).parents[3]
NAMES = (
    "bench",
    "check-content",
    "demo",
    "doctor",
    "documents",
    "explain",
    "export",
    "import",
    "init",
    "project",
    "projection",
    "prove",
    "rebuild",
    "report",
    "serve",
    "sql",
    "status",
    "tick",
    "token",
    "verify",
)
RUNNER = CliRunner()


def test_these_are_the_commands() -> None:
    assert sorted(getattr(get_command(app), "commands", ())) == list(NAMES)


def test_a_command_that_serves_nothing_does_not_wait_for_the_schema_to_be_imported() -> None:
    asked = "import sys, infra.cli; print(*sorted({'strawberry', 'graphql', 'graphql_api'} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.split() == []


@pytest.mark.parametrize("name", NAMES)
def test_the_help_of_each_command_has_an_example(name: str) -> None:
    result = RUNNER.invoke(app, [name, "--help"])
    assert result.exit_code == 0
    said = " ".join(result.output.split())
    assert "Example: " in said
    assert f"stadtbuch {name}" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["import"],
        ["import", "parquet", "x"],
        ["import", "xes", "/no/such/file"],
        ["import", "xes", __file__, "--mapping", "library_transits"],
        ["import", "csv", __file__, "--mapping", "no such mapping"],
        ["demo", "--events", "10"],
        ["serve", "--only", "everything"],
        ["tick", "--date", "2999-01-01"],
        ["check-content", "/no/such/file", "F-1"],
        ["check-content", __file__],
        ["check-content", __file__, "F-1", "--version", "0"],
        ["tick", "--date", "yesterday"],
        ["tick", "--found", "/no/such/folder/found.jsonl"],
        ["bench", "nothing"],
    ],
)
def test_wrong_usage_ends_with_2_and_says_why(arguments: list[str]) -> None:
    result = RUNNER.invoke(app, arguments)
    assert result.exit_code == 2
    assert result.stderr.strip()
    assert not result.stdout.strip()


def test_with_json_wrong_usage_is_json_too() -> None:
    called = [sys.executable, "-m", "infra.cli", "import", "parquet", "x", "--json"]
    done = subprocess.run(called, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 2
    said = json.loads(done.stdout)
    assert said["exitCode"] == 2
    assert said["error"]


def test_a_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STADTBUCH_PORT", "many")
    result = RUNNER.invoke(app, ["status"])
    assert result.exit_code == 2
    assert "STADTBUCH_PORT" in result.stderr


def test_a_database_that_does_not_answer_ends_with_3(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STADTBUCH_DSN", f"host={tmp_path}")
    result = RUNNER.invoke(app, ["serve", "--json"])
    assert result.exit_code == 3
    assert json.loads(result.stdout)["exitCode"] == 3
