"""What a file or case is worked on by: facts that say the day themselves, so that no closing comes before it."""

from dataclasses import dataclass
from datetime import date

from domain.kernel import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated(Fact):
    """Work on a file or case. `day` is the day in Berlin on which it took effect; None: an earlier version of the fact
    did not say it."""

    day: date | None = None
