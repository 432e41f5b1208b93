"""How many statements a question costs: the same however many rows it shows."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest

from domain.kernel import Sealed
from graphql_api.ports import Reader, Unsealer
from projections.query import Statement
from tests.api import Api


@dataclass
class Counting:
    """Counts what goes through to the real ports."""

    reader: Reader
    unsealer: Unsealer
    statements: list[str] = field(default_factory=list)
    revealed: list[int] = field(default_factory=list)

    async def fetch(self, statement: Statement) -> Sequence[tuple[Any, ...]]:
        self.statements.append(statement.sql)
        return await self.reader.fetch(statement)

    async def reveal(self, references: Sequence[Sealed[str]]) -> Sequence[str | None]:
        self.revealed.append(len(references))
        return await self.unsealer.reveal(references)


@contextmanager
def counted(api: Api) -> Iterator[Counting]:
    endpoint = api.app.state.endpoint
    counting = Counting(endpoint.reader, endpoint.unsealer)
    with api.endpoint_with(reader=counting, unsealer=counting):
        yield counting


@pytest.fixture(scope="module")
def unit(api: Api) -> str:
    """A lead unit with five files, each corrected once, all readable."""
    unit, plan_unit = f"s-{uuid4().hex[:8]}", api.plan_unit()
    for number in range(5):
        opened = api.file(planUnitId=plan_unit, leadUnit=unit, subject=f"Akte {number}")
        given = {"record": opened["recordId"], "field": "SUBJECT", "newSealed": f"Nr. {number}", "reason": "x"}
        done = api.did("correctFile", **given)
    api.by("auditor").ask(
        """query ($at: BigInt!) {
          files(first: 1, minPosition: $at) { asOfPosition }
          events(first: 1, minPosition: $at) { asOfPosition }
          records(first: 1, minPosition: $at) { asOfPosition }
        }""",
        at=done["position"],
    )
    return unit


def files(unit: str, what: str) -> str:
    return f'{{ files(first: 100, filter: {{ leadUnit: {{ eq: "{unit}" }} }}) {{ {what} }} }}'


def test_a_page_is_one_statement(api: Api, unit: str) -> None:
    with counted(api) as counting:
        found = api.ask(
            files(unit, "edges { cursor node { id reference leadUnit } } pageInfo { endCursor } asOfPosition")
        )
    assert len(found["files"]["edges"]) == 5
    assert (len(counting.statements), counting.revealed) == (1, [])


def test_only_the_columns_asked_for_are_fetched(api: Api, unit: str) -> None:
    with counted(api) as counting:
        api.ask(files(unit, "nodes { leadUnit }"))
    assert '"lead_unit"' in counting.statements[0]
    assert '"subject"' not in counting.statements[0]


def test_rows_are_counted_only_where_that_is_asked(api: Api, unit: str) -> None:
    with counted(api) as counting:
        assert api.ask(files(unit, "totalCount"))["files"]["totalCount"] == 5
    assert [sql.startswith("select count(*)") for sql in counting.statements] == [False, True]


def test_the_sealed_texts_of_a_page_are_revealed_in_one_call(api: Api, unit: str) -> None:
    with counted(api) as counting:
        found = api.ask(files(unit, "nodes { subject { text } }"))
    assert {node["subject"]["text"] for node in found["files"]["nodes"]} == {f"Nr. {number}" for number in range(5)}
    assert (len(counting.statements), counting.revealed) == (1, [5])


def test_a_record_with_its_history_is_three_statements_and_one_reveal(api: Api, unit: str) -> None:
    record = api.ask(files(unit, "nodes { recordId }"))["files"]["nodes"][0]["recordId"]
    with counted(api) as counting:
        found = api.ask(
            """query ($id: ID!) { record(id: $id) { number
              history(first: 50) { nodes { topic reason { text } sealed { field text } } }
              file { subject { text } }
            } }""",
            id=record,
        )
    assert len(found["record"]["history"]["nodes"]) == 2
    assert len(counting.statements) == 3
    assert len(counting.revealed) <= 2  # history and register row answer when they answer


def test_a_list_of_a_record_of_which_nothing_else_is_asked_is_one_statement(api: Api, unit: str) -> None:
    record = api.ask(files(unit, "nodes { recordId }"))["files"]["nodes"][0]["recordId"]
    query = """query ($id: ID!, $counts: Boolean!) {
      record(id: $id) { __typename id shown: history(last: 1) { nodes { version } totalCount @include(if: $counts) } }
    }"""
    for counts, statements in ((False, 1), (True, 2)):
        with counted(api) as counting:
            found = api.ask(query, id=record, counts=counts)["record"]
        assert found.pop("id")
        total = {"totalCount": 2} if counts else {}
        assert found == {"__typename": "Record", "shown": {"nodes": [{"version": "2"}], **total}}
        assert len(counting.statements) == statements
    with counted(api) as counting:
        assert api.ask(query, id=str(uuid4()), counts=True) == {"record": None}
    assert len(counting.statements) == 1


def test_what_was_corrected_costs_one_statement_more_for_the_whole_page(api: Api, unit: str) -> None:
    records = [node["recordId"] for node in api.ask(files(unit, "nodes { recordId }"))["files"]["nodes"]]
    query = """query ($ids: [UUID!]!) { events(first: 100, filter: { recordId: { in: $ids } }) {
      nodes { changes { oldText { text } newText { text } } sealed { text } } } }"""
    with counted(api) as counting:
        found = api.by("auditor").ask(query, ids=records)
    changes = [change for node in found["events"]["nodes"] for change in node["changes"]]
    assert {change["oldText"]["text"] for change in changes} == {f"Akte {number}" for number in range(5)}
    # five subjects, five corrections with their reasons; what both a field and a change show is revealed once
    assert (len(counting.statements), counting.revealed) == (2, [15])


def test_the_histories_below_a_list_come_in_one_statement(api: Api, unit: str) -> None:
    for size, length in (("first: 10", 2), ("last: 10", 2), ("last: 1", 1)):
        history = f"history({size}) {{ nodes {{ version }} asOfPosition pageInfo {{ hasPreviousPage }} }}"
        with counted(api) as counting:
            found = api.ask(files(unit, f"nodes {{ record {{ number {history} }} }}"))
        for node in found["files"]["nodes"]:
            page = node["record"]["history"]
            assert [event["version"] for event in page["nodes"]] == ["1", "2"][-length:]
            assert page["pageInfo"]["hasPreviousPage"] is (length == 1)
        assert len(counting.statements) == 3  # the files, their records, all their histories


def test_the_register_rows_below_a_list_come_in_one_statement(api: Api, unit: str) -> None:
    records = [node["recordId"] for node in api.ask(files(unit, "nodes { recordId }"))["files"]["nodes"]]
    query = """query ($ids: [UUID!]!) { records(first: 100, filter: { recordId: { in: $ids } }) {
      nodes { file { reference } case { reference } } } }"""
    with counted(api) as counting:
        found = api.ask(query, ids=records)
    assert all(node["file"]["reference"] for node in found["records"]["nodes"])
    assert len(counting.statements) == 2


def test_what_lies_below_rows_comes_in_one_statement_a_level_however_many_rows_there_are(api: Api, unit: str) -> None:
    query = """query ($unit: String!, $first: Int!) {
      files(first: $first, filter: { leadUnit: { eq: $unit } }) {
        totalCount
        nodes { reference record { number history(first: 5) { totalCount nodes { topic record { number } } } } }
        edges { node { record { file { reference } } } }
      }
    }"""
    found: list[list[str]] = []
    for first in (1, 5):
        with counted(api) as counting:
            files = api.ask(query, unit=unit, first=first)["files"]["nodes"]
        assert [file["record"]["history"]["totalCount"] for file in files] == [2] * first
        found.append(counting.statements)
    # the files and their number; their records twice; the histories, what is counted of them, the register rows; and
    # the records of the events
    assert [len(statements) for statements in found] == [8, 8]
    one, five = ([re.sub(r"limit \d+", "limit", each) for each in statements] for statements in found)
    assert sorted(one) == sorted(five)
