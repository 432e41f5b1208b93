"""The queries in the documentation: each is one that the schema answers."""

import re
from pathlib import Path

import pytest
from graphql import GraphQLSchema, validate

from domain.families import FAMILIES
from graphql_api.limits import read
from graphql_api.schema import build
from projections.families import PROJECTIONS, REPORTS

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```graphql\n(.*?)^```", re.DOTALL | re.MULTILINE)
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
QUERIES = [
    pytest.param(query, id=f"{page.relative_to(ROOT)}-{number}")
    for page in PAGES
    for number, query in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")), 1)
]


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build(FAMILIES, PROJECTIONS, REPORTS)._schema


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_of_the_documentation_is_valid(schema: GraphQLSchema, query: str) -> None:
    assert validate(schema, read(query, {"after": None})) == []


def test_the_page_of_the_api_has_examples() -> None:
    assert len(QUERIES) >= 6


def test_the_page_of_the_api_names_every_limit() -> None:
    from graphql_api import limits
    from infra.settings import COST

    page = (ROOT / "docs" / "graphql.md").read_text(encoding="utf-8")
    for limit in (limits.TOKENS, limits.DEPTH, limits.FIELDS, limits.ALIASES, limits.OPERATIONS, limits.ROWS, COST):
        assert f"| {limit:,} |" in page
