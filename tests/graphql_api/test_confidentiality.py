"""What is confidential, not public or somebody else's answers like what does not exist, however it is asked for."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from domain.rights import Role
from tests.api import Api, unused

LISTS = """query ($record: UUID!, $at: BigInt!) {
  files(first: 5, minPosition: $at, filter: { recordId: { eq: $record } }) { totalCount nodes { reference } }
  cases(first: 5, minPosition: $at, filter: { recordId: { eq: $record } }) { totalCount nodes { reference } }
  documents(first: 5, minPosition: $at, filter: { recordId: { eq: $record } }) { totalCount nodes { documentId } }
  resubmissions(first: 5, minPosition: $at, filter: { recordId: { eq: $record } }) { totalCount nodes { no } }
  records(first: 5, minPosition: $at, filter: { recordId: { eq: $record } }) { totalCount nodes { number } }
  overdueResubmissions(first: 5, minPosition: $at, filter: { caseId: { eq: $record } }) { totalCount nodes { no } }
}"""
RECORD = """query ($id: ID!, $asOf: RecordAsOf) { record(id: $id, asOf: $asOf) {
  number version file { id } case { id } history(first: 5) { totalCount nodes { topic } } } }"""
THEIRS, NEXT_ROOM, ELSEWHERE = "63/2", "63/1", "50/1"


@dataclass(frozen=True)
class Matter:
    """A file with a case in it, both confidential since a while, and the position before they were."""

    file: str
    case: str
    numbers: dict[str, str]
    nodes: dict[str, str]
    before: str
    at: str


@pytest.fixture(scope="module")
def matter(api: Api) -> Matter:
    office = api.by("clerk", Org_Unit=THEIRS)
    plan = api.plan_unit()
    then = {"effectiveOn": "2021-03-01"}
    opened = office.file(planUnitId=plan, leadUnit=THEIRS, custodianUnit=THEIRS, **then)
    units = {"planUnitId": plan, "leadUnit": THEIRS, "custodianUnit": THEIRS}
    case = office.did("openCase", fileId=opened["recordId"], reference=unused("V"), subject="Vorwurf", **units, **then)
    content = {"filename": "a.pdf", "mime": "application/pdf", "size": "1", "sha256": "ab" * 32}
    record = {"record": case["recordId"]}
    office.did(
        "fileDocument", **record, documentKind="INCOMING", title="Anzeige", receivedOn="2021-03-01", **content, **then
    )
    before = office.did("scheduleResubmission", **record, due="2021-04-01", addressee=THEIRS, reason="x", **then)[
        "position"
    ]
    level = {"confidentiality": "CONFIDENTIAL", "reason": "Dienstgeheimnis"}
    office.did("changeFileConfidentiality", record=opened["recordId"], **level)
    at = office.did("changeCaseConfidentiality", record=case["recordId"], **level)["position"]
    found = office.ask(
        """query ($file: ID!, $case: ID!, $at: BigInt!) {
          file: record(id: $file, minPosition: $at) { id number file { id } history(first: 1) { nodes { id } } }
          case: record(id: $case, minPosition: $at) { number case { id } } }""",
        file=opened["recordId"], case=case["recordId"], at=at,
    )  # fmt: skip
    nodes = {
        "Record": found["file"]["id"],
        "File": found["file"]["file"]["id"],
        "CaseRecord": found["case"]["case"]["id"],
        "Event": found["file"]["history"]["nodes"][0]["id"],
    }
    numbers = {"file": found["file"]["number"], "case": found["case"]["number"]}
    return Matter(opened["recordId"], case["recordId"], numbers, nodes, before, at)


def seen(api: Api, matter: Matter) -> dict[str, bool]:
    """By every way of asking, whether anything of the file or the case is shown."""
    ways: dict[str, bool] = {}
    with_history = api.headers.get("Stadtbuch-Role") != "analyst"
    record = RECORD if with_history else RECORD.replace("history(first: 5) { totalCount nodes { topic } }", "")
    for kind, id_ in (("file", matter.file), ("case", matter.case)):
        for name, page in api.ask(LISTS, record=id_, at=matter.at).items():
            assert (page["totalCount"] == 0) == (page["nodes"] == [])
            ways[f"{name} of {kind}"] = page["totalCount"] > 0
        for moment in (None, {"position": matter.before}, {"position": matter.at}):
            ways[f"{kind} at {moment}"] = api.ask(record, id=id_, asOf=moment)["record"] is not None
        by_number = "query ($number: String!) { record(number: $number) { version } }"
        ways[f"{kind} by number"] = api.ask(by_number, number=matter.numbers[kind])["record"] is not None
        plural = {"file": "files", "case": "cases"}[kind]
        then = f"""query ($reference: String!, $at: BigInt!) {{ {plural}(first: 1, asOf: {{ position: $at }},
          filter: {{ reference: {{ eq: $reference }} }}) {{ totalCount nodes {{ reference }} }} }}"""
        page = api.ask(then, reference=matter.numbers[kind], at=matter.before)[plural]
        assert page["totalCount"] == len(page["nodes"])
        ways[f"{kind} in the list as of then"] = page["totalCount"] > 0
    for type_, id_ in matter.nodes.items():
        ways[f"node {type_}"] = api.ask("query ($id: ID!) { node(id: $id) { id } }", id=id_)["node"] is not None
    return ways


EXPECTED_EMPTY = {
    "files of case",
    "cases of file",
    "documents of file",
    "resubmissions of file",
    "overdueResubmissions of file",
}


def test_who_has_to_do_with_a_confidential_record_sees_it_every_way(api: Api, matter: Matter) -> None:
    for who in (api.by("clerk", Org_Unit=THEIRS), api.by("clerk", Org_Unit=NEXT_ROOM), api.by("auditor")):
        assert {way for way, shown in seen(who, matter).items() if not shown} == EXPECTED_EMPTY


@pytest.mark.parametrize("role", [Role.CLERK, Role.ANALYST])
def test_nobody_else_sees_anything_of_it_by_any_way(api: Api, matter: Matter, role: Role) -> None:
    stranger = api.by(role, Org_Unit=ELSEWHERE)
    assert {way for way, shown in seen(stranger, matter).items() if shown} <= (
        set() if role is Role.CLERK else {"node Event"}
    ) - {"node Event"}


def test_it_is_told_apart_from_nothing_by_no_error_either(api: Api, matter: Matter) -> None:
    stranger, unknown = api.by("clerk", Org_Unit=ELSEWHERE), str(uuid4())

    def told(id_: str, **variables: Any) -> Any:
        status, body = stranger.answer(RECORD, {"id": id_, **variables})
        return status, body.get("data"), [error["extensions"] for error in body.get("errors", ())]

    for moment in ({"version": 1}, {"version": 99}, {"position": "1"}):
        assert told(matter.file, asOf=moment) == told(unknown, asOf=moment)
    commands: tuple[tuple[str, dict[str, Any]], ...] = (
        ("closeFile", {"reason": "x"}),
        ("correctFile", {"field": "SUBJECT", "newSealed": "y", "reason": "z"}),
        ("closeFile", {"reason": "x", "expectedVersion": "77"}),
    )
    for mutation, given in commands:
        answers = [stranger.do(mutation, record=record, **given) for record in (matter.file, unknown)]
        assert answers[0] == answers[1], answers
        assert answers[0]["__typename"] == "NotFound"


def test_nothing_is_put_into_a_file_that_one_does_not_see(api: Api, matter: Matter) -> None:
    units = {"planUnitId": api.plan_unit(), "leadUnit": ELSEWHERE, "custodianUnit": ELSEWHERE}
    given: dict[str, Any] = {"reference": unused("V"), "subject": "Versuch", **units}
    stranger, unknown = api.by("clerk", Org_Unit=ELSEWHERE), str(uuid4())
    answers = [stranger.do("openCase", fileId=file, **given) for file in (matter.file, unknown)]
    assert str(answers[0]).replace(matter.file, unknown) == str(answers[1])
    assert answers[0]["__typename"] in ("NotFound", "RuleViolated")


def test_a_command_of_another_register_tells_it_from_nothing_neither(api: Api, matter: Matter) -> None:
    stranger, unknown = api.by("clerk", Org_Unit=ELSEWHERE), str(uuid4())
    file = {"reference": unused("F"), "subject": "x", "leadUnit": ELSEWHERE, "custodianUnit": ELSEWHERE}
    item = {"barcode": unused("B"), "mediaType": "BOOK", "shelfMark": "A", "branch": "Bilk"}
    commands: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("openFile", "planUnitId", file),
        ("acquireItem", "titleId", item),
        ("endFilePlanUnit", "record", {"validTo": "2030-01-01", "reason": "x"}),
        ("closeCase", "record", {"reason": "x"}),
    )
    schema = api.app.state.endpoint.schema._schema
    for mutation, named, given in commands:
        taken = schema.type_map[f"{mutation[0].upper()}{mutation[1:]}Input"].fields
        fitting: dict[str, Any] = {name: value for name, value in given.items() if name in taken}
        for hidden in (matter.file, matter.case):
            answers = [
                stranger.do(mutation, key=None, headers=None, **{**fitting, named: record})
                for record in (hidden, unknown)
            ]
            assert str(answers[0]).replace(hidden, unknown) == str(answers[1]), mutation
            assert answers[0]["__typename"] in ("NotFound", "RuleViolated"), answers


def test_whose_turn_it_is_sees_the_case_for_as_long(api: Api) -> None:
    office, helper = api.by("clerk", Org_Unit=THEIRS), api.by("clerk", Org_Unit=ELSEWHERE)
    plan = api.plan_unit()
    units = {"planUnitId": plan, "leadUnit": THEIRS, "custodianUnit": THEIRS}
    file = office.file(**units, confidentiality="SECRET")["recordId"]
    secret = {"confidentiality": "SECRET", "subject": "Abwehr", **units}
    case = office.did("openCase", fileId=file, reference=unused("V"), **secret)["recordId"]
    content = {"filename": "a.pdf", "mime": "application/pdf", "size": "1", "sha256": "cd" * 32}
    at = office.did("fileDocument", record=case, documentKind="OUTGOING", title="Entwurf", **content)["position"]
    found = "query ($id: ID!, $at: BigInt!) { record(id: $id, minPosition: $at) { case { status } } }"
    assert helper.ask(found, id=case, at=at)["record"] is None
    listed = "query ($id: UUID!) { documents(first: 1, filter: { recordId: { eq: $id } }) { nodes { documentId } } }"
    (document,) = office.ask(listed, id=case)["documents"]["nodes"]
    steps = [{"no": 1, "kind": "TAKE_NOTE", "addressee": ELSEWHERE}]
    at = office.did("startCirculation", record=case, documentId=document["documentId"], steps=steps)["position"]
    assert helper.ask(found, id=case, at=at)["record"] == {"case": {"status": "IN_CIRCULATION"}}
    at = helper.did("completeCirculationStep", record=case, no=1, outcome="DONE")["position"]
    assert helper.ask(found, id=case, at=at)["record"] is None


def test_what_was_opened_again_is_seen_again(api: Api) -> None:
    office, stranger = api.by("clerk", Org_Unit=THEIRS), api.by("clerk", Org_Unit=ELSEWHERE)
    file = office.file(leadUnit=THEIRS, custodianUnit=THEIRS, confidentiality="RESTRICTED")
    found = "query ($id: ID!, $at: BigInt!) { record(id: $id, minPosition: $at) { history(first: 5) { totalCount } } }"
    assert stranger.ask(found, id=file["recordId"], at=file["position"])["record"] is None
    done = office.did("changeFileConfidentiality", record=file["recordId"], confidentiality="OPEN", reason="erledigt")
    assert stranger.ask(found, id=file["recordId"], at=done["position"])["record"] == {"history": {"totalCount": 2}}


def test_analysts_find_papers_of_the_public_part_alone(api: Api) -> None:
    papers = {
        public: api.did("draftPaper", reference=unused("P"), title="Vorlage", paperType="PROPOSAL",
                        leadUnit="20", public=public)
        for public in (True, False)
    }  # fmt: skip
    at = papers[False]["position"]
    query = """query ($id: UUID!, $at: BigInt!) {
      papers(first: 1, minPosition: $at, filter: { recordId: { eq: $id } }) { totalCount nodes { reference } }
      records(first: 1, minPosition: $at, filter: { recordId: { eq: $id } }) { totalCount nodes { number } } }"""
    for who, hidden in ((api.by("analyst"), [False]), (api.by("clerk"), []), (api.by("auditor"), [])):
        for public, paper in papers.items():
            found = who.ask(query, id=paper["recordId"], at=at)
            assert {page["totalCount"] for page in found.values()} == {0 if public in hidden else 1}


def test_citizens_see_what_is_public_now_and_not_what_was(api: Api) -> None:
    paper = api.did(
        "draftPaper", reference=unused("P"), title="Vorlage", paperType="PROPOSAL", leadUnit="20",
        public=True,
    )  # fmt: skip
    citizen = api.by("citizen")
    found = "query ($id: ID!, $at: BigInt!) { record(id: $id, minPosition: $at) { number } }"
    assert citizen.ask(found, id=paper["recordId"], at=paper["position"])["record"] is None
    listed = "query ($at: BigInt!) { publicPapers(first: 1, asOf: { position: $at }) { nodes { title { text } } } }"
    _, error = citizen.error(listed, at=paper["position"])
    assert error["extensions"]["code"] == "FORBIDDEN"


def test_an_order_is_the_citizens_who_placed_it(api: Api) -> None:
    mine, theirs = (api.by("citizen", Actor=str(uuid4())) for _ in range(2))
    basket = {"product": "PROPERTY_MAP", "paperSize": "A4", "parcels": ["053110001000120003__"]}
    order = mine.did("draftOrder", **basket)
    found = """query ($id: ID!, $at: BigInt) { record(id: $id, minPosition: $at) {
      kind order { id stage } availableCommands { name } } }"""
    shown = mine.ask(found, id=order["recordId"], at=order["position"])["record"]
    assert (shown["kind"], shown["order"]["stage"]) == ("order", "DRAFT")
    assert {each["name"] for each in shown["availableCommands"]} <= {
        "changeDraft", "submitOrder", "discardDraft", "claimLegitimateInterest", "cancelOrder",
    }  # fmt: skip
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert mine.ask(node, id=shown["order"]["id"])["node"] == {"id": shown["order"]["id"]}
    assert theirs.ask(node, id=shown["order"]["id"])["node"] is None
    assert theirs.ask(found, id=order["recordId"])["record"] is None
    answers = [theirs.do("discardDraft", record=record) for record in (order["recordId"], str(uuid4()))]
    assert answers[0] == answers[1]
    assert answers[0]["__typename"] == "NotFound"
    assert mine.did("discardDraft", record=order["recordId"])


def test_a_card_is_the_citizens_whom_the_token_names(api: Api) -> None:
    card = api.did("registerPatron", name="Ada", born="1990-01-01", cardNumber=unused("K"), ageBand="ADULT",
                   branch="Bilk")  # fmt: skip
    found = "query ($id: ID!, $at: BigInt) { record(id: $id, minPosition: $at) { patron { status } } }"
    reader = {"id": card["recordId"], "at": card["position"]}
    assert api.by("citizen", Records=card["recordId"]).ask(found, **reader)["record"] == {
        "patron": {"status": "ACTIVE"}
    }
    assert api.by("citizen").ask(found, **reader)["record"] is None
    hold = {"record": str(uuid4()), "patron": card["recordId"], "pickupBranch": "Bilk"}
    assert api.by("citizen").do("placeHold", **hold)["__typename"] == "NotFound"


def test_nobody_finds_or_sorts_by_what_they_do_not_see(api: Api) -> None:
    query = "query ($id: UUID!) { items(first: 1, filter: { loan: { eq: $id } }) { totalCount } }"
    assert api.ask(query, id=str(uuid4()))["items"] == {"totalCount": 0}
    _, error = api.by("citizen").error(query, id=str(uuid4()))
    assert error["extensions"]["code"] == "FORBIDDEN"
    assert "loan" in error["message"]
