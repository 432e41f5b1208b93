"""Every rule of every family, broken both ways: a named test turns red each time."""

from collections.abc import Callable

import pytest

from domain.families import FAMILIES
from domain.kernel import Family
from tests.mutation.verdict import verdicts


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_no_rule_can_be_broken_unseen(family: Family, record_property: Callable[[str, object], None]) -> None:
    found = list(verdicts(family))
    rules = ", ".join(verdict.rule.removeprefix(f"{family.name}.") for verdict in found)
    record_property("printed", f"{family.name}: {len(found)} rules were broken, and tests turned red: {rules}")
    assert [verdict.rule for verdict in found] == [rule.id for rule in family.rules]
    assert not [str(verdict) for verdict in found if not verdict.guarded]
