"""What happens to a title (Titel): the work and edition that items are copies of."""

from dataclasses import dataclass
from typing import ClassVar, Final

from domain.kernel import Claim, Code, Fact, Number, PublicText, Sealed
from domain.library.vocabulary import MediaType

TITLE: Final = "library.title_number"


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleCatalogued(Fact):
    """A title the library has copies of (Titelaufnahme)."""

    topic: ClassVar[str] = "library.title_catalogued.v1"
    kind: ClassVar[str] = "title"
    catalogue_number: Number
    title: PublicText
    creator: PublicText | None
    isbn: Number | None
    published: int | None
    media_type: MediaType

    def claims(self) -> tuple[Claim, ...]:
        return (Claim(TITLE, self.catalogue_number),)

    def number(self) -> str | None:
        return self.catalogue_number

    def found_by(self) -> tuple[str | None, ...]:
        return (self.title, self.creator, self.isbn)


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleCorrected(Fact):
    """What was recorded of the title was put right; both values stay in the history."""

    topic: ClassVar[str] = "library.title_corrected.v1"
    kind: ClassVar[str] = "title"
    field: Code
    old: PublicText | None
    new: PublicText | None
    reason: Sealed[str]

    def found_by(self) -> tuple[str | None, ...]:
        return (self.new,)


TitleFact = TitleCatalogued | TitleCorrected
