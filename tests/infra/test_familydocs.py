"""The pages of the families: what is written into them, and that a page out of date is noticed."""

import pytest

from domain.families import FAMILIES
from infra.familydocs import page

LIBRARY = next(family for family in FAMILIES if family.name == "library")
TABLES = ("facts", "values", "commands", "rules", "duties")
EMPTY = "\n".join(f"Prose.\n\n<!-- {name}: written by make docs -->\n<!-- end of {name} -->\n" for name in TABLES)


def row(text: str, name: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(f"| `{name}` |"))


def test_a_fact_is_shown_with_its_fields_its_claims_and_its_key() -> None:
    text = page(EMPTY, LIBRARY)
    acquired, lent = row(text, "ItemAcquired"), row(text, "ItemLent")
    assert "`shelf_mark` number, optional" in acquired
    assert "*gives the record its number*" in acquired
    assert "*claims `library.barcode`*" in acquired
    assert "`library.item_acquired.v3`" in acquired
    assert "`patron_ref` **sealed**" in lent
    assert "*sealed under the key of `loan`*" in lent
    assert "claims" not in lent


def test_a_fact_names_the_older_versions_that_are_read_as_it() -> None:
    efile = next(family for family in FAMILIES if family.name == "efile")
    assert "reads `efile.case_opened.v1` too" in row(page(EMPTY, efile), "CaseOpened")
    acquired = row(page(EMPTY, LIBRARY), "ItemAcquired")
    assert acquired.endswith("reads `library.item_acquired.v2` too<br>reads `library.item_acquired.v1` too |")


def test_a_command_is_shown_with_the_record_it_is_addressed_to() -> None:
    assert "| new item |" in row(page(EMPTY, LIBRARY), "AcquireItem")
    assert "| item |" in row(page(EMPTY, LIBRARY), "LendItem")


def test_a_rule_is_shown_in_both_languages() -> None:
    rule = row(page(EMPTY, LIBRARY), "library.consent_missing")
    assert "Under 16 a guardian must consent." in rule
    assert "Unter 16" in rule
    assert rule.endswith("| input | – |")


def test_a_rule_is_shown_with_its_legal_source() -> None:
    family, rule = next((family, rule) for family in FAMILIES for rule in family.rules if rule.source)
    assert row(page(EMPTY, family), rule.id).endswith(f"| {rule.source} |")


def test_what_falls_due_by_the_calendar_is_shown() -> None:
    assert row(page(EMPTY, LIBRARY), "library.hold_expired").endswith("| `hold` |")


def test_what_is_written_by_hand_stays_and_old_tables_go() -> None:
    first = page(EMPTY, LIBRARY)
    assert first.count("Prose.") == len(TABLES)
    assert page(first.replace("`ItemLent`", "`ItemSold`"), LIBRARY) == first


def test_a_page_without_a_place_for_a_table_is_refused() -> None:
    with pytest.raises(ValueError, match="rules"):
        page(EMPTY.replace("<!-- end of rules -->", ""), LIBRARY)
