"""Cadastre orders from the CSV file of an earlier system: each as far as it had come, once, and gone on with."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from random import Random

import psycopg
import pytest

from domain.cadastre.state import Order
from domain.cadastre.vocabulary import Format, PaperSize, Product, Stage
from infra.imports.csv_importer import CsvImporter
from infra.imports.csv_mapping import load_mapping
from infra.imports.csv_orders import key_of
from infra.imports.framework import SourceError, record_id
from infra.imports.rehearsal import LedgerBook, Rehearsal
from infra.imports.runner import Counts, run
from infra.ledger import Ledger

pytestmark = [pytest.mark.database, pytest.mark.any_server]

Admin = psycopg.Connection[tuple[object, ...]]
Line = Mapping[str, str]
Import = Callable[..., Counts]

COLUMNS = [column.name for column in load_mapping("cadastre_orders").columns]
SHA256 = "ab" * 32
BASKETS = {
    "Bestellnummer": "A-1",
    "Bestelldatum": "02.03.2024",
    "Produkt": "Liegenschaftskarte",
    "Flurstücke": "053110001000120003__ 053110001000130003__",
    "Format": "PDF",
    "Blatt": "A3",
    "Besteller": "Jörg Müller, Bäckerstraße 3",
}
PAID = {**BASKETS, "Bestellnummer": "A-2", "Gezahlt": "30,00", "Zahldatum": "04.03.2024", "Zahlungsart": "Karte"}
DONE = {
    **PAID,
    "Bestellnummer": "A-3",
    "Hergestellt": "05.03.2024",
    "SHA256": SHA256,
    "Ausgeliefert": "06.03.2024",
    "Versandweg": "Post",
    "Abgeschlossen": "20.03.2024",
}
BILLED = {
    **BASKETS,
    "Bestellnummer": "A-4",
    "Bescheidnummer": "GB-2024-77",
    "Bescheiddatum": "05.03.2024",
    "Fällig": "05.04.2024",
    "Hergestellt": "06.03.2024",
    "SHA256": SHA256,
    "Ausgeliefert": "07.03.2024",
    "Versandweg": "Download",
    "Download bis": "07.04.2024",
}
ROWS = [BASKETS, PAID, DONE, BILLED]


def write(path: Path, rows: list[Line]) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, delimiter=";", restval="")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


@pytest.fixture
def bring(ledger: Ledger, tmp_path: Path) -> Import:
    """Import these rows as one file; what was refused is told in `rejects`."""

    def bring(rows: list[Line], rejects: io.StringIO | None = None, dry_run: bool = False) -> Counts:
        book = Rehearsal(ledger) if dry_run else LedgerBook(ledger)
        path = write(tmp_path / "orders.csv", rows)
        result = run(CsvImporter("cadastre_orders"), [path], book, rejects=rejects)
        assert result.faults == []
        return result.counts

    return bring


def order(ledger: Ledger, number: str) -> Order:
    state = ledger.stream(record_id("csv", key_of(number))).state
    assert isinstance(state, Order)
    return state


def test_each_order_comes_as_far_as_it_had_come(bring: Import, ledger: Ledger) -> None:
    assert bring(ROWS) == Counts(read=4, recorded=4, records=4, events=15)
    stages = {number: order(ledger, number).stage for number in ("A-1", "A-2", "A-3", "A-4")}
    assert stages == {"A-1": Stage.SUBMITTED, "A-2": Stage.PAID, "A-3": Stage.COMPLETED, "A-4": Stage.DELIVERED}
    placed = order(ledger, "A-1")
    assert (placed.product, placed.format, placed.paper_size) == (Product.PROPERTY_MAP, Format.PDF, PaperSize.A3)
    assert (len(placed.parcels), placed.placed_on) == (2, date(2024, 3, 2))
    billed = order(ledger, "A-4")
    assert billed.demand is not None
    assert (billed.demand.number, billed.demand.due, billed.expires) == (
        "GB-2024-77",
        date(2024, 4, 5),
        date(2024, 4, 7),
    )


def test_a_second_import_records_nothing(bring: Import, admin: Admin) -> None:
    bring(ROWS)
    before = admin.execute("select count(*) from ledger.event").fetchone()
    assert bring(ROWS) == Counts(read=4, unchanged=4)
    assert admin.execute("select count(*) from ledger.event").fetchone() == before


def test_an_order_that_has_come_further_is_gone_on_with(bring: Import, ledger: Ledger) -> None:
    bring([BASKETS])
    assert bring([{**PAID, "Bestellnummer": "A-1"}]) == Counts(read=1, recorded=1, records=1, events=2)
    assert bring([{**DONE, "Bestellnummer": "A-1"}]) == Counts(read=1, recorded=1, records=1, events=3)
    assert order(ledger, "A-1").stage is Stage.COMPLETED
    assert bring([BASKETS]) == Counts(read=1, unchanged=1)


def test_an_order_that_stands_in_a_file_twice_is_placed_once(bring: Import) -> None:
    assert bring([BASKETS, BASKETS]) == Counts(read=2, recorded=1, unchanged=1, records=1, events=1)
    assert bring([PAID, {**DONE, "Bestellnummer": "A-2"}]).events == 6


def test_each_step_takes_effect_on_its_day_and_the_import_is_named(bring: Import, admin: Admin) -> None:
    bring([DONE])
    steps = admin.execute(
        "select topic, (effective_at at time zone 'Europe/Berlin')::date, channel from ledger.event order by position"
    ).fetchall()
    assert steps == [
        ("cadastre.order_placed.v3", date(2024, 3, 2), "IMPORT"),
        ("cadastre.fee_assessed.v2", date(2024, 3, 4), "IMPORT"),
        ("cadastre.payment_settled.v2", date(2024, 3, 4), "IMPORT"),
        ("cadastre.product_generated.v2", date(2024, 3, 5), "IMPORT"),
        ("cadastre.product_delivered.v1", date(2024, 3, 6), "IMPORT"),
        ("cadastre.purpose_fulfilled.v2", date(2024, 3, 20), "IMPORT"),
    ]


def test_names_are_sealed_and_stand_nowhere_in_clear(bring: Import, admin: Admin) -> None:
    bring(ROWS)
    found = admin.execute(
        "select count(*) from ledger.event where body::text like '%Müller%' or envelope::text like '%Müller%'"
    ).fetchone()
    assert found == (0,)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Produkt": "Stadtplan"}, "Produkt"),
        ({"Bestelldatum": "2024-03-02"}, "Bestelldatum"),
        ({"Gezahlt": "30,00"}, "paid, paid_on"),
        ({"Gezahlt": "30 EUR", "Zahldatum": "04.03.2024"}, "Gezahlt"),
        ({"Format": "Papier"}, "format"),
        ({"SHA256": SHA256}, "made_on, sha256"),
        ({"Besteller": ""}, "Besteller"),
        ({"Flurstücke": "05311"}, "parcel_id_malformed"),
        ({"Gezahlt": "29,00", "Zahldatum": "04.03.2024"}, "payment_differs"),
        ({"Abgeschlossen": "05.03.2024"}, "not_delivered"),
    ],
)
def test_a_row_that_cannot_be_is_rejected_with_its_reason_and_the_next_is_read(
    bring: Import, change: Line, reason: str
) -> None:
    rejects = io.StringIO()
    counts = bring([{**BASKETS, **change}, {**BASKETS, "Bestellnummer": "A-9"}], rejects)
    assert (counts.read, counts.rejected, counts.recorded) == (2, 1, 1)
    (told,) = [json.loads(line) for line in rejects.getvalue().splitlines()]
    assert reason in json.dumps(told, ensure_ascii=False)
    assert "Müller" not in rejects.getvalue()


def test_nothing_follows_a_step_that_was_refused_and_the_corrected_row_goes_on(bring: Import, ledger: Ledger) -> None:
    told = {**BILLED, "Gezahlt": "30,00", "Zahldatum": "06.03.2024", "Zahlungsart": "Karte"}
    assert bring([told]).recorded == 1
    other = {**told, "Bestellnummer": "A-9"}
    rejects = io.StringIO()
    assert bring([other], rejects).rejected == 1
    assert "fee_notice_number_taken" in rejects.getvalue()
    assert order(ledger, "A-9").stage is Stage.PRICED
    assert bring([{**other, "Bescheidnummer": "GB-2024-78"}]).recorded == 1
    assert order(ledger, "A-9").stage is order(ledger, "A-4").stage


def test_owner_data_is_placed_and_waits_for_the_review_here(bring: Import, ledger: Ledger) -> None:
    owners = {
        **PAID,
        "Produkt": "Flurstücks- und Eigentumsnachweis",
        "Blatt": "A4",
        "Vertrauensniveau": "hoch",
        "Zweck": "Grenzmauer",
    }
    assert bring([{**owners, "Gezahlt": "", "Zahldatum": ""}]).recorded == 1
    rejects = io.StringIO()
    assert bring([owners], rejects).rejected == 1
    assert "interest_open" in rejects.getvalue()
    assert order(ledger, "A-2").stage is Stage.SUBMITTED


def test_a_rehearsal_records_nothing_and_counts_alike(bring: Import, admin: Admin) -> None:
    rehearsed = bring(ROWS, dry_run=True)
    assert admin.execute("select count(*) from ledger.event").fetchone() == (0,)
    assert bring(ROWS) == rehearsed


def test_a_mapping_that_takes_orders_back_is_refused(tmp_path: Path) -> None:
    mapping = tmp_path / "own.toml"
    mapping.write_text(
        'target = "cadastre.order"\nsource = "x"\ncomplete_per_record = true\n[columns]\n'
        'n = { field = "order_number" }\nd = { field = "placed_on", type = "date" }\np = { field = "product" }\n'
        'f = { field = "parcels" }\nr = { field = "requester" }\n'
    )
    with pytest.raises(SourceError) as refusal:
        CsvImporter(mapping)
    assert "complete_per_record" in refusal.value.message.en


def test_a_generated_file_comes_in_whole_whatever_its_order(bring: Import, admin: Admin) -> None:
    random = Random(7)
    rows = [a_row(random, n) for n in range(120)]
    counts = bring(rows)
    assert (counts.read, counts.recorded, counts.rejected) == (120, 120, 0)
    random.shuffle(rows)
    assert bring(rows) == Counts(read=120, unchanged=120)
    ((orders,),) = admin.execute("select count(distinct record_id) from ledger.event").fetchall()
    assert orders == 120


def a_row(random: Random, number: int) -> Line:
    """An order of an earlier system, at any stage it may have come to."""
    sheets = {"A4": "30,00", "A3": "30,00", "A1": "60.00"}
    sheet = random.choice(sorted(sheets))
    row = {
        **BASKETS,
        "Bestellnummer": f"G-{number}",
        "Bestelldatum": f"{random.randint(1, 9):02}.03.2024",
        "Blatt": sheet,
        "Besteller": random.choice(["Änne Weiß", "Jörg Müller", "Łucja Dąbrowski"]),
    }
    stage = random.randint(0, 3)
    if stage >= 1:
        row |= {"Gezahlt": sheets[sheet], "Zahldatum": "10.03.2024"}
    if stage >= 2:
        row |= {"Hergestellt": "11.03.2024", "SHA256": random.randbytes(32).hex()}
    if stage >= 3:
        row |= {"Ausgeliefert": "11.03.2024", "Versandweg": random.choice(["Post", "Schalter"])}
    return row
