"""Report: how long cases take from opening to closing, by plan code and month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.kernel import Code, Message
from projections.model import Chart, Report, column
from projections.rights import OFFICE


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessingTimeRow:
    """The cases of one plan code that were closed in one month and have stayed closed."""

    month: date = column(
        "The month of closing, by its first day.", "Der Monat der zdA-Verfügung, als sein erster Tag.",
        filterable=True, sortable=True,
    )  # fmt: skip
    plan_code: Code = column("The file plan unit.", "Die Aktenplaneinheit.", filterable=True, sortable=True)
    closed: int = column("Cases closed.", "Zahl der zdA verfügten Vorgänge.", sortable=True)
    median_days: Decimal = column(
        "Days that half of them took at most.", "Die Hälfte dauerte höchstens so viele Tage.", sortable=True
    )
    p90_days: Decimal = column(
        "Days that nine in ten took at most.", "Neun von zehn dauerten höchstens so viele Tage.", sortable=True
    )


REPORT = Report(
    name="processing_time_by_plan_code",
    plural="processingTimeByPlanCode",
    comment=Message(
        "Days from opening to closing (zdA) of cases, by plan code and month of closing.",
        "Tage von der Anlage bis zur zdA-Verfügung der Vorgänge, nach Aktenplaneinheit und Monat.",
    ),
    row=ProcessingTimeRow,
    readers=OFFICE,
    reads=("case_record",),
    order=("-month", "plan_code"),
    chart=Chart(x="month", y="median_days", by="plan_code", line=True),
)
