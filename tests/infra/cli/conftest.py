"""A home that is initialised once and shared, and one with a small city."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.infra.cli.processes import Cli, new_folder


@pytest.fixture(scope="module")
def cli(postgres_bin: Path | None) -> Iterator[Cli]:
    """The command line on an initialised home."""
    folder = new_folder()
    cli = Cli(folder / "home", postgres_bin)
    assert cli.does("init")["applied"]
    yield cli
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def fresh(postgres_bin: Path | None) -> Iterator[Cli]:
    """The command line on a home that is not there yet."""
    folder = new_folder()
    yield Cli(folder / "home", postgres_bin)
    shutil.rmtree(folder)
