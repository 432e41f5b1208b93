"""Process mining tools and an auditor's software open what is exported for them, and see what the ledger says."""

import csv
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pm4py
import psycopg
import pytest
from jsonschema import Draft202012Validator
from lxml import etree
from pm4py.objects.ocel.validation import ocel20_rel_validation

from domain.families import FAMILIES
from domain.kernel import Fact, Recorded
from infra.exports import Exported, Kind, Period, source
from infra.exports.facts import activity, values_of
from infra.exports.gdpdu import DTD
from infra.exports.kinds import export
from infra.exports.ocel import OF_THE_LEDGER
from infra.exports.xes import Log
from tests.infra.exports.conftest import CODEC, EVENTS, Town
from tests.infra.projector.office import events_of

pytestmark = [pytest.mark.any_server, pytest.mark.filterwarnings("ignore::Warning:pm4py.*")]

ATTRIBUTES = {"type": "array", "items": {"type": "object", "required": ["name", "value"]}}
RELATED = {
    "type": "array",
    "items": {"required": ["objectId", "qualifier"], "properties": {"objectId": {"type": "string"}}},
}
TYPES = {
    "type": "array",
    "items": {
        "required": ["name", "attributes"],
        "properties": {
            "attributes": {
                "items": {
                    "required": ["name", "type"],
                    "properties": {"type": {"enum": ["string", "time", "integer", "float", "boolean"]}},
                }
            }
        },
    },
}
SCHEMA = {
    "type": "object",
    "required": ["objectTypes", "eventTypes", "objects", "events"],
    "properties": {
        "objectTypes": TYPES,
        "eventTypes": TYPES,
        "objects": {
            "items": {
                "required": ["id", "type"],
                "properties": {"attributes": ATTRIBUTES, "relationships": RELATED},
            }
        },
        "events": {
            "items": {
                "required": ["id", "type", "time"],
                "properties": {"attributes": ATTRIBUTES, "relationships": RELATED},
            }
        },
    },
}


@pytest.fixture(scope="module")
def ocel(town: Town) -> tuple[Path, Exported]:
    return town.export(Kind.OCEL, "ocel")


@pytest.fixture(scope="module")
def document(ocel: tuple[Path, Exported]) -> Any:
    return json.loads((ocel[0] / "ocel.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def xes(town: Town) -> tuple[Path, Exported]:
    return town.export(Kind.XES, "xes")


@pytest.fixture(scope="module")
def events(town: Town) -> list[Recorded]:
    return events_of(town.database, CODEC)


def all_facts() -> Iterator[type[Fact]]:
    yield from (fact for family in FAMILIES for fact in family.facts)


# OCEL


def test_no_value_of_a_fact_hides_one_of_the_ledger_or_another() -> None:
    for fact in all_facts():
        names = [value.path.replace(".", "_") for value in values_of(fact)]
        assert len({name.lower() for name in names}) == len(names)
        assert not OF_THE_LEDGER.keys() & set(names)


def test_the_json_has_the_shape_of_ocel_2(document: Any) -> None:
    Draft202012Validator(SCHEMA).validate(document)
    declared = {
        kind["name"]: {each["name"]: each["type"] for each in kind["attributes"]} for kind in document["eventTypes"]
    }
    ids = {each["id"] for each in document["objects"]}
    python: dict[str, Any] = {"string": str, "time": str, "integer": int, "float": (int, float), "boolean": bool}
    for event in document["events"]:
        for attribute in event["attributes"]:
            assert isinstance(attribute["value"], python[declared[event["type"]][attribute["name"]]])
        assert {each["objectId"] for each in event["relationships"]} <= ids


def test_events_and_objects_are_those_of_the_ledger(document: Any, events: list[Recorded]) -> None:
    assert Counter(each["type"] for each in document["events"]) == Counter(activity(event.fact) for event in events)
    records = {str(event.record_id): event.fact.kind for event in events}
    found = {each["id"]: each["type"] for each in document["objects"]}
    things = {name for name in found if name not in records}
    assert {name: found[name] for name in records} == records
    assert {found[name] for name in things} == {"unit", "branch", "parcel"}
    assert all(name.startswith(f"{found[name]}:") for name in things)


def test_an_event_is_related_to_its_record_and_to_what_it_is_about(document: Any, events: list[Recorded]) -> None:
    related = {each["id"]: each["relationships"] for each in document["events"]}
    for event in events:
        own = [each for each in related[f"e{event.position}"] if each["qualifier"] == "record"]
        assert own == [{"objectId": str(event.record_id), "qualifier": "record"}]
    opened = next(event for event in events if activity(event.fact) == "efile.case_opened")
    about = {each["qualifier"]: each["objectId"] for each in related[f"e{opened.position}"]}
    fact: Any = opened.fact
    assert about["file_id"] == str(fact.file_id)
    assert about["lead_unit"] == f"unit:{fact.lead_unit}"
    case = next(each for each in document["objects"] if each["id"] == str(opened.record_id))
    assert {"objectId": str(fact.file_id), "qualifier": "file_id"} in case["relationships"]
    assert case["attributes"][0]["value"] == fact.number()


def test_bodies_branches_and_parcels_are_objects_of_events(document: Any) -> None:
    kinds = {each["id"]: each["type"] for each in document["objects"]}
    used = {
        (kinds[each["objectId"]], each["qualifier"]) for event in document["events"] for each in event["relationships"]
    }
    assert {("body", "data.bodies.record"), ("branch", "branch"), ("parcel", "parcels"), ("unit", "org_unit")} <= used


def test_pm4py_opens_both_forms_and_sees_the_same(ocel: tuple[Path, Exported], document: Any) -> None:
    place, done = ocel
    # Of the JSON it keeps one qualifier for each pair of event and object.
    pairs = sum(len({each["objectId"] for each in event["relationships"]}) for event in document["events"])
    of_json = pm4py.read_ocel2_json(str(place / "ocel.json"))
    of_sqlite = pm4py.read_ocel2_sqlite(str(place / "ocel.sqlite"))
    for log in (of_json, of_sqlite):
        assert len(log.events) == EVENTS == done.counts["event"]
        assert len(set(zip(log.relations["ocel:eid"], log.relations["ocel:oid"], strict=True))) == pairs
        assert len(log.objects) == done.counts["object"]
    assert set(pm4py.ocel_get_object_types(of_json)) == set(pm4py.ocel_get_object_types(of_sqlite))
    _, broken = ocel20_rel_validation.apply(str(place / "ocel.sqlite"))
    assert not broken


def test_the_two_forms_have_the_same_relations(ocel: tuple[Path, Exported], document: Any) -> None:
    with closing(sqlite3.connect(ocel[0] / "ocel.sqlite")) as connection:
        stored = set(connection.execute("select ocel_event_id, ocel_object_id, ocel_qualifier from event_object"))
    told = {(e["id"], each["objectId"], each["qualifier"]) for e in document["events"] for each in e["relationships"]}
    assert stored == told


# XES


def test_each_family_is_a_log_of_its_records(xes: tuple[Path, Exported], events: list[Recorded]) -> None:
    place, done = xes
    family_of = CODEC.family_of
    for family in FAMILIES:
        own = [event for event in events if family_of[type(event.fact)] is family]
        log = pm4py.read_xes(str(place / f"{family.name}.xes.gz"))
        assert Counter(log["concept:name"]) == Counter(activity(event.fact) for event in own)
        assert set(log["case:concept:name"]) == {str(event.record_id) for event in own}
        assert done.counts[f"{family.name}.events"] == len(own)
    log = log.set_index("stadtbuch:position")
    for event in own:
        assert log.loc[event.position, "time:timestamp"] == event.effective_at


def test_what_xml_cannot_write_does_not_break_a_log(tmp_path: Path) -> None:
    log = Log(tmp_path / "odd.xes.gz", '<&">')
    log.add({"concept:name": "a\x00\ud800b"}, [{"concept:name": 'x"<y>&\nz', "n": 3, "d": Decimal("1.50"), "b": True}])
    log.close()
    found = pm4py.read_xes(str(tmp_path / "odd.xes.gz"))
    assert found["case:concept:name"].to_list() == ["a\ufffd\ufffdb"]
    assert (found["concept:name"][0], found["n"][0], found["d"][0], found["b"][0]) == ('x"<y>&\nz', 3, 1.5, True)


# For auditors

YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))


@pytest.fixture(scope="module")
def audited(town: Town) -> tuple[Path, Exported]:
    place = town.place / "audit"
    place.mkdir()
    with source(town.database, CODEC) as ledger:
        return place, export(Kind.GDPDU, ledger, place, period=YEAR)


def rows_of(place: Path, index: Any, name: str) -> list[dict[str, str]]:
    """The rows of a file, read as its description says."""
    (table,) = index.xpath(f"//Table[URL='{name}.csv']")
    names = table.xpath("VariableLength/*[self::VariablePrimaryKey or self::VariableColumn]/Name/text()")
    with (place / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file, delimiter=table.findtext("VariableLength/ColumnDelimiter"))
    assert header == names
    return [dict(zip(names, line, strict=True)) for line in lines]


def test_the_description_is_valid_and_names_every_column(audited: tuple[Path, Exported]) -> None:
    place, done = audited
    index = etree.parse(place / "index.xml", etree.XMLParser(load_dtd=True, no_network=True, dtd_validation=True))
    assert index.docinfo.system_url == DTD
    for name, count in done.counts.items():
        assert len(rows_of(place, index, name)) == count > 0


def test_what_was_raised_and_paid_in_the_year_is_what_the_treasurer_is_told(
    audited: tuple[Path, Exported], town: Town
) -> None:
    place, _ = audited
    index = etree.parse(place / "index.xml")
    told = {}
    for family, name, raised, amount in (
        ("library", "charge", "raised_on", "amount"),
        ("cadastre", "cadastre_order", "assessed_on", "fee"),
    ):
        rows = rows_of(place, index, name)
        for what, day, column in (
            ("raised", raised, amount),
            ("paid", "paid_on", "paid" if family == "cadastre" else amount),
        ):
            own = [row[column] for row in rows if row[day].endswith(".2025")]
            told[family, what] = sum((Decimal(text.replace(",", ".")) for text in own), Decimal(0))
    with psycopg.connect(town.database.conninfo("reader")) as connection:
        report = connection.execute(
            "select family, sum(raised), sum(paid) from read.charges_by_month where month between %s and %s group by 1",
            YEAR,
        ).fetchall()
    raised_and_paid = {(family, "raised"): raised for family, raised, _ in report}
    assert told == raised_and_paid | {(family, "paid"): paid for family, _, paid in report}


def test_what_had_nothing_to_do_with_the_year_is_left_out(audited: tuple[Path, Exported]) -> None:
    place, _ = audited
    rows = rows_of(place, etree.parse(place / "index.xml"), "charge")
    days = ("raised_on", "paid_on", "waived_on", "refunded_on")
    assert all(any(row[day].endswith(".2025") for day in days) for row in rows)


def test_sealed_texts_are_no_columns(audited: tuple[Path, Exported]) -> None:
    names = etree.parse(audited[0] / "index.xml").xpath("//Table[2]//Name/text()")
    assert "fee" in names
    assert not {"requester", "purpose", "ground"} & set(names)
