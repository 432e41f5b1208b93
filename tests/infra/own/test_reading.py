"""What a file may hold is seen before it is run."""

from pathlib import Path

import pytest

from infra.own.errors import BadProjection
from infra.own.loading import load
from infra.own.reading import LARGEST, check
from infra.own.registry import Registry
from tests.infra.own.files import text, written


def test_a_fold_of_domain_projections_and_the_pure_library_is_taken(tmp_path: Path) -> None:
    path = written(tmp_path, "units")
    assert check(path) == path.read_bytes()
    assert load(path).name == "own_units"
    assert load(written(tmp_path, "own_units")).name == "own_units"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("import os", "import of os"),
        ("import collections, socket", "import of socket"),
        ("from subprocess import run", "import of subprocess"),
        ("import infra.keys", "import of infra.keys"),
        ("import psycopg", "import of psycopg"),
        ("from . import other", "import of ."),
        ("import random", "import of random"),
        ("import time", "import of time"),
        ("x = open('/etc/passwd')", "open has no place"),
        ("x = eval('1')", "eval has no place"),
        ("__import__('os')", "__import__ has no place"),
        ("x = ().__class__.__bases__", "__class__: the inside of Python"),
        ("from datetime import datetime\nx = datetime.now()", "datetime.now: a fold asks no clock"),
        ("from datetime import date\nx = date.today()", "date.today: a fold asks no clock"),
        ("import uuid\nx = uuid.uuid4()", "uuid.uuid4: a fold asks no clock"),
        ("def (", "is no Python file"),
        ("x = '\x00'", "is no Python file"),
    ],
)
def test_what_a_pure_fold_has_no_use_for_is_refused_with_its_line(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "bad.py"
    path.write_text(text("bad") + line + "\n")
    with pytest.raises(BadProjection) as refused:
        check(path)
    assert says in str(refused.value)
    assert "bad.py" in str(refused.value)


def test_every_finding_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text("import os\nimport sys\n")
    with pytest.raises(BadProjection, match=r"bad.py:1: import of os[^\n]*\nbad.py:2: import of sys"):
        check(path)


def test_a_file_that_is_no_small_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.py"
    path.write_bytes(b"#" * (LARGEST + 1))
    with pytest.raises(BadProjection, match="at most"):
        check(path)
    with pytest.raises(BadProjection, match="cannot be read"):
        check(tmp_path / "nothing.py")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name="units"', 'name="Units"', "lower case"),
        ('name="units"', f'name="{"u" * 40}"', "at most 40 characters"),
        ('name="units"', 'name="unit__s"', "single underscores"),
        ('name="units"', 'name="units_"', "does not end with an underscore"),
        ('key=("unit",)', 'key=("nothing",)', "no column 'nothing'"),
        ("    facts=(CaseOpened,),", "    facts=(UnitRow,),", "UnitRow is not"),
        ("    facts=(CaseOpened,),", "    facts=(),", "none is not"),
        (", slots=True", "", "slots=True"),
        ('column("Cases opened.", "Angelegte Vorgänge.")', "0", "not made with projections.model.column"),
        ("    cases: int", "    cases: float", "not a type that a column can have"),
        ("PROJECTION = Projection(", "dict(", "declares 0 projections"),
        ("    fold=fold,", "    fold=dict,", "fold has to be a function"),
        ("KEPT = []", "KEPT = 1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_declaration_that_cannot_be_built_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    path = tmp_path / "units.py"
    assert old in text("units")
    path.write_text(text("units").replace(old, new, 1))
    with pytest.raises(BadProjection) as refused:
        load(path)
    assert says in str(refused.value)


def test_a_file_declares_one_projection(tmp_path: Path) -> None:
    path = tmp_path / "units.py"
    path.write_text(text("units") + "ALSO = PROJECTION\n")
    assert load(path).name == "own_units"
    path.write_text(text("units") + 'OTHER = replace(PROJECTION, name="other")\n')
    with pytest.raises(BadProjection, match="declares 2 projections"):
        load(path)


def test_a_registered_file_is_a_copy_with_its_digest(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "own")
    assert registry.all() == []
    own = registry.keep("own_units", b"one")
    assert registry.all() == [own] == [registry.find("units")] == [registry.find("own_units")]
    assert (own.unchanged, own.path.read_bytes()) == (True, b"one")
    assert own.path.stat().st_mode & 0o777 == 0o600
    again = registry.keep("own_units", b"two")
    assert registry.all() == [again] != [own]
    again.path.write_bytes(b"three")
    assert not again.unchanged
    registry.forget(again)
    assert registry.all() == []
    with pytest.raises(BadProjection, match="There are: none"):
        registry.find("units")


def test_a_checksum_changed_by_hand_makes_its_own_file_another_one_and_no_other(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    good, *bad = (registry.keep(f"own_{name}", b"one") for name in ("good", "bytes", "folder", "text"))
    (tmp_path / "own_bytes.sha256").write_bytes("é".encode())
    (tmp_path / "own_text.sha256").write_text(good.path.with_suffix(".sha256").read_text())
    (tmp_path / "own_folder.sha256").unlink()
    (tmp_path / "own_folder.sha256").mkdir()
    (tmp_path / "own_text.py").unlink()
    found = registry.all()
    assert [own.name for own in found if own.unchanged] == ["own_good"]
    assert [own.name for own in found if not own.unchanged] == [own.name for own in bad]
    assert "own_text.py is not what was added: `stadtbuch project add` it again" in registry.find("text").changed
