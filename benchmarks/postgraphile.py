"""PostGraphile 5 over the same read models: installed once into a cache, run as a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError

from benchmarks.load import Unprepared

PACKAGES = {"postgraphile": "5.1.5", "graphql": "16.11.0", "pg": "8.16.3", "node": "22"}
START_SECONDS = 60.0
CONFIG = """
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { makePgService } from "postgraphile/adaptors/pg";
import { jsonPgSmartTags } from "postgraphile/utils";

// What the read models are, which their views do not say: how a row is known.
const tags = { version: 1, config: { class: {
  "read.file": { tags: { primaryKey: "record_id" } },
  "read.event": { tags: { primaryKey: "position" } },
} } };

export default {
  extends: [PostGraphileAmberPreset],
  plugins: [jsonPgSmartTags(tags)],
  pgServices: [makePgService({ connectionString: process.env.PEER_DSN, schemas: ["read"] })],
  grafserv: { host: "127.0.0.1", port: Number(process.env.PEER_PORT), watch: false, graphiql: false },
  grafast: { explain: false },
};
"""


def place() -> Path:
    """Where it is installed."""
    cache = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(cache) if cache.startswith("/") else Path.home() / ".cache") / "stadtbuch" / "postgraphile"


def installed(tell: Any) -> Path:
    """The folder of its packages, installed by npm where they are not there. Raises Unprepared."""
    folder = place()
    wanted = json.dumps({"private": True, "type": "module", "dependencies": PACKAGES})
    manifest = folder / "package.json"
    node = folder / "node_modules" / "node" / "bin" / "node"
    if not node.exists() or not manifest.exists() or manifest.read_text(encoding="utf-8") != wanted:
        npm = shutil.which("npm")
        if npm is None:
            raise Unprepared("npm is not installed, which fetches PostGraphile: apt-get install npm")
        tell(f"Installing PostGraphile into {folder}, once")
        folder.mkdir(parents=True, exist_ok=True)
        manifest.write_text(wanted, encoding="utf-8")
        done = subprocess.run(
            [npm, "install", "--no-audit", "--no-fund"], cwd=folder, capture_output=True, text=True, check=False
        )
        if done.returncode != 0 or not node.exists():
            raise Unprepared(f"npm could not install PostGraphile into {folder}:\n{done.stderr[-2000:]}")
    (folder / "graphile.config.mjs").write_text(CONFIG, encoding="utf-8")
    return folder


@contextmanager
def running(folder: Path, dsn: str, port: int) -> Iterator[tuple[str, int]]:
    """Its address and process, while the block runs."""
    environment = {
        **os.environ,
        "PEER_DSN": dsn,
        "PEER_PORT": str(port),
        "NODE_ENV": "production",
        "GRAPHILE_ENV": "production",
    }
    node = folder / "node_modules" / "node" / "bin" / "node"
    command = [node, "node_modules/postgraphile/dist/cli-run.js", "-C", "graphile.config.mjs"]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        address = f"http://127.0.0.1:{port}/graphql"
        try:
            _until_it_answers(process, address)
            yield address, process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def ask(address: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Any:
    """The answer to one request. Raises RuntimeError where it has errors."""
    request = urllib.request.Request(
        address,
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Accept": "application/json", **(headers or {})},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        answer = json.load(response)
    if answer.get("errors"):
        raise RuntimeError(f"{address}: {answer['errors']}")
    return answer["data"]


def _until_it_answers(process: subprocess.Popen[str], address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            ask(address, {"query": "{ __typename }"})
            return
        except URLError as error:
            if process.poll() is not None:
                raise Unprepared(f"PostGraphile ended: {process.communicate()[0][-2000:]}") from error
            if time.monotonic() > deadline:
                raise Unprepared(f"PostGraphile does not answer after {START_SECONDS:g} s") from error
            time.sleep(0.2)  # it tells nobody when it listens
