"""The pages for people: the start page, and GraphiQL in development, both without anything from elsewhere."""

from __future__ import annotations

import json
from html import escape
from importlib import resources
from string import Template
from typing import Final
from urllib.parse import urlencode

from starlette.responses import HTMLResponse

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

EXAMPLES: Final = {
    "The cases that changed last, and what happened last (jüngste Vorgänge)": """query LatestCases {
  cases(first: 10, orderBy: [{ by: POSITION, direction: DESC }]) {
    nodes { reference subject { text } status leadUnit record { history(first: 2) { nodes { topic recordedAt } } } }
    asOfPosition
  }
}
""",
    "The records that changed last, and their next steps (zuletzt geändert, nächste Schritte)": """query LatestRecords {
  records(first: 5, orderBy: [{ by: POSITION, direction: DESC }]) {
    nodes {
      kind number version changedAt
      history(first: 3) { nodes { topic recordedAt changes { field old new } } }
      availableCommands { name allowed blockedBy { rule message } }
    }
  }
}
""",
}
"""Queries that any ledger answers, by what they show."""


def link(query: str, **variables: str) -> str:
    """The address of GraphiQL with a query; the page runs it, unless it is a mutation."""
    parameters = {"query": query} | ({"variables": json.dumps(variables)} if variables else {})
    return f"/graphql?{urlencode(parameters)}"


def _page(name: str, **parts: str) -> HTMLResponse:
    text = resources.files("infra.asgi").joinpath(f"static/{name}").read_text(encoding="utf-8")
    headers = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    return HTMLResponse(Template(text).substitute(parts), headers=headers)


def graphiql() -> HTMLResponse:
    """GraphiQL, from the package."""
    return _page("graphiql.html", example=escape(next(iter(EXAMPLES.values())), quote=True))


def start(*, development: bool) -> HTMLResponse:
    """What is here, with links; to GraphiQL in development only."""
    entries = [f'<li><a href="{escape(link(query))}">{escape(about)}</a></li>' for about, query in EXAMPLES.items()]
    if development:
        examples = f'<p><a href="/graphql">GraphiQL</a>: ask and browse the schema.</p><ul>{"".join(entries)}</ul>'
    else:
        examples = "<p>GraphiQL is off; send operations with POST.</p>"
    return _page("start.html", examples=examples)
