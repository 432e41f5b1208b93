"""An order as far as decisions need it. Sealed texts are references to where they were recorded."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.cadastre.vocabulary import Format, InterestGround, PaperSize, Product, Stage
from domain.kernel import Money, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A cadastre order. `tariff_day` is the day whose tariff holds: when the office could begin (§ 3 VermWertKostO)."""

    stage: Stage
    product: Product
    parcels: tuple[str, ...]
    office: str
    format: Format
    paper_size: PaperSize | None
    copies: int
    placed_by: UUID
    placed_on: date
    tariff_day: date
    requester: Sealed[str]
    purpose: Sealed[str] | None
    ground_kind: InterestGround | None = None
    ground: Sealed[str] | None = None
    claimed_by: UUID | None = None
    fee: Money | None = None
    noticed: bool = False
    paid: Money | None = None
    data_as_of: date | None = None
    sha256: str | None = None

    @property
    def settled(self) -> bool:
        """Whether nothing is owed: paid, or a fee of zero."""
        return self.fee is not None and (self.paid is not None or self.fee.amount == 0)
