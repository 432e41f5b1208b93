"""Lists through the API: filters, orders, pages that fit together, and cursors that nobody handed out."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from uuid import uuid4

import pytest

from graphql_api.schema import SEARCH
from tests.api import Api, unused


@pytest.fixture(scope="module")
def unit(api: Api) -> str:
    """A lead unit with seven files of its own, all readable."""
    unit, plan_unit = f"u-{uuid4().hex[:8]}", api.plan_unit()
    for number in range(7):
        done = api.file(planUnitId=plan_unit, leadUnit=unit, subject=f"Akte {number}")
    api.ask("query ($at: BigInt!) { files(first: 1, minPosition: $at) { asOfPosition } }", at=done["position"])
    return unit


FILES = """query ($unit: String!, $first: Int!, $after: String, $order: [FileOrder!]) {
  files(first: $first, after: $after, filter: { leadUnit: { eq: $unit } }, orderBy: $order) {
    edges { cursor node { reference } } nodes { reference }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount asOfPosition
  }
}"""


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_pages_show_every_row_once_and_in_order(api: Api, unit: str, direction: str) -> None:
    order = [{"by": "REFERENCE", "direction": direction}]
    seen: list[str] = []
    after = None
    for rows, more in ((3, True), (3, True), (1, False)):
        page = api.ask(FILES, unit=unit, first=3, after=after, order=order)["files"]
        assert [edge["node"] for edge in page["edges"]] == page["nodes"]
        assert len(page["nodes"]) == rows
        assert page["pageInfo"]["hasNextPage"] is more
        assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
        assert page["totalCount"] == 7
        seen += [node["reference"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert seen == sorted(seen, reverse=direction == "DESC")
    assert len(set(seen)) == 7


BACKWARDS = """query ($unit: String!, $last: Int, $before: String, $first: Int, $after: String, $order: [FileOrder!]) {
  files(
    first: $first, after: $after, last: $last, before: $before, filter: { leadUnit: { eq: $unit } }, orderBy: $order
  ) {
    edges { cursor node { reference } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount
  }
}"""


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_pages_are_read_from_the_end_in_the_same_order(api: Api, unit: str, direction: str) -> None:
    order = [{"by": "REFERENCE", "direction": direction}]
    seen: list[str] = []
    before = None
    for rows, more in ((3, True), (3, True), (1, False)):
        page = api.ask(BACKWARDS, unit=unit, last=3, before=before, order=order)["files"]
        assert (len(page["edges"]), page["totalCount"]) == (rows, 7)
        assert page["pageInfo"] == {
            "hasPreviousPage": more,
            "hasNextPage": before is not None,
            "startCursor": page["edges"][0]["cursor"],
            "endCursor": page["edges"][-1]["cursor"],
        }
        seen[:0] = [edge["node"]["reference"] for edge in page["edges"]]
        before = page["pageInfo"]["startCursor"]
    assert seen == sorted(seen, reverse=direction == "DESC")
    assert len(set(seen)) == 7
    # A cursor is good both ways: the page before the last one, and again the one after it.
    there = api.ask(BACKWARDS, unit=unit, last=3, order=order)["files"]["edges"][0]["cursor"]
    one = api.ask(BACKWARDS, unit=unit, last=1, before=there, order=order)["files"]["edges"][0]
    back = api.ask(BACKWARDS, unit=unit, first=1, after=one["cursor"], order=order)["files"]["edges"][0]
    assert back["cursor"] == there


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "first"),
        ({"first": None, "last": None}, "first"),
        ({"last": 0}, "last"),
        ({"last": -1}, "last"),
        ({"last": 101}, "last"),
        ({"first": 1, "last": 1}, "last"),
        ({"first": 1, "before": "x"}, "before"),
        ({"last": 1, "after": "x"}, "after"),
        ({"after": "x"}, "first"),
        ({"before": "x"}, "before"),
    ],
)
def test_a_page_is_of_one_size_and_in_one_direction(api: Api, unit: str, given: dict[str, Any], field: str) -> None:
    status, error = api.error(BACKWARDS, unit=unit, **given)
    assert (status, error["extensions"]) == (400, {"code": "INVALID", "field": field})


@pytest.mark.parametrize("cursor", ["", "x", "null"])
def test_before_takes_a_cursor_of_the_list_only(api: Api, unit: str, cursor: str) -> None:
    for moment in ("", ', effectiveOn: "2026-01-01"'):
        query = f"query ($before: String) {{ files(last: 1, before: $before{moment}) {{ asOfPosition }} }}"
        status, error = api.error(query, before=cursor)
        assert (status, error["extensions"]) == (400, {"code": "INVALID_CURSOR", "field": "before"})


def test_an_empty_page_is_a_page(api: Api) -> None:
    page = api.ask(FILES, unit="nobody", first=3)["files"]
    assert page["nodes"] == page["edges"] == []
    assert page["totalCount"] == 0
    assert int(page["asOfPosition"]) > 0
    assert page["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    }


def test_a_page_tells_the_position_it_shows(api: Api, unit: str) -> None:
    opened = api.file()
    query = "query ($at: BigInt!) { files(first: 1, minPosition: $at) { asOfPosition } }"
    assert int(api.ask(query, at=opened["position"])["files"]["asOfPosition"]) >= int(opened["position"])


def reflected(body: dict[str, Any]) -> int:
    """The position that an answer as a whole says it reflects."""
    return int(body["extensions"]["asOfPosition"])


def test_every_answer_that_reads_says_the_position_it_reflects(api: Api) -> None:
    opened = api.file()
    at, record = opened["position"], opened["recordId"]
    for query in (
        "query ($at: BigInt!) { files(first: 1, minPosition: $at) { nodes { id } } }",
        f'query ($at: BigInt!) {{ record(id: "{record}", minPosition: $at) {{ file {{ reference }} }} }}',
        f'query ($at: BigInt!) {{ record(id: "{uuid4()}", minPosition: $at) {{ number }} }}',
        "query ($at: BigInt!) { overrides(first: 1, minPosition: $at) { nodes { family } } }",
    ):
        status, body = api.by("auditor").answer(query, {"at": at})
        assert (status, reflected(body) >= int(at)) == (200, True), body
    # Of several read models the one that is the least far counts, and a page says its own position.
    _, body = api.by("auditor").answer("{ files(first: 1) { asOfPosition } events(first: 1) { asOfPosition } }")
    assert reflected(body) == min(int(page["asOfPosition"]) for page in body["data"].values())


def test_the_answer_to_a_command_reflects_it(api: Api) -> None:
    mutation = """mutation ($input: DefineFilePlanUnitInput!) { defineFilePlanUnit(input: $input) {
      ... on CommandSuccess { position record { number } } } }"""
    given = {
        "code": unused("PU").replace("/", "."), "title": "Wasserrecht", "retentionYears": 10,
        "disposalKind": "APPRAISE", "validFrom": "2020-01-01", "idempotencyKey": str(uuid4()),
    }  # fmt: skip
    _, body = api.answer(mutation, {"input": given})
    assert reflected(body) >= int(body["data"]["defineFilePlanUnit"]["position"])


def test_an_answer_that_read_nothing_claims_no_position(api: Api) -> None:
    status, body = api.answer("{ __typename }")
    assert (status, body["data"], "asOfPosition" in body["extensions"]) == (200, {"__typename": "Query"}, False)


def test_a_position_that_is_not_reached_in_time_is_told(api: Api) -> None:
    with api.endpoint_with(wait_seconds=0.0):
        status, body = api.answer('{ files(first: 1, minPosition: "99999999") { nodes { id } } }')
    assert status == 409
    extensions = body["errors"][0]["extensions"]
    assert extensions["code"] == "NOT_YET_READABLE"
    assert int(extensions["reached"]) < 99999999 == int(extensions["position"])


@pytest.mark.parametrize("first", [0, -1, 101, 2147483647])
def test_a_page_has_1_to_100_rows(api: Api, first: int) -> None:
    status, error = api.error("query ($first: Int!) { files(first: $first) { nodes { id } } }", first=first)
    assert (status, error["extensions"]) == (400, {"code": "INVALID", "field": "first"})


def a_cursor(api: Api, unit: str) -> str:
    return str(api.ask(FILES, unit=unit, first=1)["files"]["pageInfo"]["endCursor"])


def test_a_cursor_is_good_for_its_filter_only(api: Api, unit: str) -> None:
    status, error = api.error(FILES, unit="another", first=1, after=a_cursor(api, unit))
    assert (status, error["extensions"]) == (400, {"code": "INVALID_CURSOR", "field": "after"})


def test_a_cursor_is_good_for_its_order_only(api: Api, unit: str) -> None:
    order = [{"by": "REFERENCE", "direction": "DESC"}]
    status, error = api.error(FILES, unit=unit, first=1, after=a_cursor(api, unit), order=order)
    assert (status, error["extensions"]["code"]) == (400, "INVALID_CURSOR")


def test_a_cursor_is_good_for_its_list_only(api: Api, unit: str) -> None:
    cursor = a_cursor(api, unit)
    query = "query ($after: String) { cases(first: 1, after: $after) { nodes { id } } }"
    status, error = api.error(query, after=cursor)
    assert (status, error["extensions"]["code"]) == (400, "INVALID_CURSOR")


def hostile(cursor: str) -> list[str]:
    """Cursors that look like one and are none."""
    text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    changed = [
        "",
        "null",
        "[]",
        "{}",
        text.replace("[1,", "[2,"),
        text[:-2] + ",1]]",
        text.replace('"', "'"),
        text[: text.rindex("[")] + "[null]]",
        text[: text.rindex("[")] + '["\\u0000"]]',
        text[: text.rindex("[")] + '["\\ud800"]]',
        text[: text.rindex("[")] + "[1e400]]",
        text[: text.rindex("[")] + "[" + "[" * 500 + "]" * 500 + "]]",
    ]
    return ["x", "%", "A" * 5000, "ä", *(urlsafe_b64encode(each.encode()).decode() for each in changed)]


def test_a_cursor_that_nobody_handed_out_is_refused(api: Api, unit: str) -> None:
    for cursor in hostile(a_cursor(api, unit)):
        status, error = api.error(FILES, unit=unit, first=1, after=cursor)
        assert (status, error["extensions"]) == (400, {"code": "INVALID_CURSOR", "field": "after"}), cursor


def references(api: Api, condition: str) -> set[str]:
    found = api.ask(f"{{ files(first: 100, filter: {condition}) {{ nodes {{ reference }} }} }}")
    return {node["reference"] for node in found["files"]["nodes"]}


def test_comparisons_are_joined_by_and(api: Api, unit: str) -> None:
    all_of_them = references(api, f'{{ leadUnit: {{ eq: "{unit}" }} }}')
    one = min(all_of_them)
    assert len(all_of_them) == 7
    assert references(api, f'{{ leadUnit: {{ eq: "{unit}" }}, reference: {{ eq: "{one}" }} }}') == {one}
    assert references(api, f'{{ leadUnit: {{ eq: "other" }}, reference: {{ eq: "{one}" }} }}') == set()
    assert references(api, f'{{ reference: {{ in: ["{one}", "F-0"] }} }}') == {one}
    assert references(api, f'{{ leadUnit: {{ startsWith: "{unit[:-1]}" }} }}') >= all_of_them
    assert references(api, f'{{ leadUnit: {{ eq: "{unit}" }}, reference: {{ gt: "{one}" }} }}') == all_of_them - {one}


def test_a_filter_that_is_left_out_is_none_and_one_without_a_value_is_refused(api: Api, unit: str) -> None:
    assert len(references(api, "null")) >= 7
    assert len(references(api, "{ leadUnit: null }")) >= 7
    status, error = api.error("{ files(first: 1, filter: { leadUnit: { eq: null } }) { nodes { id } } }")
    assert (status, error["extensions"]) == (400, {"code": "INVALID", "field": "filter.leadUnit.eq"})


def test_a_filter_takes_at_most_100_values_and_an_order_at_most_3(api: Api) -> None:
    query = "query ($values: [String!]) { files(first: 1, filter: { leadUnit: { in: $values } }) { nodes { id } } }"
    assert api.error(query, values=["x"] * 101)[1]["extensions"]["field"] == "filter.leadUnit.in"
    order = ", ".join(["{ by: REFERENCE }"] * 4)
    assert api.error(f"{{ files(first: 1, orderBy: [{order}]) {{ nodes {{ id }} }} }}")[1]["extensions"]["field"] == (
        "orderBy"
    )


def test_a_filter_that_is_not_text_finds_nothing_and_harms_nothing(api: Api) -> None:
    for value in ("'; drop table read.file; --", "\u202e", "%", "_", "\\"):
        found = api.ask(
            "query ($v: String!) { files(first: 1, filter: { reference: { eq: $v } }) { nodes { id } } }", v=value
        )
        assert found == {"files": {"nodes": []}}
    query = "query ($v: String!) { files(first: 1, filter: { reference: { eq: $v } }) { nodes { id } } }"
    status, error = api.error(query, v="\0")
    assert (status, error["extensions"]["code"]) == (400, "INVALID")


def topics(api: Api, condition: str, position: str) -> list[str]:
    found = api.by("auditor").ask(
        f"query ($at: BigInt!) {{ events(first: 100, minPosition: $at, filter: {condition}) {{ nodes {{ topic }} }} }}",
        at=position,
    )
    return [node["topic"] for node in found["events"]["nodes"]]


def test_events_are_found_by_actor_family_topic_time_and_correlation(api: Api) -> None:
    actor, correlation = str(uuid4()), str(uuid4())
    given = {"reference": unused("F"), "subject": "x", "planUnitId": api.plan_unit(), "leadUnit": "1"}
    headers = {"Stadtbuch-Actor": actor}
    given |= {"custodianUnit": "1", "effectiveAt": "2020-05-05T05:05:05Z"}
    opened = api.do("openFile", headers=headers, correlationId=correlation, **given)
    corrected = {"record": opened["recordId"], "field": "SUBJECT", "newSealed": "y", "reason": "z"}
    done = api.do("correctFile", headers=headers, effectiveAt="2021-05-05T05:05:05Z", **corrected)
    both = ["efile.file_opened.v2", "efile.file_corrected.v1"]
    by = f'actor: {{ eq: "{actor}" }}'
    at = done["position"]
    assert topics(api, f"{{ {by} }}", at) == both
    assert topics(api, f'{{ {by}, family: {{ eq: "efile" }} }}', at) == both
    assert topics(api, f'{{ {by}, family: {{ eq: "library" }} }}', at) == []
    assert topics(api, f'{{ {by}, topic: {{ in: ["efile.file_corrected.v1"] }} }}', at) == both[1:]
    assert topics(api, f'{{ correlationId: {{ eq: "{correlation}" }} }}', at) == both[:1]
    assert topics(api, f'{{ {by}, effectiveAt: {{ lt: "2021-01-01T00:00:00Z" }} }}', at) == both[:1]
    assert topics(api, f'{{ {by}, recordedAt: {{ gt: "2022-01-01T00:00:00Z" }} }}', at) == both
    assert topics(api, f'{{ {by}, recordedAt: {{ lt: "2022-01-01T00:00:00Z" }} }}', at) == []


def test_every_report_answers(api: Api) -> None:
    from projections.families import REPORTS

    for report in REPORTS:
        found: Any = api.by("auditor").ask(
            f"{{ {report.plural}(first: 5) {{ nodes {{ __typename }} totalCount asOfPosition }} }}"
        )
        assert found[report.plural]["totalCount"] is not None


def test_every_list_answers(api: Api) -> None:
    from projections.families import PROJECTIONS

    for projection in PROJECTIONS:
        if projection.name == SEARCH:
            continue  # it is asked by `search`
        found = api.by("auditor").ask(
            f"{{ {projection.plural}(first: 5) {{ nodes {{ __typename id }} totalCount asOfPosition }} }}"
        )
        assert found[projection.plural]["totalCount"] is not None
