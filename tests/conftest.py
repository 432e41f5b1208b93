"""What every test shares: the options of this suite, the server it runs on, where the real data lies."""

import os
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from tests import local_postgres

pytest_plugins = ["tests.database", "tests.api"]

ROOT = Path(__file__).parents[1]

# The clock of a shared machine proves nothing, so examples have no deadline.
hypothesis_settings.register_profile("suite", deadline=None, print_blob=True)
hypothesis_settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True, database=None)
hypothesis_settings.register_profile("quick", deadline=None, print_blob=True, max_examples=10)
hypothesis_settings.register_profile("fuzz", deadline=None, print_blob=True, max_examples=20_000)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("stadtbuch")
    group.addoption(
        "--postgres-bin",
        type=Path,
        metavar="DIR",
        help="run the database tests on the PostgreSQL binaries of this directory, not on the embedded ones",
    )
    group.addoption(
        "--rounds", type=int, default=20, metavar="N", help="rounds that a kill test goes through (default: 20)"
    )
    group.addoption(
        "--thorough",
        action="store_true",
        help="the state machines go on until every transition was reached and every rule refused fifty times, or fail;"
        " read models are kept under attack for five minutes and --rounds kills, a hundred at least",
    )


def pytest_configure(config: pytest.Config) -> None:
    # A developer's own ledger must be out of a test's reach, whatever the shell has set.
    for name in [name for name in os.environ if name.startswith("STADTBUCH_") and name != "STADTBUCH_TEST_DATA"]:
        del os.environ[name]


def pytest_report_header(config: pytest.Config) -> str:
    bindir = config.getoption("--postgres-bin")
    if bindir is None:
        return "PostgreSQL: the embedded 18"
    major = local_postgres.version(bindir)
    if major is None:
        raise pytest.UsageError(f"--postgres-bin: there is no PostgreSQL server to run in {bindir}")
    return f"PostgreSQL: {major} of {bindir}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    # What a test wants to be read also where it passes, in whichever process it ran.
    for report in (*terminalreporter.stats.get("passed", ()), *terminalreporter.stats.get("failed", ())):
        for name, text in report.user_properties:
            if name == "printed":
                terminalreporter.write_line(str(text))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Whatever asks for a server is a database test, so that none is left out of the second server's run.
    for item in items:
        if isinstance(item, pytest.Function) and "server" in item.fixturenames:
            item.add_marker("database")


@pytest.fixture(scope="session")
def postgres_bin(request: pytest.FixtureRequest) -> Path | None:
    """Directory of the server binaries to test on; None for the embedded ones."""
    bindir: Path | None = request.config.getoption("--postgres-bin")
    return bindir


@pytest.fixture(scope="session")
def rounds(request: pytest.FixtureRequest) -> int:
    """How many rounds a kill test goes through."""
    number: int = request.config.getoption("--rounds")
    return number


@pytest.fixture(scope="session")
def thorough(request: pytest.FixtureRequest) -> bool:
    """Whether the state machines must have reached everything there is, and read models are attacked for long."""
    asked: bool = request.config.getoption("--thorough")
    return asked


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Directory of the real data; what needs it is skipped, by name, where it is absent."""
    place = Path(os.environ.get("STADTBUCH_TEST_DATA", ROOT / ".." / "shared" / "data")).resolve()
    if not place.is_dir():
        pytest.skip(f"no real data in {place}: set STADTBUCH_TEST_DATA to its directory")
    return place
