"""Commands through the API: what is recorded, and how what is not is answered."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from tests.api import RECORDED, Api, unused

GERMAN = {"Accept-Language": "de-DE,de;q=0.9,en;q=0.5"}


def history(api: Api, record: str, position: str) -> list[dict[str, Any]]:
    """The events of a record, once the read models have seen the position."""
    found = api.ask(
        """query ($id: ID!, $at: BigInt!) { record(id: $id, minPosition: $at) { history(first: 100) { nodes {
          version topic effectiveAt effectivePrecision actor role orgUnit channel authentication client
          legalBasis correlationId causationId reason { text }
        } } } }""",
        id=record,
        at=position,
    )
    nodes: list[dict[str, Any]] = found["record"]["history"]["nodes"]
    return nodes


def test_a_file_is_opened_and_can_be_read_at_once(api: Api) -> None:
    number = unused("F")
    opened = api.file(reference=number, subject="Neubau einer Lagerhalle")
    found = api.ask(
        """query ($number: String!, $position: BigInt!) {
          record(number: $number, minPosition: $position) {
            recordId kind family number version
            file { reference subject { text erased } leadUnit }
            case { reference }
          }
        }""",
        number=number,
        position=opened["position"],
    )
    assert found["record"] == {
        "recordId": opened["recordId"],
        "kind": "file",
        "family": "efile",
        "number": number,
        "version": "1",
        "file": {
            "reference": number,
            "subject": {"text": "Neubau einer Lagerhalle", "erased": False},
            "leadUnit": "63",
        },
        "case": None,
    }


def test_the_success_shows_the_record_as_the_command_left_it(api: Api) -> None:
    unit, number = api.plan_unit(), unused("F")
    done = api.ask(
        """mutation ($input: OpenFileInput!) { openFile(input: $input) {
          ... on CommandSuccess { version record { number version file { subject { text } } } }
        } }""",
        input={
            "idempotencyKey": str(uuid4()),
            "reference": number,
            "subject": "Anbau",
            "planUnitId": unit,
            "leadUnit": "63",
            "custodianUnit": "63.1",
        },
    )
    record = {"number": number, "version": "1", "file": {"subject": {"text": "Anbau"}}}
    assert done == {"openFile": {"version": "1", "record": record}}


def test_each_mutation_of_a_request_reads_what_it_wrote(api: Api) -> None:
    file = api.file()["recordId"]
    done = api.ask(
        """mutation ($one: CorrectFileInput!, $two: CorrectFileInput!) {
          one: correctFile(input: $one) { ...Recorded } two: correctFile(input: $two) { ...Recorded }
        }
        fragment Recorded on CommandSuccess { record { version file { subject { text } } } }""",
        one={"idempotencyKey": str(uuid4()), "newSealed": "Eins", "record": file, "field": "SUBJECT", "reason": "x"},
        two={"idempotencyKey": str(uuid4()), "newSealed": "Zwei", "record": file, "field": "SUBJECT", "reason": "x"},
    )
    assert done["one"]["record"] == {"version": "2", "file": {"subject": {"text": "Eins"}}}
    assert done["two"]["record"] == {"version": "3", "file": {"subject": {"text": "Zwei"}}}


def test_many_clients_at_once_read_what_they_wrote(api: Api) -> None:
    unit = api.plan_unit()
    query = """mutation ($input: OpenFileInput!) { openFile(input: $input) {
      ... on CommandSuccess { recordId record {
        recordId number history(first: 5) { nodes { topic } } file { subject { text } }
      } }
    } }"""

    def open_and_read(number: str) -> Any:
        given = {"reference": number, "subject": f"Akte {number}", "planUnitId": unit, "leadUnit": "1"}
        return api.ask(query, input={"idempotencyKey": number, "custodianUnit": "1", **given})["openFile"]

    numbers = [unused("F") for _ in range(100)]
    with ThreadPoolExecutor(32) as clients:
        answers = list(clients.map(open_and_read, numbers))
    assert [answer["record"] for answer in answers] == [
        {
            "recordId": answer["recordId"],
            "number": number,
            "history": {"nodes": [{"topic": "efile.file_opened.v2"}]},
            "file": {"subject": {"text": f"Akte {number}"}},
        }
        for number, answer in zip(numbers, answers, strict=True)
    ]


def test_a_record_is_addressed_by_its_uuid_or_by_its_node_id(api: Api) -> None:
    opened = api.file()
    query = "query ($id: ID!, $at: BigInt!) { record(id: $id, minPosition: $at) { id file { id } } }"
    found = api.ask(query, id=opened["recordId"], at=opened["position"])["record"]
    for subject, address in enumerate((opened["recordId"], found["id"], found["file"]["id"])):
        given = {"field": "SUBJECT", "newSealed": f"Betreff {subject}", "reason": "x"}
        assert api.did("correctFile", record=address, **given)["recordId"] == opened["recordId"]


def test_who_recorded_what_on_which_authority_is_kept(api: Api) -> None:
    actor, cause, correlation = (str(uuid4()) for _ in range(3))
    done = api.do(
        "correctFile",
        headers={
            "Stadtbuch-Actor": actor,
            "Stadtbuch-Role": "clerk",
            "Stadtbuch-Org-Unit": "10.3",
            "Stadtbuch-Channel": "SERVICE_PORTAL",
        },
        record=api.file(effectiveOn="2026-03-01")["recordId"],
        field="CUSTODIAN_UNIT",
        new="63.2",
        reason="Umzug",
        legalBasis="§ 9 EGovG NRW",
        causationId=cause,
        correlationId=correlation,
        effectiveAt="2026-03-02T09:30:00+01:00",
    )
    event = history(api, done["recordId"], done["position"])[-1]
    assert event == {
        "version": "2",
        "topic": "efile.file_corrected.v1",
        "effectiveAt": "2026-03-02T08:30:00Z",
        "effectivePrecision": "INSTANT",
        "actor": actor,
        "role": "clerk",
        "orgUnit": "10.3",
        "channel": "SERVICE_PORTAL",
        "authentication": "NONE_DEV",
        "client": event["client"],
        "legalBasis": "§ 9 EGovG NRW",
        "correlationId": correlation,
        "causationId": cause,
        "reason": {"text": "Umzug"},  # the command's own, which is part of the fact
    }


def test_a_day_does_not_become_a_midnight(api: Api) -> None:
    done = api.file(effectiveOn="2026-01-15", reason="Nacherfassung")
    (event,) = history(api, done["recordId"], done["position"])
    assert (event["effectiveAt"], event["effectivePrecision"]) == ("2026-01-14T23:00:00Z", "DAY")
    assert event["reason"] == {"text": "Nacherfassung"}


def test_an_instant_and_a_day_cannot_both_be_given(api: Api) -> None:
    done = api.do(
        "openFile",
        reference=unused("F"),
        subject="x",
        planUnitId=str(uuid4()),
        leadUnit="63",
        custodianUnit="63",
        effectiveOn="2026-01-15",
        effectiveAt="2026-01-15T10:00:00Z",
    )
    assert (done["__typename"], done["field"]) == ("Invalid", "effectiveOn")


@pytest.mark.parametrize(
    "when",
    [
        {"effectiveOn": "0002-01-01"},
        {"effectiveOn": "9999-12-31"},
        {"effectiveAt": "0002-01-01T00:00:00Z"},
        {"effectiveAt": "9998-12-31T23:59:59Z"},
    ],
    ids=str,
)
def test_the_ends_of_time_are_answered(api: Api, when: dict[str, str]) -> None:
    given: dict[str, Any] = {"subject": "x", "planUnitId": api.plan_unit(), "leadUnit": "1", **when}
    done = api.do("openFile", custodianUnit="1", reference=unused("F"), **given)
    assert done["__typename"] in ("Invalid", "RuleViolated")


def closing_with_an_open_case(api: Api, headers: dict[str, str] | None = None) -> Any:
    unit = api.plan_unit()
    file = api.file(planUnitId=unit)["recordId"]
    given = {"subject": "Antrag", "leadUnit": "63", "custodianUnit": "63.1"}
    api.did("openCase", fileId=file, planUnitId=unit, reference=unused("C"), **given)
    return api.do("closeFile", record=file, reason="fertig", headers=headers)


def test_a_rule_refuses_with_its_id_its_source_and_the_next_step(api: Api) -> None:
    done = closing_with_an_open_case(api)
    assert done["__typename"] == "RuleViolated"
    assert done["rule"] == "efile.file_has_open_cases"
    assert done["source"] == "§ 9 EGovG NRW"
    assert done["details"] == [{"name": "openCases", "value": "1"}]
    assert done["message"].startswith(done["protects"]["en"])
    assert done["message"].endswith(done["nextStep"]["en"])


def test_a_rule_refuses_in_german_where_german_is_preferred(api: Api) -> None:
    done = closing_with_an_open_case(api, GERMAN)
    assert done["message"] == done["messages"]["de"]
    assert done["message"].startswith(done["protects"]["de"])
    assert done["messages"]["en"].endswith(done["nextStep"]["en"])


def test_a_stale_version_is_refused_with_both_versions(api: Api) -> None:
    file = api.file()["recordId"]
    given: dict[str, Any] = {"record": file, "field": "SUBJECT", "reason": "x", "expectedVersion": "1"}
    api.did("correctFile", newSealed="Eins", **given)
    done = api.do("correctFile", newSealed="Zwei", **given)
    assert (done["__typename"], done["expected"], done["actual"]) == ("VersionConflict", "1", "2")


def test_a_repeated_key_gets_the_first_outcome_again(api: Api) -> None:
    given: dict[str, Any] = {"reference": unused("F"), "subject": "Abriss", "planUnitId": api.plan_unit()}
    given.update(leadUnit="63", custodianUnit="63.1")
    key = str(uuid4())
    first = api.do("openFile", key=key, **given)
    again = api.do("openFile", key=key, **given)
    assert first["repeated"] is False
    assert again == {**first, "repeated": True}


def test_a_key_is_good_for_one_request_only(api: Api) -> None:
    file, key = api.file()["recordId"], str(uuid4())
    api.do("correctFile", key=key, record=file, field="SUBJECT", newSealed="Eins", reason="x")
    done = api.do("correctFile", key=key, record=file, field="SUBJECT", newSealed="Zwei", reason="x")
    assert done["__typename"] == "IdempotencyKeyReused"


@pytest.mark.parametrize("key", ["", "k" * 201, "a\nb"])
def test_a_key_is_a_line_of_1_to_200_characters(api: Api, key: str) -> None:
    query = f"mutation ($input: CloseFileInput!) {{ closeFile(input: $input) {{ {RECORDED} }} }}"
    done = api.ask(query, input={"idempotencyKey": key, "record": str(uuid4()), "reason": "x"})["closeFile"]
    assert (done["__typename"], done["field"]) == ("Invalid", "idempotencyKey")


def test_a_record_that_does_not_exist_is_not_found(api: Api) -> None:
    assert api.do("closeFile", record=str(uuid4()), reason="x")["__typename"] == "NotFound"


def test_a_record_of_another_kind_is_not_found(api: Api) -> None:
    assert api.do("closeCase", record=api.file()["recordId"], reason="x")["__typename"] == "NotFound"


@pytest.mark.parametrize("record", ["", "x", "0" * 36, "WyJGaWxlIl0", "[" * 999])
def test_a_malformed_id_is_invalid(api: Api, record: str) -> None:
    done = api.do("closeFile", record=record, reason="x")
    assert (done["__typename"], done["field"]) == ("Invalid", "record")


def test_text_is_stored_in_nfc(api: Api) -> None:
    opened = api.file(subject="Mu\u0308hle")
    found = api.ask(
        "query ($id: ID!, $at: BigInt!) { record(id: $id, minPosition: $at) { file { subject { text } } } }",
        id=opened["recordId"],
        at=opened["position"],
    )
    assert found["record"]["file"]["subject"]["text"] == "M\u00fchle"


@pytest.mark.parametrize("text", ["x\u0000y", "x\u202ey", "\u6f22\u5b57", "x\u001by"])
def test_text_outside_din_91379_is_refused_with_its_field(api: Api, text: str) -> None:
    done = api.do("correctFile", record=api.file()["recordId"], field="SUBJECT", newSealed=text, reason="x")
    assert (done["__typename"], done["field"]) == ("Invalid", "newSealed")


def test_a_refused_text_names_its_place_in_a_list(api: Api) -> None:
    step = {"kind": "CO_SIGN", "addressee": "63", "no": 1}
    steps = [step, {**step, "no": 2, "addressee": "a\u0000b"}]
    done = api.do("startCirculation", record=str(uuid4()), steps=steps)
    assert (done["__typename"], done["field"]) == ("Invalid", "steps.1.addressee")


@pytest.mark.parametrize("channel", ["IMPORT", "SYSTEM"])
def test_the_channels_of_the_ledgers_own_processes_are_forbidden(api: Api, channel: str) -> None:
    done = api.do("closeFile", record=str(uuid4()), reason="x", headers={"Stadtbuch-Channel": channel})
    assert done["__typename"] == "Forbidden"


def test_nothing_is_recorded_by_a_refused_command(api: Api) -> None:
    before = api.plan_unit_defined()
    assert closing_with_an_open_case(api)["__typename"] == "RuleViolated"
    after = api.plan_unit_defined()
    # The events between them: a unit, a file, a case, and the case in its file.
    assert int(after["position"]) - int(before["position"]) == 5


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("medium", '"ELECTRONIC"'),
        ("medium", "PAPYRUS"),
        ("medium", "null"),
        ("planUnitId", '"nobody"'),
        ("effectiveAt", '"2026-01-15T10:00:00"'),
        ("effectiveOn", '"2026-02-30"'),
        ("expectedVersion", '"1e3"'),
        ("expectedVersion", "9223372036854775808"),
        ("correlationId", "7"),
        ("unheardOf", "1"),
    ],
)
def test_a_value_of_another_type_is_refused_before_anything_runs(api: Api, field: str, value: str) -> None:
    status, error = api.error(f"mutation {{ openFile(input: {{ {field}: {value} }}) {{ __typename }} }}")
    assert (status, error["extensions"]["code"]) == (400, "BAD_REQUEST")
