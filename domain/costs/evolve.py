"""A cost figure's next state, fact by fact."""

from dataclasses import replace
from decimal import Decimal
from typing import assert_never

from domain.costs.facts import CostFigureCorrected, CostFigureDefined, CostFigureRetired, CostsFact, EffortSet
from domain.costs.state import CostFigure, Effort
from domain.costs.vocabulary import FigureField
from domain.kernel import Money


def evolve(figure: CostFigure | None, fact: CostsFact) -> CostFigure:
    """The state after a fact. Never fails on a stored one."""
    if isinstance(fact, CostFigureDefined):
        return CostFigure(product=fact.product, title=fact.title)
    if figure is None:
        raise ValueError("a cost figure begins with CostFigureDefined")
    match fact:
        case EffortSet():
            effort = Effort(
                valid_from=fact.valid_from,
                minutes=fact.minutes,
                hourly_rate=fact.hourly_rate,
                overhead_percent=fact.overhead_percent,
                material=fact.material,
            )
            return replace(figure, efforts=(*figure.efforts, effort))
        case CostFigureCorrected():
            return _corrected(figure, fact)
        case CostFigureRetired():
            return replace(figure, valid_to=fact.valid_to)
        case _:
            assert_never(fact)


def _corrected(figure: CostFigure, fact: CostFigureCorrected) -> CostFigure:
    if fact.version is None:
        return replace(figure, title=fact.new)
    efforts = list(figure.efforts)
    before = efforts[fact.version - 1]
    match fact.field:
        case FigureField.MINUTES:
            efforts[fact.version - 1] = replace(before, minutes=int(fact.new))
        case FigureField.OVERHEAD_PERCENT:
            efforts[fact.version - 1] = replace(before, overhead_percent=int(fact.new))
        case FigureField.HOURLY_RATE:
            efforts[fact.version - 1] = replace(before, hourly_rate=Money(Decimal(fact.new)))
        case _:
            efforts[fact.version - 1] = replace(before, material=Money(Decimal(fact.new)))
    return replace(figure, efforts=tuple(efforts))
