"""Decisions while a body sits: who attends, who is biased, how they vote, and what is reported to them."""

from typing import Final, assert_never
from uuid import UUID

from domain.council import checks, commands, facts
from domain.council.outcomes import decide_item
from domain.council.parts import Attending
from domain.council.rules import records, tracking
from domain.council.rules import sitting as rules
from domain.council.state import BodyState, ItemState, MeetingState, ResolutionState, State
from domain.council.vocabulary import TrackingStatus
from domain.kernel import Context, Fact, Invalid, Message, On, Rejected

Facts = tuple[Fact | On, ...]
MOST_REPORTED: Final = 300
"""Resolutions of one tracking report: each becomes a fact, and a command carries 1,000 of them and 256 KB at most."""


def decide_sitting(state: State | None, command: commands.SittingCommand, context: Context) -> Facts:
    """The facts that a command about a meeting that is being held leads to."""
    meeting = checks.sitting(state)
    match command:
        case commands.RecordAttendance():
            return _attendance(_between_votes(meeting), command, context)
        case commands.ChangeAttendance():
            return _comes_or_goes(_between_votes(meeting), command, context)
        case commands.DeclareConflictOfInterest():
            return _conflict(meeting, command)
        case commands.RecordVote():
            return _vote(meeting, command)
        case commands.DecideAgendaItem():
            return decide_item(meeting, checks.undecided(meeting, command.item), command, context)
        case commands.GiveTrackingReport():
            return _report(meeting, command, context)
        case _:
            assert_never(command)


def _between_votes(meeting: MeetingState) -> MeetingState:
    """A meeting in which no vote waits for its outcome: those who voted are those who attend. Raises Rejected."""
    if any(item.yes is not None and not item.decided for item in meeting.items):
        raise Rejected(rules.VOTE_UNDECIDED)
    return meeting


def _attendance(meeting: MeetingState, command: commands.RecordAttendance, context: Context) -> Facts:
    if len(set(command.members)) < len(command.members):
        raise Invalid("members", Message("names somebody twice", "nennt jemanden zweimal"))
    members = tuple(_member(meeting, member, context) for member in command.members)
    return (facts.AttendanceRecorded(voting_members=_with_vote(meeting, members), members=members),)


def _comes_or_goes(meeting: MeetingState, command: commands.ChangeAttendance, context: Context) -> Facts:
    if meeting.voting_members is None:
        raise Rejected(rules.ATTENDANCE_MISSING)
    item = checks.undecided(meeting, command.item)
    if command.present is meeting.attends(command.member):
        raise Rejected(records.NOTHING_CHANGED)
    member = next((known for known in meeting.attending if known.member == command.member), None)
    member = member or _member(meeting, command.member, context)
    others = tuple(known for known in meeting.attending if known != member)
    voting = _with_vote(meeting, (*others, member) if command.present else others)
    return (facts.AttendanceChanged(item=item.id, member=member, present=command.present, voting_members=voting),)


def _member(meeting: MeetingState, member: UUID, context: Context) -> Attending:
    """The member of a body that meets, as they were one on its day, whenever this is recorded. Raises Rejected."""
    day = meeting.day or context.day
    bodies = (context.reads.get(body) for body in meeting.bodies)
    members = (known for body in bodies if isinstance(body, BodyState) for known in body.members_on(day))
    found = next((known for known in members if known.member == member), None)
    if found is None:
        raise Rejected(records.MEMBER_UNKNOWN, member=member, day=day)
    return found


def _with_vote(meeting: MeetingState, members: tuple[Attending, ...]) -> int:
    present = sum(member.voting for member in members)
    if meeting.data.seats is not None and present > meeting.data.seats:
        raise Rejected(rules.TOO_MANY_PRESENT, present=present, seats=meeting.data.seats)
    return present


def _conflict(meeting: MeetingState, command: commands.DeclareConflictOfInterest) -> Facts:
    item = checks.undecided(meeting, command.item)
    if item.yes is not None:
        raise Rejected(rules.VOTED_ALREADY)
    if not meeting.attends(command.member):
        raise Rejected(rules.MEMBER_ABSENT, member=command.member)
    if command.member in item.biased:
        raise Rejected(rules.CONFLICT_DECLARED, member=command.member)
    ground = checks.personal("ground", command.ground, command.member)
    return (facts.ConflictOfInterestDeclared(item=item.id, member=command.member, ground=ground),)


def _vote(meeting: MeetingState, command: commands.RecordVote) -> Facts:
    present = meeting.voting_members
    if present is None:
        raise Rejected(rules.ATTENDANCE_MISSING)
    item = checks.undecided(meeting, command.item)
    votes = (command.yes, command.no, command.abstain)
    for name, value in zip(("yes", "no", "abstain"), votes, strict=True):
        checks.count(name, value)
    biased = sum(member.voting and member.member in item.biased for member in meeting.attending)
    if sum(votes) > present - biased:
        raise Rejected(rules.TOO_MANY_VOTES, votes=sum(votes), present=present, biased=biased)
    _groups_add_up(meeting, item, command)
    reason = checks.optional_text("correction_reason", command.correction_reason)
    corrects = item.yes is not None
    if corrects and reason is None:
        raise Rejected(rules.CORRECTION_UNEXPLAINED)
    vote = facts.VoteRecorded(
        item=item.id,
        voting_members=present,
        yes=command.yes,
        no=command.no,
        abstain=command.abstain,
        biased=biased,
        by_group=command.by_group,
        correction_reason=reason if corrects else None,
    )
    return (vote,)


def _groups_add_up(meeting: MeetingState, item: ItemState, command: commands.RecordVote) -> None:
    groups = command.by_group
    for group in groups:
        checks.short("by_group", group.group)
        for value in (group.yes, group.no, group.abstain):
            checks.count("by_group", value)
    votes = (command.yes, command.no, command.abstain)
    split = tuple(sum(getattr(group, name) for group in groups) for name in ("yes", "no", "abstain"))
    if groups and (split != votes or len({group.group for group in groups}) < len(groups)):
        raise Rejected(rules.GROUPS_DO_NOT_ADD_UP, votes="/".join(map(str, votes)), groups="/".join(map(str, split)))
    present = {member.group for member in meeting.attending}
    voters = [member for member in meeting.attending if member.voting and member.member not in item.biased]
    for group in groups:
        members = sum(member.group == group.group for member in voters)
        unknown = group.group not in present
        if meeting.attending and (unknown or group.yes + group.no + group.abstain > members):
            raise Rejected(rules.GROUP_TOO_SMALL, group=group.group, members=members)


def _report(meeting: MeetingState, command: commands.GiveTrackingReport, context: Context) -> Facts:
    if not 1 <= len(set(command.resolutions)) == len(command.resolutions) <= MOST_REPORTED:
        en, de = f"names 1 to {MOST_REPORTED}, each once", f"nennt 1 bis {MOST_REPORTED}, jeden einmal"
        raise Invalid("resolutions", Message(en, de))
    told: list[On] = []
    unfinished: list[UUID] = []
    finished: list[UUID] = []
    for record in command.resolutions:
        resolution = context.reads.get(record)
        if not isinstance(resolution, ResolutionState) or not resolution.bodies & meeting.bodies:
            raise Rejected(tracking.RESOLUTION_UNKNOWN, resolution=record)
        if resolution.status is TrackingStatus.REPORTED_FINAL:
            raise Rejected(tracking.REPORTED_FINAL, resolution=resolution.number)
        checks.told_in(meeting, resolution)
        if resolution.status.reportable_as_final:
            finished.append(record)
            told.append(On(record, facts.FinalReportGiven(meeting=context.record_id)))
        else:
            unfinished.append(record)
            told.append(On(record, facts.ResolutionReported(meeting=context.record_id)))
    return (facts.TrackingReportGiven(open=tuple(unfinished), finished=tuple(finished)), *told)
