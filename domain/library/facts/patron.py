"""What happens to a reader's membership. Everything that names the reader is sealed under the record's own key."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from domain.kernel import Claim, Code, Fact, Number, PublicText, Sealed
from domain.library.vocabulary import AgeBand, BlockGround, DeactivationGround

CARD: Final = "library.card_number"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatronRegistered(Fact):
    """`card` is the keyed hash of the card number; the guardian's name is under a key of its own, not the child's.

    `charged_until` is the last day that membership was paid for in an earlier system. Version 1 had neither day.
    """

    topic: ClassVar[str] = "library.patron_registered.v2"
    kind: ClassVar[str] = "patron"
    name: Sealed[str]
    born: Sealed[str] | None
    card_number: Sealed[str]
    card: Code
    age_band: AgeBand
    guardian: Sealed[str] | None
    guardian_consent: bool
    branch: Number
    registered_on: date | None
    charged_until: date | None

    def claims(self) -> tuple[Claim, ...]:
        return (Claim(CARD, self.card),)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatronCardReplaced(Fact):
    """The old number stays taken: a lost card must never open somebody else's account."""

    topic: ClassVar[str] = "library.patron_card_replaced.v1"
    kind: ClassVar[str] = "patron"
    card_number: Sealed[str]
    card: Code

    def claims(self) -> tuple[Claim, ...]:
        return (Claim(CARD, self.card),)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatronAgeBandChanged(Fact):
    """The reader came into another age band. Version 1 left the day to the envelope."""

    topic: ClassVar[str] = "library.patron_age_band_changed.v2"
    kind: ClassVar[str] = "patron"
    old: AgeBand
    new: AgeBand
    changed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianConsentGiven(Fact):
    """A guardian agreed to the membership; the name is sealed under the guardian's own key.

    Version 1 left the day to the envelope.
    """

    topic: ClassVar[str] = "library.guardian_consent_given.v2"
    kind: ClassVar[str] = "patron"
    guardian: Sealed[str]
    given_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianConsentWithdrawn(Fact):
    """The guardian agrees no longer. Version 1 left the day to the envelope."""

    topic: ClassVar[str] = "library.guardian_consent_withdrawn.v2"
    kind: ClassVar[str] = "patron"
    withdrawn_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatronBlocked(Fact):
    """The reader may not borrow for the time being (Sperre). Version 1 left the day to the envelope."""

    topic: ClassVar[str] = "library.patron_blocked.v2"
    kind: ClassVar[str] = "patron"
    ground: BlockGround
    note: Sealed[str] | None
    blocked_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatronUnblocked(Fact):
    """The reader may borrow again. Version 1 left the day to the envelope."""

    topic: ClassVar[str] = "library.patron_unblocked.v2"
    kind: ClassVar[str] = "patron"
    note: Sealed[str] | None
    unblocked_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatronDeactivated(Fact):
    """The membership rests (Abmeldung). Version 1 left the day to the envelope."""

    topic: ClassVar[str] = "library.patron_deactivated.v2"
    kind: ClassVar[str] = "patron"
    ground: DeactivationGround
    deactivated_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatronReactivated(Fact):
    """The membership was taken up again. Version 1 left the day to the envelope."""

    topic: ClassVar[str] = "library.patron_reactivated.v2"
    kind: ClassVar[str] = "patron"
    reactivated_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatronCorrected(Fact):
    """For a sealed field `corrected_position` is where the old text was recorded and `new_sealed` holds the new one."""

    topic: ClassVar[str] = "library.patron_corrected.v1"
    kind: ClassVar[str] = "patron"
    field: Code
    old: PublicText | None
    new: PublicText | None
    new_sealed: Sealed[str] | None
    corrected_position: int | None
    reason: Sealed[str]


MembershipFact = (
    PatronRegistered
    | PatronCardReplaced
    | PatronAgeBandChanged
    | GuardianConsentGiven
    | GuardianConsentWithdrawn
    | PatronBlocked
    | PatronUnblocked
    | PatronDeactivated
    | PatronReactivated
    | PatronCorrected
)
