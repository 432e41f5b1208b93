"""A membership after a fact."""

from dataclasses import replace
from datetime import date
from typing import assert_never

from domain.days import last_known
from domain.kernel import Sealed
from domain.library import facts as f
from domain.library.evolve.charges import settled
from domain.library.state import Charge, Patron
from domain.library.vocabulary import AgeBand, ChargeStatus


def registered(fact: f.PatronRegistered) -> Patron:
    """A new membership."""
    return Patron(
        name=fact.name,
        born=fact.born,
        card=fact.card,
        age_band=fact.age_band,
        guardian_consent=fact.guardian_consent,
        branch=fact.branch,
        registered_on=fact.registered_on,
        since=fact.registered_on,
        pays_from=fact.registered_on,
        consent_since=fact.registered_on,
        charged_until=fact.charged_until,
    )


def resumed(patron: Patron, day: date | None) -> Patron:
    """The membership taken up again; nothing is owed for the time that it rested."""
    return replace(patron, active=True, since=day or patron.since, pays_from=last_known(day, patron.pays_from))


def evolve_patron(patron: Patron, fact: f.PatronFact) -> Patron:
    """The membership after a fact."""
    match fact:
        case f.PatronRegistered():
            return registered(fact)
        case f.PatronCardReplaced():
            return replace(patron, card=fact.card)
        case f.PatronAgeBandChanged():
            return replace(patron, age_band=fact.new, pays_from=last_known(fact.changed_on, patron.pays_from))
        case f.GuardianConsentGiven():
            return replace(patron, guardian_consent=True, consent_since=fact.given_on or patron.consent_since)
        case f.GuardianConsentWithdrawn():
            return replace(patron, guardian_consent=False, consent_since=fact.withdrawn_on or patron.consent_since)
        case f.PatronBlocked():
            return replace(patron, blocked=fact.ground, since=fact.blocked_on or patron.since)
        case f.PatronUnblocked():
            return replace(patron, blocked=None, since=fact.unblocked_on or patron.since)
        case f.PatronDeactivated():
            return replace(patron, active=False, since=fact.deactivated_on or patron.since)
        case f.PatronReactivated():
            return resumed(patron, fact.reactivated_on)
        case f.PatronCorrected():
            return patron_corrected(patron, fact)
        case f.MembershipFeeRaised():
            fee = Charge(id=fact.charge, cause=fact.cause, amount=fact.amount, since=fact.period_from)
            return replace(patron, charged_until=fact.period_until, fees=(*patron.fees, fee))
        case f.MembershipFeePaid():
            return replace(patron, fees=settled(patron.fees, fact.charge, ChargeStatus.PAID, fact.paid_on))
        case f.MembershipFeeWaived():
            return replace(patron, fees=settled(patron.fees, fact.charge, ChargeStatus.WAIVED, fact.waived_on))
        case f.MembershipFeeRefunded():
            return replace(patron, fees=settled(patron.fees, fact.charge, ChargeStatus.REFUNDED, fact.refunded_on))
        case _:
            assert_never(fact)


def patron_corrected(patron: Patron, fact: f.PatronCorrected) -> Patron:
    """The membership with one field put right."""
    match fact.field, fact.new, fact.new_sealed:
        case "age_band", str(new), _:
            return replace(patron, age_band=AgeBand(new))
        case "branch", str(new), _:
            return replace(patron, branch=new)
        case "name", _, Sealed() as name:
            return replace(patron, name=name)
        case "born", _, Sealed() as born:
            return replace(patron, born=born)
    return patron
