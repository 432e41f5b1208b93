"""Documents that schemathesis makes of the schema, with hostile texts, by every role: no server error, no leak. They
come to a city in which every mutation has succeeded, and every root field has data.
"""

import io
import logging
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
import schemathesis
from graphql import (
    ArgumentNode,
    Node,
    ObjectFieldNode,
    StringValueNode,
    Visitor,
    build_schema,
    parse,
    print_ast,
    visit,
)
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from schemathesis.graphql import nodes

from domain.families import FAMILIES
from domain.rights import Role
from infra.asgi import tracing
from infra.asgi.app import create_app
from infra.asgi.server import serving
from infra.database import Database
from infra.demo import fill
from infra.identity.development import DevelopmentKeys
from infra.ledger import Ledger
from infra.logs import Lines
from infra.own import adding
from infra.own.registry import Registry
from infra.projector import Projector
from infra.settings import Settings
from projections.families import PROJECTIONS, REPORTS
from tests.api import Api
from tests.graphql_api.telling import tell
from tests.graphql_api.test_own import FILE as OWN
from tests.graphql_api.test_rights import mutations

pytestmark = [pytest.mark.any_server, pytest.mark.slow]

SCHEMA = Path(__file__).parents[2] / "graphql_api" / "schema.graphql"
NAME = "Erika Mustermann-Ölschläger"
HOSTILE = (
    NAME,
    "'; drop table ledger.event; --",
    "\u202egnp.exe",
    "\x00",
    "${jndi:ldap://x}",
    "%s%n{0}",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "𝕏" * 300,
    "0001-01-01",
    "NaN",
    "-0",
)
LEAKS = ("psycopg", "Traceback", "select ", "read.", "ledger.", 'File "', "site-packages", "strawberry")
SEED = 20261122

WHOLE = st.one_of(st.integers(-(2**70), 2**70), st.sampled_from([0, 1, 2**63 - 1, 2**63]))
SCALARS = {
    "BigInt": st.one_of(WHOLE.map(str).map(nodes.String), WHOLE.map(nodes.Int)),
    "Decimal": st.one_of(st.decimals().map(str), st.sampled_from(["1.00", "1e999999999"])).map(nodes.String),
    "DateTime": st.one_of(st.datetimes().map("{:%Y-%m-%dT%H:%M:%SZ}".format), st.just("2026-01-01T24:00:00+25:00")).map(
        nodes.String
    ),
}


class Aimed(Visitor):
    """Puts real ids, new keys and hostile texts in the places of what was made up."""

    def __init__(self, chance: random.Random, records: list[str]) -> None:
        super().__init__()
        self._chance = chance
        self._records = records

    def enter_string_value(self, node: StringValueNode, _: Any, parent: Node, *__: Any) -> StringValueNode | None:
        """The text to send instead of another; None leaves it."""
        name = parent.name.value if isinstance(parent, ArgumentNode | ObjectFieldNode) else ""
        if name == "idempotencyKey":
            return StringValueNode(value=str(uuid4()))
        if name in ("record", "id", "recordId") and self._chance.random() < 0.7:
            return StringValueNode(value=self._chance.choice(self._records))
        if self._chance.random() < 0.3:
            return StringValueNode(value=self._chance.choice(HOSTILE))
        return None


def told(document: Node) -> set[str]:
    """The texts of a document that could not stand in a log by chance."""
    found: set[str] = set()

    class Texts(Visitor):
        def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
            if len(node.value) > 4 and not (node.value.isascii() and node.value.replace("_", "").isalnum()):
                found.add(node.value)

    visit(document, Texts())
    return found


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the program logs while a test runs, as it would stand in the log of a server."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Lines("json", tracing.context))
    root, own = logging.getLogger(), logging.getLogger("stadtbuch")
    before = own.level
    own.setLevel(logging.INFO)
    own.propagate = False  # or pytest would show each of thousands of lines
    for logger in (root, own):
        logger.addHandler(handler)
    yield written
    for logger in (root, own):
        logger.removeHandler(handler)
    own.propagate = True
    own.setLevel(before)


@contextmanager
def following(projector: Projector) -> Iterator[None]:
    """The read models follow the ledger while the block runs."""
    projector.start()
    try:
        yield
    finally:
        projector.stop()


def client_of(address: str) -> httpx.Client:
    """A client that tells a name with every request."""
    return httpx.Client(base_url=address, timeout=60, headers={b"user-agent": NAME.encode()})


class Run:
    """Sends documents, by each role in turn, and keeps what was wrong with the answers."""

    def __init__(self, client: httpx.Client, tokens: Sequence[str]) -> None:
        self._client = client
        self._tokens = tokens
        self.statuses: Counter[int] = Counter()
        self.answered: set[str] = set()
        self.faults: list[str] = []

    def send(self, query: str) -> None:
        """Asks, and looks at the answer."""
        token = self._tokens[self.statuses.total() % len(self._tokens)]
        answer = self._client.post("/graphql", json={"query": query}, headers={"authorization": f"Bearer {token}"})
        self.statuses[answer.status_code] += 1
        body = answer.json()
        errors = body.get("errors", [])
        said = " ".join(error["message"] for error in errors)
        if answer.status_code >= 500 or any(error["extensions"]["code"] == "INTERNAL" for error in errors):
            self.faults.append(f"{answer.status_code} {answer.text[:300]} for {query[:2000]}")
        self.faults.extend(f"{leak!r} in {said[:300]}" for leak in LEAKS if leak in said and leak not in query)
        self.answered.update(name for name, value in (body.get("data") or {}).items() if value is not None)


def whole(client: httpx.Client, token: str, record: str, correlation: str) -> Counter[str]:
    """How many rows each root field answers to one who may see everything."""
    query = build_schema(SCHEMA.read_text(encoding="utf-8")).query_type
    assert query is not None
    given = {"search": 'text: "2025", ', "trace": f'correlationId: "{correlation}", '}
    headers = {"authorization": f"Bearer {token}"}

    def ask(question: str) -> Any:
        answer = client.post("/graphql", json={"query": question}, headers=headers).json()
        assert "errors" not in answer, (question, answer)
        return next(iter(answer["data"].values()))

    rows: Counter[str] = Counter()
    for name, field in query.fields.items():
        if "first" in field.args and name != "ownProjection":
            rows[name] = len(ask(f"{{ {name}({given.get(name, '')}first: 5) {{ nodes {{ __typename }} }} }}")["nodes"])
    rows["readModels"] = len(ask("{ readModels { name } }"))
    rows["ownProjections"] = len(ask("{ ownProjections { name } }"))
    rows["ownProjection"] = len(ask('{ ownProjection(name: "seen", first: 5) { rows } }')["rows"])
    found = ask(f'{{ record(id: "{record}") {{ id }} }}')
    rows["record"] = rows["node"] = 1
    assert ask(f'{{ node(id: "{found["id"]}") {{ id }} }}') == found
    assert rows.keys() == query.fields.keys()
    return rows


def operations() -> Iterator[st.SearchStrategy[Any]]:
    """The documents of each root field and each mutation, as schemathesis makes them."""
    for name, values in SCALARS.items():
        schemathesis.graphql.scalar(name, values)
    for found in schemathesis.graphql.from_path(SCHEMA).get_all_operations():
        assert isinstance(found, Ok)
        yield found.ok().as_strategy()


def test_no_document_by_no_role_is_answered_with_a_server_error_or_leaks_anything(
    database: Database,
    ledger: Ledger,
    lines: io.StringIO,
    tmp_path: Path,
    rounds: int,
    record_property: Callable[[str, object], None],
) -> None:
    fill(ledger, events=5_000, seed=3, today=date(2026, 1, 1), progress=lambda phase: None)
    projector = Projector(database, FAMILIES, PROJECTIONS, REPORTS)
    keys = DevelopmentKeys(tmp_path)
    tokens = [keys.token(NAME, 3600, roles=[role.value], org_unit="10") for role in Role]
    chance = random.Random(SEED)
    texts = {NAME, *tokens}
    examples = settings(
        max_examples=max(2, rounds // 10),
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
    )
    app = create_app(Settings(home=tmp_path), database, ledger)
    with serving(app) as address, client_of(address) as client, ExitStack() as stack:
        projector.catch_up()
        succeeded, _ = tell(Api(client, address, app), ledger)
        projector.catch_up()
        own = tmp_path / "seen.py"
        own.write_text(OWN, encoding="utf-8")
        adding.add(database, Registry(tmp_path / "registry"), own, lambda _: None)
        with psycopg.connect(database.admin) as connection:
            found = connection.execute(
                "select distinct on (topic) record_id from ledger.event order by topic, version desc"
            )
            records = [str(record) for (record,) in found]
            (correlation,) = connection.execute("select correlation_id from ledger.event limit 1").fetchone() or (None,)
        stack.enter_context(following(projector))
        app.state.endpoint = replace(app.state.endpoint, wait_seconds=0.2)
        run = Run(client, tokens)
        rows = whole(client, tokens[list(Role).index(Role.AUDITOR)], records[0], str(correlation))
        for documents in operations():

            @examples
            @given(documents)
            def attempt(case: Any) -> None:
                document = parse(case.body)
                if chance.random() < 0.7:
                    document = visit(document, Aimed(chance, records))
                texts.update(told(document))
                run.send(print_ast(document))

            attempt()
    count = run.statuses.total()
    printed = f"{count} documents of schemathesis, answered {dict(sorted(run.statuses.items()))}"
    record_property("printed", f"{printed}; {len(run.answered)} root fields and mutations had data")
    done = {name for name, times in succeeded.items() if times}
    record_property("printed", f"before them {len(done)} mutations had succeeded, and {len(rows)} root fields had rows")
    assert done >= {name for name, command in mutations() if command.asked_by}
    assert [name for name, number in rows.items() if not number] == []
    assert run.faults == []
    assert count >= 10 * rounds, "an operation was left out"
    log = lines.getvalue()
    assert log.count('"message":"request"') >= count
    assert [text for text in texts if text in log] == []
    assert "a statement names what is not there" not in log, "all read models are there"
