"""`stadtbuch` as processes of its own, in homes of their own."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]


def new_folder() -> Path:
    """An empty directory that the server's account can reach."""
    folder = Path(tempfile.mkdtemp(prefix="stadtbuch-cli-", dir="/tmp"))
    folder.chmod(0o755)
    return folder


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one line that --json prints."""
        (line,) = self.out.splitlines()
        return json.loads(line)


@dataclass(frozen=True)
class Cli:
    """The command line on one home."""

    home: Path
    postgres_bin: Path | None

    def start(self, *arguments: str, **settings: str) -> "subprocess.Popen[str]":
        own = {"STADTBUCH_HOME": str(self.home), "STADTBUCH_PORT": "0", "PYTHONPATH": str(ROOT)}
        if self.postgres_bin is not None:
            own["STADTBUCH_POSTGRES_BIN"] = str(self.postgres_bin)
        return subprocess.Popen(
            [sys.executable, "-m", "infra.cli", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.home.parent,
            env={name: value for name, value in {**os.environ, **own, **settings}.items() if value},
        )

    def run(self, *arguments: str, **settings: str) -> Done:
        process = self.start(*arguments, **settings)
        out, err = process.communicate(timeout=180)
        return Done(process.returncode, out, err)

    def does(self, *arguments: str, **settings: str) -> Any:
        """What a command that succeeds answers in JSON."""
        done = self.run(*arguments, "--json", **settings)
        assert done.code == 0, done
        return done.json

    @contextmanager
    def serving(self, *arguments: str, **settings: str) -> Iterator[tuple[Any, "subprocess.Popen[str]"]]:
        """A server in a process of its own: its address, and the process. Ended by SIGTERM, if it still runs."""
        process = self.start(*(arguments or ("serve",)), "--json", **settings)
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            assert line, process.communicate(timeout=60)[1]
            yield json.loads(line)["address"], process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)

    @property
    def postmaster(self) -> int:
        return int((self.home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
