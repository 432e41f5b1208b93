"""Cadastre orders: their register, and what each product brought in."""

from __future__ import annotations

from projections.cadastre import orders, revenue
from projections.model import Projection, Report

PROJECTIONS: tuple[Projection, ...] = (orders.PROJECTION,)

REPORTS: tuple[Report, ...] = (revenue.REPORT,)
