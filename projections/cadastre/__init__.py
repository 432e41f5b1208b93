"""Cadastre orders: their register, that of refunds and those of the numbers of their bills, reports and duties."""

from __future__ import annotations

from projections.cadastre import orders, refunds, revenue, series
from projections.cadastre.duties import DUTIES
from projections.model import Projection, Report

PROJECTIONS: tuple[Projection, ...] = (orders.PROJECTION, refunds.PROJECTION, series.SERIES, series.NUMBERS)

REPORTS: tuple[Report, ...] = (revenue.REPORT,)

__all__ = ["DUTIES", "PROJECTIONS", "REPORTS"]
