"""What every record family keeps to: closed lists, field types, sealed texts, golden samples, documented words."""

import re
import types
import typing
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.families import FAMILIES
from domain.kernel import Command, Context, Effective, Envelope, Fact, Family, Invalid, Meaning, Rejected, Rule, Sealed
from domain.probe import placeholder
from domain.rules import RULES as RULES_OF_ALL
from infra.codec import Codec
from infra.familydocs import page
from projections.families import PROJECTIONS, REPORTS
from projections.model import columns_of
from tests.golden.samples import DIRECTORY, body_of, golden, sample
from tests.mutation.witnesses import allowing
from tests.scenario import ACTOR, NOW, RECORD, TODAY, pseudonym

ROOT = Path(__file__).parents[1]
CODEC = Codec(FAMILIES)
PLAIN = {bool, int, Decimal, UUID, date, datetime}

FACTS = [(family, fact) for family in FAMILIES for fact in family.facts]
COMMANDS = [(family, command) for family in FAMILIES for command in family.commands]
RULES = [(family, rule) for family in FAMILIES for rule in family.rules]

of_each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
of_each_fact = pytest.mark.parametrize(("family", "fact"), FACTS, ids=[fact.topic for _, fact in FACTS])
of_each_command = pytest.mark.parametrize(("family", "command"), COMMANDS, ids=[cls.__name__ for _, cls in COMMANDS])
of_each_rule = pytest.mark.parametrize(("family", "rule"), RULES, ids=[rule.id for _, rule in RULES])


# What a field may hold


class Field(typing.NamedTuple):
    """One leaf of a dataclass: its dotted path, type, meaning, and whether it stands inside another field's value."""

    path: str
    type: Any
    meaning: Meaning | None
    nested: bool


def leaves(cls: type, path: str = "", nested: bool = False) -> Iterator[Field]:
    hints = typing.get_type_hints(cls, include_extras=True)
    for field in fields(cls):
        yield from _leaves(hints[field.name], f"{path}{field.name}", nested)


def _leaves(hint: Any, path: str, nested: bool) -> Iterator[Field]:
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        for arm in typing.get_args(hint):
            if arm is not types.NoneType:
                yield from _leaves(arm, path, nested)
    elif origin is tuple:
        arm, *rest = typing.get_args(hint)
        assert rest == [Ellipsis], f"{path}: tuples are of one type and any length"
        yield from _leaves(arm, path, True)
    elif origin is typing.Annotated:
        base, *notes = typing.get_args(hint)
        yield Field(path, base, next((note for note in notes if isinstance(note, Meaning)), None), nested)
    elif origin is None and is_dataclass(hint):
        assert isinstance(hint, type)
        yield from leaves(hint, f"{path}.", True)
    else:
        yield Field(path, hint, None, nested)


def is_sealed(hint: Any) -> bool:
    return hint is Sealed or typing.get_origin(hint) is Sealed


def fault_of(field: Field) -> str | None:
    """Why a fact must not have such a field."""
    if is_sealed(field.type):
        return "sealed texts are fields of the fact itself" if field.nested else None
    if field.type is str:
        return None if field.meaning else "a string is a Code, a Number, a PublicText, or Sealed"
    if field.type in PLAIN or (isinstance(field.type, type) and issubclass(field.type, Enum)):
        return None
    return f"{field.type} cannot be stored"


@of_each_fact
def test_facts_hold_only_what_can_be_stored_for_ever(family: Family, fact: type[Fact]) -> None:
    faults = {field.path: fault for field in leaves(fact) if (fault := fault_of(field))}
    assert not faults


def test_a_string_without_a_meaning_a_float_and_a_nested_sealed_text_are_faults() -> None:
    assert fault_of(Field("note", str, None, False))
    assert fault_of(Field("price", float, None, False))
    assert fault_of(Field("extra", dict[str, str], None, False))
    assert fault_of(Field("steps.note", Sealed[str], None, True))
    assert not fault_of(Field("note", Sealed[str], None, False))


def public_texts(family: Family) -> dict[str, str]:
    allowed: dict[str, str] = import_module(f"domain.{family.name}.facts").PUBLIC_TEXTS
    return dict(allowed)


@of_each_family
def test_each_text_in_clear_is_allowed_with_a_reason(family: Family) -> None:
    used = {
        f"{fact.topic}.{field.path}"
        for fact in family.facts
        for field in leaves(fact)
        if field.meaning is Meaning.PUBLIC
    }
    allowed = public_texts(family)
    assert used == set(allowed)
    assert all(len(reason) > 10 for reason in allowed.values())


@of_each_fact
def test_facts_are_frozen_and_have_slots(family: Family, fact: type[Fact]) -> None:
    assert fact.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(fact)


# Names


@of_each_fact
def test_topics_name_their_family_and_version(family: Family, fact: type[Fact]) -> None:
    assert re.fullmatch(rf"{family.name}\.[a-z0-9_]+\.v[1-9][0-9]*", fact.topic)
    assert fact.kind in family.kinds


def test_topics_commands_kinds_and_rules_are_unique_over_all_families() -> None:
    for names in (
        [fact.topic for _, fact in FACTS],
        [command.__name__ for _, command in COMMANDS],
        [kind for family in FAMILIES for kind in family.kinds],
        [rule.id for _, rule in RULES] + [rule.id for rule in RULES_OF_ALL],
    ):
        assert len(names) == len(set(names))


@of_each_command
def test_commands_say_what_they_are_for_and_whom_they_address(family: Family, command: type[Command]) -> None:
    assert command.kind in family.kinds
    assert (command.__doc__ or "").strip().endswith((".", ")"))
    assert not (command.__doc__ or "").startswith(f"{command.__name__}(")


# A resolution begins with the decision of an agenda item, so no command is addressed to one that does not exist.
BEGUN_BY_OTHERS = {"resolution"}


@of_each_command
def test_commands_say_who_may_ask_for_them(family: Family, command: type[Command]) -> None:
    assert "asked_by" in vars(command), (
        "declare `asked_by: ClassVar[Roles]`, see domain/rights.py; NOBODY, where no one"
    )


def test_read_models_say_who_sees_what_of_them() -> None:
    silent = [each.name for each in PROJECTIONS if not each.readers]
    silent += [each.name for each in REPORTS if not each.readers]
    assert silent == [], "declare `readers`, see projections/rights.py"


@of_each_family
def test_each_kind_of_record_can_be_created(family: Family) -> None:
    created = {command.kind for command in family.commands if command.creates}
    assert created == set(family.kinds) - BEGUN_BY_OTHERS


# Rules


@of_each_rule
def test_rules_are_named_and_explained_in_both_languages(family: Family, rule: Rule) -> None:
    explained(rule, family.name)


@pytest.mark.parametrize("rule", RULES_OF_ALL, ids=lambda rule: rule.id)
def test_rules_of_all_families_are_explained_too(rule: Rule) -> None:
    explained(rule, "ledger")


def explained(rule: Rule, family: str) -> None:
    assert re.fullmatch(rf"{family}\.[a-z0-9_]+", rule.id)
    assert rule.about in ("record", "input")
    for message in (rule.protects, rule.next_step):
        for text in message:
            assert text.strip().endswith((".", "!")), text


@cache
def text_of_tests(family: str) -> str:
    return "\n".join(path.read_text() for path in sorted((ROOT / "tests" / "domain" / family).rglob("test_*.py")))


@of_each_rule
def test_each_rule_has_a_test_that_refuses(family: Family, rule: Rule) -> None:
    assert f'"{rule.id}"' in text_of_tests(family.name)


@of_each_rule
def test_each_rule_has_a_test_that_is_marked_to_allow(family: Family, rule: Rule) -> None:
    assert allowing(family.name, rule.id), f'mark a test with @pytest.mark.allows("{rule.id}")'


@of_each_family
def test_each_claim_has_a_rule_for_when_it_is_taken(family: Family) -> None:
    made = {claim.kind for fact in family.facts for claim in (*sample(fact).claims(), *sample(fact).releases())}
    assert made == set(family.claim_rules)
    assert set(family.claim_rules.values()) <= set(family.rules)


# Versions


def test_there_is_a_golden_body_of_every_topic_ever_shipped() -> None:
    shipped = {path.stem for path in DIRECTORY.glob("*.json")}
    assert shipped == {fact.topic for _, fact in FACTS} | {old for f in FAMILIES for old in f.upcasters} | {"envelope"}


@pytest.mark.parametrize("path", sorted(DIRECTORY.glob("*.json")), ids=lambda path: path.stem)
def test_every_golden_body_loads_for_ever(path: Path) -> None:
    body = path.read_bytes().rstrip(b"\n")
    if path.stem == "envelope":
        assert body_of(CODEC.envelope(1, body)) == body
        return
    fact = CODEC.fact(path.stem, 1, body)
    if fact.topic == path.stem:
        assert body_of(fact) == body, "a stored shape never changes: give the fact a new version and an upcaster"
        assert fields_filled(fact)


def fields_filled(thing: Any) -> bool:
    return all(getattr(thing, field.name) is not None for field in fields(thing))


@pytest.mark.parametrize("cls", [fact for _, fact in FACTS] + [Envelope], ids=lambda cls: cls.__name__)
def test_samples_are_the_golden_bodies(cls: type[Fact | Envelope]) -> None:
    topic = getattr(cls, "topic", "envelope")
    assert body_of(sample(cls)) == golden(topic).read_bytes().rstrip(b"\n")


@of_each_family
def test_upcasters_lead_to_facts_of_the_family(family: Family) -> None:
    known = {fact.topic for fact in family.facts} | set(family.upcasters)
    for old, (new, _) in family.upcasters.items():
        assert new in known
        assert re.sub(r"\.v\d+$", "", old) == re.sub(r"\.v\d+$", "", new)
        assert int(old.rsplit(".v", 1)[1]) < int(new.rsplit(".v", 1)[1])


# Behaviour that holds for all


@of_each_command
def test_any_command_can_be_tried_on_any_record_of_its_kind(family: Family, command: type[Command]) -> None:
    probe = placeholder(command, TODAY)
    states: list[Any] = [None] if command.creates else [first_state(family, command.kind)]
    for state in states:
        context = Context(
            now=NOW,
            effective=Effective(NOW),
            actor=ACTOR,
            role="-",
            org_unit="-",
            channel=next(iter(type(sample(Envelope).channel))),
            record_id=RECORD,
            version=1,
            reads=dict.fromkeys(probe.reads(state)),
            pseudonym=pseudonym,
        )
        try:
            family.decide(state, probe, context)
        except (Rejected, Invalid):
            continue


def first_state(family: Family, kind: str) -> Any:
    """The state of a record after the first fact that its kind lists, which is the one that creates it."""
    creating = next(fact for fact in family.facts if fact.kind == kind)
    return family.evolve(None, sample(creating))


# Layers and words


@of_each_family
def test_each_family_has_every_layer(family: Family) -> None:
    for place in (
        f"domain/{family.name}/__init__.py",
        f"projections/{family.name}/__init__.py",
        f"tests/domain/{family.name}",
        f"tests/projections/{family.name}",
        f"docs/families/{family.name}.md",
    ):
        assert (ROOT / place).exists(), f"{place} is missing"
    listed = set(family.facts)
    assert any(listed.issuperset(projection.facts) for projection in PROJECTIONS), "no register is listed"


@of_each_family
def test_each_family_has_a_report(family: Family) -> None:
    registers = {projection.name for projection in PROJECTIONS if set(family.facts).issuperset(projection.facts)}
    assert any(registers.intersection(report.reads) for report in REPORTS)


@of_each_family
def test_each_kind_of_record_has_a_register(family: Family) -> None:
    shown = {projection.kind for projection in PROJECTIONS}
    assert set(family.kinds) <= shown


@of_each_family
def test_the_tables_of_the_family_page_are_written_from_the_code(family: Family) -> None:
    text = (ROOT / "docs" / "families" / f"{family.name}.md").read_text(encoding="utf-8")
    assert page(text, family) == text, "run `make docs`"


@of_each_fact
def test_facts_say_what_they_mean(family: Family, fact: type[Fact]) -> None:
    assert not (vars(fact)["__doc__"] or f"{fact.__name__}(").startswith(f"{fact.__name__}("), "it needs a docstring"


class Glossary(typing.NamedTuple):
    """The first column of a family's section: its terms in lower case, and the identifiers that stand in backticks."""

    terms: frozenset[str]
    identifiers: frozenset[str]


def glossary_of(family: Family) -> Glossary:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    own = next((each for each in sections if f"(domain/{family.name})" in each.splitlines()[0]), None)
    assert own, f"docs/glossary.md has no section that names domain/{family.name}"
    cells = [row.split("|")[1] for row in own.splitlines() if row.startswith("| ")]
    terms = {term.strip().lower() for cell in cells for term in re.sub(r"`.*?`|\(.*?\)", "", cell).split(",")}
    return Glossary(frozenset(terms - {""}), frozenset(re.findall(r"`(.*?)`", " ".join(cells))))


def is_about(name: str, terms: Iterable[str]) -> bool:
    """Whether the words of a class name contain one of the terms: `HoldPlaced` is about a hold."""
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()
    return any(f" {term} " in f" {words} " for term in terms)


def statuses(family: Family) -> Iterator[str]:
    """The values of `status` and `stage` in the registers of a family."""
    for projection in PROJECTIONS:
        if set(family.facts).issuperset(projection.facts):
            for name, column in columns_of(projection.row).items():
                if name in ("status", "stage") and column.choices:
                    yield from (member.value for member in column.choices)


@of_each_family
def test_the_glossary_knows_every_kind_of_record_and_every_status(family: Family) -> None:
    missing = {*family.kinds, *statuses(family)} - glossary_of(family).identifiers
    assert not missing, "each stands in backticks in the first column of docs/glossary.md"


@of_each_family
def test_each_fact_and_command_is_about_something_the_glossary_knows(family: Family) -> None:
    terms = glossary_of(family).terms
    unknown = [each.__name__ for each in (*family.facts, *family.commands) if not is_about(each.__name__, terms)]
    assert not unknown, "docs/glossary.md needs a row for what they are about"


def test_a_name_is_about_whole_words_only() -> None:
    assert is_about("HoldPlaced", {"hold"})
    assert is_about("LegalHoldPlaced", {"legal hold"})
    assert not is_about("HouseholdCounted", {"hold"})
