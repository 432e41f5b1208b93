"""What the treasurer asks of all families that charge: a view over their registers, and no register of its own."""

from __future__ import annotations

from projections.model import Report
from projections.treasury import charges

REPORTS: tuple[Report, ...] = (charges.REPORT,)
