"""Series of numbers (Nummernkreise): a number is taken with what it is for, so that none is lost or given twice."""

import re
from typing import Final
from uuid import UUID

from domain.cadastre import input_rules, rules
from domain.cadastre.commands import OpenSeries, PassOverNumber
from domain.cadastre.facts import NumberTaken, SeriesOpened
from domain.cadastre.state import Order, Series, State
from domain.cadastre.vocabulary import NumberUse, SeriesKind
from domain.kernel import Context, Invalid, Message, On, Rejected

_PREFIX: Final = re.compile(r"[A-Z0-9][A-Z0-9.-]{0,11}")
_YEARS: Final = range(2000, 2100)
_FIRST: Final = range(1, 1_000_000)


def open_series(state: State | None, command: OpenSeries, context: Context) -> SeriesOpened:
    """A new series."""
    if state is not None:
        raise Rejected(rules.SERIES_EXISTS)
    if command.year not in _YEARS:
        raise Invalid("year", Message("Give a year from 2000 to 2099.", "Geben Sie ein Jahr von 2000 bis 2099 an."))
    if not _PREFIX.fullmatch(command.prefix):
        raise Invalid(
            "prefix",
            Message(
                "Give 1 to 12 capital letters, digits, dots or hyphens.",
                "Geben Sie 1 bis 12 Großbuchstaben, Ziffern, Punkte oder Bindestriche an.",
            ),
        )
    if command.first not in _FIRST:
        raise Invalid("first", Message("Give a number from 1 to 999999.", "Geben Sie eine Zahl von 1 bis 999999 an."))
    return SeriesOpened(
        series_kind=command.series_kind,
        year=command.year,
        prefix=command.prefix,
        first=command.first,
        opened_on=context.day,
    )


def take_number(context: Context, series_id: UUID, kind: SeriesKind, use: NumberUse) -> tuple[str, On]:
    """The next number of a series, and the fact by which the series gives it to the order.

    Both facts are recorded in one transaction, and only while the series stands where it was read.
    """
    series = context.reads.get(series_id)
    if not isinstance(series, Series):
        raise Rejected(input_rules.SERIES_UNKNOWN, series=series_id)
    if series.kind is not kind:
        raise Rejected(input_rules.SERIES_OF_ANOTHER_KIND, kind=series.kind, wanted=kind)
    taken = _next_of(series, use, context.record_id, context)
    return taken.text, On(series_id, taken)


def pass_over(state: State | None, command: PassOverNumber, context: Context) -> NumberTaken:
    """The next number, which a notice of an earlier system bears: so that it is accounted for, and not given twice."""
    if not isinstance(state, Series):
        raise Rejected(input_rules.SERIES_UNKNOWN, series=context.record_id)
    order = context.reads.get(command.order_id)
    if not isinstance(order, Order) or order.demand is None or order.demand.number != state.text:
        raise Rejected(input_rules.NUMBER_NOT_BORNE, number=state.text)
    return _next_of(state, NumberUse.TAKEN_OVER, command.order_id, context)


def _next_of(series: Series, use: NumberUse, order_id: UUID, context: Context) -> NumberTaken:
    if series.year != context.day.year:
        raise Rejected(input_rules.SERIES_OF_ANOTHER_YEAR, series=series.year, day=context.day)
    if series.last_on is not None and context.day < series.last_on:
        raise Rejected(input_rules.SERIES_BACK_IN_TIME, last_number_on=series.last_on, day=context.day)
    return NumberTaken(number_in_series=series.next, text=series.text, use=use, order_id=order_id, taken_on=context.day)
