"""Readers, items and running loans from the CSV files of an earlier library system."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random

import psycopg
import pytest

from domain.library.state import Item, Patron
from domain.library.vocabulary import AgeBand, BlockGround, MediaType
from infra.imports.csv_importer import CsvImporter
from infra.imports.csv_library import item_key, patron_id, patron_key
from infra.imports.csv_mapping import load_mapping
from infra.imports.framework import record_id
from infra.imports.rehearsal import LedgerBook, Rehearsal
from infra.imports.runner import Counts, run
from infra.ledger import Ledger

pytestmark = [pytest.mark.database, pytest.mark.any_server]

Admin = psycopg.Connection[tuple[object, ...]]
Line = Mapping[str, str]
Import = Callable[..., Counts]

BOOK = {
    "Barcode": "100-1",
    "Titel": "Theodor Storm: Immensee",
    "Medienart": "Buch",
    "Zweigstelle": "Bilk",
    "Zugang": "02.01.2020",
    "Signatur": "R 11 Sto",
}
FILM = {**BOOK, "Barcode": "100-2", "Titel": "Metropolis", "Medienart": "Film"}
LEXICON = {**BOOK, "Barcode": "100-3", "Titel": "Lexikon", "Ausleihbar": "nein"}
WORN = {**BOOK, "Barcode": "100-4", "Ausgesondert": "03.03.2023", "Aussonderungsgrund": "verschlissen"}
ITEMS = [BOOK, FILM, LEXICON, WORN]
ADA = {
    "Benutzernummer": "4711",
    "Ausweisnummer": "D 100 001",
    "Name": "Änne Lesefroh",
    "Geburtsdatum": "1981-12-10",
    "Altersstufe": "erwachsen",
    "Zweigstelle": "Bilk",
    "Angemeldet": "05.01.2020",
}
KIM = {
    **ADA,
    "Benutzernummer": "4712",
    "Ausweisnummer": "D 100 002",
    "Name": "Kim Klein",
    "Altersstufe": "unter 16",
    "Sorgeberechtigt": "Mutter Klein",
}
READERS = [ADA, KIM]
LENT = {"Barcode": "100-1", "Benutzernummer": "4711", "Ausgeliehen": "02.03.2026", "Zweigstelle": "Bilk"}
LENT_LONGER = {**LENT, "Barcode": "100-2", "Benutzernummer": "4712", "Fällig": "30.04.2026"}
LOANS = [LENT, LENT_LONGER]


def write(path: Path, mapping: str, rows: list[Line]) -> Path:
    columns = [column.name for column in load_mapping(mapping).columns]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, delimiter=";", restval="")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


@pytest.fixture
def bring(ledger: Ledger, tmp_path: Path) -> Import:
    """Import these rows as one file; what was refused is told in `rejects`."""

    def bring(mapping: str, rows: list[Line], rejects: io.StringIO | None = None, dry_run: bool = False) -> Counts:
        book = Rehearsal(ledger) if dry_run else LedgerBook(ledger)
        path = write(tmp_path / f"{mapping}.csv", mapping, rows)
        result = run(CsvImporter(mapping), [path], book, rejects=rejects)
        assert result.faults == []
        return result.counts

    return bring


@pytest.fixture
def moved(bring: Import) -> Import:
    """All that there was in the earlier system is here."""
    bring("library_items", ITEMS)
    bring("library_patrons", READERS)
    bring("library_loans", LOANS)
    return bring


def item(ledger: Ledger, barcode: str) -> Item:
    state = ledger.stream(record_id("csv", item_key(barcode))).state
    assert isinstance(state, Item)
    return state


def patron(ledger: Ledger, number: str) -> Patron:
    state = ledger.stream(patron_id(patron_key(number), LedgerBook(ledger))).state
    assert isinstance(state, Patron)
    return state


def test_the_stock_comes_with_what_left_it(bring: Import, ledger: Ledger) -> None:
    assert bring("library_items", ITEMS) == Counts(read=4, recorded=4, records=4, events=5)
    film = item(ledger, "100-2")
    assert (film.title, film.media_type, film.branch, film.title_id) == ("Metropolis", MediaType.FILM, "Bilk", None)
    assert [item(ledger, f"100-{n}").for_loan for n in (1, 3)] == [True, False]
    assert [item(ledger, f"100-{n}").withdrawn for n in (1, 4)] == [False, True]


def test_readers_come_with_their_guardians_and_nothing_of_them_in_clear(
    bring: Import, ledger: Ledger, admin: Admin
) -> None:
    assert bring("library_patrons", READERS) == Counts(read=2, recorded=2, records=2, events=2)
    assert (patron(ledger, "4711").age_band, patron(ledger, "4711").guardian_consent) == (AgeBand.ADULT, False)
    assert patron(ledger, "4712").guardian_consent
    stored = str(admin.execute("select body::text, envelope::text from ledger.event").fetchall())
    assert not [word for word in ("Lesefroh", "Klein", "100 001", "4711", "1981") if word in stored]


def test_nobody_finds_a_reader_by_the_number_in_the_earlier_system(moved: Import, ledger: Ledger, admin: Admin) -> None:
    """The id is in clear and stays when the reader is erased: it must not be one that can be tried out."""
    known = [row[0] for row in admin.execute("select distinct record_id from ledger.event").fetchall()]
    assert patron_id(patron_key("4711"), LedgerBook(ledger)) in known
    for guess in ("4711", patron_key("4711")):
        assert record_id("csv", guess) not in known


def test_a_running_loan_keeps_its_due_date(moved: Import, ledger: Ledger, admin: Admin) -> None:
    usual, longer = item(ledger, "100-1").loan, item(ledger, "100-2").loan
    assert usual is not None
    assert longer is not None
    assert (usual.due, longer.due) == (date(2026, 3, 30), date(2026, 4, 30))
    days = admin.execute(
        "select (effective_at at time zone 'Europe/Berlin')::date, channel from ledger.event"
        " where topic = 'library.item_lent.v1' order by position"
    ).fetchall()
    assert days == [(date(2026, 3, 2), "IMPORT")] * 2


def test_a_second_import_records_nothing(moved: Import, admin: Admin) -> None:
    before = admin.execute("select count(*) from ledger.event").fetchone()
    for mapping, rows in (("library_items", ITEMS), ("library_patrons", READERS), ("library_loans", LOANS)):
        assert moved(mapping, rows) == Counts(read=len(rows), unchanged=len(rows))
        assert moved(mapping, rows, dry_run=True) == Counts(read=len(rows), unchanged=len(rows))
    assert admin.execute("select count(*) from ledger.event").fetchone() == before


def test_blocks_and_endings_come_with_a_second_file_once(moved: Import, ledger: Ledger) -> None:
    later = [
        {**ADA, "Gesperrt": "10.03.2026", "Sperrgrund": "überfällig"},
        {**KIM, "Abgemeldet": "11.03.2026", "Abmeldegrund": "auf Wunsch"},
    ]
    assert moved("library_patrons", later) == Counts(read=2, recorded=2, records=2, events=2)
    assert (patron(ledger, "4711").blocked, patron(ledger, "4712").active) == (BlockGround.OVERDUE_ITEMS, False)
    assert moved("library_patrons", later) == Counts(read=2, unchanged=2)


def test_what_a_rule_refuses_is_rejected_with_the_rule(moved: Import) -> None:
    rejects = io.StringIO()
    rows = [
        {**LENT, "Benutzernummer": "4712", "Ausgeliehen": "03.03.2026"},
        {**LENT, "Barcode": "100-3"},
        {**LENT, "Barcode": "100-4"},
        {**LENT, "Barcode": "no item"},
        {**LENT, "Barcode": "100-2", "Ausgeliehen": "morgen"},
    ]
    assert moved("library_loans", rows, rejects) == Counts(read=5, rejected=5)
    told = [(line["source_id"], line["rule"] or line["error"]) for line in map(json.loads, _lines(rejects))]
    assert sorted(told, key=str) == sorted(
        [
            ("100-1", "library.item_on_loan"),
            ("100-3", "library.not_for_loan"),
            ("100-4", "library.item_withdrawn"),
            ("no item", "NotFound"),
            (None, "unreadable"),
        ],
        key=str,
    )


@pytest.mark.parametrize(
    ("mapping", "row", "otherwise"),
    [
        ("library_items", BOOK, {**BOOK, "Titel": "Aquis submersus"}),
        ("library_patrons", ADA, {**ADA, "Name": "Anna Lesefroh"}),
        ("library_loans", LENT, {**LENT, "Benutzernummer": "4712"}),
    ],
)
def test_a_second_row_that_says_something_else_of_a_record_is_rejected_each_time(
    bring: Import, mapping: str, row: Line, otherwise: Line
) -> None:
    if mapping == "library_loans":
        bring("library_items", ITEMS)
        bring("library_patrons", READERS)
    for first in (True, False):
        rejects = io.StringIO()
        counts = bring(mapping, [row, row, otherwise, row, otherwise], rejects)
        assert (counts.read, counts.recorded, counts.unchanged, counts.rejected) == (5, first, 3 - first, 2)
        told = [json.loads(line) for line in _lines(rejects)]
        assert [(line["row"], line["error"]) for line in told] == [(4, "unreadable"), (6, "unreadable")]
        assert all("says something else of the same record" in line["message"] for line in told)


def test_what_left_before_it_came_is_rejected(bring: Import) -> None:
    rejects = io.StringIO()
    bring("library_items", [{**WORN, "Ausgesondert": "01.01.2020"}], rejects)
    bring("library_patrons", [{**ADA, "Abgemeldet": "04.01.2020"}], rejects)
    assert [json.loads(line)["rule"] for line in _lines(rejects)] == ["library.out_of_order"] * 2


def test_a_reader_who_was_blocked_after_leaving_comes_with_both(bring: Import, ledger: Ledger) -> None:
    assert bring("library_patrons", [{**ADA, "Gesperrt": "03.03.2024", "Abgemeldet": "02.02.2023"}]).events == 3
    assert (patron(ledger, "4711").active, patron(ledger, "4711").since) == (False, date(2024, 3, 3))


def test_a_reader_comes_with_the_day_until_which_membership_is_paid(
    bring: Import, ledger: Ledger, admin: Admin
) -> None:
    bring("library_patrons", [{**ADA, "Bezahlt bis": "31.12.2026"}, KIM])
    assert patron(ledger, "4711").charged_until == date(2026, 12, 31)
    days = admin.execute(
        "select (recorded_at at time zone 'Europe/Berlin')::date from ledger.event"
        " where topic = 'library.patron_registered.v2' order by position"
    ).fetchall()
    assert [(patron(ledger, "4712").charged_until or date.max) + timedelta(days=1)] == list(days[1])


def _lines(rejects: io.StringIO) -> list[str]:
    return rejects.getvalue().splitlines()


def test_a_word_that_the_mapping_does_not_know_is_told(bring: Import) -> None:
    rejects = io.StringIO()
    assert bring("library_items", [{**BOOK, "Medienart": "Papyrus"}], rejects).rejected == 1
    assert "Papyrus" in rejects.getvalue()


def test_a_generated_library_moves_in(bring: Import) -> None:
    random = Random(7)
    readers = [{**ADA, "Benutzernummer": str(n), "Ausweisnummer": f"D{n}"} for n in range(300)]
    items = [{**BOOK, "Barcode": f"B{n}"} for n in range(600)]
    lent = random.sample(range(600), 400)
    loans = [{**LENT, "Barcode": f"B{n}", "Benutzernummer": str(random.randrange(300))} for n in lent]
    assert bring("library_items", items).recorded == 600
    assert bring("library_patrons", readers).recorded == 300
    assert bring("library_loans", loans) == Counts(read=400, recorded=400, records=400, events=400)
