"""`trace`: the events of one correlation across records, in order, as far as the caller sees the records."""

from typing import Any
from uuid import uuid4

import pytest

from tests.api import Api, unused

TRACE = """query ($id: UUID!, $first: Int, $after: String, $last: Int, $at: BigInt, $asOf: AsOf) {
  trace(correlationId: $id, first: $first, after: $after, last: $last, minPosition: $at, asOf: $asOf) {
    nodes { position topic correlationId causationId commandId record { number kind } }
    pageInfo { hasNextPage hasPreviousPage endCursor } totalCount asOfPosition
  }
}"""


@pytest.fixture(scope="module")
def matter(api: Api) -> dict[str, Any]:
    """One matter: a file, a case led to by it, a confidential file led to by the case; and nothing of another."""
    unit, correlation = api.plan_unit(), str(uuid4())
    given = {"planUnitId": unit, "leadUnit": "63", "custodianUnit": "63.1", "correlationId": correlation}
    file = api.file(**given)
    api.file(planUnitId=unit)
    case = api.did(
        "openCase", fileId=file["recordId"], reference=unused("C"), subject="Antrag", causationId=file["commandId"],
        **given,
    )  # fmt: skip
    hidden = api.file(
        confidentiality="CONFIDENTIAL",
        causationId=case["commandId"],
        **{**given, "leadUnit": "70", "custodianUnit": "70.1"},
    )
    return {"correlation": correlation, "done": [file, case, hidden], "at": hidden["position"]}


def traced(api: Api, matter: dict[str, Any], **given: Any) -> Any:
    return api.ask(TRACE, id=matter["correlation"], at=matter["at"], **{"first": 50, **given})["trace"]


def test_what_belongs_together_is_told_in_order_with_what_led_to_it(api: Api, matter: dict[str, Any]) -> None:
    found = traced(api.by("auditor"), matter)
    positions = [int(event["position"]) for event in found["nodes"]]
    assert positions == sorted(positions)
    assert {event["correlationId"] for event in found["nodes"]} == {matter["correlation"]}
    assert found["totalCount"] == len(positions) >= 3
    of = {event["commandId"]: event for event in reversed(found["nodes"])}  # the first event of each command
    file, case, hidden = (of[done["commandId"]] for done in matter["done"])
    assert (case["causationId"], hidden["causationId"]) == (file["commandId"], case["commandId"])
    assert [each["record"]["kind"] for each in (file, case, hidden)] == ["file", "case", "file"]
    assert file["causationId"] is None


def test_it_is_read_page_by_page_in_both_directions_and_as_of_a_moment(api: Api, matter: dict[str, Any]) -> None:
    asked = api.by("auditor")
    every = [event["position"] for event in traced(asked, matter)["nodes"]]
    seen: list[str] = []
    after, more = None, True
    while more:
        page = traced(asked, matter, first=2, after=after)
        seen += [event["position"] for event in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert seen == every
    last = traced(asked, matter, first=None, last=1)
    assert [event["position"] for event in last["nodes"]] == every[-1:]
    assert last["pageInfo"]["hasPreviousPage"] is True
    then = traced(asked, matter, asOf={"position": matter["done"][0]["position"]})
    assert [event["position"] for event in then["nodes"]] == every[: len(then["nodes"])] != every


def test_what_somebody_does_not_see_is_neither_told_nor_counted(api: Api, matter: dict[str, Any]) -> None:
    everything = traced(api.by("auditor"), matter)
    office = traced(api.by("clerk", Org_Unit="63"), matter)
    topics = [event["record"]["number"] for event in office["nodes"]]
    assert None not in topics
    assert office["totalCount"] == len(office["nodes"]) == everything["totalCount"] - 1
    other = traced(api.by("clerk", Org_Unit="70"), matter)
    assert other["totalCount"] == everything["totalCount"]


def test_a_correlation_that_nothing_has_is_an_empty_page(api: Api) -> None:
    found = api.by("auditor").ask(TRACE, id=str(uuid4()), first=1)["trace"]
    assert (found["nodes"], found["totalCount"]) == ([], 0)


@pytest.mark.parametrize("role", ["citizen", "analyst", "admin"])
def test_it_is_for_those_who_may_read_histories(api: Api, role: str) -> None:
    status, error = api.by(role).error(TRACE, id=str(uuid4()), first=1)
    assert (status, error["extensions"]["code"]) == (400, "FORBIDDEN")


def test_it_says_how_many_rows_it_wants(api: Api) -> None:
    status, error = api.by("auditor").error(TRACE, id=str(uuid4()))
    assert (status, error["extensions"]) == (400, {"code": "INVALID", "field": "first"})
