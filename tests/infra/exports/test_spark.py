"""A rebuild on Spark makes the rows that a rebuild here makes, also where one of its machines is killed."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.projector import Declared, Rebuilt, rebuild
from infra.projector.rebuilding import Elsewhere
from infra.spark.engine import spark
from infra.spark.terms import SparkMissing
from projections.families import PROJECTIONS
from projections.model import Projection, find
from tests.infra.exports import declared
from tests.infra.exports.conftest import CODEC, Town

pytestmark = [pytest.mark.any_server, pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

HERE = Declared(projections="tests.infra.exports.declared:PROJECTIONS")


@pytest.fixture(scope="module")
def mark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What says that a machine was ended; its machines have its name from their environment."""
    place = tmp_path_factory.mktemp("spark") / "ended"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(declared.MARK, str(place))
        yield place


@pytest.fixture(scope="module")
def cluster(mark: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    """Two machines, as far as Spark can tell."""
    with spark("local-cluster[2,1,1024]", tmp_path_factory.mktemp("shared")) as elsewhere:
        yield elsewhere


@pytest.mark.parametrize("name", ["case_record", "charge", "event"])
def test_spark_makes_the_rows_that_are_live(name: str, town: Town, cluster: Elsewhere) -> None:
    projection = find(PROJECTIONS, name)
    found = rebuild(town.database, CODEC, projection, (), elsewhere=cluster, from_zero=True)
    assert found.equal is True, found.differences
    here = rebuild(town.database, CODEC, projection, (), from_zero=True)
    assert (found.checksum, found.rows, found.versions_checksum) == (here.checksum, here.rows, here.versions_checksum)


def test_a_machine_that_is_killed_is_made_good(town: Town, cluster: Elsewhere, mark: Path) -> None:
    ending = find(declared.PROJECTIONS, "case_record")
    here = rebuild(town.database, CODEC, declared.CASES, ())
    assert not mark.exists()
    found = again(town, ending, cluster)
    assert mark.exists(), "no machine was killed"
    assert (found.checksum, found.rows, found.versions_checksum) == (here.checksum, here.rows, here.versions_checksum)


def test_what_a_fold_cannot_take_is_set_aside_as_it_is_here(town: Town, cluster: Elsewhere) -> None:
    poisoned = find(declared.PROJECTIONS, "file")
    here, found = again(town, poisoned, None), again(town, poisoned, cluster)
    assert (found.checksum, found.rows, found.versions_checksum) == (here.checksum, here.rows, here.versions_checksum)
    live = rebuild(town.database, CODEC, declared.FILES, ())
    assert found.rows == live.rows
    assert found.checksum != live.checksum


def test_where_pyspark_is_missing_one_is_told_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SparkMissing, match="pip install"), spark():
        pass


def again(town: Town, projection: Projection, cluster: Elsewhere | None) -> Rebuilt:
    """Rebuilt and compared, and not put in place."""
    how: dict[str, Any] = {"elsewhere": cluster, "declared": HERE, "accept": lambda found: False}
    return rebuild(town.database, CODEC, projection, (), from_zero=True, **how)
