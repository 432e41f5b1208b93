"""The registers of cost figures: each product with its last version, and all versions with who set them."""

from datetime import date
from decimal import Decimal

from domain.costs.commands import RetireCostFigure
from domain.costs.vocabulary import FigureField, FigureStatus
from projections.costs import efforts, figures
from projections.model import fold_all
from tests.domain.costs.test_figures import DEFINED, JANUARY, MAP, MARCH, REASON, an_effort, correcting
from tests.scenario import ACTOR, RECORD, Given


def figure_of(scenario: Given) -> figures.CostFigureRow:
    (row,) = fold_all(figures.PROJECTION, scenario.events()).values()
    assert isinstance(row, figures.CostFigureRow)
    return row


def efforts_of(scenario: Given) -> list[efforts.EffortRow]:
    return list(fold_all(efforts.PROJECTION, scenario.events()).values())


def test_a_product_shows_its_last_version() -> None:
    row = figure_of(DEFINED.when(an_effort()).so())
    assert (row.product, row.status, row.versions, row.valid_from, row.cost) == (
        MAP,
        FigureStatus.ACTIVE,
        2,
        MARCH,
        Decimal("16.35"),
    )
    assert (row.version, row.position) == (3, 3)


def test_a_retired_product_has_a_last_day() -> None:
    end = date(2026, 6, 30)
    row = figure_of(DEFINED.when(RetireCostFigure(valid_to=end, reason=REASON)).so())
    assert (row.status, row.valid_to) == (FigureStatus.RETIRED, end)


def test_the_title_is_the_one_known_now() -> None:
    assert figure_of(DEFINED.when(correcting(FigureField.TITLE, "Flurkarte", None)).so()).title == "Flurkarte"


def test_a_correction_of_an_earlier_version_leaves_the_last_as_it_is() -> None:
    two = DEFINED.when(an_effort()).so()
    assert figure_of(two.when(correcting(FigureField.MINUTES, "30", 1)).so()).cost == Decimal("16.35")
    assert figure_of(two.when(correcting(FigureField.MINUTES, "30", 2)).so()).cost == Decimal("32.35")


def test_every_version_is_there_with_who_set_it() -> None:
    rows = efforts_of(DEFINED.when(an_effort()).so())
    assert [(row.record_id, row.effort, row.valid_from, row.cost, row.set_by) for row in rows] == [
        (RECORD, 1, JANUARY, Decimal("20.82"), ACTOR),
        (RECORD, 2, MARCH, Decimal("16.35"), ACTOR),
    ]


def test_a_correction_changes_its_version_and_counts() -> None:
    two = DEFINED.when(an_effort()).so()
    scenario = two.when(correcting(FigureField.HOURLY_RATE, "60")).so().when(correcting(FigureField.MINUTES, "30")).so()
    first, second = efforts_of(scenario)
    assert (first.hourly_rate, first.cost) == (Decimal("60.00"), Decimal("30.35"))
    assert (first.minutes, first.corrections) == (30, 2)
    assert second.corrections == 0
