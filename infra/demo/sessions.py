"""The meetings of the generated city's council: dates, agendas, votes and outcomes."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5

from domain.council.commands import (
    AddAgendaItem,
    AttachMeetingFile,
    ChangeAttendance,
    DecideAgendaItem,
    DeclareConflictOfInterest,
    DraftMinutes,
    GiveTrackingReport,
    HoldMeeting,
    InviteToMeeting,
    PublishMeeting,
    RecordAttendance,
    RecordVote,
    ScheduleMeeting,
    SignMinutes,
)
from domain.council.parts import Attending, GroupVote
from domain.council.vocabulary import BodyType, FileRole, Outcome, Signatory
from domain.kernel import BERLIN, Command, Sealed
from domain.requests import Principal
from infra.demo.matters import CLOSING, OPENING, BodyPlan, Matter
from infra.demo.people import People
from infra.demo.simulation import Simulation, Work
from infra.demo.tracking import Tracking

COUNCIL_OFFICE: Final = ("10", "council_office", 3)
MOST_PAPERS: Final = 40
BETWEEN_REPORTS: Final = timedelta(days=170)
MOST_REPORTED: Final = 60


@dataclass(slots=True)
class Body:
    """A body as the generator remembers it. `waiting` papers come onto its next agenda.

    `tracked` are the resolutions that its next tracking report is about, and `reported` is when it was given the last.
    """

    record: UUID
    plan: BodyPlan
    members: list[Attending] = field(default_factory=list)
    meetings: int = 0
    held: UUID | None = None
    reported: datetime | None = None
    tracked: dict[UUID, bool] = field(default_factory=dict)
    waiting: deque[Paper] = field(default_factory=deque)


@dataclass(slots=True)
class Paper:
    """A paper as the generator remembers it: the bodies that still have to deal with it, the last one decides."""

    record: UUID
    matter: Matter
    values: dict[str, str]
    route: list[Body]
    special: bool = False


@dataclass(slots=True)
class Meeting:
    """A meeting as the generator remembers it: `version` is what ids of its items derive from."""

    record: UUID
    body: Body
    number: str
    start: datetime
    correlation: UUID
    version: int = 1
    attending: list[Attending] = field(default_factory=list)
    items: list[tuple[UUID, int, Paper | None]] = field(default_factory=list)


class Sessions:
    """All that happens in meetings."""

    def __init__(self, simulation: Simulation, people: People) -> None:
        self._simulation = simulation
        self._people = people
        self._random = simulation.random
        self._tracking = Tracking(simulation, people)
        self.shown: tuple[UUID, str] | None = None

    def of(self, body: Body, first: float, between: float) -> Work:
        """A body meets again and again: the first time in so many days, then with so many days in between."""
        yield self._simulation.at_work(self._simulation.now + timedelta(days=first))
        while True:
            self._simulation.start(self._session(body))
            yield self._simulation.at_work(self._simulation.now + timedelta(days=between))

    def _session(self, body: Body) -> Work:
        """One meeting, from its date to its minutes."""
        simulation, office = self._simulation, self._office()
        meeting = self._schedule(body)
        yield simulation.at_work(meeting.start - timedelta(days=12), closes=12)
        self._set_agenda(meeting)
        short = self._random.random() < 0.04
        yield simulation.at_work(meeting.start - timedelta(days=4 if short else 10), opens=13)
        urgent = Sealed[str]("Die Förderfrist läuft ab.") if short else None
        self._act(meeting, office, InviteToMeeting(shortened_notice_reason=urgent), legal_basis="§ 47 GO NRW")
        self._act(meeting, office, PublishMeeting())
        yield meeting.start
        self._hold(meeting)
        yield simulation.later(16)
        self._sign_minutes(meeting)

    def _schedule(self, body: Body) -> Meeting:
        body.meetings += 1
        simulation = self._simulation
        day = simulation.at_work(simulation.now + timedelta(days=24), working_days=4).astimezone(BERLIN).date()
        start = datetime.combine(day, time(body.plan.hour), BERLIN)
        number = f"{body.plan.code}/{day.year}/{body.meetings:02}"
        command = ScheduleMeeting(
            number=number,
            body=body.record,
            start=start,
            name=Sealed(f"{body.meetings}. Sitzung: {body.plan.name}"),
            location=Sealed("Rathaus, Sitzungssaal"),
        )
        correlation = simulation.derived(f"meeting {number}")
        record = simulation.do(self._office(), command, correlation=correlation)
        return Meeting(record, body, number, start, correlation)

    def _set_agenda(self, meeting: Meeting) -> None:
        """The formalities, and the papers that wait for this body."""
        body = meeting.body
        count = min(MOST_PAPERS, len(body.waiting))
        papers = [body.waiting.popleft() for _ in range(count)]
        papers.sort(key=lambda paper: not paper.matter.public)
        points: list[Paper | str] = [*OPENING, *papers, *CLOSING]
        for order, point in enumerate(points, 1):
            paper = point if isinstance(point, Paper) else None
            item = uuid5(meeting.record, f"item:{meeting.version}")
            command = AddAgendaItem(
                number=str(order),
                order=order,
                title=None if isinstance(point, Paper) else Sealed(point),
                public=paper is None or paper.matter.public,
                paper=paper.record if paper else None,
            )
            self._act(meeting, self._office(), command)
            meeting.items.append((item, order, paper))

    def _hold(self, meeting: Meeting) -> None:
        """The meeting takes place: attendance, votes and outcomes are recorded as it goes."""
        simulation, office = self._simulation, self._office()
        away = self._random.random() / 8
        meeting.attending = [member for member in meeting.body.members if self._random.random() >= away]
        self._act(meeting, office, HoldMeeting())
        self._act(meeting, office, RecordAttendance(members=tuple(member.member for member in meeting.attending)))
        meeting.body.held = meeting.record
        for item, order, paper in meeting.items:
            simulation.now += timedelta(minutes=self._random.randint(2, 9))
            if paper is None:
                self._act(meeting, office, DecideAgendaItem(item=item, outcome=Outcome.NOTED))
            else:
                self._deal_with(meeting, item, order, paper)
        self._report(meeting)

    def _report(self, meeting: Meeting) -> None:
        """Twice a year or so the body is told how far its resolutions are; it hears of finished ones no more."""
        body = meeting.body
        due = body.reported is None or self._simulation.now - body.reported > BETWEEN_REPORTS
        resolutions = tuple(body.tracked)[:MOST_REPORTED]
        if not due or not resolutions:
            return
        self._act(meeting, self._office(), GiveTrackingReport(resolutions=resolutions))
        body.reported = self._simulation.now
        for resolution in resolutions:
            if body.tracked[resolution]:
                del body.tracked[resolution]

    def _leaves(self, meeting: Meeting, item: UUID) -> None:
        """Somebody leaves before an item."""
        member = meeting.attending.pop(self._random.randrange(len(meeting.attending)))
        self._act(meeting, self._office(), ChangeAttendance(item=item, member=member.member, present=False))

    def _deal_with(self, meeting: Meeting, item: UUID, order: int, paper: Paper) -> None:
        random, office = self._random, self._office()
        last = len(paper.route) == 1
        if not paper.special and random.random() < 0.06:
            self._act(meeting, office, DecideAgendaItem(item=item, outcome=Outcome.POSTPONED))
            meeting.body.waiting.append(paper)
            return
        hearing = not last and meeting.body.plan.body_type is BodyType.DISTRICT
        if hearing:
            self._act(meeting, office, DecideAgendaItem(item=item, outcome=Outcome.NOTED))
        else:
            adopted = paper.special or not last or random.random() < 0.92
            if random.random() < 0.04:
                self._leaves(meeting, item)
            self._act(meeting, office, self._vote(meeting, item, adopted))
            outcome = Outcome.REFERRED if not last else Outcome.ADOPTED if adopted else Outcome.REJECTED
            text = Sealed[str](paper.matter.resolution.format(**paper.values)) if outcome.adopts else None
            self._act(meeting, office, DecideAgendaItem(item=item, outcome=outcome, text=text))
            if outcome.adopts:
                resolution = uuid5(item, "resolution")
                if paper.special:
                    self.shown = resolution, f"{meeting.number}-{order}"
                    self._simulation.start(self._tracking.late(resolution, paper.matter.unit))
                else:
                    meeting.body.tracked[resolution] = False
                    self._simulation.start(self._tracking.follow(resolution, paper.matter.unit, meeting.body))
        paper.route.pop(0)
        if paper.route:
            paper.route[0].waiting.append(paper)

    def _vote(self, meeting: Meeting, item: UUID, adopted: bool) -> RecordVote:
        """A vote whose groups add up. Who is biased says so before, and takes no part."""
        random = self._random
        voters = list(meeting.attending)
        if random.random() < 0.03:
            biased = voters.pop(random.randrange(len(voters)))
            ground = Sealed[str]("Eigentum im Plangebiet.")
            declared = DeclareConflictOfInterest(item=item, member=biased.member, ground=ground)
            self._act(meeting, self._office(), declared, legal_basis="§ 31 GO NRW")
        groups = self._by_group(Counter(member.group or "-" for member in voters), adopted)
        return RecordVote(
            item=item,
            yes=sum(group.yes for group in groups),
            no=sum(group.no for group in groups),
            abstain=sum(group.abstain for group in groups),
            by_group=tuple(groups),
        )

    def _by_group(self, members: Counter[str], adopted: bool) -> list[GroupVote]:
        """The first two groups vote alike; where they have no majority today, the others join them."""
        groups = []
        for number, (group, count) in enumerate(members.items()):
            side = adopted if number < 2 else self._random.random() < 0.6
            abstain = 0 if number < 2 else self._random.choice((0, 0, count // 2))
            groups.append(_of_one_mind(group, count - abstain, abstain, side))
        if (sum(group.yes for group in groups) > sum(group.no for group in groups)) is adopted:
            return groups
        return [_of_one_mind(group, count, 0, adopted) for group, count in members.items()]

    def _sign_minutes(self, meeting: Meeting) -> None:
        """The protocol is attached, is the draft of the minutes, and is signed by chair and secretary."""
        file = uuid5(meeting.record, f"file:{meeting.version}")
        protocol = self._minutes()
        chair = self._people.member("01", "chair", meeting.body.plan.hour)
        secretary = self._people.member("10", "secretary", meeting.body.plan.hour)
        self._act(meeting, secretary, protocol)
        self._act(meeting, secretary, DraftMinutes(file=file))
        self._act(meeting, chair, SignMinutes(office=Signatory.CHAIR, sha512=protocol.sha512))
        self._act(meeting, secretary, SignMinutes(office=Signatory.SECRETARY, sha512=protocol.sha512))

    def _minutes(self) -> AttachMeetingFile:
        return AttachMeetingFile(
            role=FileRole.RESULTS_PROTOCOL,
            name=Sealed("Niederschrift"),
            file_name=Sealed("niederschrift.pdf"),
            mime_type="application/pdf",
            size=self._random.randint(60_000, 900_000),
            sha512=self._random.randbytes(64).hex(),
        )

    def _act(self, meeting: Meeting, who: Principal, command: Command, legal_basis: str | None = None) -> None:
        """A command on a meeting that leads to one fact of the meeting itself."""
        self._simulation.do(who, command, meeting.record, legal_basis=legal_basis, correlation=meeting.correlation)
        meeting.version += 1

    def _office(self) -> Principal:
        return self._people.staff(*COUNCIL_OFFICE)


def _of_one_mind(group: str, voters: int, abstain: int, side: bool) -> GroupVote:
    return GroupVote(group, voters if side else 0, 0 if side else voters, abstain)
