"""The process of one own projection: follows the ledger with it until stdin ends, or does something with it once."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from domain.families import FAMILIES
from infra.database import Database
from infra.own.loading import load
from infra.own.process import Act, confine, ended_when_silent
from infra.projector import Projector, rebuild, retry


def main() -> None:
    """The job: act, path, app, memory, seconds, silent, and what the act needs. What it answers, or what ends it, is
    told on stdout as JSON."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started it
    job = json.loads(sys.stdin.readline())
    with os.fdopen(os.dup(sys.stdout.fileno()), "w") as out, Path(os.devnull).open("w") as nowhere:
        sys.stdout = nowhere  # whatever a fold prints
        try:
            confine(job["memory"])
            with ended_when_silent(job["silent"]):
                answer, code = _answer(job), 0
        except MemoryError:
            answer, code = {"error": f"it needs more than {job['memory'] // 1024**2} MB of memory"}, 1
        except Exception as error:
            answer, code = {"error": f"{type(error).__name__}: {error}"}, 1
        print(json.dumps(answer), file=out, flush=True)
    sys.exit(code)


def _answer(job: Mapping[str, Any]) -> dict[str, Any]:
    projection, database, seconds = load(Path(job["path"])), Database("", job["app"]), job["seconds"]
    projector = Projector(database, FAMILIES, (projection,), (), fold_seconds=seconds)
    left = threading.Event()
    if job["act"] != Act.CATCH_UP:
        threading.Thread(target=_end_with_stdin, args=(projector, left), daemon=True).start()
    match Act(job["act"]):
        case Act.FOLLOW:
            projector.run()
        case Act.CATCH_UP:
            projector.catch_up()
        case Act.RETRY:
            retried = retry(database, projector.codec, projection, job["position"], seconds)
            return {"retried": [asdict(each) for each in retried]}
        case Act.REBUILD:
            check = job["check"]
            found = rebuild(
                database, projector.codec, projection, (), from_zero=job["from_zero"], fold_seconds=seconds,
                cancelled=left.is_set, accept=lambda found: not check,
            )  # fmt: skip
            return {"equal": found.equal, "text": found.described(check=check), "rebuilt": found.as_json()}
    return {}


def _end_with_stdin(projector: Projector, left: threading.Event) -> None:
    sys.stdin.read()
    left.set()
    projector.stop()


if __name__ == "__main__":
    main()
