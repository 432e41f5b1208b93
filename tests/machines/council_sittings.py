"""Moves of the council machine: what happens while a body sits, and to the minutes of it."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from domain.council import commands as c
from domain.council.parts import GroupVote
from domain.council.state import BodyState, ItemState, MeetingState, PaperState, ResolutionState
from domain.council.vocabulary import MeetingStatus, Outcome, PaperStatus, Signatory
from domain.kernel import Channel
from tests.machines.council_meetings import day_of, item_of, past, undecided
from tests.machines.council_papers import SHA512S, body_of, nobody
from tests.machines.machine import ACTORS, Attempt, Move, NotYet, Scene


def sits(meeting: MeetingState) -> bool:
    return meeting.status is MeetingStatus.HELD


def members_of(scene: Scene, meeting: MeetingState) -> list[UUID]:
    """Who belongs to the body on the day of the meeting."""
    bodies = (scene.world.state(body) for body in meeting.bodies)
    day = day_of(scene, meeting)
    return [member.member for body in bodies if isinstance(body, BodyState) for member in body.members_on(day)]


def others_of(scene: Scene, meeting: MeetingState) -> list[UUID]:
    """Who belongs to the body on other days, and somebody who never did."""
    bodies = (scene.world.state(body) for body in meeting.bodies)
    known = {each.of.member for body in bodies if isinstance(body, BodyState) for each in body.memberships}
    return [*sorted(known - set(members_of(scene, meeting))), nobody(scene)]


def sitting_day(scene: Scene, meeting: MeetingState) -> date:
    """The day of the world, or that of the meeting where it is later; sometimes the one before."""
    day = day_of(scene, meeting)
    return past(scene.often(max(scene.today, day), day, day - timedelta(days=1)))


# Attendance and conflicts of interest


def attendance(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState)
    members = [member for member in members_of(scene, meeting) if scene.chance(0.9)]
    guests = scene.often((), (scene.pick(others_of(scene, meeting)),))
    command = c.RecordAttendance(members=(*members, *guests))
    return Attempt(command=command, record=record, on=sitting_day(scene, meeting))


def attendance_of_all(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState, sits)
    command = c.RecordAttendance(members=tuple(members_of(scene, meeting)))
    return Attempt(command=command, record=record, on=sitting_day(scene, meeting))


def come_and_go(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState, sits)
    member = scene.pick(members_of(scene, meeting) or [nobody(scene)])
    member = scene.often(member, scene.pick(others_of(scene, meeting)))
    present = scene.often(not meeting.attends(member), meeting.attends(member))
    command = c.ChangeAttendance(item=item_of(scene, meeting), member=member, present=present)
    return Attempt(command=command, record=record, on=sitting_day(scene, meeting))


def declare(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState, sits)
    member = scene.pick([member.member for member in meeting.attending] or [nobody(scene)])
    command = c.DeclareConflictOfInterest(
        item=item_of(scene, meeting), member=scene.often(member, nobody(scene)), ground=scene.text()
    )
    return Attempt(command=command, record=record, on=sitting_day(scene, meeting))


def declare_twice(scene: Scene) -> Attempt:
    def told(meeting: MeetingState) -> bool:
        return sits(meeting) and any(item.biased and item.yes is None for item in undecided(meeting))

    record, meeting = scene.some(MeetingState, told)
    item = next(item for item in undecided(meeting) if item.biased and item.yes is None)
    attending = [member for member in item.biased if meeting.attends(member)]
    command = c.DeclareConflictOfInterest(item=item.id, member=scene.pick(attending), ground=scene.text())
    return Attempt(command=command, record=record, on=sitting_day(scene, meeting))


# Votes and outcomes


def vote(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState)
    item = item_of(scene, meeting)
    known = meeting.item(item)
    biased: frozenset[UUID] = known.biased if known else frozenset()
    groups = Counter(m.group or "-" for m in meeting.attending if m.voting and m.member not in biased)
    split = tuple(_of(scene, group, members) for group, members in groups.items())
    yes, no, abstain = (sum(getattr(each, name) for each in split) for name in ("yes", "no", "abstain"))
    by_group = tuple(split) if all(m.group for m in meeting.attending) else ()
    # Miscounted: one more than was counted by group, or one more than are there.
    wrong = scene.often(0, 1, 5)
    anew = scene.often(scene.text(), None) if known and known.yes is not None else None
    command = c.RecordVote(
        item=item, yes=yes + wrong, no=no, abstain=abstain, by_group=by_group, correction_reason=anew
    )
    return Attempt(command=command, record=record, on=sitting_day(scene, meeting))


def _of(scene: Scene, group: str, members: int) -> GroupVote:
    yes = scene.random.randint(0, members)
    return GroupVote(group, yes, members - yes, 0)


def vote_with_one_group_too_many(scene: Scene) -> Attempt:
    def some_attend(meeting: MeetingState) -> bool:
        return sits(meeting) and bool(meeting.voting_members) and any(not item.biased for item in undecided(meeting))

    record, meeting = scene.some(MeetingState, some_attend)
    item = next(item for item in undecided(meeting) if not item.biased)
    split = scene.pick([(GroupVote("FDP", 1, 0, 0),), (GroupVote("SPD", 1, 0, 0), GroupVote("FDP", 0, 0, 0))])
    command = c.RecordVote(item=item.id, yes=1, no=0, by_group=split)
    return Attempt(command=command, record=record, on=sitting_day(scene, meeting))


def vote_with_groups_that_do_not_add_up(scene: Scene) -> Attempt:
    def some_vote(meeting: MeetingState) -> bool:
        return sits(meeting) and bool(meeting.voting_members) and any(not item.biased for item in undecided(meeting))

    record, meeting = scene.some(MeetingState, some_vote)
    item = next(item for item in undecided(meeting) if not item.biased)
    return Attempt(
        command=c.RecordVote(item=item.id, yes=1, no=0, by_group=(GroupVote("SPD", 0, 1, 0),)), record=record
    )


def vote_again_without_a_word(scene: Scene) -> Attempt:
    def voted(meeting: MeetingState) -> bool:
        return sits(meeting) and any(item.yes is not None for item in undecided(meeting))

    record, meeting = scene.some(MeetingState, voted)
    item = next(item for item in undecided(meeting) if item.yes is not None)
    return Attempt(command=c.RecordVote(item=item.id, yes=0, no=0), record=record, on=sitting_day(scene, meeting))


def vote_with_those_who_are_biased(scene: Scene) -> Attempt:
    def open_items(meeting: MeetingState) -> list[ItemState]:
        voting = {member.member for member in meeting.attending if member.voting}
        return [item for item in undecided(meeting) if item.biased & voting]

    record, meeting = scene.some(MeetingState, lambda meeting: sits(meeting) and bool(open_items(meeting)))
    item, yes = scene.pick(open_items(meeting)), meeting.voting_members or 0
    return Attempt(
        command=c.RecordVote(item=item.id, yes=yes, no=0, correction_reason=scene.text()),
        record=record,
        on=sitting_day(scene, meeting),
    )


def vote_the_other_way(scene: Scene) -> Attempt:
    def voted(meeting: MeetingState) -> bool:
        return sits(meeting) and any(item.yes != item.no for item in undecided(meeting))

    record, meeting = scene.some(MeetingState, voted)
    item = scene.pick(item for item in undecided(meeting) if item.yes != item.no)
    assert item.yes is not None
    assert item.no is not None
    command = c.RecordVote(item=item.id, yes=item.no, no=item.yes, correction_reason=scene.text())
    return Attempt(command=command, record=record, on=sitting_day(scene, meeting))


def vote_before_anybody_is_counted(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState, lambda meeting: sits(meeting) and meeting.voting_members is None)
    return Attempt(
        command=c.RecordVote(item=item_of(scene, meeting), yes=1, no=0), record=record, on=sitting_day(scene, meeting)
    )


def decide_voted(scene: Scene) -> Attempt:
    """With the outcome that the vote had, or another, or without its text."""

    def voted(meeting: MeetingState) -> bool:
        return sits(meeting) and any(item.yes is not None for item in undecided(meeting))

    record, meeting = scene.some(MeetingState, voted)
    item = scene.pick([item for item in undecided(meeting) if item.yes is not None])
    outcome = scene.pick([as_voted(item), as_voted(item), Outcome.ADOPTED, Outcome.REJECTED])
    text = scene.pick([scene.text(), None])
    command = c.DecideAgendaItem(item=item.id, outcome=outcome, text=text)
    return Attempt(command=command, record=record, on=past(max(scene.today, day_of(scene, meeting))))


def adopt_without_a_text(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState, lambda meeting: sits(meeting) and bool(_carried(meeting)))
    item = scene.pick(_carried(meeting))
    return Attempt(
        command=c.DecideAgendaItem(item=item.id, outcome=Outcome.ADOPTED), record=record, on=sitting_day(scene, meeting)
    )


def adopt_under_a_number_that_is_taken(scene: Scene) -> Attempt:
    taken = {resolution.number for resolution in scene.world.of(ResolutionState).values()}

    def clashing(meeting: MeetingState) -> list[ItemState]:
        return [item for item in _carried(meeting) if f"{meeting.number}-{item.data.number}" in taken]

    record, meeting = scene.some(MeetingState, lambda meeting: sits(meeting) and bool(clashing(meeting)))
    command = c.DecideAgendaItem(item=clashing(meeting)[0].id, outcome=Outcome.ADOPTED, text=scene.text())
    return Attempt(command=command, record=record, on=past(max(scene.today, day_of(scene, meeting))))


def _carried(meeting: MeetingState) -> list[ItemState]:
    return [item for item in undecided(meeting) if as_voted(item) is Outcome.ADOPTED]


def decide_without_a_vote(scene: Scene) -> Attempt:
    def not_voted(meeting: MeetingState) -> bool:
        return sits(meeting) and any(item.yes is None for item in undecided(meeting))

    record, meeting = scene.some(MeetingState, not_voted)
    item = next(item for item in undecided(meeting) if item.yes is None)
    command = c.DecideAgendaItem(item=item.id, outcome=Outcome.ADOPTED, text=scene.text())
    return Attempt(command=command, record=record, on=sitting_day(scene, meeting))


def as_voted(item: ItemState) -> Outcome:
    if item.yes is None or item.no is None:
        return Outcome.NOTED
    return Outcome.ADOPTED if item.yes > item.no else Outcome.REJECTED


def decide(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState)
    item = item_of(scene, meeting)
    known = meeting.item(item)
    outcome = scene.often(as_voted(known) if known else Outcome.NOTED, *Outcome)
    text = scene.often(scene.text(), None)
    referred = body_of(scene) if outcome is Outcome.REFERRED and known and known.data.paper else None
    command = c.DecideAgendaItem(item=item, outcome=outcome, text=text, referred_to=scene.pick([None, referred]))
    return Attempt(command=command, record=record, on=past(max(scene.today, day_of(scene, meeting))))


def decide_paper(scene: Scene) -> Attempt:
    """An item with a paper, so that papers get on."""

    def ready(meeting: MeetingState) -> bool:
        return sits(meeting) and any(item.data.paper for item in undecided(meeting))

    record, meeting = scene.some(MeetingState, ready)
    item = scene.pick([item for item in undecided(meeting) if item.data.paper])
    outcome = scene.often(as_voted(item), Outcome.POSTPONED, Outcome.WITHDRAWN, Outcome.REFERRED, Outcome.NOTED)
    command = c.DecideAgendaItem(item=item.id, outcome=outcome, text=scene.text())
    return Attempt(command=command, record=record, on=past(max(scene.today, day_of(scene, meeting))))


def postpone_what_another_has_on_its_agenda_too(scene: Scene) -> Attempt:
    return _deal_with(scene, _on_two_agendas, Outcome.POSTPONED)


def decide_what_another_has_postponed(scene: Scene) -> Attempt:
    """A body that has the paper on its agenda goes on with it."""

    def postponed(paper: PaperState) -> bool:
        return paper.status is PaperStatus.POSTPONED

    return _deal_with(scene, postponed, None, Outcome.WITHDRAWN)


def vote_down_a_paper(scene: Scene) -> Attempt:
    """Where the body has authority, so that it can be rejected."""

    def open_items(meeting: MeetingState) -> list[ItemState]:
        return [item for item in undecided(meeting) if _authoritative(scene, item) and item.yes != 0]

    def votes(meeting: MeetingState) -> bool:
        return sits(meeting) and bool(meeting.voting_members) and bool(open_items(meeting))

    record, meeting = scene.some(MeetingState, votes)
    item = scene.pick(open_items(meeting))
    return Attempt(
        command=c.RecordVote(item=item.id, yes=0, no=0, correction_reason=scene.text()),
        record=record,
        on=sitting_day(scene, meeting),
    )


def reject_a_paper(scene: Scene) -> Attempt:
    def down(item: ItemState) -> bool:
        return as_voted(item) is Outcome.REJECTED and _authoritative(scene, item) and not _too_early(scene, item)

    record, meeting = scene.some(MeetingState, lambda meeting: sits(meeting) and any(map(down, undecided(meeting))))
    item = scene.pick(filter(down, undecided(meeting)))
    command = c.DecideAgendaItem(item=item.id, outcome=Outcome.REJECTED)
    return Attempt(command=command, record=record, on=past(max(scene.today, day_of(scene, meeting))))


def take_a_paper_back(scene: Scene) -> Attempt:
    def open_still(paper: PaperState) -> bool:
        return not paper.status.settled

    return _deal_with(scene, open_still, Outcome.WITHDRAWN)


def _authoritative(scene: Scene, item: ItemState) -> bool:
    """Whether the outcome of the item settles its paper."""
    paper = scene.world.state(item.data.paper.record) if item.data.paper else None
    if not isinstance(paper, PaperState) or paper.status.settled:
        return False
    mine = [each for each in paper.consultations if each.data.item and each.data.item.record == item.id]
    return any(each.data.authoritative and not each.decided for each in mine)


def _on_two_agendas(paper: PaperState) -> bool:
    waiting = [each for each in paper.consultations if each.data.meeting and not each.decided]
    return len(waiting) > 1 and not paper.status.settled


def _deal_with(scene: Scene, paper_is: Callable[[PaperState], bool], *outcomes: Outcome | None) -> Attempt:
    """An item with such a paper; without an outcome, the one that its vote had."""

    def fits(item: ItemState) -> bool:
        paper = scene.world.state(item.data.paper.record) if item.data.paper else None
        return isinstance(paper, PaperState) and paper_is(paper)

    record, meeting = scene.some(MeetingState, lambda meeting: sits(meeting) and any(map(fits, undecided(meeting))))
    item = scene.pick(filter(fits, undecided(meeting)))
    command = c.DecideAgendaItem(item=item.id, outcome=scene.pick(outcomes) or as_voted(item), text=scene.text())
    return Attempt(command=command, record=record, on=past(max(scene.today, day_of(scene, meeting))))


def decide_out_of_order(scene: Scene) -> Attempt:
    def waits(meeting: MeetingState) -> bool:
        return sits(meeting) and any(_too_early(scene, item) for item in undecided(meeting))

    record, meeting = scene.some(MeetingState, waits)
    item = next(item for item in undecided(meeting) if _too_early(scene, item))
    return Attempt(
        command=c.DecideAgendaItem(item=item.id, outcome=Outcome.NOTED), record=record, on=sitting_day(scene, meeting)
    )


def _too_early(scene: Scene, item: ItemState) -> bool:
    paper = scene.world.state(item.data.paper.record) if item.data.paper else None
    if not isinstance(paper, PaperState):
        return False
    mine = [each for each in paper.consultations if each.data.item and each.data.item.record == item.id]
    return any(each.comes_before(own) and not each.decided for own in mine for each in paper.consultations)


def tell(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState, sits)
    own = [key for key, found in scene.world.of(ResolutionState).items() if found.bodies & meeting.bodies]
    if not own:
        raise NotYet
    told = tuple(scene.random.sample(own, min(len(own), 3)))
    command = c.GiveTrackingReport(resolutions=scene.often(told, (nobody(scene),)))
    return Attempt(command=command, record=record, on=sitting_day(scene, meeting))


# Minutes


def draft(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState)
    file = scene.pick([file.id for file in meeting.files] or [nobody(scene)])
    return Attempt(
        command=c.DraftMinutes(file=scene.often(file, nobody(scene))), record=record, on=sitting_day(scene, meeting)
    )


def sign(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState)
    read = meeting.minutes.sha512 if meeting.minutes else SHA512S[0]
    office = scene.pick(Signatory)
    return Attempt(
        command=c.SignMinutes(office=office, sha512=scene.often(read, "ef" * 64)),
        record=record,
        on=sitting_day(scene, meeting),
    )


def sign_second(scene: Scene) -> Attempt:
    """By somebody who has nothing to do with the first signature."""
    record, meeting = scene.some(MeetingState, half_signed)
    assert meeting.minutes is not None
    (signed,) = meeting.minutes.signatures
    other = next(each for each in Signatory if each is not signed.office)
    actor = scene.pick(each for each in ACTORS if each not in signed.persons)
    command = c.SignMinutes(office=other, sha512=scene.often(meeting.minutes.sha512, "ef" * 64))
    return Attempt(command=command, record=record, actor=actor)


def sign_as_a_citizen(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState, lambda meeting: sits(meeting) and meeting.minutes is not None)
    assert meeting.minutes is not None
    signed = [signature.office for signature in meeting.minutes.signatures]
    office = next(each for each in Signatory if each not in signed)
    command = c.SignMinutes(office=office, sha512=meeting.minutes.sha512)
    return Attempt(command=command, record=record, actor=nobody(scene), channel=Channel.SERVICE_PORTAL)


def half_signed(meeting: MeetingState) -> bool:
    return sits(meeting) and meeting.minutes is not None and bool(meeting.minutes.signatures)


def sign_twice(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState, half_signed)
    assert meeting.minutes is not None
    (signed,) = meeting.minutes.signatures
    other = next(each for each in Signatory if each is not signed.office)
    command = c.SignMinutes(office=other, sha512=meeting.minutes.sha512)
    actor, deputising_for = scene.pick([(signed.signatory, None), (nobody(scene), signed.signatory)])
    return Attempt(command=command, record=record, actor=actor, deputising_for=deputising_for)


def sign_in_the_office_of_the_first(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState, half_signed)
    assert meeting.minutes is not None
    (signed,) = meeting.minutes.signatures
    command = c.SignMinutes(office=signed.office, sha512=meeting.minutes.sha512)
    return Attempt(command=command, record=record, actor=nobody(scene), on=sitting_day(scene, meeting))


def object_to_minutes(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState, sits)
    others = [key for key, other in scene.world.of(MeetingState).items() if other.bodies & meeting.bodies]
    minutes_of = scene.often(scene.pick([*others, record]), nobody(scene))
    return Attempt(
        command=c.NoteMinutesObjection(minutes_of=minutes_of, text=scene.text()),
        record=record,
        on=sitting_day(scene, meeting),
    )


MOVES: tuple[Move, ...] = (
    attendance,
    attendance_of_all,
    come_and_go,
    declare,
    declare_twice,
    vote,
    vote_with_one_group_too_many,
    vote_with_groups_that_do_not_add_up,
    vote_again_without_a_word,
    vote_with_those_who_are_biased,
    vote_the_other_way,
    vote_before_anybody_is_counted,
    decide,
    decide_voted,
    decide_without_a_vote,
    adopt_without_a_text,
    adopt_under_a_number_that_is_taken,
    decide_paper,
    postpone_what_another_has_on_its_agenda_too,
    decide_what_another_has_postponed,
    vote_down_a_paper,
    reject_a_paper,
    take_a_paper_back,
    decide_out_of_order,
    tell,
    draft,
    sign,
    sign_second,
    sign_as_a_citizen,
    sign_twice,
    sign_in_the_office_of_the_first,
    object_to_minutes,
)
