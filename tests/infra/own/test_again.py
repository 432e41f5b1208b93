"""Own projections folded again: what was set aside heals, and all rows are held against a rebuild."""

from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from infra.database import Database
from infra.ledger import Ledger
from infra.own import adding, again, keeper
from infra.own.errors import BadProjection
from infra.own.keeper import Limits
from infra.own.loading import load
from infra.own.registry import Own, Registry
from infra.projector import quarantine
from tests.infra.own import files
from tests.infra.own.files import written
from tests.infra.projector.office import Office
from tests.infra.projector.tables import folded, relation_of, rows

pytestmark = [pytest.mark.database, pytest.mark.any_server]

LIMITS = Limits(memory=512 * 1024**2, fold=1.0, silent=10.0)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "home")


def added(database: Database, registry: Registry, path: Path) -> Own:
    adding.add(database, registry, path, lambda _: None, LIMITS)
    return registry.find(path.stem)


def aside(database: Database) -> list[int]:
    return [each.position for each in quarantine(database.conninfo("reader")) if each.name == "own_units"]


def test_what_the_file_was_not_to_blame_for_heals_by_retry(
    database: Database, ledger: Ledger, registry: Registry, tmp_path: Path
) -> None:
    office = Office(ledger)
    office.work(30)
    path = written(tmp_path, "units")
    own, projection = added(database, registry, path), load(path)
    table = Identifier("read", relation_of(database, projection))
    with psycopg.connect(database.admin, autocommit=True) as admin:
        most = max(row.cases for row in rows(database, projection).values())
        admin.execute(SQL("alter table {} add constraint full_up check (cases <= {})").format(table, most))
        office.work(60)
        assert keeper.catch_up(database, registry, 60, LIMITS) == []
        left = aside(database)
        assert left
        still = again.retry(database, own, limits=LIMITS)
        assert sum(each.left for each in still) == len(left)
        assert "full_up" in (still[0].error or "")
        admin.execute(SQL("alter table {} drop constraint full_up").format(table))
    (first, *_) = again.retry(database, own, left[0], LIMITS)
    assert (first.healed > 0, first.left) == (True, 0)
    again.retry(database, own, limits=LIMITS)
    assert aside(database) == []
    assert rows(database, projection) == folded(database, projection)


def test_a_corrected_file_heals_and_leaves_nothing_to_retry(
    database: Database, ledger: Ledger, registry: Registry, tmp_path: Path
) -> None:
    office = Office(ledger)
    office.work(30)
    path = written(tmp_path, "units", files.RAISES, office.last_position)
    own = added(database, registry, path)
    office.work(60)
    assert keeper.catch_up(database, registry, 60, LIMITS) == []
    assert aside(database)
    (*_, still) = again.retry(database, own, limits=LIMITS)
    assert (still.healed, still.error) == (0, "KeyError: 'nobody thought of this'")
    path = written(tmp_path, "units")
    own = added(database, registry, path)
    assert (aside(database), again.retry(database, own, limits=LIMITS)) == ([], [])
    mended = load(path)
    assert rows(database, mended) == folded(database, mended)


def test_a_rebuild_names_a_row_that_somebody_changed_and_mends_it(
    database: Database, ledger: Ledger, registry: Registry, tmp_path: Path
) -> None:
    Office(ledger).work(40)
    path = written(tmp_path, "units")
    own, projection = added(database, registry, path), load(path)
    assert again.rebuild(database, own, limits=LIMITS).equal is True
    with psycopg.connect(database.admin, autocommit=True) as admin:
        admin.execute(SQL("update {} set cases = 99").format(Identifier("read", relation_of(database, projection))))
    checked = again.rebuild(database, own, check=True, limits=LIMITS)
    assert (checked.equal, checked.rebuilt["equal"]) == (False, False)
    assert "the live rows were left" in checked.text
    assert "cases is 99" in checked.text
    assert again.rebuild(database, own, from_zero=True, limits=LIMITS).equal is False
    assert rows(database, projection) == folded(database, projection)


def test_one_that_cannot_be_folded_again_says_what_to_do(
    database: Database, ledger: Ledger, registry: Registry
) -> None:
    Office(ledger).work(10)
    own = registry.keep("own_units", files.text("units").encode())
    with pytest.raises(BadProjection, match=r"own_units: Outdated: .* or run `stadtbuch rebuild own_units`"):
        again.retry(database, own, limits=LIMITS)
    own.path.write_text(files.text("units", files.RAISES))
    with pytest.raises(BadProjection, match="is not what was added: `stadtbuch project add` it again"):
        again.rebuild(database, own, limits=LIMITS)
