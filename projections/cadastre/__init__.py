"""Cadastre orders: their register and that of the numbers of their bills, what they brought in, and what falls due."""

from __future__ import annotations

from projections.cadastre import orders, revenue, series
from projections.cadastre.duties import DUTIES
from projections.model import Projection, Report

PROJECTIONS: tuple[Projection, ...] = (orders.PROJECTION, series.SERIES, series.NUMBERS)

REPORTS: tuple[Report, ...] = (revenue.REPORT,)

__all__ = ["DUTIES", "PROJECTIONS", "REPORTS"]
