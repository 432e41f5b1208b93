"""Parcel ids: their form, and the table of Gemarkungen and Fluren that ships with the package."""

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.cadastre import parcels
from domain.cadastre.parcels import ParcelId, districts
from tests.conftest import ROOT

TABLE = Path(parcels.__file__).with_name("districts_nrw.txt")


def test_a_parcel_id_has_six_parts_of_fixed_width() -> None:
    assert ParcelId.parse("053110001000120003__") == ParcelId("05", "3110", 1, 12, 3, None)
    assert ParcelId.parse("053110001000120003__") != ParcelId.parse("05311000100012000301")


def test_absent_parts_are_underscores() -> None:
    assert ParcelId.parse("053110___00012______") == ParcelId("05", "3110", None, 12, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "05311000100012",
        "05311000100012000301 ",
        "053110001000120003__\n",
        "053110__100012______",
        "05311000100012___3__",
        "05311000100012000３__",
        "DENW053110001000120003__",
    ],
)
def test_what_is_not_of_the_form_is_no_parcel_id(text: str) -> None:
    assert ParcelId.parse(text) is None


@for_all(st.text(alphabet="0123456789_", min_size=18, max_size=22))
def test_every_parcel_id_has_twenty_characters(text: str) -> None:
    assert ParcelId.parse(text) is None or len(text) == 20


def test_the_table_is_small_and_says_where_it_is_from() -> None:
    head = TABLE.read_text(encoding="utf-8")[:600]
    assert TABLE.stat().st_size < 300_000
    assert "Kreis Viersen" in head
    assert "Datenlizenz Deutschland Zero 2.0" in head
    assert f"# Version: {districts().version}\n" in head


def test_a_gemarkung_knows_its_office_and_its_fluren() -> None:
    hamm = districts().gemarkungen["3468"]
    assert (hamm.name, hamm.office) == ("Hamm", "Düsseldorf")
    bielefeld = districts().gemarkungen["2853"]
    assert not bielefeld.has_flur(33)
    assert bielefeld.has_flur(34)
    assert bielefeld.has_flur(94)
    assert not bielefeld.has_flur(95)


def test_a_run_with_gaps_has_no_flur_in_the_gap() -> None:
    gappy = next(g for g in districts().gemarkungen.values() if "," in g.runs)
    missing = set(range(min(gappy.fluren()), max(gappy.fluren()))) - set(gappy.fluren())
    assert missing
    assert not any(gappy.has_flur(number) for number in missing)
    assert all(gappy.has_flur(number) for number in gappy.fluren())


def test_the_table_agrees_with_its_source(test_data: Path) -> None:
    source = json.loads(source_file(test_data).read_text(encoding="utf-8"))
    expected = {
        district["schluessel"]: (office, f"{label}", sorted(int(flur) for flur in district["fluren"]))
        for office, of_office in source.items()
        for label, district in of_office.items()
    }
    table = {g.key: (g.office, f"{g.name} ({g.key})", list(g.fluren())) for g in districts().gemarkungen.values()}
    assert table == expected
    assert len(table) == 2_903
    assert sum(len(fluren) for _, _, fluren in table.values()) == 50_654


def test_the_table_is_what_the_tool_makes_of_its_source(test_data: Path) -> None:
    lines = "\n".join(tool_table(source_file(test_data).read_bytes())) + "\n"
    assert lines == TABLE.read_text(encoding="utf-8")


def source_file(test_data: Path) -> Path:
    return test_data / "cadastre" / "katasteraemter-gemarkungen-fluren-nrw.json"


def tool_table(source: bytes) -> Iterator[str]:
    """tools/ is not a package, so its script is loaded from its file."""
    spec = importlib.util.spec_from_file_location("parcel_table", ROOT / "tools" / "parcel_table.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    lines: Iterator[str] = module.table(source)
    return lines
