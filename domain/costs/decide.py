"""What a command to a cost figure leads to."""

import re
from calendar import monthrange
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final, assert_never

from domain.costs import rules
from domain.costs.commands import CorrectCostFigure, CostsCommand, DefineCostFigure, RetireCostFigure, SetEffort
from domain.costs.facts import CostFigureCorrected, CostFigureDefined, CostFigureRetired, CostsFact, EffortSet
from domain.costs.state import CostFigure, Effort
from domain.costs.vocabulary import FigureField
from domain.kernel import Context, Invalid, Message, Money, Rejected, Sealed

CENT: Final = Decimal("0.01")
MOST_MINUTES: Final = 60_000
MOST_PERCENT: Final = 300
MOST_EUROS: Final = Decimal(1_000_000)
LONGEST_TITLE: Final = 200

_PRODUCT: Final = re.compile(r"[a-z]{1,40}\.[a-z0-9_]{1,60}")


def decide(figure: CostFigure | None, command: CostsCommand, context: Context) -> tuple[CostsFact, ...]:
    """The facts that a command leads to. Raises `Rejected` or `Invalid`."""
    if isinstance(command, DefineCostFigure):
        if figure is not None:
            raise Rejected(rules.FIGURE_EXISTS, product=figure.product)
        return define(command)
    if figure is None:
        raise Rejected(rules.FIGURE_UNKNOWN)
    match command:
        case SetEffort():
            return (set_effort(figure, command),)
        case CorrectCostFigure():
            return (correct(figure, command),)
        case RetireCostFigure():
            return (retire(figure, command),)
        case _:
            assert_never(command)


def define(command: DefineCostFigure) -> tuple[CostsFact, ...]:
    """A product, and what a piece of it takes at first."""
    if not _PRODUCT.fullmatch(command.product):
        raise Invalid(
            "product",
            Message(
                "Give family and product in lower case, such as cadastre.property_map.",
                "Geben Sie Verfahren und Produkt klein geschrieben an, etwa cadastre.property_map.",
            ),
        )
    title = _title("title", command.title)
    return CostFigureDefined(product=command.product, title=title), _effort(1, command)


def set_effort(figure: CostFigure, command: SetEffort) -> EffortSet:
    """The next version. It begins after the last one, so that no month's report changes behind its readers' backs."""
    if figure.valid_to is not None:
        raise Rejected(rules.RETIRED, valid_to=figure.valid_to)
    last = figure.last
    if last is not None and command.valid_from <= last.valid_from:
        raise Rejected(rules.AFTER_THE_LAST, valid_from=last.valid_from)
    fact = _effort(len(figure.efforts) + 1, command)
    if last is not None and _is_as(fact, last):
        raise Rejected(rules.NOTHING_CHANGED)
    return fact


def retire(figure: CostFigure, command: RetireCostFigure) -> CostFigureRetired:
    """The product's last day."""
    if figure.valid_to is not None:
        raise Rejected(rules.RETIRED, valid_to=figure.valid_to)
    if command.valid_to.day != monthrange(command.valid_to.year, command.valid_to.month)[1]:
        raise Rejected(rules.WHOLE_MONTHS, valid_to=command.valid_to)
    last = figure.last
    if last is not None and command.valid_to < last.valid_from:
        raise Rejected(rules.AFTER_THE_LAST, valid_from=last.valid_from)
    return CostFigureRetired(valid_to=command.valid_to, reason=_reason(command.reason))


def correct(figure: CostFigure, command: CorrectCostFigure) -> CostFigureCorrected:
    """Old and new value of a field, and what a piece of that version comes to now."""
    if command.field is FigureField.TITLE:
        if command.version is not None:
            raise Rejected(rules.VERSION_UNKNOWN, version=command.version)
        old, new, cost = figure.title, _title("new", command.new), None
    else:
        if command.version is None or not 1 <= command.version <= len(figure.efforts):
            raise Rejected(rules.VERSION_UNKNOWN, version=command.version, versions=len(figure.efforts))
        before = figure.efforts[command.version - 1]
        after = corrected(before, command.field, command.new)
        old, new, cost = shown(before, command.field), shown(after, command.field), cost_of(after)
    if old == new:
        raise Rejected(rules.NOTHING_CHANGED, field=command.field, value=old)
    return CostFigureCorrected(
        version=command.version, field=command.field, old=old, new=new, cost=cost, reason=_reason(command.reason)
    )


def corrected(effort: Effort, field: FigureField, text: str) -> Effort:
    """An effort with one field read from text. Raises `Invalid`."""
    if field in (FigureField.MINUTES, FigureField.OVERHEAD_PERCENT):
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise Invalid("new", Message("Give a whole number.", "Geben Sie eine ganze Zahl an."))
        if field is FigureField.MINUTES:
            return replace(effort, minutes=_minutes("new", int(text)))
        return replace(effort, overhead_percent=_percent("new", int(text)))
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise Invalid("new", Message("Give euros and cents, such as 12.50.", "Geben Sie Euro an: 12.50.")) from None
    money = _euros("new", Money(amount))
    return replace(effort, hourly_rate=money) if field is FigureField.HOURLY_RATE else replace(effort, material=money)


def shown(effort: Effort, field: FigureField) -> str:
    """A field of an effort as text."""
    match field:
        case FigureField.MINUTES:
            return str(effort.minutes)
        case FigureField.OVERHEAD_PERCENT:
            return str(effort.overhead_percent)
        case FigureField.HOURLY_RATE:
            return str(effort.hourly_rate.amount)
        case _:
            return str(effort.material.amount)


def cost_of(effort: Effort) -> Money:
    """What a piece comes to: minutes at the hourly rate with the overhead, and material; rounded half up to cents."""
    work = effort.hourly_rate.amount * effort.minutes * (100 + effort.overhead_percent) / 6000
    return Money((work + effort.material.amount).quantize(CENT, ROUND_HALF_UP))


def _effort(version: int, command: DefineCostFigure | SetEffort) -> EffortSet:
    if command.valid_from.day != 1:
        raise Rejected(rules.WHOLE_MONTHS, valid_from=command.valid_from)
    effort = Effort(
        valid_from=command.valid_from,
        minutes=_minutes("minutes", command.minutes),
        hourly_rate=_euros("hourly_rate", command.hourly_rate),
        overhead_percent=_percent("overhead_percent", command.overhead_percent),
        material=_euros("material", command.material),
    )
    return EffortSet(
        version=version,
        valid_from=effort.valid_from,
        minutes=effort.minutes,
        hourly_rate=effort.hourly_rate,
        overhead_percent=effort.overhead_percent,
        material=effort.material,
        cost=cost_of(effort),
    )


def _is_as(fact: EffortSet, effort: Effort) -> bool:
    names = ("minutes", "hourly_rate", "overhead_percent", "material")
    return all(getattr(fact, name) == getattr(effort, name) for name in names)


def _minutes(field: str, minutes: int) -> int:
    if not 0 <= minutes <= MOST_MINUTES:
        raise Invalid(
            field, Message(f"Give 0 to {MOST_MINUTES:,} minutes.", f"0 bis {MOST_MINUTES:,} Minuten angeben.")
        )
    return minutes


def _percent(field: str, percent: int) -> int:
    if not 0 <= percent <= MOST_PERCENT:
        raise Invalid(field, Message(f"Give 0 to {MOST_PERCENT} percent.", f"0 bis {MOST_PERCENT} Prozent angeben."))
    return percent


def _euros(field: str, money: Money) -> Money:
    amount = money.amount
    if money.currency != "EUR" or not amount.is_finite() or not 0 <= amount < MOST_EUROS or amount != round(amount, 2):
        raise Invalid(
            field,
            Message(
                f"Give euros and cents, from 0 to less than {MOST_EUROS:,}.",
                f"Geben Sie Euro und Cent an, von 0 bis unter {MOST_EUROS:,}.",
            ),
        )
    return Money(amount.quantize(CENT))


def _title(field: str, text: str) -> str:
    if not text.strip() or len(text) > LONGEST_TITLE:
        raise Invalid(
            field, Message(f"Give 1 to {LONGEST_TITLE} characters.", f"1 bis {LONGEST_TITLE} Zeichen angeben.")
        )
    return text


def _reason(reason: Sealed[str]) -> Sealed[str]:
    if not (reason.text or "").strip():
        raise Rejected(rules.REASON_MISSING)
    return reason
