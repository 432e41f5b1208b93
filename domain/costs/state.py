"""A cost figure as far as decisions need it."""

from dataclasses import dataclass
from datetime import date

from domain.kernel import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What a piece takes, in one version."""

    valid_from: date
    minutes: int
    hourly_rate: Money
    overhead_percent: int
    material: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CostFigure:
    """A product with all versions of its effort, the first at index 0. Retired, it has a last day."""

    product: str
    title: str
    efforts: tuple[Effort, ...] = ()
    valid_to: date | None = None

    @property
    def last(self) -> Effort | None:
        """The version set last."""
        return self.efforts[-1] if self.efforts else None
