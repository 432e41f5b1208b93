"""`stadtbuch serve`: the API and the projector, and a watch over the embedded server."""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from domain.families import FAMILIES
from infra.cli.keeping import kept_up
from infra.cli.rebuilding import registry
from infra.cli.workers import beating, until_orphaned, workers
from infra.embedded import EmbeddedError, Server
from infra.installation import Installation
from infra.logs import to_stderr
from infra.own.keeper import Keeper
from infra.projector import Projector
from infra.settings import BadSetting
from projections.families import PROJECTIONS, REPORTS

if TYPE_CHECKING:
    from infra.asgi.spans import Spans  # an extra

LOOK_AGAIN = 5.0


def run(
    place: Installation,
    parts: frozenset[str],
    ready: Callable[[str | None], None],
    tell: Callable[[str], None],
    shortcuts: Mapping[str, str] | None = None,
    *,
    processes: int = 1,
    inherited: int | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM. `parts` are among api and project; `ready` gets the address, None without one.

    The API is answered by so many `processes`; one of several has the listening socket `inherited`. `shortcuts` are
    examples with short addresses, `/show/NAME`: the address of GraphiQL with each. Raises NotKept.
    """
    # What serves is imported by who serves: no other command waits for it, nor for Strawberry and the schema.
    from infra.asgi import tracing
    from infra.asgi.server import address_of, bind, serve

    with ExitStack() as stack:
        to_stderr(place.settings.log_format, tracing.context)
        stopped = stack.enter_context(signals())
        from infra.asgi.app import create_app

        listener = None
        if inherited is not None:
            listener = socket.socket(fileno=inherited)
            until_orphaned()
            ready = beating(ready)
        elif "api" in parts:
            signed_in = place.settings.oidc_issuer is not None
            listener = bind(place.settings.host, place.settings.port, signed_in=signed_in)
        if listener is not None:
            stack.callback(listener.close)
        if place.server is not None:
            stack.enter_context(watched(place.server, tell))
        if "project" in parts:
            projector = Projector(place.database, FAMILIES, PROJECTIONS, REPORTS)
            keeper = Keeper(place.database, registry(place))
            stack.enter_context(kept_up(projector, keeper))
        if listener is None:
            ready(None)
            stopped.wait()
            return
        if processes > 1:
            stack.enter_context(workers(listener, processes, tell))
            ready(address_of(listener))
            stopped.wait()
            return
        ledger = stack.enter_context(place.ledger())
        spans = spanned() if place.settings.telemetry else None
        app = create_app(place.settings, place.database, ledger, shortcuts=shortcuts or {}, spans=spans)
        # The schema stays until the end: looking through it again and again would hold up everybody for 0.15 s.
        gc.collect()
        gc.freeze()
        if not stopped.is_set():
            serve(app, listener, ready, place.settings.proxies)


def spanned() -> Spans:
    """Spans for the collector. Raises BadSetting where the extra is not installed."""
    try:
        from infra.asgi.spans import Spans, exporting

        return Spans(exporting())
    except ImportError:
        raise BadSetting(
            "STADTBUCH_TELEMETRY needs OpenTelemetry: pip install 'stadtbuch[telemetry]', or unset it."
        ) from None


@contextmanager
def signals() -> Iterator[threading.Event]:
    """Set by SIGINT or SIGTERM while the block runs, so that everything in it is left in order.

    uvicorn has handlers of its own while it serves, and hands the signal on when it has answered what was asked.
    """
    told = threading.Event()
    before = {number: signal.signal(number, lambda *_: told.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def watched(server: Server, tell: Callable[[str], None]) -> Iterator[None]:
    """While the block runs, start the embedded server again as soon as its process ends."""
    reading, writing = os.pipe()

    def watch() -> None:
        while not _ends_or_is_told(server.pid, reading):
            try:
                if server.ensure_running():
                    tell("PostgreSQL had stopped and was started again; what was acknowledged is there.")
            except EmbeddedError as error:
                tell(f"PostgreSQL has stopped and does not start: {error}")

    thread = threading.Thread(target=watch, name="stadtbuch-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        os.write(writing, b"!")
        thread.join()
        os.close(reading)
        os.close(writing)


def _ends_or_is_told(pid: int, told: int) -> bool:
    """Wait until the process ends (False) or the pipe is written to (True); look anyway every few seconds."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        readable, _, _ = select.select([told], [], [], 0.2)
        return bool(readable)
    try:
        readable, _, _ = select.select([told, process], [], [], LOOK_AGAIN)
        return told in readable
    finally:
        os.close(process)
