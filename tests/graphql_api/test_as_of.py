"""Records, lists and reports as of a moment: what was known then, page after page, and what is refused."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.rights import Role
from projections.model import Column
from tests.api import Api

LIST = """query L($unit: String!, $asOf: AsOf, $on: Date, $after: String) {
  files(first: 2, after: $after, filter: {leadUnit: {eq: $unit}}, orderBy: [{by: REFERENCE}], asOf: $asOf,
        effectiveOn: $on) {
    asOfPosition totalCount pageInfo { endCursor hasNextPage }
    nodes { recordId reference version record { version file { leadUnit } history(first: 9) { nodes { position } } } }
  } }"""
RECORD = """query R($id: ID!, $asOf: RecordAsOf, $on: Date) { record(id: $id, asOf: $asOf, effectiveOn: $on) {
  version position file { leadUnit version } history(first: 9) { totalCount nodes { version } } } }"""


@pytest.fixture(scope="module")
def unit(api: Api) -> dict[str, Any]:
    """A unit whose three files go elsewhere one by one: positions before and after."""
    name = f"a-{uuid4().hex[:8]}"
    plan_unit = api.plan_unit()
    files = [api.file(planUnitId=plan_unit, leadUnit=name) for _ in range(3)]
    moved = [
        api.did("transferFileLeadUnit", record=file["recordId"], newLeadUnit="9", reason="Umzug") for file in files
    ]
    last = moved[-1]["position"]
    api.ask("query W($p: BigInt!) { files(first: 1, minPosition: $p) { asOfPosition } }", p=last)
    return {"name": name, "files": files, "moved": moved}


def files_of(api: Api, unit: dict[str, Any], **asked: Any) -> Any:
    return api.ask(LIST, unit=unit["name"], **asked)["files"]


def test_a_list_shows_what_was_known_at_a_position(api: Api, unit: dict[str, Any]) -> None:
    assert files_of(api, unit)["nodes"] == []
    for gone, moved in enumerate(unit["moved"], 1):
        before = str(int(moved["position"]) - 1)
        found = files_of(api, unit, asOf={"position": before})
        assert (found["asOfPosition"], found["totalCount"]) == (before, 4 - gone)
        for node in found["nodes"]:
            assert (node["version"], node["record"]["version"]) == ("1", "1")
            assert node["record"]["file"]["leadUnit"] == unit["name"]
            assert len(node["record"]["history"]["nodes"]) == 1


def test_pages_of_a_moment_agree_and_their_cursors_belong_to_it(api: Api, unit: dict[str, Any]) -> None:
    before = str(int(unit["moved"][0]["position"]) - 1)
    first = files_of(api, unit, asOf={"position": before})
    after = first["pageInfo"]["endCursor"]
    second = files_of(api, unit, asOf={"position": before}, after=after)
    found = [node["recordId"] for page in (first, second) for node in page["nodes"]]
    assert sorted(found) == sorted(file["recordId"] for file in unit["files"])
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
    for other in ({"position": unit["moved"][0]["position"]}, None):
        _, error = api.error(LIST, unit=unit["name"], asOf=other, after=after)
        assert error["extensions"]["field"] == "after"


def test_a_day_alone_shows_what_had_taken_effect_as_known_now(api: Api, unit: dict[str, Any]) -> None:
    today = datetime.now(UTC).date()
    other = {"name": "9"}
    now = files_of(api, other, on=str(today + timedelta(days=1)))
    after = now["pageInfo"]["endCursor"]
    assert files_of(api, other, on=str(today + timedelta(days=1)), after=after)["asOfPosition"] == now["asOfPosition"]
    assert now["totalCount"] >= 3
    assert files_of(api, other, on=str(today - timedelta(days=2)))["nodes"] == []
    assert files_of(api, unit, on=str(today + timedelta(days=1)))["nodes"] == []


def test_a_record_is_shown_at_a_version_a_position_and_a_time(api: Api, unit: dict[str, Any]) -> None:
    file, moved = unit["files"][0], unit["moved"][0]
    recorded = api.by("auditor").ask(
        "query E($id: UUID!) { events(first: 9, filter: {recordId: {eq: $id}}) { nodes { recordedAt } } }",
        id=file["recordId"],
    )["events"]["nodes"]
    for moment in ({"version": 1}, {"position": file["position"]}, {"recordedAt": recorded[0]["recordedAt"]}):
        found = api.ask(RECORD, id=file["recordId"], asOf=moment)["record"]
        assert (found["version"], found["position"]) == ("1", file["position"])
        assert found["file"] == {"leadUnit": unit["name"], "version": "1"}
        assert found["history"] == {"totalCount": 1, "nodes": [{"version": "1"}]}
    found = api.ask(RECORD, id=file["recordId"], asOf={"version": 2})["record"]
    assert (found["position"], found["file"]["leadUnit"]) == (moved["position"], "9")
    assert api.ask(RECORD, id=file["recordId"], asOf={"position": "0"})["record"] is None
    assert api.ask(RECORD, id=file["recordId"], on=str(date(2000, 1, 1)))["record"] is None


def test_a_node_and_a_report_are_shown_as_of_a_position(api: Api, unit: dict[str, Any]) -> None:
    before = str(int(unit["moved"][0]["position"]) - 1)
    count = """query C($unit: String!, $p: BigInt!) { filesByStageAndUnit(first: 9, asOf: {position: $p},
      filter: {leadUnit: {eq: $unit}}) { asOfPosition nodes { records } } }"""
    found = api.ask(count, unit=unit["name"], p=before)["filesByStageAndUnit"]
    assert found == {"asOfPosition": before, "nodes": [{"records": 3}]}
    assert api.ask(count, unit=unit["name"], p=unit["moved"][-1]["position"])["filesByStageAndUnit"]["nodes"] == []
    node = api.ask("query I($id: ID!) { record(id: $id) { file { id } } }", id=unit["files"][0]["recordId"])
    shown = api.ask(
        "query N($id: ID!, $p: BigInt!) { node(id: $id, asOf: {position: $p}) { ... on File { leadUnit } } }",
        id=node["record"]["file"]["id"], p=before,
    )  # fmt: skip
    assert shown["node"] == {"leadUnit": unit["name"]}


@pytest.mark.parametrize(
    ("moment", "field"),
    [
        ({"position": "-1"}, "asOf.position"),
        ({"recordedAt": "2999-01-01T00:00:00Z"}, "asOf.recordedAt"),
        ({"version": 77}, "asOf.version"),
        ({"version": -1}, "asOf.version"),
    ],
)
def test_a_moment_that_is_none_is_refused(api: Api, unit: dict[str, Any], moment: Any, field: str) -> None:
    _, error = api.error(RECORD, id=unit["files"][0]["recordId"], asOf=moment)
    assert error["extensions"]["field"] == field


@pytest.mark.parametrize("moment", [{}, {"position": "1", "version": 1}, {"position": None}, {"version": 2**40}])
def test_a_moment_is_named_in_one_way(api: Api, unit: dict[str, Any], moment: Any) -> None:
    status, _ = api.answer(RECORD, {"id": unit["files"][0]["recordId"], "asOf": moment})
    assert status == 400


def test_a_value_is_traced_to_the_events_that_set_it(api: Api, unit: dict[str, Any]) -> None:
    told = """query X($id: ID!, $field: String, $asOf: RecordAsOf) { record(id: $id, asOf: $asOf) { file {
      explain(field: $field) { field old new oldText { text } newText { text } position topic actor } } } }"""
    file, moved = unit["files"][1], unit["moved"][1]
    first, second = api.ask(told, id=file["recordId"], field="leadUnit")["record"]["file"]["explain"]
    assert (first["old"], first["new"], first["position"]) == (None, unit["name"], file["position"])
    assert (second["old"], second["new"], second["position"]) == (unit["name"], "9", moved["position"])
    assert second["topic"].startswith("efile.file_lead_unit_transferred.")
    corrected = api.did(
        "correctFile", record=file["recordId"], field="SUBJECT", newSealed="Halle 2", reason="Schreibfehler"
    )
    api.ask("query W($p: BigInt!) { files(first: 1, minPosition: $p) { asOfPosition } }", p=corrected["position"])
    subjects = api.ask(told, id=file["recordId"], field="subject")["record"]["file"]["explain"]
    assert [(each["old"], each["new"], each["newText"]["text"]) for each in subjects] == [
        (None, None, "Neubau einer Lagerhalle"),
        (None, None, "Halle 2"),
    ]
    assert subjects[1]["oldText"] == {"text": "Neubau einer Lagerhalle"}
    all_of_first = api.ask(told, id=file["recordId"], asOf={"version": 1})["record"]["file"]["explain"]
    assert {each["position"] for each in all_of_first} == {file["position"]}
    assert "version" not in {each["field"] for each in all_of_first}
    _, body = api.answer(told, {"id": file["recordId"], "field": "colour"})
    assert body["errors"][0]["extensions"] == {"code": "INVALID", "field": "field"}


def test_two_moments_of_a_row_are_held_against_each_other(api: Api, unit: dict[str, Any]) -> None:
    diff = """query D($id: ID!, $from: AsOf!, $to: AsOf) { record(id: $id) { file {
      diff(from: $from, to: $to) { field old new } } } }"""
    file, moved = unit["files"][2], unit["moved"][2]
    before, after = {"position": file["position"]}, {"position": moved["position"]}
    found = api.ask(diff, id=file["recordId"], **{"from": before})["record"]["file"]["diff"]
    assert found == [{"field": "leadUnit", "old": unit["name"], "new": "9"}]
    back = api.ask(diff, id=file["recordId"], to=before, **{"from": after})["record"]["file"]["diff"]
    assert back == [{"field": "leadUnit", "old": "9", "new": unit["name"]}]
    whole = api.ask(diff, id=file["recordId"], **{"from": {"position": "0"}})["record"]["file"]["diff"]
    assert {"field": "leadUnit", "old": None, "new": "9"} in whole


DIFF = """query D($id: ID!, $from: AsOf, $to: AsOf, $a: BigInt, $b: BigInt, $at: BigInt) {
  record(id: $id, minPosition: $at) { file { diff(from: $from, to: $to, fromVersion: $a, toVersion: $b) {
    field old new } } } }"""


def test_two_versions_of_a_record_are_held_against_each_other(api: Api, unit: dict[str, Any]) -> None:
    file, moved = unit["files"][2], unit["moved"][2]

    def diff(**given: Any) -> Any:
        found = api.ask(DIFF, id=file["recordId"], at=moved["position"], **given)["record"]["file"]["diff"]
        return [each for each in found if each["field"] == "leadUnit"]

    there = [{"field": "leadUnit", "old": unit["name"], "new": "9"}]
    assert diff(a="1", b="2") == diff(a="1") == there
    assert diff(b="2", **{"from": {"position": file["position"]}}) == there
    assert diff(a="1", to={"position": moved["position"]}) == there
    assert diff(a="2", b="1") == [{"field": "leadUnit", "old": "9", "new": unit["name"]}]
    assert diff(a="2", b="2") == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "from"),
        ({"b": "2"}, "from"),
        ({"from": {"position": "1"}, "a": "1"}, "from"),
        ({"a": "1", "to": {"position": "1"}, "b": "2"}, "to"),
        ({"a": "0"}, "fromVersion"),
        ({"a": "-1"}, "fromVersion"),
        ({"a": "1", "b": "77"}, "toVersion"),
        ({"a": str(2**63 - 1)}, "fromVersion"),
    ],
)
def test_a_version_that_is_none_and_a_moment_named_twice_are_refused(
    api: Api, unit: dict[str, Any], given: Any, field: str
) -> None:
    status, body = api.answer(DIFF, {"id": unit["files"][2]["recordId"], **given})
    assert body["errors"][0]["extensions"] == {"code": "INVALID", "field": field}
    assert status in (200, 400)


@pytest.mark.parametrize("role", ["clerk", "auditor"])
def test_what_a_row_held_before_is_told_of_the_columns_that_the_caller_sees(
    api: Api, unit: dict[str, Any], monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    """No column that is versioned is closed to one of those who may ask today, so the guard is given one that is."""
    moved = unit["moved"][0]
    told = """query T($id: ID!, $at: BigInt!, $from: AsOf!) { record(id: $id, minPosition: $at) { file {
      explain { field } diff(from: $from) { field } } } }"""
    one = 'query O($id: ID!) { record(id: $id) { file { explain(field: "leadUnit") { field } } } }'

    def fields() -> tuple[set[str], set[str]]:
        asked = {"id": unit["files"][0]["recordId"], "at": moved["position"]}
        file = api.by(role).ask(told, **asked, **{"from": {"position": "0"}})["record"]["file"]
        return {each["field"] for each in file["explain"]}, {each["field"] for each in file["diff"]}

    assert all({"leadUnit", "subject"} <= each for each in fields())
    seen: Callable[[Column], frozenset[Role]] = vars(Column)["seen_by"].fget
    closed = property(lambda column: seen(column) - {Role(role)} if column.name == "lead_unit" else seen(column))
    monkeypatch.setattr(Column, "seen_by", closed)
    assert all("leadUnit" not in each and "subject" in each for each in fields())
    _, body = api.by(role).answer(one, {"id": unit["files"][0]["recordId"]})
    assert body["errors"][0]["extensions"]["code"] == "FORBIDDEN"
