"""What happens to a file or case on a day that the fact itself says, so that nothing comes before what it follows."""

from dataclasses import dataclass
from datetime import date

from domain.kernel import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated(Fact):
    """Work on a file or case, a step of its disposal, a legal hold. `day` is the day in Berlin on which it took effect;
    None: an earlier version of the fact did not say it."""

    day: date | None = None
