"""What the set-up promises: a lock that can be trusted, documented dependencies, layers, a wheel that is whole."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PACKAGES = ("domain", "projections", "graphql_api", "infra")


def name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9-]+", requirement)
    assert found, requirement
    return found[0].lower()


RUNTIME = {name(requirement) for requirement in PROJECT["project"]["dependencies"]}
DEVELOPMENT = {name(requirement) for requirement in PROJECT["dependency-groups"]["dev"]}


def test_every_dependency_has_its_line_and_every_line_its_dependency() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    at_run_time, to_build = page.split("## To build and test")
    assert set(re.findall(r"^\| `([\w-]+)` \|", at_run_time, re.MULTILINE)) == RUNTIME
    assert set(re.findall(r"^\| `([\w-]+)` \|", to_build, re.MULTILINE)) == DEVELOPMENT


def test_the_lock_pins_every_dependency_with_hashes_and_names_no_address() -> None:
    pinned = set()
    for requirement in re.split(r"\n(?=[a-z])", LOCK.replace("\\\n", " ")):
        assert re.match(r"[a-z0-9-]+==[^ ]+ ", requirement), requirement[:80]
        assert requirement.count("--hash=sha256:") >= 1, requirement[:80]
        pinned.add(name(requirement))
    assert pinned >= RUNTIME | DEVELOPMENT
    assert not re.search(r"://|^ *--(?!hash)|file:|@", LOCK, re.MULTILINE)


@pytest.mark.parametrize("layer", ["domain", "projections"])
def test_domain_and_projections_import_the_standard_library_alone(layer: str) -> None:
    allowed = {*sys.stdlib_module_names, "domain", *({"projections"} if layer == "projections" else ())}
    for path in (ROOT / layer).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                imported = {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported = {(node.module or "").partition(".")[0]} - {""}
            else:
                continue
            assert imported <= allowed, f"{path.relative_to(ROOT)}:{node.lineno} imports {imported - allowed}"


def test_every_make_target_is_listed_by_make_help() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^make ([\w-]+) ", listed, re.MULTILINE)) == set(phony[1].split())


def test_the_wheel_carries_every_file_of_the_four_packages(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("stadtbuch-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        carried = {entry for entry in archive.namelist() if ".dist-info/" not in entry}
        entry_points = next(entry for entry in archive.namelist() if entry.endswith("entry_points.txt"))
        assert "stadtbuch = infra.cli:main" in archive.read(entry_points).decode()
    present = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert carried == present
