"""What becomes of a family's tests when one of its rules is broken."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from domain.kernel import Family
from tests.mutation.breaking import broken
from tests.mutation.sites import Site, sites_of
from tests.mutation.witnesses import Case, allowing, refusing


class Verdict(NamedTuple):
    """A rule, and the tests that turn red when it refuses never, and when it refuses always; None where none does."""

    rule: str
    sites: int
    never: str | None
    always: str | None

    @property
    def guarded(self) -> bool:
        return self.never is not None and self.always is not None

    def __str__(self) -> str:
        return f"{self.rule:<40} never: {self.never or 'NO TEST FAILS'}   always: {self.always or 'NO TEST FAILS'}"


def verdicts(family: Family) -> Iterator[Verdict]:
    """Break each rule of a family, both ways."""
    sites = sites_of(family)
    for rule in family.rules:
        yield verdict_on(family, rule.id, sites[rule.id])


def verdict_on(family: Family, rule: str, sites: list[Site]) -> Verdict:
    """Break one rule, both ways."""
    never = first_red(family, rule, sites, "never", refusing(family.name, rule))
    always = first_red(family, rule, sites, "always", allowing(family.name, rule))
    return Verdict(rule, len(sites), never, always)


def first_red(family: Family, rule: str, sites: list[Site], how: str, cases: Iterable[Case]) -> str | None:
    """The name of the first test that turns red when a rule is broken, or None."""
    for case in cases:
        if case.red():
            raise AssertionError(f"{case.name} fails although nothing is broken")
        with broken(family, rule, sites, how):
            red = case.red()
        if red:
            return case.name
    return None
