"""`stadtbuch projection` and `rebuild` as processes: what was set aside, another try, and rows only checked."""

import pytest

from infra.projector import Rebuilt
from tests.infra.cli.processes import Cli

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.any_server]


def test_what_is_set_aside_is_shown_with_its_error(cli: Cli) -> None:
    done = cli.run("projection", "status", "loan", "--json")
    assert done.code == 0
    assert [each["name"] for each in done.json["projections"]] == ["loan"]
    assert done.json["quarantine"] == []
    assert cli.does("projection", "retry", "loan")["retried"] == []
    assert cli.run("projection", "retry", "no_such", "--json").code == 2


def test_a_rebuild_by_workers_that_only_checks_leaves_the_rows(cli: Cli) -> None:
    found = cli.does("rebuild", "loan", "--workers", "2", "--check")["rebuilt"]
    assert [(each["name"], each["equal"], each["ranges"]) for each in found] == [("loan", True, [])]


def test_rows_that_were_only_checked_are_not_said_to_be_replaced() -> None:
    result = Rebuilt("loan", 9, 2, "ab", 2, "cd", (), ("3f", "40"), 0.5)
    assert "NOT EQUAL: the live rows were replaced" in result.described()
    text = result.described(check=True)
    assert "NOT EQUAL: the live rows were left" in text
    assert "keys that begin with 3f, 40" in text
