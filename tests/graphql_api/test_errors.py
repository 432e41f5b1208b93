"""What a caller learns of an error: what was foreseen, in their language; of the rest an id, and nothing else."""

import logging
import pkgutil
from importlib import import_module
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from graphql import GraphQLError

import graphql_api
import infra.asgi
from domain.families import FAMILIES
from domain.kernel import Invalid, Message
from domain.requests import Unavailable
from graphql_api.context import Asking, preferred
from graphql_api.errors import present
from infra.asgi.access import development_principal
from infra.asgi.app import create_app
from infra.asgi.server import serving
from infra.database import Database
from infra.ledger import Ledger
from infra.projector import Projector
from infra.settings import Settings
from projections.families import PROJECTIONS, REPORTS
from projections.query import Statement
from tests.api import Api
from tests.graphql_api.test_plans import Resolvers

SECRET = "select subject from ledger.event where password = 'geheim'"


def asking(language: str) -> Asking:
    nothing: Any = None
    return Asking(
        principal=development_principal({}, "tests"),
        language=preferred(language),
        commands=nothing,
        reader=nothing,
        unsealer=nothing,
        positions=nothing,
        wait_seconds=0,
    )


def test_what_was_not_foreseen_is_told_by_an_id_and_logged_under_it(caplog: pytest.LogCaptureFixture) -> None:
    error = GraphQLError("boom", original_error=RuntimeError(SECRET))
    with caplog.at_level(logging.ERROR, "stadtbuch.graphql"):
        (shown,), blame = present([error], asking("en"))
    assert blame == "server"
    assert shown["extensions"]["code"] == "INTERNAL"
    assert SECRET not in str(shown)
    assert "boom" not in str(shown)
    assert shown["extensions"]["id"] in shown["message"]
    assert shown["extensions"]["id"] in caplog.text
    assert SECRET in caplog.text


def test_hints_at_the_schema_are_for_those_who_may_see_it() -> None:
    said = 'Cannot query field "naem" on type "Record". Did you mean "name"?'
    seeing, not_seeing = asking("en"), asking("en")
    not_seeing.may_inspect = False
    (shown,), _ = present([GraphQLError(said)], seeing)
    assert shown["message"] == said
    (shown,), _ = present([GraphQLError(said)], not_seeing)
    assert shown["message"] == 'Cannot query field "naem" on type "Record".'


def test_what_was_foreseen_is_told_in_the_language_of_the_request() -> None:
    message = Message("Too early.", "Zu früh.")
    for language in ("en", "de"):
        (shown,), blame = present([GraphQLError("x", original_error=Unavailable(message))], asking(language))
        assert (shown["message"], blame) == (getattr(message, language), "later")


def test_the_gravest_error_is_the_one_to_blame() -> None:
    def error(cause: Exception) -> GraphQLError:
        return GraphQLError("x", original_error=cause)

    message = Message("x", "x")
    caller, later, server = Invalid("x", message), Unavailable(message), RuntimeError()
    assert present([error(caller)], asking("en"))[1] == "caller"
    assert present([error(caller), error(later)], asking("en"))[1] == "later"
    assert present([error(later), error(caller)], asking("en"))[1] == "later"
    assert present([error(server), error(later)], asking("en"))[1] == "server"


class Broken:
    """A reader whose statements fail with what nobody may see."""

    async def fetch(self, statement: Statement) -> Any:
        raise LookupError(SECRET)


def test_a_failing_statement_shows_neither_itself_nor_a_stack(api: Api) -> None:
    with api.endpoint_with(reader=Broken()):
        status, body = api.answer("{ files(first: 1) { nodes { id } } }")
    assert status == 500
    assert body["data"] is None
    text = str(body)
    for leak in (SECRET, "Traceback", "LookupError", "select", ".py"):
        assert leak not in text


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("de", "de"),
        ("de-AT", "de"),
        ("en, de", "en"),
        ("en;q=0.1, de;q=0.2", "de"),
        ("de;q=0, en;q=0.001", "en"),
        ("fr, de;q=0.5", "de"),
        ("*", "en"),
        ("DE", "de"),
        ("de;q=nan", "en"),
        ("de;q=1e9", "en"),
        ("de;q=" + "9" * 5000, "en"),
        (",;,;q=", "en"),
    ],
)
def test_german_or_english_is_what_the_caller_prefers(header: str | None, language: str) -> None:
    assert preferred(header) == language


def messages() -> list[tuple[str, Message]]:
    """Everything that modules of the API say in both languages, and all that rules do."""
    said = []
    for package in (graphql_api, infra.asgi):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for name, value in vars(import_module(module.name)).items():
                if isinstance(value, Message):
                    said.append((f"{module.name}.{name}", value))
    for family in FAMILIES:
        for rule in family.rules:
            said += [(f"{rule.id}.protects", rule.protects), (f"{rule.id}.next_step", rule.next_step)]
    return said


def test_everything_that_is_told_is_told_in_two_languages_that_differ() -> None:
    found = messages()
    assert len(found) > 400
    assert [name for name, said in found if not said.en.strip() or not said.de.strip() or said.en == said.de] == []


TOO_DEEP, TOO_WIDE = "{ a " * 16 + "}" * 16, "{ " + "a " * 501 + "}"
TYPE = "query ($v: %s) { events(first: 1, %s) { asOfPosition } }"
TOLD: list[tuple[str, dict[str, Any], str, str]] = [
    (TOO_DEEP, {}, "nested deeper", "tiefer als"),
    (TOO_WIDE, {}, "more than 500 fields", "mehr als 500 Felder"),
    ("{ " + "a " * 2001 + "}", {}, "more than 2,000 tokens", "mehr als 2000 Token"),
    ("{ " + " ".join(f"b{n}: a" for n in range(31)) + "}", {}, "more than 30 aliases", "mehr als 30 Aliasse"),
    ("{ a(first: 100) { b(first: 100) { c } } }", {}, "ask for fewer", "weniger erfragen"),
    ('{ events(first: 1, minPosition: "x") { asOfPosition } }', {}, "BigInt takes", "BigInt nimmt"),
    (TYPE % ("BigInt", "minPosition: $v"), {"v": "x"}, "BigInt takes", "BigInt nimmt"),
    ('{ files(first: 1, effectiveOn: "x") { asOfPosition } }', {}, "Date takes", "Date nimmt"),
    (TYPE % ("Date", "effectiveOn: $v"), {"v": "x"}, "Date takes", "Date nimmt"),
    (TYPE % ("AsOf", "asOf: $v"), {"v": {"recordedAt": "x"}}, "DateTime takes", "DateTime nimmt"),
    (TYPE % ("UuidComparison", "filter: { actor: $v }"), {"v": {"eq": "x"}}, "UUID takes", "UUID nimmt"),
    ("{ files(first: 101) { asOfPosition } }", {}, "Say how many", "Bitte sagen"),
    ("{ supervisedActs(first: 1) { asOfPosition } }", {}, "you may not ask", "nicht zugänglich"),
]


@pytest.mark.parametrize(("query", "variables", "english", "german"), TOLD, ids=range(len(TOLD)))
def test_what_is_refused_is_told_in_the_language_of_the_request(
    api: Api, query: str, variables: dict[str, Any], english: str, german: str
) -> None:
    for language, part in (("en", english), ("de-DE,en;q=0.5", german)):
        status, body = api.by("clerk" if "files" in query or "supervised" in query else "auditor").answer(
            query, variables, **{"Accept-Language": language}
        )
        assert status == 400
        assert part in body["errors"][0]["message"], body


def test_read_models_that_are_not_built_yet_are_told_as_such(database: Database, ledger: Ledger) -> None:
    app = create_app(Settings(), database, ledger)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        api = Api(client, address, app)
        status, body = api.by("auditor").answer("{ files(first: 1) { nodes { reference } } }")
        assert status == 503, body
        assert body["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        assert "being built" in body["errors"][0]["message"]
        done = api.do("openFile", planUnitId=str(uuid4()), reference="A", subject="x", leadUnit="1", custodianUnit="1")
        assert done["__typename"] == "Unavailable"
        assert api.by("admin").ask("{ readModels { name } }") == {"readModels": []}


def test_a_read_model_that_is_missing_is_told_alone(database: Database, ledger: Ledger) -> None:
    Projector(database, FAMILIES, PROJECTIONS, REPORTS).catch_up()
    with psycopg.connect(database.admin, autocommit=True) as connection:
        connection.execute("alter view read.file rename to file_elsewhere")
    app = create_app(Settings(), database, ledger)
    query = "{ records(first: 1) { nodes { number } } files(first: 1) { nodes { reference } } }"
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        api = Api(client, address, app)
        by_plan = api.by("auditor").answer(query)
        with api.endpoint_with(plans=Resolvers(app.state.endpoint.schema)):
            by_resolvers = api.by("auditor").answer(query)
    assert (by_plan[0], by_plan[1]["errors"]) == (by_resolvers[0], by_resolvers[1]["errors"])
    (error,) = by_plan[1]["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["files"], "UNAVAILABLE")
