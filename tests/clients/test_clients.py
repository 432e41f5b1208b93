"""The examples of `examples/`, as they stand: compiled, type-checked, registered and run against the server."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.rights import Role
from infra.asgi.documents import TrustedDocuments
from infra.database import Database
from infra.documents import registry
from infra.documents.checking import Check
from infra.documents.reading import read
from tests.api import Api, unused

pytestmark = [pytest.mark.any_server, pytest.mark.slow]

EXAMPLES = Path(__file__).parents[2] / "examples"
PYTHON = EXAMPLES / "python"
FILES = 5


def program(name: str) -> str:
    """The path of a program that the test needs. It fails, and is not skipped, where it is not there."""
    path = shutil.which(name)
    assert path is not None, f"{name} is not installed: apt-get install nodejs npm"
    return path


def ran(*command: object, cwd: Path, env: Mapping[str, str] | None = None) -> list[str]:
    """The lines that a command prints. It must succeed."""
    done = subprocess.run(
        [str(each) for each in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def built() -> Path:
    """The bundles of the examples in Node.js; packages are installed as the lock pins them where they are not there."""
    if not (EXAMPLES / "node_modules" / "relay-runtime").is_dir():
        ran(program("npm"), "ci", "--no-audit", "--no-fund", cwd=EXAMPLES)
    ran(program("npm"), "run", "build", cwd=EXAMPLES)
    return EXAMPLES / "dist"


@pytest.fixture(scope="module")
def generated() -> Path:
    """The Python of an environment with ariadne-codegen, which needs another graphql-core than the server; and its
    package is generated.
    """
    python = PYTHON / ".venv" / "bin" / "python"
    if not python.exists():
        ran(sys.executable, "-m", "venv", PYTHON / ".venv", cwd=PYTHON)
        ran(python, "-m", "pip", "install", "-qq", "--require-hashes", "-r", "requirements.lock", cwd=PYTHON)
    (PYTHON / "generated").mkdir(exist_ok=True)
    ran(python, "-m", "ariadne_codegen", "--config", "pyproject.toml", cwd=PYTHON)
    return python


@dataclass(frozen=True)
class Office:
    """A unit with some files."""

    address: str
    unit: str
    plan_unit: str
    record: str


@pytest.fixture
def office(api: Api) -> Office:
    unit, plan_unit = unused("O").partition("/")[0], api.plan_unit()
    opened = [
        api.file(reference=f"{unit}-{n}", leadUnit=unit, planUnitId=plan_unit, subject=f"Baugebiet {n}")
        for n in range(1, FILES + 1)
    ]
    api.ask("query ($at: BigInt!) { records(first: 1, minPosition: $at) { asOfPosition } }", at=opened[-1]["position"])
    return Office(f"{api.address}/graphql", unit, plan_unit, opened[0]["recordId"])


@pytest.fixture
def closed(api: Api, api_database: Database, built: Path) -> Iterator[None]:
    """The server takes the documents of the compilers' manifests from clerks, and no others."""
    documents = read(
        [EXAMPLES / "persisted" / "relay.json", EXAMPLES / "src/codegen/generated/persisted-documents.json"]
    )
    check = Check()
    assert [line for document in documents for line in check(document.text)] == []
    registry.add(api_database, documents)
    trusted = TrustedDocuments(api.app.state.reader, frozenset({Role.CITIZEN, Role.CLERK}))
    with api.endpoint_with(documents=trusted):
        yield


def test_relay_pages_through_a_connection_and_sends_a_command(office: Office, built: Path, closed: None) -> None:
    lines = ran(program("node"), built / "relay.mjs", office.address, office.unit, office.plan_unit, cwd=EXAMPLES)
    subjects = [f"{office.unit}-{n}: Baugebiet {n}" for n in range(1, FILES + 1)]
    assert lines == ["3 pages", *subjects, f"neu: {office.unit}-neu: Bebauungsplan Hafen"]


@pytest.mark.parametrize("client", ["apollo", "urql"])
def test_apollo_and_urql_ask_by_hash_with_the_types_of_graphql_codegen(
    office: Office, built: Path, closed: None, client: str
) -> None:
    lines = ran(program("node"), built / f"{client}.mjs", office.address, office.unit, office.record, cwd=EXAMPLES)
    states = [f"{office.unit}-{n}: OPEN" for n in range(1, FILES + 1)]
    assert lines == [*states, "conflict: 1 is there, not 99"]


def test_a_client_that_ariadne_codegen_generates_asks_and_commands(office: Office, generated: Path) -> None:
    lines = ran(generated, "with_ariadne_codegen.py", office.address, office.unit, office.record, cwd=PYTHON)
    assert len(lines) == FILES + 1
    assert lines[0].startswith(f"{office.unit}-1: ")
    assert lines[0].endswith(", version 1")
    assert lines[-1] == "conflict: 1 is there, not 99"


def test_gql_asks_page_by_page(office: Office) -> None:
    lines = ran(sys.executable, "with_gql.py", office.address, office.unit, cwd=PYTHON)
    assert [line.partition(": ")[0] for line in lines] == [f"{office.unit}-{n}" for n in range(1, FILES + 1)]
