"""Sealed texts leave in clear only in the export that was asked for, by an auditor, and never without a trace."""

import csv
import gzip
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
from typer.testing import CliRunner

from domain.requests import Principal
from domain.rights import Role
from infra.cli.app import app
from infra.database import Database
from infra.exports import Exported, Kind, NotAllowed, source
from infra.exports.clear import LONGEST_REASON, SEALED_TEXT, allowed
from infra.exports.kinds import export
from infra.ledger import Ledger
from infra.verify import verify
from tests.database import CLERK, KEK
from tests.infra.exports.conftest import CODEC
from tests.infra.projector.office import Office, events_of

pytestmark = [pytest.mark.database, pytest.mark.any_server]

AUDITOR = replace(CLERK, role=Role.AUDITOR.value)
WHY = "Prüfung 2026/4"


@pytest.fixture
def office(ledger: Ledger) -> Office:
    office = Office(ledger)
    office.work(60)
    return office


def entries(database: Database) -> list[dict[str, Any]]:
    """What the analysts' login sees of it."""
    assert database.analyst is not None
    with psycopg.connect(database.analyst, row_factory=psycopg.rows.dict_row) as analyst:
        return analyst.execute("select * from read.clear_export order by entry").fetchall()


def taken(
    ledger: Ledger, database: Database, place: Path, kind: Kind, by: Principal | None = AUDITOR, to: int | None = None
) -> Exported:
    place.mkdir()
    with source(database, CODEC, to=to) as what:
        clear = allowed(database, by, kind, what.position, WHY, ledger.vault.reveal) if by else None
        return export(kind, what, place, parts=2, clear=clear)


def contents(place: Path) -> Iterator[bytes]:
    for path in sorted(place.rglob("*")):
        if path.is_file():
            yield path.read_bytes() if path.suffix != ".gz" else gzip.decompress(path.read_bytes())


def texts(place: Path) -> list[dict[str, str]]:
    with (place / "sealed_text.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sealed_in(database: Database) -> set[str]:
    """The references of all sealed texts."""
    events = events_of(database, CODEC)
    parts = [sealed for event in events for thing in (event.envelope, event.fact) for _, sealed in CODEC.sealed(thing)]
    return {f"{sealed.position}/{sealed.part}/{sealed.name}" for sealed in parts}


def test_every_sealed_text_is_in_the_table_that_was_asked_for(
    office: Office, ledger: Ledger, database: Database, tmp_path: Path
) -> None:
    done = taken(ledger, database, tmp_path / "csv", Kind.CSV)
    found = {line["reference"]: line for line in texts(tmp_path / "csv")}
    assert found.keys() == sealed_in(database)
    assert done.counts[SEALED_TEXT.name] == len(found) > 50
    assert {line["erased"] for line in found.values()} == {"false"}
    with (tmp_path / "csv" / "case_record.csv").open(encoding="utf-8", newline="") as file:
        subjects = [found[line["subject"]]["text"] for line in csv.DictReader(file)]
    assert len(subjects) > 5
    assert all(subject.startswith("Antrag ") for subject in subjects)


def test_in_parquet_it_joins_by_the_reference(
    office: Office, ledger: Ledger, database: Database, tmp_path: Path
) -> None:
    place = tmp_path / "parquet"
    taken(ledger, database, place, Kind.PARQUET)
    joined = duckdb.execute(
        "select c.record_id = t.record_id, t.field, t.text from read_parquet($1) c"
        " left join read_parquet($2) t on t.reference = c.subject",
        [str(place / "case_record/*/*.parquet"), str(place / "sealed_text/*/*.parquet")],
    ).fetchall()
    assert joined
    assert all(same and field == "subject" and text.startswith("Antrag ") for same, field, text in joined)


def test_it_is_written_down_who_asked_and_why_before_a_text_is_opened(
    office: Office, ledger: Ledger, database: Database, tmp_path: Path
) -> None:
    done = taken(ledger, database, tmp_path / "first", Kind.CSV, to=20)
    (entry,) = entries(database)
    told = ("actor", "role", "org_unit", "authentication", "kind", "position", "reason")
    assert tuple(entry[name] for name in told) == (AUDITOR.actor, "auditor", "10", "none-dev", "csv", 20, WHY)
    assert json.loads((tmp_path / "first" / "export.json").read_text())["inClear"] == {
        "entry": entry["entry"], "leaf": entry["leaf"], "erased": 0,
    }  # fmt: skip
    assert done.clear == (entry["entry"], entry["leaf"])
    assert {int(line["position"]) <= 20 for line in texts(tmp_path / "first")} == {True}

    def lost(references: Any) -> Any:
        raise KeyboardInterrupt

    with source(database, CODEC) as what, pytest.raises(KeyboardInterrupt):
        export(Kind.CSV, what, tmp_path, clear=allowed(database, AUDITOR, Kind.CSV, 9, WHY, lost))
    assert [each["position"] for each in entries(database)] == [20, 9]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_no_other_role_takes_them(role: Role, database: Database, ledger: Ledger) -> None:
    with pytest.raises(NotAllowed, match=f"not by: {role}"):
        allowed(database, replace(CLERK, role=role.value), Kind.CSV, 0, WHY, ledger.vault.reveal)
    assert entries(database) == []


@pytest.mark.parametrize("reason", ["", "  \n", "x" * (LONGEST_REASON + 1), "a\0b"])
def test_a_reason_is_given(reason: str, database: Database, ledger: Ledger) -> None:
    with pytest.raises(NotAllowed, match="Say why"):
        allowed(database, AUDITOR, Kind.CSV, 0, reason, ledger.vault.reveal)
    assert entries(database) == []


@pytest.mark.parametrize("kind", Kind)
def test_nothing_else_has_a_text_in_clear(
    kind: Kind, office: Office, ledger: Ledger, database: Database, tmp_path: Path
) -> None:
    taken(ledger, database, tmp_path / "clear", Kind.CSV)
    secrets = {line["text"].encode() for line in texts(tmp_path / "clear") if len(line["text"]) > 10}
    assert secrets
    taken(ledger, database, tmp_path / "other", kind, by=None)
    for held in contents(tmp_path / "other"):
        assert not [secret for secret in secrets if secret in held]
    assert not (tmp_path / "other" / "sealed_text.csv").exists()
    if kind not in (Kind.CSV, Kind.PARQUET):
        with pytest.raises(NotAllowed, match=f"{kind} has no place"):
            allowed(database, AUDITOR, kind, 0, WHY, ledger.vault.reveal)


def test_what_was_erased_is_said_to_be_and_stops_nothing(
    office: Office, ledger: Ledger, database: Database, tmp_path: Path
) -> None:
    case = office.cases[0]
    with psycopg.connect(database.conninfo("eraser"), autocommit=True) as eraser:
        eraser.execute("select ledger.destroy_key(%s)", (case,))
    ledger.vault.forget([case])
    done = taken(ledger, database, tmp_path / "csv", Kind.CSV)
    erased = [line for line in texts(tmp_path / "csv") if line["erased"] == "true"]
    assert {line["record_id"] for line in erased} == {str(case)}
    assert {line["text"] for line in erased} == {""}
    assert done.erased == len(erased) >= 1


def test_the_trace_can_be_added_and_neither_changed_nor_removed(database: Database, ledger: Ledger) -> None:
    allowed(database, AUDITOR, Kind.CSV, 0, WHY, ledger.vault.reveal)
    with psycopg.connect(database.conninfo("writer"), autocommit=True) as writer:
        for change in ("update access.export set reason = 'x'", "delete from access.export", "truncate access.export"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                writer.execute(change.encode())


def taken_away(database: Database, ledger: Ledger, times: int = 4) -> None:
    for number in range(times):
        allowed(database, AUDITOR, Kind.CSV, number, f'{WHY}, "Heft" {number}\n\\ …', ledger.vault.reveal)


def found_wrong(database: Database) -> list[str]:
    faults = verify(database, CODEC).faults
    assert {(fault.position, fault.check) for fault in faults} <= {(None, "clear export")}
    return [fault.message for fault in faults]


def as_owner(database: Database, *statements: str) -> None:
    with psycopg.connect(database.admin, autocommit=True) as admin:
        for statement in statements:
            admin.execute(statement.encode())


LEAF = "update access.export e set leaf = access.leaf_of(e) where entry = 2"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (["update access.export set reason = 'x' where entry = 2"], ["entry 2 is not what its leaf"]),
        (["update access.export set at = at - interval '1 day' where entry = 4"], ["entry 4 is not what its leaf"]),
        (["update access.export set actor = gen_random_uuid() where entry = 2", LEAF], ["entry 3 does not follow"]),
        (["delete from access.export where entry = 3"], ["between entries 2 and 4 some are missing"]),
        (["delete from access.export where entry = 4"], ["the last entry is 3, and access.head"]),
        (["delete from access.export"], ["the last entry is 0, and access.head"]),
        (["delete from access.head"], ["the last entry is 4, and access.head"]),
    ],
)
def test_verify_finds_what_somebody_did_to_the_trace(
    database: Database, ledger: Ledger, change: list[str], says: list[str]
) -> None:
    taken_away(database, ledger)
    assert found_wrong(database) == []
    as_owner(database, *change)
    found = found_wrong(database)
    assert [message.startswith(each) for message, each in zip(found, says, strict=True)] == [True]


def test_the_oldest_entries_may_be_deleted_when_their_time_is_over(database: Database, ledger: Ledger) -> None:
    taken_away(database, ledger)
    as_owner(database, "delete from access.export where entry < 3")
    assert found_wrong(database) == []
    taken_away(database, ledger, times=1)
    assert [each["entry"] for each in entries(database)] == [3, 4, 5]
    assert found_wrong(database) == []


def test_entries_that_are_made_at_once_are_one_chain(database: Database, ledger: Ledger) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: taken_away(database, ledger, times=5), range(4)))
    assert [each["entry"] for each in entries(database)] == list(range(1, 21))
    assert found_wrong(database) == []


def test_the_command_line_asks_for_token_and_reason(
    office: Office, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert database.analyst is not None
    key = tmp_path / "kek"
    key.write_text(KEK.secret.hex())
    key.chmod(0o600)
    for name, value in {
        "HOME": str(tmp_path), "DSN": database.admin, "APP_DSN": database.app, "READER_DSN": database.analyst,
        "KEK_FILE": str(key),
    }.items():  # fmt: skip
        monkeypatch.setenv(f"STADTBUCH_{name}", value)

    def does(*arguments: str, code: int = 0, stdin: str = "") -> Any:
        result = CliRunner().invoke(app, [*arguments, "--json"], input=stdin)
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)

    def export_of(name: str, *further: str, code: int = 0, stdin: str = "") -> Any:
        return does("export", "csv", str(tmp_path / name), *further, code=code, stdin=stdin)

    assert export_of("plain")["sealed"] == "left out"
    tokens = {role: does("token", "--role", role, "--org-unit", "14")["token"] for role in ("auditor", "clerk")}
    for arguments in (["--clear"], ["--clear", "--reason", WHY], ["--reason", WHY]):
        assert CliRunner().invoke(app, ["export", "csv", str(tmp_path / "no"), *arguments]).exit_code == 2
    for bad, says in ((tokens["clerk"], "does not give the role"), ("x.y.z", "")):
        refused = export_of("no", "--clear", "--as", "-", "--reason", WHY, code=1, stdin=bad)
        assert says in refused["error"]
    assert not (tmp_path / "no").exists()
    assert entries(database) == []

    (tmp_path / "token").write_text(tokens["auditor"] + "\n")
    done = export_of("clear", "--clear", "--as", str(tmp_path / "token"), "--reason", WHY)
    (entry,) = entries(database)
    assert done["sealed"] == {"entry": entry["entry"], "leaf": entry["leaf"], "erased": 0}
    assert (entry["role"], entry["org_unit"], entry["authentication"]) == ("auditor", "14", "none-dev")
    assert (tmp_path / "clear").stat().st_mode & 0o777 == 0o700
    assert {line["reference"] for line in texts(tmp_path / "clear")} == sealed_in(database)
    assert not (tmp_path / "plain" / "sealed_text.csv").exists()
