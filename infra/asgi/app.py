"""The Starlette application: every route, wired to a ledger and a database."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from domain.families import FAMILIES
from domain.kernel import Family
from domain.requests import Unavailable
from domain.rights import Role
from graphql_api.plans import Plans
from graphql_api.ports import Commands, Reader
from graphql_api.rights import INSPECTORS
from graphql_api.schema import build
from infra.asgi import pages, sse
from infra.asgi.access import ROLE, Denied, check_loopback, check_origin
from infra.asgi.allowance import allowance
from infra.asgi.bearer import principals, signing_in
from infra.asgi.documents import TrustedDocuments
from infra.asgi.draining import Drain, Draining
from infra.asgi.endpoint import Endpoint, refused
from infra.asgi.get import asked_by_get
from infra.asgi.hub import following
from infra.asgi.metrics import CountedCommands, Metrics, check_reader
from infra.asgi.ports import LedgerCommands, ReadModels, VaultTexts, read_models
from infra.asgi.positions import Positions, listening
from infra.asgi.rebuilds import Rebuilds
from infra.asgi.socket import connected
from infra.asgi.streams import Streams
from infra.asgi.tracing import Traced
from infra.database import Database
from infra.ledger import Ledger
from infra.settings import Settings
from projections.families import PROJECTIONS, REPORTS
from projections.model import Projection, Report
from projections.query import Statement

if TYPE_CHECKING:
    from infra.asgi.spans import Spans  # an extra

# An analyst's own projection is nothing that the API waits for.
STATUS: Final = Statement(
    """
select name, status, position, lag_events from read.projection_status where not starts_with(name, 'own_') order by name
""",
    (),
)


def create_app(
    settings: Settings,
    database: Database,
    ledger: Ledger,
    *,
    families: Sequence[Family] = FAMILIES,
    projections: Sequence[Projection] = PROJECTIONS,
    reports: Sequence[Report] = REPORTS,
    shortcuts: Mapping[str, str] | None = None,
    spans: Spans | None = None,
) -> Starlette:
    """The API over an open ledger and the read models that a projector keeps. Neither is started or closed here.

    `shortcuts` have short addresses in development: `/show/NAME` leads a browser to the address in GraphiQL that
    is given, and answers the query to anybody else. `spans` tells OpenTelemetry of requests.

    Raises NotLoopback: without an OpenID provider the API must not listen where other machines reach it; and
    BadProvider, where the issuer that is set cannot be one.
    """
    signed_in = settings.oidc_issuer is not None
    if not signed_in:
        check_loopback(settings.host)
    development = settings.env == "dev"
    schema = build(families, projections, reports, inspectors=frozenset(Role) if development else INSPECTORS)
    metrics = Metrics()
    sign_in = signing_in(settings, ledger.vault.pseudonym, f"stadtbuch-graphql/{_version()}")
    principal = principals(sign_in)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        rebuilds = Rebuilds(database, families, projections, reports)
        with rebuilds, LedgerCommands(ledger) as commands, VaultTexts(ledger.vault) as texts:
            async with read_models(database) as reader:
                positions = Positions(reader)
                listener = listening(database.conninfo("reader"), positions)
                async with listener, following(reader, positions, projections) as live:
                    app.state.reader = reader
                    app.state.streams = Streams(live, sign_in, metrics.following)
                    counted: Commands = CountedCommands(commands, metrics)
                    asked: Reader = reader
                    if spans is not None:
                        counted, asked = spans.commands(counted), spans.reader(reader)
                    documents = TrustedDocuments(reader, settings.trusted_only_roles)
                    allowed = allowance(settings)
                    app.state.endpoint = Endpoint(
                        schema,
                        Plans(schema),
                        counted,
                        asked,
                        texts,
                        positions,
                        principal,
                        metrics.took,
                        allowed,
                        documents,
                        rebuilds,
                    )
                    yield

    routes: list[BaseRoute] = [
        Route("/graphql", partial(_graphql, development), methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
        Route("/", partial(_start, development), methods=["GET"]),
        WebSocketRoute("/graphql", partial(connected, settings.cors_origins)),
        Route("/livez", _livez, methods=["GET"]),
        Route("/readyz", _readyz, methods=["GET"]),
        Route("/metrics", partial(_metrics, settings, metrics), methods=["GET"]),
    ]
    if development:
        static = Path(str(resources.files("infra.asgi").joinpath("static/graphiql")))
        routes.append(Mount("/static/graphiql", StaticFiles(directory=static)))
        for name, to in (shortcuts or {}).items():
            routes.append(Route(f"/show/{name}", partial(_show, to), methods=["GET"]))
    handlers = {Exception: _failed, HTTPException: _not_served}
    guard = _pages_of(settings.cors_origins) if signed_in else Middleware(LocalOnly)
    drain = Drain(metrics.running)
    around = [Middleware(Traced, spans), guard, Middleware(Draining, drain)]
    app = Starlette(routes=routes, lifespan=lifespan, middleware=around, exception_handlers=handlers)
    app.state.drain = drain
    return app


def _pages_of(origins: Sequence[str]) -> Middleware:
    """Browsers let only pages of these origins ask. A token is sent by the page and never by the browser itself."""
    headers = ["Authorization", "Content-Type", "Accept-Language", ROLE]
    return Middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["POST"],
        allow_headers=headers,
        expose_headers=["Retry-After", "traceresponse"],
        max_age=600,
    )


class LocalOnly:
    """Lets in what is addressed to this machine by its own name, from its own pages or from no page at all."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 403 to what came by a foreign name or from a foreign page."""
        if scope["type"] in ("http", "websocket"):
            try:
                check_origin(Headers(scope=scope))
            except Denied as denied:
                await refused(denied)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _version() -> str:
    try:
        return metadata.version("stadtbuch")
    except metadata.PackageNotFoundError:
        return "unpackaged"


async def _graphql(development: bool, request: Request) -> Response:
    if request.method == "POST":
        endpoint: Endpoint = request.app.state.endpoint
        if sse.wanted(request.headers.get("accept", "")):
            return await sse.answer(endpoint, request)
        return await endpoint(request)
    if request.method == "GET" and development and "text/html" in request.headers.get("accept", ""):
        return pages.graphiql()
    if request.method == "GET" and (asked := asked_by_get(request.query_params)) is not None:
        answering: Endpoint = request.app.state.endpoint
        return await answering.answer(request, asked)
    return refused(Denied(405, "POST_ONLY", "Send operations with POST, as JSON."), Allow="POST")


async def _show(to: str, request: Request) -> Response:
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(to, 302, headers={"Cache-Control": "no-store", "Vary": "Accept"})
    given = dict(parse_qsl(urlsplit(to).query))
    if given["query"].lstrip().startswith("mutation"):
        return refused(Denied(405, "POST_ONLY", "Commands go to /graphql by POST; a browser shows this one."), Allow="")
    asked = {"query": given["query"], "variables": json.loads(given.get("variables", "{}"))}
    endpoint: Endpoint = request.app.state.endpoint
    return await endpoint.answer(request, asked)


async def _start(development: bool, request: Request) -> Response:
    return pages.start(development=development)


async def _failed(request: Request, error: Exception) -> Response:
    """The answer where a route itself failed. The server logs the error; the answer does not show it."""
    return refused(Denied(500, "INTERNAL", "Something went wrong inside. The log of the server says what."))


async def _not_served(request: Request, error: Exception) -> Response:
    """The answer where there is no such page, or not by this method."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    return refused(Denied(status, "NOT_SERVED", "There is nothing here; the API is at /graphql."))


async def _livez(request: Request) -> Response:
    """Whether the process answers at all."""
    return JSONResponse({"alive": True})


async def _readyz(request: Request) -> Response:
    """Whether reads are answered: every read model is there and follows the ledger."""
    if request.app.state.drain.begun.is_set():
        return JSONResponse({"ready": False, "message": "The server is about to end."}, 503)
    reader: ReadModels = request.app.state.reader
    try:
        rows = await reader.fetch(STATUS)
    except Unavailable as error:
        return JSONResponse({"ready": False, "message": error.message.en}, 503)
    models = [dict(zip(("name", "status", "position", "lag"), row, strict=True)) for row in rows]
    ready = bool(models) and all(model["status"] == "live" for model in models)
    return JSONResponse({"ready": ready, "readModels": models}, 200 if ready else 503)


async def _metrics(settings: Settings, metrics: Metrics, request: Request) -> Response:
    """Figures for Prometheus."""
    try:
        signed_in = settings.oidc_issuer is not None
        check_reader(request.headers.get("authorization"), settings.metrics_token, signed_in=signed_in)
    except Denied as denied:
        return refused(denied)
    return Response(await metrics.page(request.app.state.reader), media_type=CONTENT_TYPE_LATEST)
