"""The process of one own projection: follows the ledger with it until stdin ends, or brings it up to date once."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from domain.families import FAMILIES
from infra.database import Database
from infra.own.loading import load
from infra.own.process import confine, ended_when_silent
from infra.projector import Projector


def main() -> None:
    """The job: path, app, memory, seconds, silent, once. What ends it is told on stdout as JSON."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started it
    job = json.loads(sys.stdin.readline())
    with os.fdopen(os.dup(sys.stdout.fileno()), "w") as out, Path(os.devnull).open("w") as nowhere:
        sys.stdout = nowhere  # whatever a fold prints
        try:
            confine(job["memory"])
            with ended_when_silent(job["silent"]):
                _project(job)
        except Exception as error:
            print(json.dumps({"error": f"{type(error).__name__}: {error}"}), file=out, flush=True)
            sys.exit(1)


def _project(job: Mapping[str, Any]) -> None:
    projection = load(Path(job["path"]))
    projector = Projector(Database("", job["app"]), FAMILIES, (projection,), (), fold_seconds=job["seconds"])
    if job["once"]:
        projector.catch_up()
        return
    threading.Thread(target=_end_with_stdin, args=(projector,), daemon=True).start()
    projector.run()


def _end_with_stdin(projector: Projector) -> None:
    sys.stdin.read()
    projector.stop()


if __name__ == "__main__":
    main()
