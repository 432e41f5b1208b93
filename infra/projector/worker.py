"""A process that fills parts of a shadow table: its job and then numbers of parts on stdin, lines of JSON on stdout."""

from __future__ import annotations

import importlib
import json
import signal
import sys
from typing import Any

from infra.codec import Codec
from infra.projector.events import connect, prefer_order
from infra.projector.filling import Filler, FoldFailed
from infra.projector.fingerprint import fingerprint
from infra.projector.guard import Guard
from infra.projector.parts import Cut, Mixed, Part
from infra.projector.rows import Shape
from infra.projector.table import Table
from projections.model import find


def named(place: str) -> Any:
    """What `module:NAME` names."""
    module, name = place.split(":")
    return getattr(importlib.import_module(module), name)


def _answer(**message: object) -> None:
    print(json.dumps(message), flush=True)


def main() -> None:
    """Fill parts until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started it, and ends this one by the pipe
    job = json.loads(sys.stdin.readline())
    codec = Codec(named(job["families"]))
    projection = find(named(job["projections"]), job["name"])
    if fingerprint(projection, codec.topics_of(projection.facts)) != job["fingerprint"]:
        _answer(kind="error", error="it has another fold: the program was changed while it ran")
        return
    table = Table(Shape(projection), job["relation"])
    guard = Guard(job["seconds"])
    with connect(job["conninfo"]) as writing, connect(job["conninfo"]) as reading:
        prefer_order(reading)
        filler = Filler(writing, reading, codec, projection, table, job["target"], guard, job["chunk"])
        for line in sys.stdin:
            try:
                part = Part(Cut(job["cut"]), int(line), job["parts"])
                filler.fill(part, lambda share: _answer(kind="share", share=share))
                _answer(kind="filled")
            except FoldFailed as failed:
                _answer(kind="fold failed", position=failed.failure.position, error=failed.failure.error)
            except Mixed as mixed:
                _answer(kind="mixed", error=str(mixed))


if __name__ == "__main__":
    main()
