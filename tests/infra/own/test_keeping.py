"""Own projections on a real ledger: taken, refused, kept up to date, gone wrong while everybody else goes on."""

import json
import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from typer.testing import CliRunner

from domain.families import FAMILIES
from infra.asgi.app import STATUS
from infra.cli.app import app
from infra.database import Database
from infra.ledger import Ledger
from infra.own import adding, keeper
from infra.own.errors import BadProjection
from infra.own.keeper import Keeper, Limits
from infra.own.loading import load
from infra.own.process import Act
from infra.own.registry import Own, Registry
from infra.projector import Projector, Status
from projections.families import PROJECTIONS
from projections.model import find
from tests.infra.own import files
from tests.infra.own.files import written
from tests.infra.projector.office import Office
from tests.infra.projector.tables import folded, relation_of, rows, status_of
from tests.waiting import until

pytestmark = pytest.mark.database

LIMITS = Limits(memory=512 * 1024**2, fold=1.0, silent=10.0)
CASES = find(PROJECTIONS, "case_record")
PATIENCE = 120.0


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "home")


@pytest.fixture
def kept(database: Database, registry: Registry) -> Iterator[Keeper]:
    """A keeper that looks again soon."""
    keeping = Keeper(database, registry, LIMITS, look_again=0.2)
    keeping.start()
    yield keeping
    keeping.stop()
    assert keeping.processes() == {}


def standing(database: Database, name: str) -> Status | None:
    return adding.standing(database, name)


def reaches(database: Database, name: str, position: int) -> Status:
    def reached() -> Status | None:
        found = standing(database, name)
        return found if found is not None and found.status == "live" and found.position >= position else None

    found: Status = until(reached, f"{name} does not come to {position}: {standing(database, name)}", PATIENCE)
    return found


def added(database: Database, registry: Registry, path: Path) -> Status:
    return adding.add(database, registry, path, lambda _: None, LIMITS)[1]


def test_a_good_one_is_built_kept_up_to_date_replaced_and_removed(
    database: Database, ledger: Ledger, registry: Registry, kept: Keeper, tmp_path: Path
) -> None:
    office = Office(ledger)
    office.work(60)
    path = written(tmp_path, "units")
    projection = load(path)
    assert added(database, registry, path).status == "live"
    assert rows(database, projection) == folded(database, projection) != {}
    assert database.analyst is not None
    with psycopg.connect(database.analyst, autocommit=True) as analyst:
        told = "select col_description('read.own_units'::regclass, 2)"
        assert analyst.execute(told.encode()).fetchone() == ("Cases opened. (Angelegte Vorgänge.)",)

    office.work(60)
    reaches(database, "own_units", office.last_position)
    assert rows(database, projection) == folded(database, projection)

    worker = until(lambda: kept.processes().get("own_units"), "no process", PATIENCE)
    os.kill(worker, signal.SIGKILL)
    office.work(60)
    until(lambda: kept.processes().get("own_units") not in (None, worker), "no other process", PATIENCE)
    reaches(database, "own_units", office.last_position)
    assert rows(database, projection) == folded(database, projection)

    before = relation_of(database, projection)
    path.write_text(path.read_text().replace("row.cases + 1", "row.cases + 2"))
    added(database, registry, path)
    assert relation_of(database, projection) != before
    doubling = load(path)
    assert rows(database, doubling) == folded(database, doubling)

    adding.remove(database, registry, registry.find("units"))
    until(lambda: not kept.processes(), "its process goes on", PATIENCE)
    assert standing(database, "own_units") is None
    with psycopg.connect(database.admin) as admin:
        left = admin.execute("select relname from pg_class where starts_with(relname, 'own_units')").fetchall()
    assert left == []


@pytest.mark.any_server
@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (files.RAISES, r"at event \d+ \(efile.case_opened.v\d\): KeyError: 'nobody thought of this'"),
        (files.NEVER_RETURNS, r"at event \d+ .*: no row after 1 s"),
        (files.EATS_ALL_MEMORY, "needs more than 512 MB of memory"),
        (files.IS_NOT_PURE, "made other rows the second time"),
        (files.ANSWERS_ANOTHER_TYPE, "cases holds 'many', and is declared to be integer"),
        (files.ANSWERS_ANOTHER_TYPE_ONCE, r"at event \d+ .*: cases holds 'once', and is declared to be integer"),
        (files.ENDS_THE_PROGRAM, r"it ends the program \(SystemExit\(3\)\)"),
        (files.ANSWERS_A_LARGE_NUMBER, "cases cannot be stored: a whole number has 64 bits"),
        (files.ANSWERS_NUL, "unit cannot be stored: a text has no character NUL"),
        (files.ANSWERS_NO_ROW, "fold answers dict, and has to answer UnitRow or None"),
    ],
)
def test_one_that_goes_wrong_on_real_events_is_not_taken(
    database: Database, ledger: Ledger, registry: Registry, tmp_path: Path, bad: str, says: str
) -> None:
    Office(ledger).work(40)
    with pytest.raises(BadProjection, match=says) as refused:
        added(database, registry, written(tmp_path, "bad", bad))
    assert str(refused.value).startswith("bad.py: ")
    assert str(refused.value).count("bad.py") == 1
    assert registry.all() == []
    assert standing(database, "own_bad") is None


@pytest.mark.any_server
def test_one_that_does_not_load_is_named_once(database: Database, registry: Registry, tmp_path: Path) -> None:
    path = written(tmp_path, "bad")
    path.write_text(path.read_text(encoding="utf-8") + "1 / 0\n", encoding="utf-8")
    with pytest.raises(BadProjection, match=r"^bad\.py does not load: ZeroDivisionError"):
        added(database, registry, path)


@pytest.mark.any_server
def test_one_that_needs_too_much_memory_to_load_is_told_the_limit(
    database: Database, registry: Registry, tmp_path: Path
) -> None:
    path = written(tmp_path, "bad")
    path.write_text(path.read_text(encoding="utf-8") + "KEPT = bytearray(1024**3)\n", encoding="utf-8")
    with pytest.raises(BadProjection, match=r"^bad\.py: it needs more than 512 MB of memory"):
        added(database, registry, path)


@pytest.mark.any_server
def test_one_whose_adding_is_broken_off_is_not_kept(
    database: Database, ledger: Ledger, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Office(ledger).work(5)

    def broken_off(*_: object) -> None:
        assert registry.all(), "it is registered while it is built"
        raise KeyboardInterrupt

    monkeypatch.setattr(adding, "_built", broken_off)
    with pytest.raises(KeyboardInterrupt):
        added(database, registry, written(tmp_path, "good"))
    assert (registry.all(), standing(database, "own_good")) == ([], None)


@pytest.mark.any_server
def test_one_that_holds_the_interpreter_is_given_up(
    database: Database, ledger: Ledger, registry: Registry, tmp_path: Path
) -> None:
    Office(ledger).work(40)
    path = written(tmp_path, "bad", files.HOLDS_THE_INTERPRETER)
    with pytest.raises(BadProjection, match="not done with a sample of events after 6 s"):
        adding.tried(database, path, LIMITS, seconds=6)


@pytest.mark.any_server
def test_bad_ones_harm_nobody_but_themselves(
    database: Database, ledger: Ledger, registry: Registry, kept: Keeper, tmp_path: Path
) -> None:
    office = Office(ledger)
    office.work(40)
    after = office.last_position
    bad = {
        "raises": files.RAISES,
        "loops": files.NEVER_RETURNS,
        "holds": files.HOLDS_THE_INTERPRETER,
        "eats": files.EATS_MEMORY,
    }
    for name in ("good", *bad):
        registry.keep(f"own_{name}", written(tmp_path, name, bad.get(name, "pass"), after).read_bytes())
    for name in ("good", *bad):
        reaches(database, f"own_{name}", after)
    projector = Projector(database, FAMILIES, (CASES,), ())
    projector.catch_up()
    projector.start()
    try:
        office.work(100)
        reaches(database, "case_record", office.last_position)
        reaches(database, "own_good", office.last_position)
    finally:
        projector.stop()
    good = load(tmp_path / "good.py")
    assert rows(database, good) == folded(database, good)
    assert rows(database, CASES) == folded(database, CASES)

    def wrong(name: str) -> Status | None:
        found = standing(database, f"own_{name}")
        return found if found is not None and (found.quarantined_rows or found.error) else None

    for name in bad:
        until(partial(wrong, name), f"nobody sees that {name} is wrong", PATIENCE)
    until(
        lambda: "held the interpreter" in (status_of(database, load(tmp_path / "holds.py")).error or ""),
        "holds",
        PATIENCE,
    )
    with psycopg.connect(database.conninfo("reader"), autocommit=True) as reader:
        waited_for = reader.execute(STATUS.sql.encode()).fetchall()
    assert [(name, status) for name, status, _, _ in waited_for] == [("case_record", "live")]

    for name in bad:
        adding.remove(database, registry, registry.find(name))
    office.work(20)
    reaches(database, "own_good", office.last_position)


@pytest.mark.any_server
def test_a_copy_that_was_changed_is_not_run(
    database: Database, ledger: Ledger, registry: Registry, kept: Keeper, tmp_path: Path
) -> None:
    Office(ledger).work(10)
    own = registry.keep("own_units", files.text("units").encode())
    own.path.write_text(files.text("units", files.RAISES))

    def told() -> str:
        found = standing(database, "own_units")
        return (found and found.error) or ""

    assert "is not what was added" in until(told, "nobody says so", PATIENCE)
    assert kept.processes() == {}


@pytest.mark.any_server
def test_a_checksum_that_nobody_can_read_and_a_slip_of_the_keeper_harm_no_other(
    database: Database, ledger: Ledger, tmp_path: Path
) -> None:
    class Slips(Registry):
        looks: ClassVar[list[int]] = []

        def all(self) -> list[Own]:
            self.looks.append(1)
            if len(self.looks) == 1:
                raise RuntimeError("nobody thought of this")
            return super().all()

    office = Office(ledger)
    office.work(10)
    registry = Slips(tmp_path)
    registry.keep("own_good", files.text("good").encode())
    registry.keep("own_bad", files.text("bad").encode()).path.with_suffix(".sha256").write_bytes("é".encode())
    keeping = Keeper(database, registry, LIMITS, look_again=0.2)
    keeping.start()
    try:
        reaches(database, "own_good", office.last_position)
        assert set(keeping.processes()) == {"own_good"}
        told = standing(database, "own_bad")
        assert told is not None
        assert "is not what was added" in (told.error or "")
    finally:
        keeping.stop()


@pytest.mark.any_server
def test_a_removal_takes_the_tables_of_its_own_name_alone(
    database: Database, ledger: Ledger, registry: Registry, tmp_path: Path
) -> None:
    Office(ledger).work(10)
    added(database, registry, written(tmp_path, "units"))
    near = ["own_units___0123456789ab", "own_units__0123456789", "own_units_2__0123456789ab"]
    query = "select relname from pg_class where starts_with(relname, 'own_units') and relkind in ('r', 'v')"
    with psycopg.connect(database.admin, autocommit=True) as admin:
        for name in near:
            admin.execute(SQL("create table read.{} (n int)").format(Identifier(name)))
            admin.execute(SQL("alter table read.{} owner to stadtbuch_projector").format(Identifier(name)))
        adding.remove(database, registry, registry.find("units"))
        assert sorted(name for (name,) in admin.execute(query)) == sorted(near)


@pytest.mark.any_server
def test_a_removal_that_did_not_come_to_the_rows_is_made_again(
    database: Database, ledger: Ledger, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Office(ledger).work(10)
    added(database, registry, written(tmp_path, "units"))
    monkeypatch.setattr(adding, "_PATIENCE", 0.5)
    with psycopg.connect(database.conninfo("projector"), autocommit=True) as held:
        held.execute("select pg_advisory_lock(hashtext('stadtbuch.projection'), hashtext('own_units'))")
        with pytest.raises(BadProjection, match="end it, and remove it again"):
            adding.remove(database, registry, adding.removable(database, registry, "units"))
    assert standing(database, "own_units") is not None
    adding.remove(database, registry, adding.removable(database, registry, "own_units"))
    assert standing(database, "own_units") is None
    with pytest.raises(BadProjection, match="There is no own projection 'units'"):
        adding.removable(database, registry, "units")


@pytest.mark.any_server
def test_without_a_server_they_are_brought_up_to_date_within_a_time(
    database: Database, ledger: Ledger, registry: Registry, tmp_path: Path
) -> None:
    office = Office(ledger)
    office.work(40)
    for name in ("good", "holds"):
        registry.keep(
            f"own_{name}", files.text(name, files.HOLDS_THE_INTERPRETER if name == "holds" else "pass").encode()
        )
    (told,) = keeper.catch_up(database, registry, 20, LIMITS)
    assert told.startswith("own_holds")
    good = load(written(tmp_path, "good"))
    assert rows(database, good) == folded(database, good) != {}


@pytest.mark.any_server
def test_a_process_ends_with_who_started_it(database: Database, ledger: Ledger, registry: Registry) -> None:
    Office(ledger).work(10)
    own = registry.keep("own_units", files.text("units").encode())
    process = keeper.begin(database, own, LIMITS, Act.FOLLOW)
    until(lambda: standing(database, "own_units"), "it does not begin", PATIENCE)
    assert process.stdin is not None
    process.stdin.close()  # as the system does when that process is killed
    assert process.wait(60) == 0
    keeper.end(process)


def test_the_command_line_adds_lists_reads_and_removes(
    database: Database, ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Office(ledger).work(40)
    assert database.analyst is not None
    monkeypatch.setenv("STADTBUCH_HOME", str(tmp_path))
    monkeypatch.setenv("STADTBUCH_DSN", database.admin)
    monkeypatch.setenv("STADTBUCH_APP_DSN", database.app)
    monkeypatch.setenv("STADTBUCH_READER_DSN", database.analyst)

    def does(*arguments: str, code: int = 0) -> Any:
        result = CliRunner().invoke(app, [*arguments, "--json"])
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)

    refused = does("project", "add", str(written(tmp_path, "bad", files.RAISES)), code=1)
    assert "nobody thought of this" in refused["error"]
    done = does("project", "add", str(written(tmp_path, "units")))
    assert (done["trial"]["name"], done["status"]["status"]) == ("own_units", "live")
    (listed,) = does("project", "list")["projections"]
    assert (listed["name"], listed["unchanged"], listed["status"]["error"]) == ("own_units", True, None)
    found = does("report", "own_units", "--where", "unit=10")
    projection = load(tmp_path / "units.py")
    assert [row["cases"] for row in found] == [rows(database, projection)[("10",)].cases]
    assert does("projection", "retry", "own_units") == {"retried": []}
    assert [each["name"] for each in does("projection", "status", "own_units", "loan")["projections"]] == [
        "loan",
        "own_units",
    ]
    rebuilt = does("rebuild", "own_units", "loan")["rebuilt"]
    assert [(each["name"], each["equal"]) for each in rebuilt] == [("own_units", True), ("loan", True)]
    assert CliRunner().invoke(app, ["rebuild", "own_units", "--workers", "2"]).exit_code == 2
    assert "There are: own_units" in does("projection", "retry", "own_other", code=1)["error"]
    assert does("project", "remove", "units") == {"removed": "own_units"}
    assert does("project", "list")["projections"] == []
    assert does("report", "own_units", code=2)["exitCode"] == 2
