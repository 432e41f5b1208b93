"""A generated city to try the ledger with: seeded, plausible, and valid because it goes through the commands."""

from infra.demo.filling import DEFAULT_EVENTS, NotEmpty, Summary, fill
from infra.demo.show import Shown
from infra.demo.simulation import Phase

__all__ = ["DEFAULT_EVENTS", "NotEmpty", "Phase", "Shown", "Summary", "fill"]
