"""Own projections through the API: listed, asked page by page, and as of a moment, whatever their columns."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from graphql_api.own_values import LARGEST_EXACT, MOST_CONDITIONS
from graphql_api.ports import Reader
from infra.asgi.ports import READS_AT_ONCE
from infra.database import Database
from infra.own import adding
from infra.own.registry import Registry
from projections.query import Statement
from tests.api import Api

FILE = '''"""Files as an analyst looks at them: a column of each kind."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from domain.efile.facts import FileLeadUnitTransferred, FileOpened
from domain.kernel import Message, Recorded, Sealed
from projections.model import Json, Projection, column


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    unit: str = column("The first unit.", "Die erste Stelle.")
    reference: str = column("Its number.", "Aktenzeichen.")
    record_id: UUID = column("The record.", "Der Datensatz.")
    subject: Sealed[str] = column("What it is about.", "Betreff.")
    moves: int = column("Moves.", "Umzüge.")
    huge: int = column("A large number.", "Eine große Zahl.")
    share: Decimal = column("A share.", "Ein Anteil.")
    moved_on: date | None = column("Moved on.", "Umzug am.")
    opened_at: datetime = column("Opened at.", "Angelegt um.")
    calm: bool = column("Never moved.", "Nie umgezogen.")
    units: tuple[str, ...] = column("All units.", "Alle Stellen.")
    records: tuple[UUID, ...] = column("Records.", "Datensätze.")
    extra: Json = column("More.", "Mehr.")


def fold(row: Seen | None, event: Recorded) -> Seen:
    fact, day = event.fact, event.effective.day
    if isinstance(fact, FileOpened):
        return Seen(
            unit=fact.lead_unit, reference=fact.reference, record_id=event.record_id, subject=fact.subject, moves=0,
            huge=2**60, share=Decimal("12.50"), moved_on=None, opened_at=event.effective_at, calm=True,
            units=(fact.lead_unit,), records=(event.record_id,), extra=Json(json.dumps({"a": [1, None, 2**70]})),
        )
    return replace(row, moves=row.moves + 1, moved_on=day, calm=False, units=(*row.units, fact.new))


PROJECTION = Projection(
    name="seen", singular="Seen", plural="seen",
    comment=Message("Files, seen by an analyst.", "Akten, wie ein Auswerter sie sieht."),
    row=Seen, key=("record_id",), facts=(FileOpened, FileLeadUnitTransferred),
    fold=fold,
)
'''
LIST = "{ ownProjections { name about historic columns { name holds about key sortable comparisons } } }"
PAGE = """query (
  $first: Int, $after: String, $last: Int, $before: String
  $where: [OwnCondition!], $order: [OwnOrder!], $at: BigInt, $asOf: AsOf
) {
  ownProjection(
    name: "seen", first: $first, after: $after, last: $last, before: $before, where: $where, orderBy: $order,
    minPosition: $at, asOf: $asOf
  ) {
    rows columns { name holds } totalCount asOfPosition pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""


@pytest.fixture(scope="module")
def unit(api: Api, api_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A unit with five files, the second of which has moved; seen by two own projections that are gone afterwards."""
    unit, plan_unit, home = f"o-{uuid4().hex[:8]}", api.plan_unit(), tmp_path_factory.mktemp("own")
    opened = [api.file(planUnitId=plan_unit, leadUnit=unit, reference=f"{unit}/{number}") for number in range(5)]
    moved = {"record": opened[1]["recordId"], "newLeadUnit": "99", "reason": "Umzug"}
    api.did("transferFileLeadUnit", **moved)
    registry = Registry(home / "registry")
    for name, text in (("seen", FILE), ("bare", FILE.replace('name="seen"', 'name="bare", history=False'))):
        path = home / f"{name}.py"
        path.write_text(text, encoding="utf-8")
        adding.add(api_database, registry, path, lambda _: None)
    yield unit
    for own in registry.all():
        adding.remove(api_database, registry, own)


def asked(api: Api, unit: str, *where: dict[str, Any], **given: Any) -> Any:
    mine = {"column": "unit", "is": "EQ", "values": [unit]}
    return api.by("analyst").ask(PAGE, **{"first": 10, "where": [mine, *where], **given})["ownProjection"]


def test_they_are_listed_with_their_columns(api: Api, unit: str) -> None:
    bare, own = api.by("analyst").ask(LIST)["ownProjections"]
    assert (bare["name"], bare["historic"], own["name"], own["historic"]) == ("own_bare", False, "own_seen", True)
    assert own["about"] == "Files, seen by an analyst. (Akten, wie ein Auswerter sie sieht.)"
    columns = {column["name"]: column for column in own["columns"]}
    assert [name for name, column in columns.items() if column["key"]] == ["record_id"]
    assert columns["subject"] == {
        "name": "subject", "holds": "TEXT", "about": "What it is about. (Betreff.)", "key": False, "sortable": True,
        "comparisons": ["EQ", "IN", "STARTS_WITH", "GT", "GTE", "LT", "LTE", "IS_NULL"],
    }  # fmt: skip
    assert {name: column["holds"] for name, column in columns.items()}["quarantined_since"] == "INSTANT"
    assert (columns["units"]["comparisons"], columns["extra"]["sortable"]) == (["HAS"], False)


def test_a_row_has_every_kind_of_value_and_loses_nothing(api: Api, unit: str) -> None:
    (row,) = asked(api, unit, {"column": "moves", "is": "GT", "values": ["0"]})["rows"]
    record = row["record_id"]
    assert row.pop("opened_at").endswith("Z")
    assert len(row.pop("moved_on")) == len("2026-03-31")
    assert row.pop("subject").endswith("/subject"), "a sealed text is a reference, whoever asks"
    assert LARGEST_EXACT < 2**60
    assert row == {
        "unit": unit, "reference": f"{unit}/1", "record_id": record, "moves": 1, "huge": str(2**60), "share": "12.50",
        "calm": False, "units": [unit, "99"], "records": [record], "extra": {"a": [1, None, 2**70]},
        "quarantined_since": None,
    }  # fmt: skip


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_pages_show_every_row_once_and_in_order(api: Api, unit: str, direction: str) -> None:
    seen: list[str] = []
    after = None
    for rows, more in ((2, True), (2, True), (1, False)):
        order = [{"column": "reference", "direction": direction}]
        page = asked(api, unit, first=2, after=after, order=order)
        assert (len(page["rows"]), page["pageInfo"]["hasNextPage"], page["totalCount"]) == (rows, more, 5)
        seen += [row["reference"] for row in page["rows"]]
        after = page["pageInfo"]["endCursor"]
    assert seen == sorted(seen, reverse=direction == "DESC")
    assert len(set(seen)) == 5
    there = {"order": order, "first": None, "last": 2, "before": page["pageInfo"]["startCursor"]}
    page = asked(api, unit, **there)
    assert ([row["reference"] for row in page["rows"]], page["pageInfo"]["hasPreviousPage"]) == (seen[2:4], True)


@pytest.mark.parametrize(
    ("column", "how", "values", "found"),
    [
        ("reference", "IN", ["{unit}/0", "{unit}/4", "other"], 2),
        ("reference", "STARTS_WITH", ["{unit}/"], 5),
        ("moves", "LT", ["1"], 4),
        ("huge", "EQ", [str(2**60)], 5),
        ("share", "GTE", ["12.51"], 0),
        ("calm", "EQ", ["false"], 1),
        ("moved_on", "IS_NULL", ["true"], 4),
        ("moved_on", "GT", ["2020-01-01"], 1),
        ("opened_at", "LTE", ["2020-01-01T00:00:00+01:00"], 0),
        ("units", "HAS", ["99"], 1),
        ("records", "HAS", ["6ba7b810-9dad-11d1-80b4-00c04fd430c8"], 0),
    ],
)
def test_every_kind_of_column_is_compared(
    api: Api, unit: str, column: str, how: str, values: list[str], found: int
) -> None:
    page = asked(api, unit, {"column": column, "is": how, "values": [each.format(unit=unit) for each in values]})
    assert len(page["rows"]) == page["totalCount"] == found


def test_it_is_shown_as_of_a_position(api: Api, unit: str) -> None:
    at = int(asked(api, unit)["asOfPosition"])
    moved = api.by("auditor").ask(
        '{ events(first: 1, filter: { topic: { startsWith: "efile.file_lead_unit_transferred." } },'
        " orderBy: [{ by: POSITION, direction: DESC }]) { nodes { position } } }"
    )["events"]["nodes"][0]["position"]
    then = asked(api, unit, asOf={"position": str(int(moved) - 1)})
    assert {row["moves"] for row in then["rows"]} == {0}
    assert int(then["asOfPosition"]) == int(moved) - 1 < at


def test_where_no_versions_are_kept_there_is_no_past(api: Api, unit: str) -> None:
    query = '{ ownProjection(name: "bare", first: 1%s) { rows } }'
    assert len(api.by("analyst").ask(query % "")["ownProjection"]["rows"]) == 1
    for moment in (', asOf: {position: "1"}', ', effectiveOn: "2026-01-01"'):
        status, error = api.by("analyst").error(query % moment)
        assert (status, error["extensions"]["code"], error["extensions"]["field"]) == (400, "INVALID", "asOf")


def test_a_position_that_it_has_not_seen_is_waited_for(api: Api, unit: str) -> None:
    with api.endpoint_with(wait_seconds=0.2):
        at = api.file()["position"]
        status, error = api.by("analyst").error(PAGE, first=1, at=at)
    assert (status, error["extensions"]["code"]) == (409, "NOT_YET_READABLE")


@pytest.mark.parametrize(
    "name", ["nothing", "file", "projection_status", "", "own_", "x" * 400, "a\0b", "Ä", '"; drop']
)
def test_nothing_else_is_shown_by_it(api: Api, unit: str, name: str) -> None:
    status, error = api.by("analyst").error(
        "query ($name: String!) { ownProjection(name: $name, first: 1) { rows } }", name=name
    )
    assert (status, error["extensions"]["code"], error["extensions"]["field"]) == (400, "INVALID", "name")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"where": [{"column": "nothing", "is": "EQ", "values": ["1"]}]}, "where.column"),
        ({"where": [{"column": 'unit" or 1=1 --', "is": "EQ", "values": ["1"]}]}, "where.column"),
        ({"where": [{"column": "extra", "is": "EQ", "values": ["1"]}]}, "where.is"),
        ({"where": [{"column": "calm", "is": "GT", "values": ["true"]}]}, "where.is"),
        ({"where": [{"column": "moves", "is": "EQ", "values": ["one"]}]}, "where.values"),
        ({"where": [{"column": "moves", "is": "EQ", "values": [str(2**63)]}]}, "where.values"),
        ({"where": [{"column": "calm", "is": "EQ", "values": ["maybe"]}]}, "where.values"),
        ({"where": [{"column": "moves", "is": "EQ", "values": []}]}, "where.values"),
        ({"where": [{"column": "moves", "is": "EQ", "values": ["1", "2"]}]}, "where.values"),
        ({"where": [{"column": "moves", "is": "IN", "values": ["1"] * 101}]}, "where.values"),
        ({"where": [{"column": "unit", "is": "EQ", "values": ["a\0b"]}]}, "unit"),
        ({"where": [{"column": "unit", "is": "EQ", "values": ["a"]}] * (MOST_CONDITIONS + 1)}, "where"),
        ({"order": [{"column": "extra"}]}, "orderBy.column"),
        ({"order": [{"column": "unit"}] * 4}, "orderBy"),
        ({"first": 0}, "first"),
        ({"first": 101}, "first"),
        ({"after": "x"}, "after"),
        ({"last": 1}, "last"),
        ({"first": None, "last": 101}, "last"),
        ({"first": None, "last": 1, "before": "x"}, "before"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(api: Api, unit: str, given: dict[str, Any], field: str) -> None:
    status, error = api.by("analyst").error(PAGE, **{"first": 1, **given})
    assert (status, error["extensions"]["field"]) == (400, field), error


def test_a_page_counts_towards_the_limits(api: Api, unit: str) -> None:
    many = " ".join(f'a{n}: ownProjection(name: "seen", first: 100) {{ rows }}' for n in range(30))
    status, error = api.by("analyst").error(f'{{ {many} b: ownProjection(name: "seen", first: 100) {{ rows }} }}')
    assert (status, error["extensions"]["code"]) == (400, "TOO_MANY_ALIASES")
    many = " ".join(f'a{n}: ownProjection(name: "seen", first: 100) {{ rows }}' for n in range(29))
    status, error = api.by("analyst").error(
        f'{{ {many} ownProjection(name: "seen", first: 100) {{ rows }} events(first: 1) {{ nodes {{ id }} }} }}'
    )
    assert (status, error["extensions"]["code"]) == (400, "TOO_MANY_ROWS")


class Meanwhile:
    """The real reader; something happens after its first answer."""

    def __init__(self, reader: Reader, happens: Callable[[], object]) -> None:
        self.reader = reader
        self.happens: Callable[[], object] | None = happens

    async def fetch(self, statement: Statement) -> Sequence[tuple[Any, ...]]:
        rows = await self.reader.fetch(statement)
        if self.happens is not None:
            happens, self.happens = self.happens, None
            await asyncio.to_thread(happens)
        return rows


def view_of(database: Database) -> str:
    """What the view of an own projection is made of."""
    with psycopg.connect(database.conninfo("projector")) as projector:
        ((text,),) = projector.execute("select pg_get_viewdef('read.own_bare'::regclass)").fetchall()
    return str(text)


def put_view(database: Database, text: str) -> None:
    """Puts another view in its place, as adding a corrected file does."""
    with psycopg.connect(database.conninfo("projector")) as projector:
        projector.execute("drop view read.own_bare")
        projector.execute(f"create view read.own_bare as {text}".encode())
        projector.execute("grant select on read.own_bare to stadtbuch_reader")


def shown(database: Database, column: str, instead: str) -> None:
    """Puts a view with another column in the place of one."""
    text = view_of(database)
    assert column in text
    put_view(database, text.replace(column, instead, 1))


BARE = '{ ownProjection(name: "bare", first: 1) { rows } }'


def test_one_that_is_replaced_while_it_is_asked_says_so_and_answers_the_next_time(
    api: Api, unit: str, api_database: Database
) -> None:
    analyst = api.by("analyst")
    reader = Meanwhile(api.app.state.endpoint.reader, lambda: shown(api_database, "moves", "moves as times"))
    with api.endpoint_with(reader=reader):
        status, error = analyst.error(BARE)
    assert (status, error["extensions"]["code"]) == (503, "UNAVAILABLE")
    assert error["message"].startswith("This projection was replaced while you asked: ask again")
    (row,) = analyst.ask(BARE)["ownProjection"]["rows"]
    assert "times" in row
    shown(api_database, "moves AS times", "moves")


def test_a_column_of_another_type_stumbles_over_no_plan_that_was_made_before(
    api: Api, unit: str, api_database: Database
) -> None:
    analyst, before = api.by("analyst"), view_of(api_database)
    for _ in range(2 * READS_AT_ONCE):  # a statement is planned for good after some times on each connection
        (row,) = analyst.ask(BARE)["ownProjection"]["rows"]
    shown(api_database, "moves", "moves::text as moves")
    (after,) = analyst.ask(BARE)["ownProjection"]["rows"]
    assert after["moves"] == str(row["moves"]) != row["moves"]
    put_view(api_database, before)
