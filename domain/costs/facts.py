"""The facts of cost figures: what a piece of a product takes, from which month on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from domain.costs.vocabulary import FigureField
from domain.kernel import Claim, Code, Fact, Money, PublicText, Sealed

PRODUCT: Final = "costs.product"


@dataclass(frozen=True, slots=True, kw_only=True)
class CostFigureDefined(Fact):
    """Somebody keeps figures for a product from now on. `product` is family and product: `cadastre.property_map`."""

    topic: ClassVar[str] = "costs.cost_figure_defined.v1"
    kind: ClassVar[str] = "cost_figure"
    product: Code
    title: PublicText

    def claims(self) -> tuple[Claim, ...]:
        return (Claim(PRODUCT, self.product),)

    def number(self) -> str | None:
        return self.product

    def found_by(self) -> tuple[str | None, ...]:
        return (self.title,)


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortSet(Fact):
    """From `valid_from`, the first of a month, a piece takes so many minutes at an hourly rate, and so much material.

    `overhead_percent` is added to the work, not to the material (Gemeinkostenzuschlag); version 1 had none. `cost` is
    what all that comes to for a piece, rounded to cents. `version` counts the figures of the product.
    """

    topic: ClassVar[str] = "costs.effort_set.v2"
    kind: ClassVar[str] = "cost_figure"
    version: int
    valid_from: date
    minutes: int
    hourly_rate: Money
    overhead_percent: int
    material: Money
    cost: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CostFigureCorrected(Fact):
    """What was recorded of the product, or of a version of its effort, was wrong; `cost` is a piece's as known now."""

    topic: ClassVar[str] = "costs.cost_figure_corrected.v1"
    kind: ClassVar[str] = "cost_figure"
    version: int | None
    field: FigureField
    old: PublicText
    new: PublicText
    cost: Money | None
    reason: Sealed[str]

    def found_by(self) -> tuple[str | None, ...]:
        return (self.new,) if self.field is FigureField.TITLE else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CostFigureRetired(Fact):
    """The product is offered until `valid_to`, the last day of a month, and no longer."""

    topic: ClassVar[str] = "costs.cost_figure_retired.v1"
    kind: ClassVar[str] = "cost_figure"
    valid_to: date
    reason: Sealed[str]


CostsFact = CostFigureDefined | EffortSet | CostFigureCorrected | CostFigureRetired

FACTS: Final[tuple[type[Fact], ...]] = (CostFigureDefined, EffortSet, CostFigureCorrected, CostFigureRetired)

PUBLIC_TEXTS: Final[Mapping[str, str]] = {
    "costs.cost_figure_defined.v1.title": "what a product is called names no person",
    "costs.cost_figure_corrected.v1.old": "the corrected field's own clear value",
    "costs.cost_figure_corrected.v1.new": "the corrected field's own clear value",
}
"""Each text that stands in clear, and why it may."""
