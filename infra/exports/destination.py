"""The directory an export is written to: whole or not at all."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from infra.exports.terms import BadDestination

MANIFEST: Final = "export.json"


@contextmanager
def destination(place: Path, *, force: bool = False) -> Iterator[Path]:
    """A directory to write to, which becomes `place` at the end; where something is raised nothing is left.

    What is there already is replaced with `force` only, and only where it is an earlier export or empty. What a killed
    export has left beside it is cleared away, and the earlier one that it was about to replace is put back. Raises
    BadDestination.
    """
    place = place.parent.resolve() / place.name
    _check_around(place)
    partial = place.with_name(f".{place.name}.partial")
    partial.mkdir(exist_ok=True)
    held = os.open(partial, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadDestination(f"another export is being written to {place}: wait for it, or end it") from None
        try:
            _clear(partial)
            _put_back(place)
            _check(place, force=force)
            yield partial
            _check(place, force=force)
            _put(partial, place)
        except BaseException:
            shutil.rmtree(partial)
            raise
    finally:
        os.close(held)


def _check_around(place: Path) -> None:
    if place.name in ("", "..") or not place.parent.is_dir():
        raise BadDestination(f"there is no directory {place.parent} to write {place.name or place} into: make it first")
    if not os.access(place.parent, os.W_OK | os.X_OK):
        raise BadDestination(f"{place.parent} cannot be written to: name another place")


def _check(place: Path, *, force: bool) -> None:
    _check_around(place)
    if not os.path.lexists(place):
        return
    if not force:
        raise BadDestination(f"{place} is there already: name another place, or say --force to replace it")
    if place.is_symlink() or not place.is_dir() or not ((place / MANIFEST).is_file() or not any(place.iterdir())):
        raise BadDestination(f"{place} is not an earlier export, so --force does not replace it: name another place")


def _clear(directory: Path) -> None:
    for entry in directory.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _put(partial: Path, place: Path) -> None:
    """Rename; a directory can be renamed over an empty one only, so an earlier export steps aside first."""
    if not place.is_dir():
        partial.rename(place)
        return
    old = _replaced(place)
    place.rename(old)
    partial.rename(place)
    shutil.rmtree(old)


def _replaced(place: Path) -> Path:
    """Where an earlier export waits until the new one is in its place."""
    return place.with_name(f".{place.name}.replaced")


def _put_back(place: Path) -> None:
    """Undo or end what an export did that was killed while it replaced an earlier one."""
    old = _replaced(place)
    if old.is_symlink() or not old.is_dir():
        return
    if os.path.lexists(place):
        shutil.rmtree(old)
    else:
        old.rename(place)
