"""What may be done with a reader's membership."""

from datetime import date, timedelta
from typing import Final, assert_never
from uuid import UUID, uuid5

from domain.kernel import Channel, Context, Fact, Invalid, Message, Rejected, Sealed
from domain.library import commands as c
from domain.library import facts as f
from domain.library import rules
from domain.library.checks import in_order, latest, optional_sealed, sealed, text
from domain.library.state import Patron
from domain.library.vocabulary import AgeBand

CLEAR_FIELDS: Final = ("age_band", "branch")
SEALED_FIELDS: Final = ("name", "born")


def decide(patron: Patron, command: c.MembershipCommand, context: Context) -> tuple[Fact, ...]:
    """The facts that a command on an existing membership leads to."""
    match command:
        case c.ReplaceCard():
            return replace_card(patron, command, context)
        case c.ChangeAgeBand():
            if command.age_band is patron.age_band:
                raise Rejected(rules.NOTHING_CHANGED)
            day = in_order(patron.pays_from, context)
            return (f.PatronAgeBandChanged(old=patron.age_band, new=command.age_band, changed_on=day),)
        case c.GiveGuardianConsent():
            day = in_order(patron.consent_since, context)
            return (f.GuardianConsentGiven(guardian=guardian(context, command.guardian), given_on=day),)
        case c.WithdrawGuardianConsent():
            if not patron.guardian_consent:
                raise Rejected(rules.CONSENT_NOT_GIVEN)
            return (f.GuardianConsentWithdrawn(withdrawn_on=in_order(patron.consent_since, context)),)
        case c.BlockPatron():
            if patron.blocked is not None:
                raise Rejected(rules.PATRON_BLOCKED_ALREADY, ground=patron.blocked)
            day = in_order(patron.since, context)
            note = optional_sealed("note", command.note)
            return (f.PatronBlocked(ground=command.ground, note=note, blocked_on=day),)
        case c.UnblockPatron():
            if patron.blocked is None:
                raise Rejected(rules.PATRON_NOT_BLOCKED)
            day = in_order(patron.since, context)
            return (f.PatronUnblocked(note=optional_sealed("note", command.note), unblocked_on=day),)
        case c.DeactivatePatron():
            if not patron.active:
                raise Rejected(rules.PATRON_INACTIVE_ALREADY)
            day = in_order(patron.since, context)
            return (f.PatronDeactivated(ground=command.ground, deactivated_on=day),)
        case c.ReactivatePatron():
            if patron.active:
                raise Rejected(rules.PATRON_ACTIVE_ALREADY)
            return (f.PatronReactivated(reactivated_on=in_order(patron.since, context)),)
        case c.CorrectPatron():
            return correct(patron, command)
        case _:
            assert_never(command)


def register(command: c.RegisterPatron, context: Context) -> tuple[Fact, ...]:
    """Begin a membership; a named guardian is one who consents."""
    card_number, card = card_of(context, command.card_number)
    return (
        f.PatronRegistered(
            name=sealed("name", command.name),
            born=optional_sealed("born", command.born),
            card_number=card_number,
            card=card,
            age_band=command.age_band,
            guardian=None if command.guardian is None else guardian(context, command.guardian),
            guardian_consent=command.guardian is not None,
            branch=text("branch", command.branch),
            registered_on=context.day,
            charged_until=charged_until(command, context),
        ),
    )


def charged_until(command: c.RegisterPatron, context: Context) -> date | None:
    """Until when membership was charged for before it begins here: nobody owes a second time what was settled there.

    Who is taken over without such a day owes from the day of the import on.
    """
    if context.channel is Channel.IMPORT:
        day = context.today - timedelta(days=1) if command.charged_until is None else command.charged_until
        return latest("charged_until", day, context)
    if command.charged_until is not None:
        raise Rejected(rules.CHARGED_ELSEWHERE, charged_until=command.charged_until)
    return None


def replace_card(patron: Patron, command: c.ReplaceCard, context: Context) -> tuple[Fact, ...]:
    """Another card for the same reader."""
    card_number, card = card_of(context, command.card_number)
    if card == patron.card:
        raise Rejected(rules.NOTHING_CHANGED)
    return (f.PatronCardReplaced(card_number=card_number, card=card),)


def card_of(context: Context, card_number: Sealed[str]) -> tuple[Sealed[str], str]:
    """The card number to seal, and its keyed hash; blanks and case do not tell two numbers apart."""
    checked = sealed("card_number", card_number, 40)
    return checked, context.pseudonym(f.CARD, "".join((checked.text or "").split()).upper())


def guardian(context: Context, name: Sealed[str]) -> Sealed[str]:
    """The guardian's name under the guardian's own key: two people can be forgotten apart."""
    return sealed("guardian", name, key=guardian_key(context.record_id))


def guardian_key(patron_id: UUID) -> UUID:
    """The key that a reader's guardian is sealed under."""
    return uuid5(patron_id, "guardian")


def correct(patron: Patron, command: c.CorrectPatron) -> tuple[Fact, ...]:
    """Put a field right: the clear ones by their text, the sealed ones by the position they replace."""
    reason = sealed("reason", command.reason)
    if command.field not in CLEAR_FIELDS + SEALED_FIELDS:
        raise Rejected(rules.FIELD_NOT_CORRECTABLE, field=command.field, fields=" ".join(CLEAR_FIELDS + SEALED_FIELDS))
    if command.field in CLEAR_FIELDS:
        return (correct_clear(patron, command, reason),)
    if command.new_sealed is None:
        raise Invalid("new_sealed", Message("must be given for this field", "ist für dieses Feld anzugeben"))
    old: Sealed[str] | None = getattr(patron, command.field)
    return (
        f.PatronCorrected(
            field=command.field,
            old=None,
            new=None,
            new_sealed=sealed("new_sealed", command.new_sealed),
            corrected_position=None if old is None else old.position,
            reason=reason,
        ),
    )


def correct_clear(patron: Patron, command: c.CorrectPatron, reason: Sealed[str]) -> Fact:
    """The correction of a field that stands in clear."""
    new = text("new", command.new or "")
    if command.field == "age_band" and new not in AgeBand.__members__:
        raise Invalid(
            "new", Message(f"must be one of {', '.join(AgeBand)}", f"muss eines sein von {', '.join(AgeBand)}")
        )
    old = str(getattr(patron, command.field))
    if new == old:
        raise Rejected(rules.NOTHING_CHANGED, field=command.field)
    return f.PatronCorrected(
        field=command.field, old=old, new=new, new_sealed=None, corrected_position=None, reason=reason
    )
