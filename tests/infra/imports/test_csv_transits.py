"""Transits from CSV files into dispatch lists: everything once, changes only, and from where it was interrupted."""

import csv
import gzip
import io
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from domain.library.state import Dispatch
from infra.imports.csv_importer import ROWS_AT_ONCE, CsvImporter
from infra.imports.csv_transits import TransitRow
from infra.imports.framework import Book, Item, SourceError, record_id
from infra.imports.rehearsal import LedgerBook, Rehearsal
from infra.imports.runner import Counts, run
from infra.ledger import Ledger

pytestmark = pytest.mark.any_server

Admin = psycopg.Connection[tuple[object, ...]]
COLUMNS = ("date_transited", "item_type", "from_library", "from_authority", "to_library", "to_authority")
Line = tuple[str, ...]
FICTION: Line = ("2018-01-02", "Adult Fiction", "Paulton", "Bath", "Radstock", "Bath")
SPOKEN: Line = ("2018-01-02", "Spoken Word", "Paulton", "Bath", "Keynsham", "Bath")
POOLE: Line = ("2018-01-02", "Adult Fiction", "Poole Central", "Poole", "Paulton", "Bath")
LATER: Line = ("2018-01-03", "Adult Fiction", "Paulton", "Bath", "Radstock", "Bath")
ROWS = [FICTION, SPOKEN, POOLE, FICTION, LATER]
Import = Callable[..., Counts]


def write(path: Path, rows: list[Line]) -> Path:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    path.write_text(text.getvalue())
    return path


@pytest.fixture
def bring(ledger: Ledger, tmp_path: Path) -> Import:
    """Import these rows as one file."""

    def bring(rows: list[Line], **options: bool) -> Counts:
        book = Rehearsal(ledger) if options.get("dry_run") else LedgerBook(ledger)
        result = run(CsvImporter(), [write(tmp_path / "transits.csv", rows)], book)
        assert result.faults == []
        return result.counts

    return bring


def on_lists(admin: Admin) -> Counter[Line]:
    """What stands on all lists, as rows of the source; straight from the stored bodies."""
    rows = admin.execute(
        """
        select body->>'day', body->>'item_type', body->>'from_branch', body->>'from_authority', body->>'to_branch',
               body->>'to_authority'
        from ledger.event e
        where topic = 'library.transit_recorded.v1' and not exists (
            select from ledger.event r where r.record_id = e.record_id and r.topic = 'library.transit_retracted.v1'
            and r.body->>'transit' = e.body->>'transit')
        """
    )
    return Counter(tuple(str(value) for value in row) for row in rows)


def test_each_row_is_recorded_once_and_equal_rows_are_different_items(bring: Import, admin: Admin) -> None:
    assert bring(ROWS) == Counts(read=5, recorded=5, records=3, events=8)
    assert on_lists(admin) == Counter(ROWS)


def test_a_second_import_records_nothing(bring: Import, admin: Admin) -> None:
    bring(ROWS)
    before = admin.execute("select count(*) from ledger.event").fetchone()
    assert bring(ROWS) == Counts(read=5, unchanged=5)
    assert admin.execute("select count(*) from ledger.event").fetchone() == before


def test_the_order_of_a_file_does_not_matter(bring: Import, admin: Admin) -> None:
    bring(ROWS)
    shuffled = random.Random(1).sample(ROWS, len(ROWS))
    assert bring(shuffled) == Counts(read=5, unchanged=5)
    assert on_lists(admin) == Counter(ROWS)


def test_a_row_that_changed_is_recorded_and_what_it_was_is_retracted(bring: Import, admin: Admin) -> None:
    bring(ROWS)
    changed = [FICTION, (*SPOKEN[:4], "Radstock", "Bath"), *ROWS[2:]]
    assert bring(changed) == Counts(read=5, recorded=1, unchanged=4, records=1, events=2)
    assert on_lists(admin) == Counter(changed)
    assert bring(changed) == Counts(read=5, unchanged=5)


def test_a_row_that_was_added_is_the_only_one_recorded(bring: Import, admin: Admin) -> None:
    bring(ROWS)
    assert bring([*ROWS, FICTION]) == Counts(read=6, recorded=1, unchanged=5, records=1, events=1)
    assert on_lists(admin) == Counter([*ROWS, FICTION])


def test_a_row_that_a_list_has_no_longer_is_retracted(bring: Import, admin: Admin) -> None:
    bring(ROWS)
    fewer = [SPOKEN, POOLE, FICTION, LATER]
    assert bring(fewer) == Counts(read=4, unchanged=4, events=1)
    assert on_lists(admin) == Counter(fewer)


def test_a_file_that_is_named_twice_is_recorded_once(ledger: Ledger, tmp_path: Path, admin: Admin) -> None:
    # A list's rows stand apart, further than what is read at once.
    between: list[Line] = [
        ("2018-02-01", f"Box {n}", "Paulton", "Bath", "Radstock", "Bath") for n in range(ROWS_AT_ONCE)
    ]
    rows = [*ROWS, *between, *ROWS]
    path = write(tmp_path / "transits.csv", rows)
    rehearsed = run(CsvImporter(), [path, path], Rehearsal(ledger)).counts
    counts = run(CsvImporter(), [path, path], LedgerBook(ledger)).counts
    assert (counts.read, counts.recorded, counts.unchanged) == (2 * len(rows), len(rows), len(rows))
    assert rehearsed == counts
    assert on_lists(admin) == Counter(rows)


def test_a_rehearsal_forgets_no_record_that_it_would_make(bring: Import) -> None:
    rows: list[Line] = [
        ("2018-01-02", item, f"Branch {n}", "Bath", "Radstock", "Bath") for item in "AB" for n in range(6_000)
    ]
    assert bring(rows, dry_run=True) == Counts(read=12_000, recorded=12_000, records=6_000, events=18_000)


def test_a_list_that_a_file_does_not_name_stays_as_it_is(bring: Import, admin: Admin) -> None:
    bring(ROWS)
    assert bring([LATER]) == Counts(read=1, unchanged=1)
    assert on_lists(admin) == Counter(ROWS)


def test_a_change_and_its_return_are_each_recorded(bring: Import, admin: Admin) -> None:
    other: list[Line] = [(*LATER[:1], "Magazine", *LATER[2:])]
    for rows in ([LATER], other, [LATER], other):
        assert bring(rows).recorded == 1
        assert on_lists(admin) == Counter(rows)


def test_nothing_is_retracted_where_a_row_could_not_be_read(bring: Import, admin: Admin) -> None:
    bring(ROWS)
    unreadable: Line = ("2.1.2018", *FICTION[1:])
    assert bring([unreadable, *ROWS[1:]]) == Counts(read=5, unchanged=4, rejected=1)
    assert on_lists(admin) == Counter(ROWS)


def test_a_rehearsal_counts_as_the_import_would_and_records_nothing(bring: Import, admin: Admin) -> None:
    for rows in (ROWS, [*ROWS[1:], SPOKEN]):
        rehearsed = bring(rows, dry_run=True)
        assert rehearsed == bring(rows)
    assert on_lists(admin) == Counter([*ROWS[1:], SPOKEN])


def test_rejected_rows_are_listed_with_the_rule_or_the_reason(ledger: Ledger, tmp_path: Path) -> None:
    stays: Line = ("2018-01-02", "Adult Fiction", "Paulton", "Bath", "Paulton", "Bath")
    to_come: Line = ("2100-01-01", "Adult Fiction", "Paulton", "Bath", "Radstock", "Bath")
    rejects = io.StringIO()
    source = write(tmp_path / "some.csv", [stays, FICTION, to_come, ("", *FICTION[1:])])
    counts = run(CsvImporter(), [source], LedgerBook(ledger), rejects=rejects).counts
    assert counts == Counts(read=4, recorded=1, rejected=3, records=1, events=2)
    found = [json.loads(line) for line in rejects.getvalue().splitlines()]
    assert sorted((each["row"], each["rule"]) for each in found) == [
        (2, "library.same_branch"),
        (4, "ledger.effective_in_future"),
        (5, None),
    ]


def test_a_list_of_another_source_is_added_to_and_left_alone(ledger: Ledger, tmp_path: Path, admin: Admin) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'target = "library.transit"\nsource = "Fahrdienst"\ncomplete_per_record = true\n[columns]\n'
        'Tag = { field = "day", type = "date", format = "%d.%m.%Y" }\nArt = { field = "item_type" }\n'
        'Von = { field = "from_branch" }\n"Träger" = { field = "from_authority" }\nNach = { field = "to_branch" }\n'
    )
    run(CsvImporter(), [write(tmp_path / "transits.csv", ROWS)], LedgerBook(ledger))
    vans = tmp_path / "van.csv"
    vans.write_text("Tag;Art;Von;Träger;Nach\n02.01.2018;Buch;Paulton;Bath;Radstock\n")
    counts = run(CsvImporter(own), [vans], LedgerBook(ledger)).counts
    assert counts == Counts(read=1, recorded=1, records=1, events=1)
    state = ledger.stream(record_id("csv", "2018-01-02\x1fBath\x1fPaulton")).state
    assert isinstance(state, Dispatch)
    assert Counter(row.source for row in state.transits.values()) == {"librarieswest": 3, "Fahrdienst": 1}


class Interrupted(CsvImporter):
    """Is interrupted, as by Ctrl-C, after so many rows."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._after = after

    def read(self, path: Path, book: Book) -> Iterator[Item[TransitRow]]:
        for number, item in enumerate(super().read(path, book)):
            if number == self._after:
                raise KeyboardInterrupt
            yield item


def many(rows: int) -> list[Line]:
    """A file in which some rows are equal."""
    chance = random.Random(rows)
    places = ["Paulton", "Radstock", "Keynsham", "Bath Central"]
    found: list[Line] = []
    for n in range(rows):
        start, end = chance.sample(places, 2)
        found.append(
            (f"2018-01-{1 + n * 28 // rows:02}", chance.choice(["Fiction", "Film"]), start, "Bath", end, "Bath")
        )
    return found


def test_an_interrupted_import_goes_on_where_it_stopped(ledger: Ledger, tmp_path: Path, admin: Admin) -> None:
    rows = many(3_000)
    source = write(tmp_path / "many.csv", rows)
    with pytest.raises(KeyboardInterrupt):
        run(Interrupted(2_500), [source], LedgerBook(ledger))
    done = on_lists(admin).total()
    assert 0 < done < 3_000
    counts = run(CsvImporter(), [source], LedgerBook(ledger)).counts
    assert (counts.read, counts.recorded, counts.unchanged) == (3_000, 3_000 - done, done)
    assert on_lists(admin) == Counter(rows)


def test_what_stood_before_a_cut_is_imported_and_nothing_is_retracted(
    ledger: Ledger, tmp_path: Path, admin: Admin
) -> None:
    rows = many(2_000)
    packed = gzip.compress(write(tmp_path / "many.csv", rows).read_bytes())
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(packed[: len(packed) // 2])
    result = run(CsvImporter(), [cut], LedgerBook(ledger))
    (fault,) = result.faults
    assert isinstance(fault.error, SourceError)
    assert result.counts.recorded == on_lists(admin).total() > 300
    whole = tmp_path / "whole.csv.gz"
    whole.write_bytes(packed)
    assert run(CsvImporter(), [whole], LedgerBook(ledger)).counts.read == 2_000
    assert on_lists(admin) == Counter(rows)
    again = run(CsvImporter(), [cut], LedgerBook(ledger))
    assert again.counts.events == 0
