"""What every duty keeps to: a name, an explanation, a register that can be asked, and a command of its family."""

import re
from datetime import date

import pytest

from domain.families import FAMILIES
from projections.duties import Duty
from projections.families import DUTIES, PROJECTIONS
from projections.model import columns_of
from projections.query import page

of_each_duty = pytest.mark.parametrize("duty", DUTIES, ids=lambda duty: duty.name)


def test_names_are_unique() -> None:
    assert len({duty.name for duty in DUTIES}) == len(DUTIES)


@of_each_duty
def test_a_duty_is_named_by_its_family_and_explained(duty: Duty) -> None:
    assert re.fullmatch(rf"({'|'.join(family.name for family in FAMILIES)})\.[a-z0-9_]+", duty.name)
    assert all(text.strip().endswith(".") for text in duty.comment)


@of_each_duty
def test_its_register_is_listed_and_can_be_asked_what_is_due(duty: Duty) -> None:
    assert duty.source in PROJECTIONS
    assert "position" in columns_of(duty.source.row), "what is recorded once is told by the row's last event"
    where = duty.due(date(2026, 3, 1))
    assert where
    assert " where " in page(duty.source, ["position"], where=where, first=1).statement.sql
