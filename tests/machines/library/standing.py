"""What the rules promise of readers: who may borrow, in which order a standing changes, no year charged for twice."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from domain.kernel import Channel, Recorded
from domain.library import commands as c
from domain.library import facts as f
from domain.library.vocabulary import AgeBand
from tests.machines.library.days import check_day
from tests.machines.library.money import Account
from tests.machines.machine import World

STANDING = (f.PatronRegistered, f.PatronBlocked, f.PatronUnblocked, f.PatronDeactivated, f.PatronReactivated)

CONSENT = (f.PatronRegistered, f.GuardianConsentGiven, f.GuardianConsentWithdrawn)
BORROWS = (*STANDING, *CONSENT, f.PatronAgeBandChanged)


def check_may_borrow(reader: Sequence[Recorded], event: Recorded) -> None:
    """At that event the reader was a member, not blocked, and a child had somebody's consent."""
    known = [each for each in reader if each.position < event.position]
    before = [each.fact for each in known]
    assert before, "lent to nobody"
    changes = (each.effective.day for each in known if isinstance(each.fact, BORROWS))
    assert event.effective.day >= max(changes), "dated back to before the reader's standing changed"
    active = [type(fact) for fact in before if isinstance(fact, f.PatronDeactivated | f.PatronReactivated)]
    blocked = [type(fact) for fact in before if isinstance(fact, f.PatronBlocked | f.PatronUnblocked)]
    assert active[-1:] != [f.PatronDeactivated], "a membership that rests was used"
    assert blocked[-1:] != [f.PatronBlocked], "a blocked membership was used"
    if band(before) is AgeBand.UNDER_16:
        assert consents(before), "a child without consent"


def band(facts: Sequence[object]) -> AgeBand:
    """The age band after these facts."""
    found = AgeBand.ADULT
    for fact in facts:
        match fact:
            case f.PatronRegistered():
                found = fact.age_band
            case f.PatronAgeBandChanged():
                found = fact.new
            case f.PatronCorrected(field="age_band", new=str(new)):
                found = AgeBand(new)
    return found


def consents(facts: Sequence[object]) -> bool:
    """Whether a guardian agrees after these facts."""
    found = False
    for fact in facts:
        match fact:
            case f.PatronRegistered():
                found = fact.guardian is not None
            case f.GuardianConsentGiven():
                found = True
            case f.GuardianConsentWithdrawn():
                found = False
    return found


def check_patron(events: Sequence[Recorded]) -> None:
    """All that is promised of a reader, at each of the events."""
    begun = events[0].fact
    assert isinstance(begun, f.PatronRegistered)
    days = [event.effective.day for event in events if isinstance(event.fact, STANDING)]
    assert days == sorted(days), "a standing changed before it did last"
    for once, again in ((f.PatronBlocked, f.PatronUnblocked), (f.PatronDeactivated, f.PatronReactivated)):
        steps = [type(event.fact) for event in events if isinstance(event.fact, once | again)]
        assert steps == [(once, again)[number % 2] for number in range(len(steps))], f"{once.__name__} twice"
    account, paid_until = Account(), _paid_elsewhere(events[0], begun)
    consent = [event.effective.day for event in events if isinstance(event.fact, CONSENT)]
    assert consent == sorted(consent), "a guardian agreed before they did last"
    resting, pays_from = False, events[0].effective.day
    for number, event in enumerate(events):
        fact = event.fact
        assert "Text " not in event.body, "a personal text stands in clear"
        check_day(event)
        if isinstance(fact, f.PatronDeactivated | f.PatronReactivated):
            resting = isinstance(fact, f.PatronDeactivated)
        if isinstance(fact, f.PatronReactivated | f.PatronAgeBandChanged):
            pays_from = max(pays_from, event.effective.day)
        if isinstance(fact, f.MembershipFeeRaised):
            assert not resting, "a membership that rests is charged for"
            assert band([each.fact for each in events[:number]]) is AgeBand.ADULT, "charged under 21"
            assert fact.period_from == event.effective.day > paid_until, "a year is charged for twice"
            assert fact.period_from >= pays_from, "charged for the time before, or of rest, or when it was free"
            assert 364 <= (fact.period_until - fact.period_from).days <= 365
            paid_until = fact.period_until
        if isinstance(fact, f.FeeFact):
            account.take(event, fact)


def _paid_elsewhere(event: Recorded, begun: f.PatronRegistered) -> date:
    taken_over = event.envelope.channel is Channel.IMPORT
    assert (begun.charged_until is not None) == taken_over, "only an earlier system has charged before"
    assert begun.registered_on == event.effective.day
    return begun.charged_until or date.min


def check_readers(world: World, record_id: UUID, events: Sequence[Recorded]) -> None:
    """Who borrowed and who waited, as the commands said: the events do not tell."""
    said = [command for record, command in world.recorded if record == record_id]
    told = [event for event in events if isinstance(event.fact, f.ItemLent | f.HoldPlaced)]
    by = [command.patron for command in said if isinstance(command, c.LendItem | c.PlaceHold)]
    waits: dict[UUID, UUID] = {}
    has: UUID | None = None
    who = dict(zip((event.position for event in told), by, strict=True))
    for event in events:
        match event.fact:
            case f.ItemLent() as lent:
                has = who[event.position]
                check_may_borrow(world.events(has), event)
                assert lent.hold is None or waits[lent.hold] == has, "lent to another than who waited"
            case f.HoldPlaced() as placed:
                reader = who[event.position]
                check_may_borrow(world.events(reader), event)
                assert reader not in waits.values(), "one reader waits twice"
                assert reader != has, "a reader waits for what they have"
                waits[placed.hold] = reader
            case f.HoldFulfilled() | f.HoldExpired() | f.HoldCancelled() as gone:
                del waits[gone.hold]
            case f.ItemReturned() | f.ItemDeclaredLost() | f.ItemFound():
                has = None
