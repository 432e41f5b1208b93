"""Single records through the API: their heading, what was ever recorded on them, and what may be done next."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.api import Api, unused


def a_case(api: Api, **given: Any) -> Any:
    """A case in a file of its own."""
    unit = api.plan_unit()
    values = {"subject": "Antrag Müller", "leadUnit": "63", "custodianUnit": "63.1", "reference": unused("C"), **given}
    return api.did("openCase", fileId=api.file(planUnitId=unit)["recordId"], planUnitId=unit, **values)


def test_a_record_is_found_by_number_where_one_kind_has_it(api: Api) -> None:
    number = unused("C")
    opened = a_case(api, reference=number)
    query = """query ($number: String, $kind: String, $at: BigInt) {
      record(number: $number, kind: $kind, minPosition: $at) { recordId } }"""
    found = api.ask(query, number=number, at=opened["position"])
    assert found["record"]["recordId"] == opened["recordId"]
    assert api.ask(query, number=number, kind="case") == found
    assert api.ask(query, number=number, kind="file") == {"record": None}
    assert api.ask(query, number="no such number") == {"record": None}


def test_a_number_that_two_kinds_have_needs_the_kind(api: Api) -> None:
    number = unused("X")
    api.file(reference=number)
    opened = a_case(api, reference=number)
    query = """query ($number: String!, $kind: String, $at: BigInt!) {
      record(number: $number, kind: $kind, minPosition: $at) { kind } }"""
    _, error = api.error(query, number=number, at=opened["position"])
    assert error["extensions"] == {"code": "INVALID", "field": "kind"}
    assert api.ask(query, number=number, kind="file", at=opened["position"]) == {"record": {"kind": "file"}}


def test_a_record_is_asked_for_by_id_or_by_number_but_not_both(api: Api) -> None:
    for arguments in ("number: null", f'id: "{uuid4()}", number: "1"'):
        status, error = api.error(f"{{ record({arguments}) {{ recordId }} }}")
        assert (status, error["extensions"]["code"]) == (400, "INVALID")
    assert api.ask(f'{{ record(id: "{uuid4()}") {{ recordId }} }}') == {"record": None}


def test_the_history_shows_old_and_new_of_every_correction(api: Api) -> None:
    opened = a_case(api, subject="Antrag Müler")
    record = opened["recordId"]
    api.did("correctCase", record=record, field="SUBJECT", newSealed="Antrag Müller", reason="Schreibfehler")
    api.did("correctCase", record=record, field="SUBJECT", newSealed="Antrag Möller", reason="Hörfehler")
    done = api.did("correctCase", record=record, field="CUSTODIAN_UNIT", new="63.2", reason="Umzug")
    found = api.ask(
        """query ($id: ID!, $at: BigInt!) { record(id: $id, minPosition: $at) { history(first: 10) { nodes {
          version sealed { field text erased }
          changes { field old new oldText { text } newText { text } }
        } } } }""",
        id=record,
        at=done["position"],
    )
    first, *corrections = found["record"]["history"]["nodes"]
    assert first == {
        "version": "1",
        "sealed": [{"field": "subject", "text": "Antrag Müler", "erased": False}],
        "changes": [],
    }

    def texts(old: str, new: str) -> dict[str, Any]:
        return {"field": "subject", "old": None, "new": None, "oldText": {"text": old}, "newText": {"text": new}}

    clear = {"field": "custodianUnit", "old": "63.1", "new": "63.2", "oldText": None, "newText": None}
    assert [event["changes"] for event in corrections] == [
        [texts("Antrag Müler", "Antrag Müller")],
        [texts("Antrag Müller", "Antrag Möller")],
        [clear],
    ]
    assert corrections[0]["sealed"] == [
        {"field": "newSealed", "text": "Antrag Müller", "erased": False},
        {"field": "reason", "text": "Schreibfehler", "erased": False},
    ]


def test_the_history_shows_the_fact_as_it_was_stored(api: Api) -> None:
    opened = api.file(confidentiality="RESTRICTED", leadUnit="10")
    found = api.ask(
        "query ($id: ID!, $at: BigInt!) { record(id: $id, minPosition: $at) { history(first: 1) { nodes { body } } } }",
        id=opened["recordId"],
        at=opened["position"],
    )
    body = found["record"]["history"]["nodes"][0]["body"]
    assert body["subject"] == {"sealed": 0}
    assert body["confidentiality"] == "002"


def test_an_erased_text_is_shown_as_erased(api: Api, api_database: Any) -> None:
    """Erasure itself is done elsewhere; here its traces are made by hand: the key is gone."""
    import psycopg

    opened = api.file(subject="vergessen")
    with psycopg.connect(api_database.admin, autocommit=True) as connection:
        connection.execute(
            "update vault.key set destroyed_at = now(), wrapped_key = null where key_id = %s", (opened["recordId"],)
        )
    found = api.ask(
        """query ($id: ID!, $at: BigInt!) { record(id: $id, minPosition: $at) {
          file { subject { text erased } } history(first: 1) { nodes { sealed { text erased } } } } }""",
        id=opened["recordId"],
        at=opened["position"],
    )
    erased = {"text": None, "erased": True}
    assert found["record"] == {"file": {"subject": erased}, "history": {"nodes": [{"sealed": [erased]}]}}


def test_the_pages_of_a_history_fit_together(api: Api) -> None:
    opened = api.file()
    for number in range(6):
        api.did("correctFile", record=opened["recordId"], field="SUBJECT", newSealed=f"Nr. {number}", reason="x")
    query = """query ($id: ID!, $after: String) { record(id: $id) { history(first: 3, after: $after) {
      edges { cursor node { version } } pageInfo { hasNextPage hasPreviousPage endCursor } totalCount } } }"""
    api.by("auditor").ask(
        "query ($id: ID!) { record(id: $id, minPosition: 1) { id } events(first: 1) { asOfPosition } }",
        id=opened["recordId"],
    )
    last = api.did("correctFile", record=opened["recordId"], field="SUBJECT", newSealed="Schluss", reason="x")
    api.by("auditor").ask(
        "query ($at: BigInt!) { events(first: 1, minPosition: $at) { asOfPosition } }", at=last["position"]
    )
    versions, after, pages = [], None, 0
    while True:
        page = api.ask(query, id=opened["recordId"], after=after)["record"]["history"]
        assert page["totalCount"] == 8
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        versions += [edge["node"]["version"] for edge in page["edges"]]
        after, pages = page["pageInfo"]["endCursor"], pages + 1
        assert after == page["edges"][-1]["cursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert (versions, pages) == ([str(number) for number in range(1, 9)], 3)


def test_a_history_is_read_from_its_end(api: Api) -> None:
    opened = api.file()
    for number in range(4):
        done = api.did("correctFile", record=opened["recordId"], field="SUBJECT", newSealed=f"Nr. {number}", reason="x")
    api.ask("query ($at: BigInt!) { records(last: 1, minPosition: $at) { asOfPosition } }", at=done["position"])
    query = """query ($id: ID!, $before: String, $at: BigInt!) { record(id: $id, minPosition: $at) {
      history(last: 2, before: $before) {
        nodes { version } pageInfo { hasNextPage hasPreviousPage startCursor } totalCount } } }"""
    before, found = None, []
    for more in (True, True, False):
        page = api.ask(query, id=opened["recordId"], before=before, at=done["position"])["record"]["history"]
        info = page["pageInfo"]
        assert (page["totalCount"], info["hasPreviousPage"], info["hasNextPage"]) == (5, more, before is not None)
        found.append([int(node["version"]) for node in page["nodes"]])
        before = info["startCursor"]
    assert found == [[4, 5], [2, 3], [1]]


def test_the_commands_that_a_state_allows_are_told_and_what_blocks_the_others(api: Api) -> None:
    record = a_case(api)["recordId"]
    query = """query ($id: ID!, $at: BigInt!) { record(id: $id, minPosition: $at) {
      version availableCommands { name allowed blockedBy { rule message nextStep { de } source } } } }"""

    def available(position: str) -> dict[str, Any]:
        found = api.ask(query, id=record, at=position)["record"]
        return {"version": found["version"], **{each["name"]: each for each in found["availableCommands"]}}

    position = api.did("correctCase", record=record, field="SUBJECT", newSealed="y", reason="x")["position"]
    opened = available(position)
    assert opened["closeCase"] == {"name": "closeCase", "allowed": True, "blockedBy": None}
    assert opened["reopenCase"]["blockedBy"]["rule"] == "efile.case_not_closed"
    assert opened["version"] == "2"
    assert not {"openCase", "closeFile"} & set(opened)

    closed = available(api.did("closeCase", record=record, reason="erledigt")["position"])
    assert closed["reopenCase"]["allowed"]
    assert closed["fileDocument"]["allowed"] is False
    assert closed["fileDocument"]["blockedBy"]["nextStep"]["de"]
    assert closed["version"] == "3"


def test_every_row_leads_to_its_record_and_every_node_can_be_asked_for_again(api: Api) -> None:
    opened = a_case(api)
    found = api.by("auditor").ask(
        """query ($uuid: UUID!, $id: ID!, $at: BigInt!) {
          events(first: 1, minPosition: $at, filter: { recordId: { eq: $uuid } }) { nodes { id record { ...R } } }
          record(id: $id, minPosition: $at) { case { id record { number } } }
        }
        fragment R on Record { id recordId }""",
        id=opened["recordId"],
        uuid=opened["recordId"],
        at=opened["position"],
    )
    event = found["events"]["nodes"][0]
    assert event["record"]["recordId"] == opened["recordId"]
    query = "query ($id: ID!) { node(id: $id) { __typename id } }"
    case = found["record"]["case"]
    for kind, node in (("Event", event), ("Record", event["record"]), ("CaseRecord", case)):
        assert api.ask(query, id=node["id"])["node"] == {"__typename": kind, "id": node["id"]}


@pytest.mark.parametrize(
    "parts", [["Nothing", "1"], ["Event", "99999999"], ["Record", str(uuid4())]], ids=["type", "position", "record"]
)
def test_a_node_that_is_not_there_is_null(api: Api, parts: list[str]) -> None:
    from graphql_api.ids import NodeId

    assert api.ask("query ($id: ID!) { node(id: $id) { id } }", id=NodeId(parts[0], (parts[1],)).encode()) == {
        "node": None
    }


@pytest.mark.parametrize(
    "parts",
    [["Event"], ["Event", "x"], ["Event", "1", "2"], ["Event", 1], "Event", ["Event", "1" * 30], ["CaseRecord", "\0"]],
    ids=str,
)
def test_an_id_that_no_node_has_is_refused(api: Api, parts: Any) -> None:
    from base64 import urlsafe_b64encode

    hostile = urlsafe_b64encode(json.dumps(parts).encode()).decode()
    status, error = api.error("query ($id: ID!) { node(id: $id) { id } }", id=hostile)
    assert (status, error["extensions"]) == (400, {"code": "INVALID", "field": "id"})
