"""An export is there whole or not at all, and replaces nothing that is not an earlier one."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from infra.exports import BadDestination, destination
from infra.exports.destination import MANIFEST


def written(place: Path, text: str, *, force: bool = False) -> None:
    with destination(place, force=force) as directory:
        (directory / MANIFEST).write_text(text)
        (directory / "inner").mkdir()


def test_it_appears_when_it_is_whole(tmp_path: Path) -> None:
    place = tmp_path / "taken away"
    with destination(place) as directory:
        (directory / MANIFEST).write_text("{}")
        assert not place.exists()
    assert [entry.name for entry in tmp_path.iterdir()] == [place.name]


@pytest.mark.parametrize("kind", [RuntimeError, KeyboardInterrupt])
def test_where_it_fails_or_is_interrupted_nothing_is_left(tmp_path: Path, kind: type[BaseException]) -> None:
    def half(place: Path) -> None:
        with destination(place) as directory:
            (directory / "half").write_text("")
            raise kind

    with pytest.raises(kind):
        half(tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_replaced_with_force_only(tmp_path: Path) -> None:
    place = tmp_path / "x"
    written(place, "first")
    with pytest.raises(BadDestination, match="--force"):
        written(place, "second")
    written(place, "second", force=True)
    assert (place / MANIFEST).read_text() == "second"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x"]


def test_an_interrupted_replacement_leaves_the_earlier_export(tmp_path: Path) -> None:
    place = tmp_path / "x"
    written(place, "first")
    with pytest.raises(KeyboardInterrupt), destination(place, force=True):
        raise KeyboardInterrupt
    assert (place / MANIFEST).read_text() == "first"


def test_force_never_removes_what_is_no_export(tmp_path: Path) -> None:
    precious = tmp_path / "home"
    precious.mkdir()
    (precious / "letter.txt").write_text("dear")
    linked = tmp_path / "linked"
    written(tmp_path / "real", "first")
    linked.symlink_to(tmp_path / "real")
    file = tmp_path / "file"
    file.write_text("")
    for place in (precious, linked, file):
        with pytest.raises(BadDestination, match="not an earlier export"):
            written(place, "mine", force=True)
    assert (precious / "letter.txt").read_text() == "dear"
    assert (tmp_path / "real" / MANIFEST).read_text() == "first"


def test_what_a_killed_export_left_is_cleared_away(tmp_path: Path) -> None:
    left = tmp_path / ".x.partial"
    (left / "event_log").mkdir(parents=True)
    (left / "half.csv").write_text("")
    written(tmp_path / "x", "whole")
    assert sorted(entry.name for entry in (tmp_path / "x").iterdir()) == [MANIFEST, "inner"]
    assert not left.exists()


KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from infra.exports import destination

def end(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def rename(self, target, done=[], whole=Path.rename):
    if done:
        end()
    done.append(whole(self, target))

if sys.argv[2] == "rename":
    Path.rename = rename
with destination(Path(sys.argv[1]), force=True) as directory:
    (directory / "export.json").write_text("second")
    if sys.argv[2] == "remove":
        shutil.rmtree = end
"""


def killed(place: Path, step: str) -> None:
    """An export that is killed while it replaces an earlier one, before its second rename or the last removal."""
    command = [sys.executable, "-c", KILLED, str(place), step]
    ended = subprocess.run(command, check=False, cwd=Path(__file__).parents[3])
    assert ended.returncode == -signal.SIGKILL
    assert place.with_name(f".{place.name}.replaced").exists()


@pytest.mark.parametrize("step", ["rename", "remove"])
def test_an_export_killed_while_it_replaces_another_leaves_nothing_behind(tmp_path: Path, step: str) -> None:
    place = tmp_path / "x"
    written(place, "first")
    killed(place, step)
    written(place, "third", force=True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["x"]
    assert (place / MANIFEST).read_text() == "third"


@pytest.mark.parametrize(("step", "kept"), [("rename", "first"), ("remove", "second")])
def test_without_force_what_a_killed_export_was_to_replace_is_put_in_order(
    tmp_path: Path, step: str, kept: str
) -> None:
    place = tmp_path / "x"
    written(place, "first")
    killed(place, step)
    with pytest.raises(BadDestination, match="--force"):
        written(place, "third")
    assert [entry.name for entry in tmp_path.iterdir()] == ["x"]
    assert (place / MANIFEST).read_text() == kept


def test_two_exports_do_not_write_to_one_place(tmp_path: Path) -> None:
    with destination(tmp_path / "x") as directory:
        with pytest.raises(BadDestination, match="another export"):
            written(tmp_path / "x", "second")
        (directory / MANIFEST).write_text("first")
    assert (tmp_path / "x" / MANIFEST).read_text() == "first"


def test_a_place_that_cannot_be_is_refused_with_a_reason(tmp_path: Path) -> None:
    for place in (tmp_path / "missing" / "x", Path("/"), tmp_path / ".."):
        with pytest.raises(BadDestination, match="no directory"):
            written(place, "")
    assert list(tmp_path.iterdir()) == []
