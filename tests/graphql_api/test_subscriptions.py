"""Subscriptions: what is told, to whom, in which order; and that nothing is told twice or left out."""

import asyncio
import gc
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest
from gql import Client, GraphQLRequest
from gql.transport.websockets import WebsocketsTransport
from graphql.execution.collect_fields import CollectedFields

from domain.families import FAMILIES
from domain.rights import Role
from graphql_api.schema import Execution
from infra.codec import Codec
from infra.database import Database
from infra.projector import Rebuilt, rebuild
from projections.families import PROJECTIONS
from projections.model import find
from tests.api import Api
from tests.graphql_api.following import Socket, following
from tests.waiting import until

pytestmark = pytest.mark.any_server

EVENTS = """subscription ($first: Int!, $after: BigInt, $filter: EventFilter) {
  events(first: $first, after: $after, filter: $filter) {
    position live nodes { position topic recordId reason { text } record { number } } } }"""
RECORD = """subscription ($id: ID!, $at: BigInt) { record(id: $id, minPosition: $at) {
  position changes record { version number file { leadUnit } } } }"""
LAST = "{ events(first: 1, orderBy: [{ by: POSITION, direction: DESC }]) { nodes { position } } }"
UNKNOWN = UUID(int=4711)
OURS = {"leadUnit": "63/2", "custodianUnit": "63/2"}


def moved(api: Api, file: str, unit: str) -> int:
    """The position at which a file got another lead unit."""
    done = api.did("transferFileLeadUnit", record=file, newLeadUnit=unit, reason=f"an {unit}")
    return int(done["position"])


def told(socket: Socket, id_: str, upto: int) -> list[int]:
    """The positions of the events that a subscription tells of until that one."""
    positions: list[int] = []
    while not positions or positions[-1] < upto:
        batch = socket.next(id_)["events"]
        positions += [int(event["position"]) for event in batch["nodes"]]
        assert int(batch["position"]) == positions[-1]
    return positions


def test_what_was_recorded_is_told_first_and_then_what_happens(api: Api) -> None:
    file = api.file()
    before = [moved(api, file["recordId"], f"6{number}") for number in range(3)]
    chosen = {"recordId": {"eq": file["recordId"]}}
    with following(api.by("auditor")) as socket:
        id_ = socket.subscribe(EVENTS, first=2, after=file["position"], filter=chosen)
        assert told(socket, id_, before[-1]) == before
        after = [moved(api, file["recordId"], f"5{number}") for number in range(3)]
        assert told(socket, id_, after[-1]) == after


def test_who_goes_on_after_a_position_misses_nothing_and_gets_nothing_twice(api: Api) -> None:
    file = api.file()
    positions, at = [], file["position"]
    chosen = {"recordId": {"in": [file["recordId"], str(uuid4())]}, "family": {"eq": "efile"}}
    expected = []
    for number in range(4):
        expected += [moved(api, file["recordId"], f"6{number}"), moved(api, file["recordId"], f"7{number}")]
        with following(api.by("auditor")) as socket:
            id_ = socket.subscribe(EVENTS, first=1, after=at, filter=chosen)
            batch = socket.next(id_)["events"]
            positions += [int(event["position"]) for event in batch["nodes"]]
            at = batch["position"]
    with following(api.by("auditor")) as socket:
        positions += told(socket, socket.subscribe(EVENTS, first=100, after=at, filter=chosen), expected[-1])
    assert positions == expected


@pytest.mark.parametrize("let_go", [True, False])
def test_what_was_told_takes_no_memory_any_more(api: Api, monkeypatch: pytest.MonkeyPatch, let_go: bool) -> None:
    if not let_go:  # as long as graphql-core keeps it
        monkeypatch.delattr(Execution, "build_per_event_executor")
    file = api.file()
    last = [moved(api, file["recordId"], f"6{number % 2}") for number in range(60)][-1]
    chosen = {"recordId": {"eq": file["recordId"]}}

    def collected() -> int:
        gc.collect()
        return sum(isinstance(each, CollectedFields) for each in gc.get_objects())

    with following(api.by("auditor")) as socket:
        id_ = socket.subscribe(EVENTS, first=1, after=file["position"], filter=chosen)
        assert socket.next(id_)["events"]["nodes"]
        before = collected()
        assert len(told(socket, id_, last)) == 59
        grown = collected() - before
    assert (grown < 59) == let_go, "each message collects the fields of several types"


def test_without_a_position_only_what_is_to_come_is_told(api: Api) -> None:
    file = api.file()
    api.ask("query ($at: BigInt!) { records(first: 1, minPosition: $at) { asOfPosition } }", at=file["position"])
    with following(api.by("auditor")) as socket:
        id_ = socket.subscribe(EVENTS, first=10, filter={"recordId": {"eq": file["recordId"]}})
        other = socket.subscribe("subscription { operationProgress { running } }")
        assert socket.next(other)["operationProgress"] == {"running": False}  # so the first has begun, too
        assert socket.receive() == {"type": "complete", "id": other}
        api.plan_unit()
        moved(api, file["recordId"], "61")
        batch = socket.next(id_)["events"]
    assert batch["live"]
    assert [event["topic"] for event in batch["nodes"]] == ["efile.file_lead_unit_transferred.v2"]
    assert batch["nodes"][0]["reason"] == {"text": "an 61"}
    assert batch["nodes"][0]["record"]["number"]


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"topic": {"in": ["efile.file_opened.v3", "efile.file_opened.v2", "library.title_catalogued.v1"]}},
        {"family": {"eq": "efile"}, "kind": {"in": ["file", "case"]}},
        {"topic": {"startsWith": "efile.file_"}, "effectivePrecision": {"eq": "INSTANT"}},
        {"recordedAt": {"gt": "2020-01-01T00:00:00Z", "lte": "2199-01-01T00:00:00Z"}, "channel": {"in": ["STAFF"]}},
        {"role": {"eq": "citizen"}},
    ],
    ids=str,
)
def test_a_filter_finds_the_same_as_it_happens_and_in_the_trail(api: Api, chosen: dict[str, Any]) -> None:
    auditor = api.by("auditor")
    with following(auditor) as socket:
        start = auditor.ask(LAST)["events"]["nodes"][0]["position"]
        id_ = socket.subscribe(EVENTS, first=100, after=start, filter=chosen)
        file = api.file()
        last = moved(api, file["recordId"], "61")
        asked = """query ($f: EventFilter!, $at: BigInt!) {
          events(first: 100, filter: $f, minPosition: $at) { nodes { position } } }"""
        range_ = {"position": {"gt": start, "lte": str(last)}}
        found = auditor.ask(asked, f={**chosen, **range_}, at=str(last))["events"]["nodes"]
        expected = [int(event["position"]) for event in found]
        if expected:
            assert [each for each in told(socket, id_, expected[-1]) if each <= last] == expected
        assert bool(expected) == (chosen != {"role": {"eq": "citizen"}})


def test_a_record_is_told_as_it_is_and_after_each_change(api: Api) -> None:
    file = api.file(leadUnit="63")
    with following(api) as socket:
        id_ = socket.subscribe(RECORD, id=file["recordId"], at=file["position"])
        first = socket.next(id_)["record"]
        assert first["record"]["file"] == {"leadUnit": "63"}
        assert (first["record"]["version"], first["changes"]) == ("1", [])
        at = moved(api, file["recordId"], "61")
        second = socket.next(id_)["record"]
    assert second["record"]["file"] == {"leadUnit": "61"}
    assert (second["changes"], second["position"], second["record"]["version"]) == ([str(at)], str(at), "2")


def test_who_may_not_see_a_record_is_not_even_told_that_it_changed(api: Api) -> None:
    office, stranger = (api.by("clerk", Org_Unit=unit) for unit in ("63/2", "50/1"))
    file = office.file(**OURS)
    open_, closed = ({"confidentiality": level, "reason": "x"} for level in ("OPEN", "CONFIDENTIAL"))
    with following(office) as ours, following(stranger) as theirs:
        mine, other = (each.subscribe(RECORD, id=file["recordId"], at=file["position"]) for each in (ours, theirs))
        assert ours.next(mine)["record"]["record"]["version"] == "1"
        assert theirs.next(other)["record"]["record"]["version"] == "1"
        office.did("changeFileConfidentiality", record=file["recordId"], **closed)
        assert ours.next(mine)["record"]["record"]["version"] == "2"
        gone = theirs.next(other)["record"]
        assert (gone["record"], gone["changes"]) == (None, [])
        moved(office, file["recordId"], "63/3")
        assert ours.next(mine)["record"]["record"]["version"] == "3"
        office.did("changeFileConfidentiality", record=file["recordId"], **open_)
        assert ours.next(mine)["record"]["record"]["version"] == "4"
        again = theirs.next(other)["record"]  # and nothing was told of version 3
        assert again["record"]["version"] == "4"


def test_an_order_is_told_to_the_citizen_who_placed_it_and_nobody_else(api: Api) -> None:
    mine, theirs = (api.by("citizen", Actor=str(uuid4())) for _ in range(2))
    basket = {"product": "PROPERTY_MAP", "paperSize": "A4", "parcels": ["053110001000120003__"]}
    order = mine.did("draftOrder", **basket)
    asked = """subscription ($id: ID!, $at: BigInt!) {
      record(id: $id, minPosition: $at) { record { version order { stage } } } }"""
    with following(mine) as owner, following(theirs) as other:
        own, foreign = (each.subscribe(asked, id=order["recordId"], at=order["position"]) for each in (owner, other))
        assert other.next(foreign) == {"record": {"record": None}}
        assert owner.next(own)["record"]["record"] == {"version": "1", "order": {"stage": "DRAFT"}}
        mine.did("discardDraft", record=order["recordId"])
        assert owner.next(own)["record"]["record"]["version"] == "2"
        other.send(type="ping")
        assert other.receive() == {"type": "pong"}, "and nothing before it"


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    ("query", "roles"),
    [
        ("subscription { events(first: 1) { position } }", {Role.AUDITOR}),
        (f'subscription {{ record(id: "{UNKNOWN}") {{ position }} }}', set(Role) - {Role.ADMIN}),
        ("subscription { operationProgress { running } }", {Role.AUDITOR, Role.ANALYST, Role.ADMIN}),
    ],
)
def test_a_subscription_is_for_those_it_is_declared_for(api: Api, query: str, roles: set[Role], role: Role) -> None:
    with following(api.by(role)) as socket:
        id_ = socket.subscribe(query)
        if role not in roles:
            assert socket.error(id_)["extensions"]["code"] == "FORBIDDEN"
        elif "events" not in query:
            assert socket.next(id_)
        else:
            api.plan_unit()
            assert socket.next(id_)


def test_a_field_that_the_role_may_not_ask_for_is_refused_below_a_subscription_too(api: Api) -> None:
    asked = f'subscription {{ record(id: "{uuid4()}") {{ record {{ history(first: 1) {{ nodes {{ topic }} }} }} }} }}'
    for role, code in (("citizen", "FORBIDDEN"), ("clerk", None)):
        with following(api.by(role)) as socket:
            id_ = socket.subscribe(asked)
            if code is None:
                assert socket.next(id_) == {"record": {"record": None}}
            else:
                assert socket.error(id_)["extensions"]["code"] == code


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("subscription { events(first: 101) { position } }", {}, "INVALID"),
        ("subscription { events(first: 0) { position } }", {}, "INVALID"),
        ('subscription { events(first: 1, after: "-1") { position } }', {}, "INVALID"),
        ('subscription { events(first: 1, filter: {topic: {eq: "a\\u0000"}}) { position } }', {}, "INVALID"),
        ("subscription { events { position } }", {}, "BAD_REQUEST"),
        ("subscription { nothing }", {}, "BAD_REQUEST"),
        ("subscription {", {}, "BAD_REQUEST"),
        (
            "subscription A { events(first: 1) { live } } subscription B { events(first: 1) { live } }",
            {},
            "BAD_REQUEST",
        ),
        ("subscription { events(first: 1) { live } record(id: 1) { position } }", {}, "BAD_REQUEST"),
        ('subscription { record(id: "x") { position } }', {}, "INVALID"),
        ("subscription ($n: Int!) { events(first: $n) { position } }", {"n": "x"}, "BAD_REQUEST"),
        ("{ records(first: 1) { asOfPosition } }", {}, "NOT_A_SUBSCRIPTION"),
        (
            "subscription { events(first: 100) { nodes { record { history(first: 100) { nodes { topic } } } } } }",
            {},
            "TOO_MANY_ROWS",
        ),
    ],
    ids=str,
)
def test_what_cannot_be_followed_is_refused_with_a_code(
    api: Api, query: str, variables: dict[str, Any], code: str
) -> None:
    with following(api.by("auditor")) as socket:
        id_ = socket.subscribe(query, **variables)
        error = socket.error(id_)
        assert error["extensions"]["code"] == code, error
        again = socket.subscribe("subscription { operationProgress { running } }", id_)
        assert socket.next(again), "the connection serves on"


def test_a_position_that_nobody_has_reached_is_not_waited_for_for_ever(api: Api) -> None:
    with api.endpoint_with(wait_seconds=0.2), following(api.by("auditor")) as socket:
        id_ = socket.subscribe(EVENTS, first=1, after=str(2**62))
        assert socket.error(id_)["extensions"]["code"] == "NOT_YET_READABLE"


def test_a_rebuild_is_told_from_its_beginning_to_its_end(api: Api, api_database: Database) -> None:
    seen = Event()

    def shown(found: Rebuilt) -> bool:
        return seen.wait(60)

    projection = find(PROJECTIONS, "title")
    asked = """subscription { operationProgress(name: "title") {
      running readModels { name buildingTotal rebuiltAt } } }"""
    reads = "{ readModels { name buildingTotal rebuiltAt } }"
    with ThreadPoolExecutor(1) as aside, following(api.by("admin")) as socket:
        done = aside.submit(rebuild, api_database, Codec(FAMILIES), projection, (), accept=shown, from_zero=True)
        try:
            until(lambda: any(each["buildingTotal"] for each in api.by("admin").ask(reads)["readModels"]), "it runs")
            id_ = socket.subscribe(asked)
            first = socket.next(id_)["operationProgress"]
        finally:
            seen.set()
        done.result()
        assert first["running"]
        assert [each["name"] for each in first["readModels"]] == ["title"]
        last = first
        while last["running"]:
            last = socket.next(id_)["operationProgress"]
        assert [each["name"] for each in last["readModels"]] == ["title"]
        assert last["readModels"][0]["buildingTotal"] is None
        assert last["readModels"][0]["rebuiltAt"]
        assert socket.receive() == {"type": "complete", "id": id_}


def test_a_client_that_many_use_follows(api: Api) -> None:
    file = api.file()
    expected = [moved(api, file["recordId"], f"6{number}") for number in range(3)]

    async def follow() -> list[int]:
        transport = WebsocketsTransport(
            api.address.replace("http", "ws") + "/graphql", init_payload={"Stadtbuch-Role": "auditor"}
        )
        found: list[int] = []
        chosen = {"first": 1, "after": file["position"], "filter": {"recordId": {"eq": file["recordId"]}}}
        async with Client(transport=transport) as session:
            async for data in session.subscribe(GraphQLRequest(EVENTS, variable_values=chosen)):
                found += [int(event["position"]) for event in data["events"]["nodes"]]
                if found[-1] == expected[-1]:
                    break
        return found

    assert asyncio.run(follow()) == expected


def test_a_subscription_by_post_alone_is_refused(api: Api) -> None:
    status, error = api.by("auditor").error("subscription { events(first: 1) { position } }")
    assert (status, error["extensions"]["code"]) == (400, "SUBSCRIPTION")
