"""What the rules promise of a meeting: notice, votes that add up, minutes that two people sign and nobody changes."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from domain.council import facts as f
from domain.council.parts import Attending
from domain.council.vocabulary import FileRole, Outcome
from domain.kernel import Channel, Recorded, Sealed, day_of
from tests.machines.deputies import persons
from tests.machines.machine import World

NOTICE = 7
OF_ANY_DAY = (f.InvitationBecameLate, f.MinutesObjected)


class Sitting:
    """What became of a meeting so far, as far as its promises rest on it."""

    def __init__(self, scheduled: f.MeetingScheduled) -> None:
        self.scheduled = scheduled
        self.start: datetime | None = scheduled.data.start
        self.late = self.invited = False
        self.public: dict[UUID, bool] = {}
        self.numbers: dict[UUID, str | None] = {}
        self.attending: dict[UUID, Attending] = {}
        self.biased: defaultdict[UUID, set[UUID]] = defaultdict(set)
        self.papers: dict[UUID, UUID] = {}
        self.again: set[UUID] = set()
        self.votes: dict[UUID, f.VoteRecorded] = {}
        self.outcomes: dict[UUID, Outcome] = {}
        self.hashes: dict[UUID, str | None] = {}
        self.draft: f.MinutesDrafted | None = None
        self.drafted_on: date | None = None
        self.signatures: list[Recorded] = []
        self.untold: UUID | None = None
        self.replaced: UUID | None = None
        self.added_on: dict[UUID, date] = {}
        self.begun_on: date | None = None
        self.since: date | None = None


def check_meeting(world: World, record_id: UUID, events: Sequence[Recorded]) -> None:
    """All that is promised of a meeting, at each of its events."""
    scheduled = events[0].fact
    assert isinstance(scheduled, f.MeetingScheduled)
    sitting = Sitting(scheduled)
    sitting.since = sitting.begun_on = events[0].effective.day
    for event in events[1:]:
        assert sitting.untold in (None, event.envelope.command_id), "a draft stands that does not tell of it"
        redrafted = isinstance(event.fact, f.MinutesDrafted) and sitting.replaced == event.envelope.command_id
        assert sitting.replaced is None or redrafted, "void, and nothing else was told"
        if isinstance(event.fact, f.TOLD_IN_MINUTES):
            assert len(sitting.signatures) < 2, "signed minutes tell of it otherwise"
            sitting.untold = event.envelope.command_id if sitting.draft else None
        _check_order(sitting, event)
        _check_members(world, sitting, event)
        _check_planning(sitting, event)
        _check_agenda(world, sitting, event)
        _check_votes(sitting, event)
        _check_minutes(sitting, event)
        if isinstance(event.fact, f.AgendaItemDecided):
            _check_outcome(world, record_id, sitting, event.fact)
            _check_paper(world, sitting, event, event.fact)
    assert sitting.untold is None, "a draft stands that does not tell of it"
    assert sitting.replaced is None, "void, and nothing else was told"


def _check_order(sitting: Sitting, event: Recorded) -> None:
    """Nothing is of a day before that on which it was planned, or invited to; nor, once it is held, before its own."""
    # A correction may void a draft, which is then of the day of the correction.
    corrects = isinstance(event.fact, f.MeetingCorrected | f.MinutesVoided)
    floor = sitting.begun_on if corrects else sitting.since
    assert isinstance(event.fact, OF_ANY_DAY) or floor is None or event.effective.day >= floor, "before what it follows"
    match event.fact:
        case f.MeetingRescheduled() | f.MeetingInvited():
            sitting.since = event.effective.day
        case f.MeetingHeld() if sitting.start is not None:
            sitting.since = day_of(sitting.start)


def _check_members(world: World, sitting: Sitting, event: Recorded) -> None:
    """Who is said to have come was a member on the day of the meeting."""
    match event.fact:
        case f.AttendanceRecorded() as fact:
            came = {member.member for member in fact.members}
        case f.AttendanceChanged(present=True) as fact:
            came = {fact.member.member}
        case _:
            return
    assert sitting.start is not None
    day, members = day_of(sitting.start), set[UUID]()
    for body in sitting.scheduled.data.bodies:
        began: dict[UUID, date] = {}
        for other in world.events(body.record):
            match other.fact:
                case f.MemberJoined() as joined if other.position < event.position:
                    began[joined.member] = joined.since
                case f.MemberLeft() as left if other.position < event.position:
                    if began.pop(left.member) <= day <= left.left_on:
                        members.add(left.member)
        members |= {member for member, since in began.items() if since <= day}
    assert came <= members | set(sitting.attending), "attended by no member of that day"


def _check_planning(sitting: Sitting, event: Recorded) -> None:
    match event.fact:
        case f.MeetingRescheduled() as fact:
            sitting.late = sitting.late and day_of(fact.start) <= day_of(fact.old_start)
            sitting.start, sitting.invited = fact.start, False
        case f.InvitationBecameLate():
            sitting.late = True
        case f.MeetingInvited() as fact:
            assert sitting.start is not None
            known_then = [item for item in sitting.numbers if sitting.added_on[item] <= event.effective.day]
            assert known_then, "invited without an agenda"
            notice = (day_of(sitting.start) - event.effective.day).days
            known = (day_of(sitting.start) - day_of(event.recorded_at)).days
            taken_over = event.envelope.channel is Channel.IMPORT
            short = notice < NOTICE or sitting.late or (known < NOTICE and not taken_over)
            assert not short or fact.shortened_notice_reason is not None, "invited late without a reason"
            assert (fact.supervised() is not None) == short, "late, and no override"
            sitting.invited = True
        case f.MeetingHeld():
            assert sitting.invited, "held without an invitation"
            assert sitting.start is not None
            assert event.effective.day >= day_of(sitting.start), "held before its day"


def _check_agenda(world: World, sitting: Sitting, event: Recorded) -> None:
    match event.fact:
        case f.AgendaItemAdded() as fact:
            assert not sitting.invited or fact.urgency is not None, "joined a sent agenda without urgency"
            assert fact.data.number not in sitting.numbers.values(), "two items of one number"
            if fact.data.paper is not None and fact.data.public:
                assert _public_then(world, fact.data.paper.record, event), "a non-public paper in public"
            sitting.numbers[fact.item] = fact.data.number
            sitting.public[fact.item] = fact.data.public
            sitting.added_on[fact.item] = event.effective.day
            if fact.decides_again is not None:
                sitting.again.add(fact.item)
            if fact.data.paper is not None:
                sitting.papers[fact.item] = fact.data.paper.record
        case f.AgendaItemMoved() as fact:
            sitting.numbers[fact.item] = fact.new.number
            assert len(set(sitting.numbers.values())) == len(sitting.numbers), "two items of one number"
        case f.AgendaItemRemoved() as fact:
            assert fact.item not in sitting.outcomes, "removed after its outcome"
            del sitting.numbers[fact.item]
            sitting.votes.pop(fact.item, None)
        case f.PublicExcluded() as fact:
            sitting.public[fact.item] = False
        case f.MeetingFileAttached() as fact:
            assert not fact.data.public or fact.data.item is None or sitting.public[fact.data.item], "too public a file"
            sitting.hashes[fact.file] = fact.data.sha512
            protocol = fact.data.role in (FileRole.RESULTS_PROTOCOL, FileRole.VERBATIM_PROTOCOL)
            assert not protocol or len(sitting.signatures) < 2, "a second protocol beside the one that was signed"
        case f.MeetingFileRemoved() as fact:
            assert sitting.draft is None or sitting.draft.file != fact.file, "the minutes were taken away"


def _public_then(world: World, paper: UUID, event: Recorded) -> bool:
    before = [other.fact for other in world.events(paper) if other.position <= event.position]
    return [fact.data.public for fact in before if isinstance(fact, f.PaperDrafted | f.PaperAmended)][-1]


def _check_votes(sitting: Sitting, event: Recorded) -> None:
    match event.fact:
        case f.AttendanceRecorded() as fact:
            sitting.attending = {member.member: member for member in fact.members}
            _check_present(sitting, fact.voting_members)
        case f.AttendanceChanged() as fact:
            assert (fact.member.member in sitting.attending) != fact.present, "came twice, or left twice"
            sitting.attending.pop(fact.member.member, None)
            if fact.present:
                sitting.attending[fact.member.member] = fact.member
            _check_present(sitting, fact.voting_members)
        case f.ConflictOfInterestDeclared() as fact:
            assert fact.item not in sitting.votes, "biased after the vote"
            assert fact.member in sitting.attending
            sitting.biased[fact.item].add(fact.member)
        case f.VoteRecorded() as fact:
            _check_vote(sitting, fact)
            sitting.votes[fact.item] = fact


def _check_present(sitting: Sitting, voting: int) -> None:
    assert set(sitting.votes) <= set(sitting.outcomes), "came or went between a vote and its outcome"
    seats = sitting.scheduled.data.seats
    assert voting == sum(member.voting for member in sitting.attending.values()), "miscounted"
    assert seats is None or voting <= seats, "more members than seats"


def _check_vote(sitting: Sitting, vote: f.VoteRecorded) -> None:
    assert vote.item not in sitting.outcomes, "voted after the outcome"
    assert (vote.correction_reason is not None) == (vote.item in sitting.votes), "counted anew without a reason"
    voters = [
        each for each in sitting.attending.values() if each.voting and each.member not in sitting.biased[vote.item]
    ]
    assert vote.yes + vote.no + vote.abstain <= len(voters), "more votes than voters"
    for name in ("yes", "no", "abstain") if vote.by_group else ():
        split = sum(getattr(group, name) for group in vote.by_group)
        assert split == getattr(vote, name), "the groups do not add up"
    present = {member.group for member in sitting.attending.values()}
    groups = [group.group for group in vote.by_group]
    assert len(groups) == len(set(groups)), "a group voted twice"
    for group in vote.by_group:
        members = sum(voter.group == group.group for voter in voters)
        assert group.yes + group.no + group.abstain <= members, "a group of more votes than members"
        assert group.group in present, "a group of which nobody is there"


def _check_outcome(world: World, record_id: UUID, sitting: Sitting, decided: f.AgendaItemDecided) -> None:
    assert decided.item not in sitting.outcomes, "decided twice"
    sitting.outcomes[decided.item] = decided.outcome
    if decided.outcome.needs_vote:
        assert decided.item in sitting.votes, "decided without a vote"
        vote = sitting.votes[decided.item]
        assert decided.outcome.adopts == (vote.yes > vote.no), "decided against the vote"
    adopts = decided.outcome.adopts and decided.item not in sitting.again
    assert adopts == (decided.resolution is not None), "a resolution too many, or none"
    if decided.resolution is not None:
        adopted = world.events(decided.resolution)[0].fact
        assert isinstance(adopted, f.ResolutionAdopted)
        assert isinstance(adopted.text, Sealed)
        assert (adopted.meeting, adopted.item) == (record_id, decided.item)
        assert adopted.public <= sitting.public[decided.item], "a public resolution of a non-public item"
        assert sitting.start is not None
        assert adopted.adopted_on == day_of(sitting.start)


def _check_paper(world: World, sitting: Sitting, event: Recorded, decided: f.AgendaItemDecided) -> None:
    if decided.item not in sitting.papers:
        return
    paper = sitting.papers[decided.item]
    public, drafted = _public_then(world, paper, event), world.events(paper)[0].fact
    assert isinstance(drafted, f.PaperDrafted)
    # A source may make its paper non-public at any time.
    assert public or drafted.source or not sitting.public[decided.item], "a paper became non-public on a public agenda"
    if decided.resolution is not None:
        adopted = world.events(decided.resolution)[0].fact
        assert isinstance(adopted, f.ResolutionAdopted)
        assert adopted.public <= public, "a public resolution on a non-public paper"


def _check_minutes(sitting: Sitting, event: Recorded) -> None:
    match event.fact:
        case f.MinutesDrafted() as fact:
            assert len(sitting.signatures) < 2, "drafted after they were signed"
            assert set(sitting.outcomes) >= set(sitting.numbers), "drafted with items open"
            assert sitting.hashes[fact.file] == fact.sha512, "the hash of another file"
            assert sitting.draft is None, "another draft voids the first without a word"
            sitting.draft, sitting.drafted_on = fact, event.effective.day
            sitting.replaced = None
        case f.MinutesVoided() as fact:
            assert sitting.draft is not None
            # Another draft comes next, or something that this one does not tell of came before.
            sitting.replaced = None if sitting.untold else event.envelope.command_id
            assert (fact.file, fact.sha512) == (sitting.draft.file, sitting.draft.sha512), "void is another draft"
            assert fact.signatories == tuple(other.envelope.actor for other in sitting.signatures), "void for others"
            places = tuple(place for other in sitting.signatures if (place := other.envelope.deputising_for))
            assert fact.deputising_for == places, "void in other places"
            sitting.draft = sitting.untold = None
            sitting.signatures = []
        case f.MinutesSigned() as fact:
            assert len(sitting.signatures) < 2, "signed a third time"
            assert event.envelope.channel is Channel.STAFF, "signed by nobody of the staff"
            assert sitting.draft is not None, "signed without a draft"
            assert fact.sha512 == sitting.draft.sha512, "signed another draft"
            last = sitting.signatures[-1].effective.day if sitting.signatures else sitting.drafted_on
            assert last is not None
            assert event.effective.day >= last, "signed before it was drafted or signed first"
            for first in sitting.signatures:
                assert isinstance(first.fact, f.MinutesSigned)
                assert not persons(first) & persons(event), "signed twice by one person"
                assert first.fact.office is not fact.office, "signed twice in one office"
                assert fact.supervised() is not None, "two people, and no register of it"
            sitting.signatures.append(event)
