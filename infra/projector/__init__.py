"""Keeps read models: live in batches, rebuilt beside the live rows, and open about how far they are."""

from infra.projector.compare import Difference
from infra.projector.crew import WorkerLost
from infra.projector.events import LedgerGap
from infra.projector.filling import FoldFailed
from infra.projector.healing import Outdated, Retried, retry
from infra.projector.health import Sample, samples
from infra.projector.live import Projector
from infra.projector.proof import Proof, prove
from infra.projector.quarantine import SetAside, quarantine
from infra.projector.rebuilding import rebuild
from infra.projector.shadow import PartsMissing, Sizes
from infra.projector.state import Status, status, wait_for
from infra.projector.terms import Cancelled, Declared, Progress, Rebuilding, Rebuilt
from infra.projector.views import ReportMismatch, ViewInUse

__all__ = [
    "Cancelled",
    "Declared",
    "Difference",
    "FoldFailed",
    "LedgerGap",
    "Outdated",
    "PartsMissing",
    "Progress",
    "Projector",
    "Proof",
    "Rebuilding",
    "Rebuilt",
    "ReportMismatch",
    "Retried",
    "Sample",
    "SetAside",
    "Sizes",
    "Status",
    "ViewInUse",
    "WorkerLost",
    "prove",
    "quarantine",
    "rebuild",
    "retry",
    "samples",
    "status",
    "wait_for",
]
