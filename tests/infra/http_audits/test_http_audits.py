"""Every audit of npm's `graphql-http` passes, recommendations and optional ones included."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.api import Api

pytestmark = pytest.mark.any_server

HERE = Path(__file__).parent
AUDITS = 61


def program(name: str) -> str:
    """The path of a program that the test needs. It fails, and is not skipped, where it is not there."""
    path = shutil.which(name)
    assert path is not None, f"{name} is not installed: apt-get install nodejs npm"
    return path


@pytest.fixture(scope="module")
def node() -> str:
    """Node.js, with the packages that the lock beside this file pins; they are installed on the first run."""
    if not (HERE / "node_modules" / "graphql-http").is_dir():
        subprocess.run([program("npm"), "ci", "--no-audit", "--no-fund"], cwd=HERE, check=True, capture_output=True)
    return program("node")


def test_every_audit_of_graphql_over_http_passes(
    api: Api, node: str, record_property: Callable[[str, object], None]
) -> None:
    done = subprocess.run(
        [node, HERE / "audit.mjs", f"{api.address}/graphql"], capture_output=True, text=True, check=True, timeout=120
    )
    results = json.loads(done.stdout)
    passed = sum(result["status"] == "ok" for result in results)
    record_property("printed", f"audits of graphql-http: {passed} of {len(results)}")
    assert [result for result in results if result["status"] != "ok"] == []
    assert passed == AUDITS
