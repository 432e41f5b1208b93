"""Keeps read models: live in batches, rebuilt beside the live rows, and open about how far they are."""

from infra.projector.compare import Difference
from infra.projector.events import LedgerGap
from infra.projector.live import Projector
from infra.projector.rebuilding import Cancelled, Rebuilding, Rebuilt, rebuild
from infra.projector.shadow import FoldFailed, Progress
from infra.projector.state import Status, status, wait_for
from infra.projector.views import ReportMismatch, ViewInUse

__all__ = [
    "Cancelled",
    "Difference",
    "FoldFailed",
    "LedgerGap",
    "Progress",
    "Projector",
    "Rebuilding",
    "Rebuilt",
    "ReportMismatch",
    "Status",
    "ViewInUse",
    "rebuild",
    "status",
    "wait_for",
]
