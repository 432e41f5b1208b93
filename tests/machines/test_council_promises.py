"""What council documents are held against at random does find what it is to find: histories that no rule would pass."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from domain.council import FAMILY, facts
from domain.council.parts import Attending, ConsultationData, GroupVote, Reference, Source
from domain.council.vocabulary import ConsultationRole, MeetingField, Outcome, PaperField, Progress, Signatory
from domain.kernel import Channel, Fact
from tests.domain.council.examples import (
    ADOPTED,
    ASSIGNED,
    CO_SIGNED,
    COMMITTEE,
    COMPLETED,
    CONSULTATION,
    COUNCIL,
    DRAFTED,
    ESTABLISHED,
    FIRST_SIGNATURE,
    HELD,
    INVITED,
    ITEM,
    ITEM_ADDED,
    JOINED,
    MEETING,
    MEMBERS,
    MINUTES,
    ON_AGENDA,
    PAPER,
    PLANNED,
    PRESENT,
    PROTOCOL,
    REASON,
    RELEASED,
    RESOLUTION,
    RESOLVED,
    SCHEDULED,
    SECOND_SIGNATURE,
    START,
    TITLE,
    VOTED,
)
from tests.machines.council_promises import check
from tests.machines.machine import Known, World
from tests.scenario import ACTOR, SOMEBODY_ELSE, TODAY, Given, an_id

DAY = START.date()
THIRD = an_id("third")
NEXT, AGAIN = an_id("next"), an_id("again")


class Told(NamedTuple):
    """What was recorded of a record, on which day, by whom and in whose place, with what, and through which channel."""

    record: UUID
    fact: Fact
    on: date = TODAY
    by: UUID = ACTOR
    place: UUID | None = None
    command: UUID | None = None
    channel: Channel = Channel.STAFF


def paper(fact: Fact, by: UUID = ACTOR, place: UUID | None = None) -> Told:
    return Told(PAPER, fact, by=by, place=place)


def meeting(fact: Fact, on: date = DAY, by: UUID = ACTOR, place: UUID | None = None) -> Told:
    return Told(MEETING, fact, on, by, place)


def resolution(fact: Fact, on: date = DAY) -> Told:
    return Told(RESOLUTION, fact, on)


SPD = MEMBERS[0]
BIASED = facts.ConflictOfInterestDeclared(item=ITEM, member=MEMBERS[1].member, ground=REASON)
COUNTED = replace(VOTED, abstain=0, biased=1, by_group=(GroupVote("SPD", 3, 0, 0), GroupVote("CDU", 2, 3, 0)))
OBJECTED = facts.ResolutionObjected(objected_on=DAY, legal_ground=REASON, objected_by=ACTOR)
OWN_UNIT = replace(CO_SIGNED, unit="61")
ITEM_AGAIN = replace(
    ITEM_ADDED,
    item=AGAIN,
    data=replace(ITEM_ADDED.data, paper=None, consultation=None),
    title=TITLE,
    decides_again=RESOLUTION,
)
VOTED_AGAIN = replace(VOTED, item=AGAIN, yes=3, no=5)
REPEALED = facts.ObjectionDecided(meeting=NEXT, item=AGAIN, upholds=False, decided_on=DAY)
MOVED = facts.MeetingRescheduled(
    body=COUNCIL, old_start=START, start=START + timedelta(minutes=1), end=None, reason=REASON
)
LATER = DAY + timedelta(days=1)
ABOVE = facts.SupervisoryDecisionRecorded(stands=True, decided_on=DAY, note=REASON)
FINAL, REPORT = an_id("final"), facts.TrackingReportGiven(open=(), finished=(RESOLUTION,))
PUBLISHED = facts.PaperPublished()

SEATLESS = [replace(JOINED[0], member=an_id(name), group=None) for name in ("x", "y")]
BEFORE, BEGUN = DAY - timedelta(days=1), TODAY - timedelta(days=1)
VOIDED = facts.MinutesVoided(file=MINUTES.file, sha512=MINUTES.sha512)
TOLD_LATE = an_id("told late")

LIFE: dict[str, Told] = {
    "established": Told(COUNCIL, ESTABLISHED),
    "spd_joined": Told(COUNCIL, JOINED[0]),
    **{f"joined {number}": Told(COUNCIL, joined) for number, joined in enumerate([*JOINED[1:], *SEATLESS])},
    "drafted": paper(DRAFTED),
    "co_signed": paper(OWN_UNIT, SOMEBODY_ELSE),
    "released": paper(RELEASED),
    "published": paper(PUBLISHED),
    "planned": paper(PLANNED),
    "scheduled": meeting(SCHEDULED, TODAY),
    "added": meeting(ITEM_ADDED, TODAY),
    "on_agenda": paper(ON_AGENDA),
    "invited": meeting(INVITED, TODAY),
    "held": meeting(HELD),
    "present": meeting(PRESENT),
    "biased": meeting(BIASED),
    "voted": meeting(COUNTED),
    "decided": meeting(ADOPTED),
    "adopted": resolution(RESOLVED),
    "told": paper(
        facts.PaperDecided(
            consultation=CONSULTATION,
            meeting=MEETING,
            item=ITEM,
            outcome=Outcome.ADOPTED,
            authoritative=True,
            resolution=RESOLUTION,
            decided_on=DAY,
        )
    ),
    "protocol": meeting(PROTOCOL),
    "minutes": meeting(MINUTES),
    "chair": meeting(FIRST_SIGNATURE, by=SOMEBODY_ELSE),
    "secretary": meeting(SECOND_SIGNATURE),
    "assigned": resolution(ASSIGNED),
    "objected": resolution(OBJECTED),
    "next": Told(NEXT, replace(SCHEDULED, meeting_number="RAT/2026/04")),
    "again": Told(NEXT, ITEM_AGAIN),
    "next_invited": Told(NEXT, INVITED),
    "next_held": Told(NEXT, HELD, DAY),
    "next_present": Told(NEXT, PRESENT, DAY),
    "voted_again": Told(NEXT, VOTED_AGAIN, DAY),
    "decided_again": Told(NEXT, facts.AgendaItemDecided(item=AGAIN, outcome=Outcome.REJECTED), DAY),
    "repealed": resolution(REPEALED),
    "report": Told(NEXT, REPORT, DAY, command=FINAL),
    "final": Told(RESOLUTION, facts.FinalReportGiven(meeting=NEXT), DAY, command=FINAL),
}


DECIDED = LIFE["told"].fact
assert isinstance(DECIDED, facts.PaperDecided)
SECOND = facts.AgendaItemDecided(item=AGAIN, outcome=Outcome.ADOPTED, resolution=an_id("second"))


def life(*, without: str = "", after: tuple[str, Told] | None = None, **instead: Fact | Told) -> list[Told]:
    """The whole life of a paper and its resolution, changed in one place."""
    told = []
    for name, each in LIFE.items():
        other = instead.get(name, each)
        if name != without:
            told.append(other if isinstance(other, Told) else each._replace(fact=other))
        if after and after[0] == name:
            told.append(after[1])
    return told


def a_world(told: Iterable[Told]) -> World:
    """The records that this history leads to, whatever the rules say."""
    world, told = World(DAY), list(told)
    history = Given(FAMILY, PAPER, tuple((each.record, each.fact) for each in told))
    for event, each in zip(history.events(*(each.on for each in told)), told, strict=True):
        known = world.records.setdefault(event.record_id, Known(event.fact.kind))
        command = each.command or event.envelope.command_id
        envelope = replace(event.envelope, actor=each.by, deputising_for=each.place, command_id=command)
        envelope = replace(envelope, channel=each.channel)
        known.events.append(replace(event, envelope=envelope))
        known.state = FAMILY.evolve(known.state, event.fact)
    return world


def check_all(world: World) -> None:
    for record in world.records:
        check(world, record)


def test_a_life_that_keeps_all_rules_passes() -> None:
    check_all(a_world(life()))
    check_all(a_world(life(after=("assigned", resolution(MOVED_DUE)))))


AMENDED = facts.PaperAmended(
    changed=("title",), data=DRAFTED.data, title=TITLE, reason=REASON, changed_by=(SOMEBODY_ELSE,)
)
SOURCE = Source("oparl", "https://ris.example/papers/1")
HIDDEN = replace(DRAFTED.data, public=False)
LATE = replace(INVITED, invited_on=DAY - timedelta(days=6), notice_days=6)
RECOUNTED = meeting(replace(COUNTED, yes=2, no=3, by_group=()))
SECRET = replace(ITEM_ADDED.data, public=False)
CROWD = (*MEMBERS, Attending(an_id("x"), True), Attending(an_id("y"), True))
EARLIER = facts.ConsultationPlanned(
    consultation=an_id("earlier"),
    data=ConsultationData(bodies=(Reference(COMMITTEE),), role=ConsultationRole.PRELIMINARY),
    order=1,
)


HEARING = an_id("hearing")
HEARD = facts.PaperDecided(
    consultation=EARLIER.consultation,
    meeting=HEARING,
    item=an_id("heard"),
    outcome=Outcome.NOTED,
    authoritative=False,
)


def heard(days: int) -> list[Told]:
    """The whole life, where a committee consulted on the paper before, in a meeting so many days after the other."""
    start = START + timedelta(days=days)
    hearing = replace(SCHEDULED, meeting_number="HFA/2026/01", data=replace(SCHEDULED.data, start=start))
    told = life(after=("planned", paper(EARLIER)))
    place = told.index(LIFE["told"])
    dealt_with = paper(replace(HEARD, decided_on=start.date()))
    return [*told[:place], Told(HEARING, hearing), dealt_with, *told[place:]]


def test_bodies_may_deal_with_a_paper_on_one_day() -> None:
    check_all(a_world(heard(0)))


EARLY = replace(SCHEDULED, data=replace(SCHEDULED.data, start=START - timedelta(days=60)))


def votes(**changes: Any) -> Fact:
    return replace(COUNTED, by_group=(), **changes)


MOVED_DUE = facts.ImplementationReported(
    progress=Progress.IN_PROGRESS, due=ASSIGNED.due + timedelta(days=1), delay_reason=REASON
)
BROKEN: dict[str, tuple[list[Told], str]] = {
    "co-signed by the drafter": (life(co_signed=paper(OWN_UNIT, ACTOR)), "by who wrote it"),
    "co-signed for the drafter": (life(co_signed=paper(OWN_UNIT, THIRD, ACTOR)), "by who wrote it"),
    "co-signed by the drafter's deputy": (
        life(drafted=paper(DRAFTED, ACTOR, SOMEBODY_ELSE)),
        "by who wrote it",
    ),
    "co-signed by who amended it": (life(after=("drafted", paper(AMENDED, SOMEBODY_ELSE))), "by who wrote it"),
    "co-signed for another unit": (life(co_signed=paper(CO_SIGNED, SOMEBODY_ELSE)), "for another unit"),
    "co-signed in somebody else's name": (
        life(co_signed=paper(replace(OWN_UNIT, signatory=THIRD), SOMEBODY_ELSE)),
        "in nobody's name",
    ),
    "objected in somebody else's name": (
        life(objected=resolution(replace(OBJECTED, objected_by=THIRD))),
        "objected in nobody's name",
    ),
    "released as nobody had agreed to it": (life(without="co_signed"), "without a co-signature"),
    "changed after the co-signature": (
        life(after=("co_signed", paper(replace(AMENDED, voids=("61",))))),
        "without a co-signature",
    ),
    "published as a draft": (life(without="released"), "a draft was published"),
    "published although non-public": (
        life(drafted=paper(replace(DRAFTED, data=HIDDEN))),
        "a non-public paper was published",
    ),
    "non-public while published": (
        life(after=("published", paper(replace(AMENDED, data=HIDDEN, voids=("61",))))),
        "became non-public",
    ),
    "decided on a day before the committee": (heard(1), "on a day before an earlier body"),
    "decided on another day than the meeting": (
        life(told=replace(DECIDED, decided_on=LATER)),
        "of another day than its meeting",
    ),
    "dealt with before its release": (
        life(
            scheduled=meeting(EARLY, TODAY),
            told=replace(DECIDED, decided_on=DAY - timedelta(days=60)),
        ),
        "dealt with before its release",
    ),
    "changed before it was decided on": (
        life(after=("told", paper(replace(AMENDED, voids=("61",))))),
        "before what it follows",
    ),
    "a second resolution where one is decided again": (
        life(
            voted_again=Told(NEXT, replace(VOTED_AGAIN, yes=5, no=3), DAY),
            decided_again=Told(NEXT, SECOND, DAY),
            repealed=resolution(replace(REPEALED, upholds=True)),
            without="report",
            final=resolution(ABOVE),
        ),
        "a resolution too many",
    ),
    "a second protocol beside signed minutes": (
        life(after=("secretary", meeting(replace(PROTOCOL, file=an_id("x"))))),
        "a second protocol",
    ),
    "decided before the committee": (life(after=("planned", paper(EARLIER))), "before an earlier body"),
    "a number given again": (
        life(next=Told(NEXT, SCHEDULED)),
        "a number given twice",
    ),
    "invited six days before": (life(invited=meeting(LATE, DAY - timedelta(days=6))), "late without a reason"),
    "invited late as it is known": (
        life(after=("added", meeting(facts.InvitationBecameLate(last_day=TODAY), TODAY))),
        "late without a reason",
    ),
    "held without an invitation": (life(without="invited"), "without an invitation"),
    "held on the day before": (life(held=meeting(HELD, DAY - timedelta(days=1))), "before its day"),
    "added to a sent agenda": (
        life(after=("invited", meeting(replace(ITEM_AGAIN, item=an_id("x")), TODAY))),
        "without urgency",
    ),
    "a non-public paper in public": (
        life(drafted=paper(replace(DRAFTED, data=HIDDEN)), without="published"),
        "in public",
    ),
    "ten votes of eight": (life(voted=votes(yes=9, no=1)), "more votes than voters"),
    "the vote of a biased member": (life(voted=votes(yes=6, no=3)), "more votes than voters"),
    "the vote of a member who has left": (
        life(
            after=(
                "biased",
                meeting(facts.AttendanceChanged(item=ITEM, member=SPD, present=False, voting_members=8)),
            )
        ),
        "more votes than voters",
    ),
    "groups that do not add up": (
        life(voted=replace(COUNTED, by_group=COUNTED.by_group[:1])),
        "do not add up",
    ),
    "a group of more votes than members": (
        life(voted=replace(COUNTED, by_group=(GroupVote("SPD", 5, 3, 0),))),
        "more votes than members",
    ),
    "counted anew without a reason": (life(after=("voted", RECOUNTED)), "without a reason"),
    "adopted against the vote": (life(voted=votes(yes=3, no=5)), "against the vote"),
    "voted after the outcome": (
        life(after=("adopted", meeting(replace(COUNTED, correction_reason=REASON)))),
        "after the outcome",
    ),
    "a member who left between the vote and its outcome": (
        life(
            after=("voted", meeting(facts.AttendanceChanged(item=ITEM, member=SPD, present=False, voting_members=8))),
        ),
        "between a vote and its outcome",
    ),
    "counted again between the vote and its outcome": (
        life(after=("voted", meeting(PRESENT))),
        "between a vote and its outcome",
    ),
    "a paper hidden while it is on a public agenda": (
        life(without="published", after=("present", paper(replace(AMENDED, data=HIDDEN, voids=("61",))))),
        "non-public on a public agenda",
    ),
    "a public resolution on the hidden paper of a source": (
        life(
            without="published",
            drafted=paper(replace(DRAFTED, source=SOURCE)),
            after=("present", paper(replace(AMENDED, data=HIDDEN, source=SOURCE))),
        ),
        "a public resolution on a non-public paper",
    ),
    "more members than seats": (
        life(present=replace(PRESENT, voting_members=11, members=CROWD)),
        "more members than seats",
    ),
    "a public resolution of a secret item": (
        life(added=meeting(replace(ITEM_ADDED, data=SECRET), TODAY)),
        "of a non-public item",
    ),
    "minutes signed by one person": (life(secretary=meeting(SECOND_SIGNATURE, by=SOMEBODY_ELSE)), "by one person"),
    "minutes signed for the chair": (
        life(secretary=meeting(SECOND_SIGNATURE, by=THIRD, place=SOMEBODY_ELSE)),
        "by one person",
    ),
    "minutes signed by a citizen": (
        life(secretary=meeting(SECOND_SIGNATURE)._replace(channel=Channel.SERVICE_PORTAL)),
        "by nobody of the staff",
    ),
    "minutes signed in one office": (
        life(secretary=replace(SECOND_SIGNATURE, office=Signatory.CHAIR)),
        "in one office",
    ),
    "minutes signed over another hash": (
        life(chair=replace(FIRST_SIGNATURE, sha512="cd" * 64)),
        "another draft",
    ),
    "a vote that signed minutes do not tell": (
        life(after=("secretary", meeting(PRESENT))),
        "tell of it otherwise",
    ),
    "signed although changed since the draft": (life(after=("minutes", meeting(PRESENT))), "does not tell of it"),
    "signed what was never drafted": (life(without="minutes"), "without a draft"),
    "minutes void for nothing": (life(after=("minutes", meeting(VOIDED))), "nothing else was told"),
    "another draft void": (
        life(
            protocol=meeting(MINUTES)._replace(fact=PROTOCOL),
            chair=meeting(PRESENT)._replace(command=TOLD_LATE),
            secretary=meeting(replace(VOIDED, sha512="cd" * 64))._replace(command=TOLD_LATE),
        ),
        "void is another draft",
    ),
    "another draft without a word": (life(after=("chair", meeting(MINUTES))), "without a word"),
    "void for nobody in whose place somebody signed": (
        life(
            chair=meeting(FIRST_SIGNATURE, by=SOMEBODY_ELSE, place=THIRD),
            secretary=meeting(replace(VOIDED, signatories=(SOMEBODY_ELSE,))),
        ),
        "void in other places",
    ),
    "minutes drafted before the meeting": (life(minutes=meeting(MINUTES, BEFORE)), "before what it follows"),
    "minutes signed before the draft": (life(minutes=meeting(MINUTES, LATER)), "before it was drafted"),
    "voted before the meeting": (life(voted=meeting(COUNTED, BEFORE)), "before what it follows"),
    "decided before the meeting": (life(decided=meeting(ADOPTED, BEFORE)), "before what it follows"),
    "reported before the meeting": (life(report=Told(NEXT, REPORT, BEFORE, command=FINAL)), "before what it follows"),
    "invited before it was scheduled": (
        life(invited=meeting(INVITED, TODAY - timedelta(days=1))),
        "before what it follows",
    ),
    "invited before there was an agenda": (
        life(added=meeting(ITEM_ADDED, TODAY + timedelta(days=1))),
        "without an agenda",
    ),
    "a meeting corrected before it was scheduled": (
        life(
            after=(
                "invited",
                meeting(facts.MeetingCorrected(field=MeetingField.NAME, new_sealed=TITLE, reason=REASON), BEGUN),
            )
        ),
        "before what it follows",
    ),
    "a paper corrected before it was drafted": (
        life(
            after=(
                "released",
                Told(PAPER, facts.PaperCorrected(field=PaperField.TITLE, new_sealed=TITLE, reason=REASON), BEGUN),
            )
        ),
        "before what it follows",
    ),
    "a member before there was a body": (
        life(spd_joined=replace(JOINED[0], since=JOINED[0].since - timedelta(days=1))),
        "before there was a body",
    ),
    "attended by who joined later": (
        life(spd_joined=replace(JOINED[0], since=LATER)),
        "no member of that day",
    ),
    "attended by who had left": (
        life(after=("spd_joined", Told(COUNCIL, facts.MemberLeft(member=SPD.member, left_on=BEFORE)))),
        "no member of that day",
    ),
    "came although they had left": (
        life(
            after=("spd_joined", Told(COUNCIL, facts.MemberLeft(member=SPD.member, left_on=BEFORE))),
            present=replace(PRESENT, voting_members=8, members=MEMBERS[1:]),
            biased=meeting(facts.AttendanceChanged(item=ITEM, member=SPD, present=True, voting_members=9)),
        ),
        "no member of that day",
    ),
    "a group of which nobody is there": (
        life(voted=replace(COUNTED, by_group=(*COUNTED.by_group, GroupVote("FDP", 0, 0, 0)))),
        "of which nobody is there",
    ),
    "co-signed before it was drafted": (
        life(co_signed=Told(PAPER, OWN_UNIT, TODAY - timedelta(days=1), SOMEBODY_ELSE)),
        "before what it follows",
    ),
    "co-signatures that a change does not name": (
        life(after=("co_signed", paper(replace(AMENDED, voids=())))),
        "void, or not, unsaid",
    ),
    "dated after its release": (
        life(
            after=(
                "released",
                paper(facts.PaperCorrected(field=PaperField.DATED, new=DAY.isoformat(), reason=REASON, voids=("61",))),
            )
        ),
        "dated after its release",
    ),
    "done before the last report": (
        life(
            after=("assigned", resolution(MOVED_DUE, LATER)),
            objected=resolution(COMPLETED),
        ),
        "implemented out of order",
    ),
    "minutes with an item open": (life(without="decided"), "items open"),
    "reported for the last time while it is open": (life(without="repealed"), "of what is not finished|rests"),
    "reported for the last time twice": (life(after=("final", LIFE["final"])), "after the final report"),
    "released before its date": (
        life(drafted=paper(replace(DRAFTED, data=replace(DRAFTED.data, dated=DAY)))),
        "before its date",
    ),
    "assigned before it was adopted": (
        life(assigned=resolution(ASSIGNED, DAY - timedelta(days=1))),
        "implemented out of order",
    ),
    "decided above before the objection": (
        life(after=("objected", resolution(ABOVE, DAY - timedelta(days=1)))),
        "implemented out of order",
    ),
    "reported for the last time before it was done": (
        life(without="objected", repealed=resolution(replace(COMPLETED, completed_on=LATER), LATER)),
        "before it was done",
    ),
    "late, moved by a minute, and invited without a reason": (
        life(
            after=("added", meeting(facts.InvitationBecameLate(last_day=TODAY), TODAY)),
            on_agenda=meeting(MOVED, TODAY),
        ),
        "late without a reason",
    ),
    "worked on while it is suspended": (life(after=("objected", resolution(COMPLETED))), "worked on what rests"),
    "objected to before its adoption": (
        life(
            objected=resolution(replace(OBJECTED, objected_on=DAY - timedelta(days=1)), DAY - timedelta(days=1)),
        ),
        "before the adoption",
    ),
    "decided again in another matter": (
        life(again=replace(ITEM_AGAIN, decides_again=None)),
        "about something else",
    ),
    "decided again without a vote": (life(without="voted_again"), "without a vote"),
    "a later due date in a report without a reason": (
        life(after=("assigned", resolution(replace(MOVED_DUE, delay_reason=None)))),
        "a later due date without a reason",
    ),
    "assigned anew until a later day": (
        life(after=("assigned", resolution(replace(ASSIGNED, due=MOVED_DUE.due)))),
        "a later due date without a reason",
    ),
    "late without a reason": (
        life(after=("assigned", resolution(facts.ImplementationReported(progress=Progress.DELAYED, due=DAY)))),
        "late without a reason",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_no_rule_would_let_pass_is_found(name: str) -> None:
    history, said = BROKEN[name]
    with pytest.raises(AssertionError, match=said):
        check_all(a_world(history))
