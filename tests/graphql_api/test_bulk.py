"""`bulk`: many commands in one request, in order, each with an outcome of its own, and repeatable."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

from domain.kernel import Message
from domain.requests import Outcome, Request, Unavailable
from graphql_api.limits import MOST_COMMANDS
from tests.api import RECORDED, Api, unused

BULK = f"""mutation ($commands: [BulkCommand!]!) {{
  bulk(commands: $commands) {{ recorded refused outcomes {{ {RECORDED} }} }}
}}"""


@pytest.fixture(scope="module")
def file(api: Api) -> str:
    return str(api.file()["recordId"])


def correction(file: str, subject: str, **given: Any) -> dict[str, Any]:
    return {
        "correctFile": {
            "idempotencyKey": str(uuid4()),
            "record": file,
            "field": "SUBJECT",
            "newSealed": subject,
            "reason": "x",
            **given,
        }
    }


def together(api: Api, commands: Sequence[dict[str, Any]]) -> Any:
    return api.ask(BULK, commands=commands)["bulk"]


def test_commands_of_all_kinds_are_carried_out_in_order(api: Api) -> None:
    unit = api.plan_unit()
    opening = {"planUnitId": unit, "subject": "Akte", "leadUnit": "63", "custodianUnit": "63.1"}
    commands = [
        {"openFile": {"idempotencyKey": str(uuid4()), "reference": unused("F"), **opening}},
        {
            "catalogueTitle": {
                "idempotencyKey": str(uuid4()),
                "number": unused("T"),
                "title": "Die Stadt",
                "mediaType": "BOOK",
            }
        },
    ]
    found = together(api, commands)
    assert (found["recorded"], found["refused"]) == (2, 0)
    first, second = (int(each["position"]) for each in found["outcomes"])
    assert first < second
    again = together(api, commands)
    assert again["outcomes"] == [{**each, "repeated": True} for each in found["outcomes"]]
    assert (again["recorded"], again["refused"]) == (2, 0)


def test_each_has_its_own_outcome_and_none_stops_another(api: Api, file: str) -> None:
    found = together(
        api,
        [
            correction(file, "Eins"),
            correction(file, "Zwei", expectedVersion="1"),
            correction(str(uuid4()), "Drei"),
            correction(file, "Vier", idempotencyKey=""),
            {"closeFile": {"idempotencyKey": str(uuid4()), "record": file, "reason": "fertig"}},
            correction(file, "Fünf"),
            {
                "reopenFile": {
                    "idempotencyKey": str(uuid4()),
                    "record": file,
                    "authority": "Amt 63",
                    "reason": "doch nicht",
                }
            },
        ],
    )
    kinds = [each["__typename"] for each in found["outcomes"]]
    assert kinds[:4] == ["CommandSuccess", "VersionConflict", "NotFound", "Invalid"]
    assert kinds[4:] == ["CommandSuccess", "RuleViolated", "CommandSuccess"]
    assert (found["recorded"], found["refused"]) == (3, 4)


def test_a_key_counts_as_in_any_other_request(api: Api, file: str) -> None:
    key = str(uuid4())
    same = correction(file, "Einmal", idempotencyKey=key)
    found = together(api, [same, same, correction(file, "Anders", idempotencyKey=key)])
    first, second, third = found["outcomes"]
    assert (first["repeated"], second) == (False, {**first, "repeated": True})
    assert third["__typename"] == "IdempotencyKeyReused"
    single = api.do("correctFile", key=key, record=file, field="SUBJECT", newSealed="Einmal", reason="x")
    assert single == {**first, "repeated": True}


def test_a_hundred_commands_are_taken_and_not_one_more(api: Api, file: str) -> None:
    found = together(api, [correction(file, f"Nr. {number}") for number in range(MOST_COMMANDS)])
    assert found["recorded"] == MOST_COMMANDS
    versions = [int(each["version"]) for each in found["outcomes"]]
    assert versions == list(range(versions[0], versions[0] + MOST_COMMANDS))
    for number in (0, MOST_COMMANDS + 1):
        status, error = api.error(BULK, commands=[correction(file, "x")] * number)
        assert (status, error["extensions"]) == (400, {"code": "INVALID", "field": "commands"})


@pytest.mark.parametrize(
    "command",
    [
        {},
        {"correctFile": None},
        {"dissolveTheCity": {}},
        {"correctFile": {"idempotencyKey": "x"}},
        {"closeFile": {"idempotencyKey": "x", "record": "x", "reason": "x"}, "openFile": None},
        None,
    ],
    ids=str,
)
def test_what_is_no_command_fails_the_request_before_anything_is_recorded(
    api: Api, file: str, command: dict[str, Any] | None
) -> None:
    key = str(uuid4())
    status, error = api.error(BULK, commands=[correction(file, "Nie", idempotencyKey=key), command])
    assert (status, error["extensions"]["code"]) == (400, "BAD_REQUEST")
    done = api.do("correctFile", key=key, record=file, field="SUBJECT", newSealed="Nie", reason="x")
    assert done["repeated"] is False


@pytest.mark.parametrize("literal", ["{}", "{ closeFile: null }", "{ closeFile: $missing }", "1", "$missing"])
def test_commands_in_the_document_are_checked_as_well(api: Api, literal: str) -> None:
    status, error = api.error(f"mutation {{ bulk(commands: [{literal}]) {{ recorded }} }}")
    assert (status, error["extensions"]["code"]) == (400, "BAD_REQUEST")


def test_a_command_that_a_fragment_has_from_a_null_is_refused(api: Api) -> None:
    fragment = "fragment F on Mutation { bulk(commands: [{ closeFile: $x }]) { recorded } }"
    status, error = api.error(f"{fragment} mutation ($x: CloseFileInput) {{ ...F }}", x=None)
    assert (status, error["extensions"]["code"]) == (400, "BAD_REQUEST")


def test_each_command_asks_for_its_own_rights(api: Api, file: str) -> None:
    card, hold = str(uuid4()), {"idempotencyKey": str(uuid4()), "record": str(uuid4()), "pickupBranch": "Z"}
    mixed = [correction(file, "x"), {"placeHold": {**hold, "patron": card}}]
    kinds = {
        role: [each["__typename"] for each in together(api.by(role), mixed)["outcomes"]]
        for role in ("citizen", "clerk", "auditor", "analyst", "admin")
    }
    assert kinds["citizen"][0] == "Forbidden" != kinds["citizen"][1]
    assert kinds["clerk"][0] == "CommandSuccess"
    for role in ("auditor", "analyst", "admin"):
        assert kinds[role] == ["Forbidden", "Forbidden"], role


def test_each_success_leads_to_its_record(api: Api, file: str) -> None:
    query = """mutation ($commands: [BulkCommand!]!) { bulk(commands: $commands) { outcomes {
      ... on CommandSuccess { version record { version history(last: 1) { nodes { version } } } } } } }"""
    found = api.ask(query, commands=[correction(file, f"Stand {number}") for number in range(3)])["bulk"]["outcomes"]
    last = found[-1]["version"]
    for each in found:  # as all of them left it
        assert each["record"] == {"version": last, "history": {"nodes": [{"version": last}]}}
    wide = query.replace("last: 1", "last: 100")
    status, error = api.error(wide, commands=[correction(file, "x")] * 50)
    assert (status, error["extensions"]["code"]) == (400, "TOO_MANY_ROWS")


class Failing:
    """A ledger that stops answering after so many commands."""

    def __init__(self, ledger: Any, after: int) -> None:
        self._ledger = ledger
        self.left, self.asked = after, 0

    async def handle(self, request: Request) -> Outcome:
        self.asked += 1
        if self.asked > self.left:
            raise Unavailable(Message("No answer.", "Keine Antwort."))
        outcome: Outcome = await self._ledger.handle(request)
        return outcome


@contextmanager
def failing(api: Api, after: int) -> Iterator[Failing]:
    ledger = Failing(api.app.state.endpoint.commands, after)
    with api.endpoint_with(commands=ledger):
        yield ledger


def test_where_the_ledger_does_not_answer_what_follows_is_not_tried(api: Api, file: str) -> None:
    commands = [correction(file, f"Versuch {number}") for number in range(5)]
    with failing(api, 2) as ledger:
        found = together(api, commands)
    assert [each["__typename"] for each in found["outcomes"]] == ["CommandSuccess"] * 2 + ["Unavailable"] * 3
    assert (found["recorded"], found["refused"], ledger.asked) == (2, 3, 3)
    again = together(api, commands)
    assert [each["repeated"] for each in again["outcomes"]] == [True, True, False, False, False]
