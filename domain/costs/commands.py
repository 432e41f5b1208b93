"""What is wanted of cost figures: define a product, set what it takes, correct, retire."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.costs.vocabulary import FigureField
from domain.kernel import Command, Money, Sealed
from domain.rights import CLERKS, Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class DefineCostFigure(Command):
    """Keep figures for a product, with what a piece takes at first (Kostenträger anlegen).

    `product` is family and product, such as `cadastre.property_map`. `valid_from` is the first day of a month,
    `overhead_percent` what is added to the work (Gemeinkostenzuschlag).
    """

    kind: ClassVar[str] = "cost_figure"
    creates: ClassVar[bool] = True
    asked_by: ClassVar[Roles] = CLERKS
    product: str
    title: str
    valid_from: date
    minutes: int
    hourly_rate: Money
    material: Money
    overhead_percent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SetEffort(Command):
    """Say what a piece takes from a month on; the version before holds until then (Aufwand festlegen)."""

    kind: ClassVar[str] = "cost_figure"
    asked_by: ClassVar[Roles] = CLERKS
    valid_from: date
    minutes: int
    hourly_rate: Money
    material: Money
    overhead_percent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectCostFigure(Command):
    """Put right the `title`, or `minutes`, `hourly_rate`, `overhead_percent` or `material` of a version (Berichtigung).

    Amounts are given as `12.50`, minutes and percent as a whole number.
    """

    kind: ClassVar[str] = "cost_figure"
    asked_by: ClassVar[Roles] = CLERKS
    field: FigureField
    new: str
    reason: Sealed[str]
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireCostFigure(Command):
    """Offer the product no longer after `valid_to`, the last day of a month (Kostenträger schließen)."""

    kind: ClassVar[str] = "cost_figure"
    asked_by: ClassVar[Roles] = CLERKS
    valid_to: date
    reason: Sealed[str]


CostsCommand = DefineCostFigure | SetEffort | CorrectCostFigure | RetireCostFigure

COMMANDS: tuple[type[Command], ...] = (DefineCostFigure, SetEffort, CorrectCostFigure, RetireCostFigure)
