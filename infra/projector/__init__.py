"""Keeps read models: live in batches, rebuilt beside the live rows, and open about how far they are."""

from infra.projector.compare import Difference
from infra.projector.events import LedgerGap
from infra.projector.healing import Outdated, Retried, retry
from infra.projector.live import Projector
from infra.projector.quarantine import SetAside, quarantine
from infra.projector.rebuilding import Cancelled, Rebuilding, Rebuilt, rebuild
from infra.projector.shadow import FoldFailed, Progress
from infra.projector.state import Status, status, wait_for
from infra.projector.views import ReportMismatch, ViewInUse

__all__ = [
    "Cancelled",
    "Difference",
    "FoldFailed",
    "LedgerGap",
    "Outdated",
    "Progress",
    "Projector",
    "Rebuilding",
    "Rebuilt",
    "ReportMismatch",
    "Retried",
    "SetAside",
    "Status",
    "ViewInUse",
    "quarantine",
    "rebuild",
    "retry",
    "status",
    "wait_for",
]
