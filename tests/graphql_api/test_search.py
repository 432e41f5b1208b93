"""`search`: any part of a number or public text finds its record, for those who see the record and nobody else."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from infra.database import Database
from projections import query
from projections.families import PROJECTIONS
from projections.model import find
from projections.query import Op, Where
from tests.api import Api, unused

SEARCH = """query (
  $text: String!, $kinds: [String!], $first: Int, $after: String, $last: Int, $before: String, $at: BigInt
) {
  search(text: $text, kinds: $kinds, first: $first, after: $after, last: $last, before: $before, minPosition: $at) {
    nodes { recordId kind family position terms record { number kind } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount asOfPosition
  }
}"""


@pytest.fixture(scope="module")
def town(api: Api) -> dict[str, Any]:
    """Three files that share a word of their references, one of them confidential, and a title with it in its text."""
    word = f"Grünstraße{uuid4().hex[:8]}"
    unit = api.plan_unit()
    files = [api.file(planUnitId=unit, leadUnit="63", reference=f"{word}/{number}-2026") for number in range(2)]
    office = {"planUnitId": unit, "leadUnit": "70", "custodianUnit": "70.1"}
    hidden = api.file(reference=f"{word}/geheim", confidentiality="CONFIDENTIAL", **office)
    title = api.did("catalogueTitle", number=unused("T"), title=f"Die {word}", mediaType="BOOK", creator="Čapek")
    return {"word": word, "files": files, "hidden": hidden, "title": title, "at": title["position"]}


def found(api: Api, text: str, **given: Any) -> Any:
    return api.ask(SEARCH, **{"text": text, "first": 50, **given})["search"]


def records(page: Any) -> list[str]:
    return [node["recordId"] for node in page["nodes"]]


def test_any_part_of_a_number_or_a_public_text_finds_its_record(api: Api, town: dict[str, Any]) -> None:
    asked, word, at = api.by("auditor"), town["word"], town["at"]
    first, second = (file["recordId"] for file in town["files"])
    everything = [town["title"]["recordId"], town["hidden"]["recordId"], second, first]
    part = word[-8:]
    for text in (word, word.upper(), word.replace("ü", "ue"), word.replace("ß", "ss"), part, part[1:-1], f" {part} "):
        page = found(asked, text, at=at)
        assert (records(page), page["totalCount"]) == (everything, 4), text
    assert records(found(asked, f"{word}/1")) == [second]
    assert records(found(asked, f"-2026 {part}")) == [second, first]
    assert records(found(asked, f"{part}/0-2026")) == [first]
    assert records(found(asked, f"capek {part}")) == [town["title"]["recordId"]]
    assert records(found(asked, f"{part}2026")) == []
    (node,) = found(asked, f"{part}/1")["nodes"]
    assert (node["kind"], node["family"], node["terms"]) == ("file", "efile", [f"{word}/1-2026"])
    assert node["record"] == {"number": f"{word}/1-2026", "kind": "file"}


def test_kinds_narrow_it_and_unknown_ones_are_refused(api: Api, town: dict[str, Any]) -> None:
    asked, word = api.by("auditor"), town["word"]
    assert records(found(asked, word, kinds=["title"])) == [town["title"]["recordId"]]
    assert len(records(found(asked, word, kinds=["title", "file"]))) == 4
    assert records(found(asked, word, kinds=["case"])) == []
    status, error = api.error(SEARCH, text=word, first=1, kinds=["town"])
    assert (status, error["extensions"]) == (400, {"code": "INVALID", "field": "kinds"})
    assert "file_plan_unit" in error["message"]


def test_it_is_read_page_by_page_in_both_directions(api: Api, town: dict[str, Any]) -> None:
    asked, word = api.by("auditor"), town["word"]
    whole = records(found(asked, word, at=town["at"]))
    page = found(asked, word, first=3)
    assert (records(page), page["pageInfo"]["hasNextPage"]) == (whole[:3], True)
    assert records(found(asked, word, first=3, after=page["pageInfo"]["endCursor"])) == whole[3:]
    status, error = asked.error(SEARCH, text=f"{word}x", first=1, after=page["pageInfo"]["endCursor"])
    assert (status, error["extensions"]["code"]) == (400, "INVALID_CURSOR")
    page = found(asked, word, first=None, last=1)
    assert (records(page), page["pageInfo"]["hasPreviousPage"]) == (whole[3:], True)
    back = found(asked, word, first=None, last=2, before=page["pageInfo"]["startCursor"])
    assert records(back) == whole[1:3]


def test_what_somebody_does_not_see_is_neither_found_nor_counted(api: Api, town: dict[str, Any]) -> None:
    word, at = town["word"], town["at"]
    hidden, title = town["hidden"]["recordId"], town["title"]["recordId"]
    seen = {
        "auditor": records(found(api.by("auditor"), word, at=at)),
        "office": records(found(api.by("clerk", Org_Unit="70.1"), word)),
        "clerk": records(found(api.by("clerk", Org_Unit="63"), word)),
        "analyst": records(found(api.by("analyst"), word)),
        "citizen": records(found(api.by("citizen"), word)),
    }
    assert {who: hidden in rows for who, rows in seen.items()} == {
        "auditor": True, "office": True, "clerk": False, "analyst": False, "citizen": False,
    }  # fmt: skip
    assert (len(seen["clerk"]), len(seen["analyst"]), seen["citizen"]) == (3, 3, [title])
    assert found(api.by("citizen"), word)["totalCount"] == 1
    status, error = api.by("admin").error(SEARCH, text=word, first=1)
    assert (status, error["extensions"]["code"]) == (400, "FORBIDDEN")


def test_a_correction_is_found_as_well_and_encrypted_texts_are_not(api: Api) -> None:
    word = uuid4().hex[:10]
    title = api.did("catalogueTitle", number=unused("T"), title="Irrtum", mediaType="BOOK")
    done = api.did("correctTitle", record=title["recordId"], field="title", new=f"Band {word}", reason="x")
    assert records(found(api, word, at=done["position"])) == [title["recordId"]]
    sealed = api.file(subject=f"Geheimnis {word}x")
    assert records(found(api, f"{word}x", at=sealed["position"])) == []


@pytest.mark.parametrize("text", ["", " ", "ab", "a b c", "x" * 201, "abc " * 11, "\u0301\u0301\u0301"])
def test_a_search_needs_three_characters_in_a_row_and_has_an_end(api: Api, text: str) -> None:
    status, error = api.error(SEARCH, text=text, first=1)
    assert (status, error["extensions"]) == (400, {"code": "INVALID", "field": "text"})


@pytest.mark.parametrize(
    "text", ["%%%", "___", "\\\\\\", "''';drop", '"""', "{{{,}}}", "abc\u202e", "\N{GRINNING FACE}" * 3]
)
def test_signs_with_a_meaning_elsewhere_find_nothing_and_harm_nothing(api: Api, text: str) -> None:
    assert records(found(api, text)) == []


@pytest.mark.parametrize("text", ["abc\0", "\0\0\0"])
def test_a_sign_that_no_text_holds_is_refused(api: Api, text: str) -> None:
    status, error = api.error(SEARCH, text=text, first=1)
    assert (status, error["extensions"]) == (400, {"code": "INVALID", "field": "text"})


def test_a_rare_part_is_found_by_the_index(api: Api, api_database: Database, town: dict[str, Any]) -> None:
    where = [Where("text", Op.CONTAINS, town["word"][-8:])]
    asked = query.page(find(PROJECTIONS, "search"), ["record_id"], where=where, first=20).statement
    with psycopg.connect(api_database.admin) as connection:
        connection.execute("set local enable_seqscan = off")
        connection.execute("set local enable_indexscan = off")
        cursor = psycopg.RawCursor(connection)
        plan = "\n".join(line for (line,) in cursor.execute(f"explain {asked.sql}".encode(), asked.params))
    assert "_pieces_idx" in plan, plan
