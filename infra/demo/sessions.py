"""The meetings of the generated city's council: dates, agendas, votes and outcomes."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5

from domain.council.commands import (
    AddAgendaItem,
    AddMember,
    AttachMeetingFile,
    CancelMeeting,
    ChangeAttendance,
    DecideAgendaItem,
    DecideObjection,
    DeclareConflictOfInterest,
    DraftMinutes,
    EndMembership,
    GiveFinalReport,
    GiveTrackingReport,
    HoldMeeting,
    InviteToMeeting,
    NoteMinutesObjection,
    PublishMeeting,
    RecordAttendance,
    ScheduleMeeting,
    SignMinutes,
    WithdrawPaper,
)
from domain.council.parts import Attending
from domain.council.vocabulary import BodyType, FileRole, Outcome, Signatory
from domain.kernel import BERLIN, Command, Sealed
from domain.requests import Principal
from infra.demo.matters import CLOSING, OPENING
from infra.demo.people import People
from infra.demo.remembered import Body, Meeting, Paper, Point
from infra.demo.simulation import Simulation, Work
from infra.demo.tracking import Again, Tracking
from infra.demo.voting import vote_of

COUNCIL_OFFICE: Final = ("10", "council_office", 3)
MOST_PAPERS: Final = 40
BETWEEN_REPORTS: Final = timedelta(days=170)
MOST_REPORTED: Final = 40


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
        yield simulation.at_work(meeting.start - timedelta(days=17), closes=12)
        self._set_agenda(meeting)
        short = self._random.random() < 0.04
        yield simulation.at_work(meeting.start - timedelta(days=6 if short else 14), opens=13)
        urgent = Sealed[str]("Die Förderfrist läuft ab.") if short else None
        self._act(meeting, office, InviteToMeeting(shortened_notice_reason=urgent), legal_basis="§ 47 GO NRW")
        self._act(meeting, office, PublishMeeting())
        if self._random.random() < 0.02:
            yield simulation.later(2)
            self._cancel(meeting)
            return
        yield meeting.start
        self._hold(meeting)
        yield simulation.later(16)
        self._sign_minutes(meeting)

    def _cancel(self, meeting: Meeting) -> None:
        """A meeting is called off; what stood on its agenda waits for the next."""
        self._act(meeting, self._office(), CancelMeeting(reason=Sealed("Zu wenige Beratungspunkte.")))
        for _, _, point in meeting.items:
            if isinstance(point, Paper):
                meeting.body.waiting.append(point)
            elif isinstance(point, Again):
                meeting.body.objected.append(point)

    def _succeed(self, body: Body) -> None:
        """A member leaves the body, and somebody of the same group takes the seat."""
        left = body.members.pop(self._random.randrange(len(body.members)))
        body.seated += 1
        new = Attending(self._simulation.derived(f"successor:{body.plan.code}:{body.seated}"), True, left.group)
        body.members.append(new)
        office = self._office()
        self._simulation.do(
            office, EndMembership(member=left.member, reason=Sealed("Mandat niedergelegt.")), body.record
        )
        joined = AddMember(name=Sealed(self._people.name()), group=new.group, member=new.member)
        self._simulation.do(office, joined, body.record)

    def _schedule(self, body: Body) -> Meeting:
        body.meetings += 1
        if self._random.random() < 0.02:
            self._succeed(body)
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
        again = [body.objected.popleft() for _ in range(len(body.objected))]
        points: list[Point] = [*OPENING, *again, *papers, *CLOSING]
        for order, point in enumerate(points, 1):
            paper = point if isinstance(point, Paper) else None
            item = uuid5(meeting.record, f"item:{meeting.version}")
            command = AddAgendaItem(
                number=str(order),
                order=order,
                title=None if paper else Sealed(point if isinstance(point, str) else "Beanstandung eines Beschlusses"),
                public=paper is None or paper.matter.public,
                paper=paper.record if paper else None,
                decides_again=point.resolution if isinstance(point, Again) else None,
            )
            self._act(meeting, self._office(), command)
            meeting.items.append((item, order, point))

    def _hold(self, meeting: Meeting) -> None:
        """The meeting takes place: attendance, votes and outcomes are recorded as it goes."""
        simulation, office = self._simulation, self._office()
        away = self._random.random() / 8
        meeting.attending = [member for member in meeting.body.members if self._random.random() >= away]
        self._act(meeting, office, HoldMeeting())
        self._act(meeting, office, RecordAttendance(members=tuple(member.member for member in meeting.attending)))
        if meeting.body.signed is not None and self._random.random() < 0.03:
            text = Sealed[str]("Eine Wortmeldung ist nicht wiedergegeben.")
            self._act(meeting, office, NoteMinutesObjection(minutes_of=meeting.body.signed, text=text))
        for item, order, point in meeting.items:
            simulation.now += timedelta(minutes=self._random.randint(2, 9))
            match point:
                case Paper():
                    self._deal_with(meeting, item, order, point)
                case Again():
                    self._decide_again(meeting, item, point)
                case _:
                    self._act(meeting, office, DecideAgendaItem(item=item, outcome=Outcome.NOTED))
        self._report(meeting)

    def _report(self, meeting: Meeting) -> None:
        """Twice a year or so the body is told how far its resolutions are; it hears of finished ones no more."""
        body = meeting.body
        due = body.reported is None or self._simulation.now - body.reported > BETWEEN_REPORTS
        resolutions = tuple(body.tracked)[:MOST_REPORTED]
        if not due or not resolutions:
            self._report_one(meeting)
            return
        self._act(meeting, self._office(), GiveTrackingReport(resolutions=resolutions))
        body.reported = self._simulation.now
        for resolution in resolutions:
            if body.tracked[resolution]:
                del body.tracked[resolution]

    def _report_one(self, meeting: Meeting) -> None:
        """Some bodies want to hear of what is finished by itself, and not with the next tracking report."""
        tracked = meeting.body.tracked
        finished = [resolution for resolution, done in tracked.items() if done]
        if finished and self._random.random() < 0.5:
            del tracked[finished[0]]
            self._simulation.do(self._office(), GiveFinalReport(meeting=meeting.record), finished[0])
            # The meeting learns of the report, too.
            meeting.version += 1

    def _leaves(self, meeting: Meeting, item: UUID) -> None:
        """Somebody leaves before an item."""
        member = meeting.attending.pop(self._random.randrange(len(meeting.attending)))
        self._act(meeting, self._office(), ChangeAttendance(item=item, member=member.member, present=False))

    def _decide_again(self, meeting: Meeting, item: UUID, again: Again) -> None:
        """The mayor has objected to a resolution: the body stays with it, or gives way."""
        simulation, office, body = self._simulation, self._office(), meeting.body
        upheld = self._random.random() < 0.5
        self._votes(meeting, item, upheld)
        text = Sealed[str]("Der Rat verbleibt bei seinem Beschluss.") if upheld else None
        outcome = Outcome.ADOPTED if upheld else Outcome.REJECTED
        self._act(meeting, office, DecideAgendaItem(item=item, outcome=outcome, text=text))
        simulation.do(office, DecideObjection(meeting=meeting.record, item=item), again.resolution)
        if upheld:
            simulation.start(self._tracking.decided_above(again, body))
        else:
            body.tracked[again.resolution] = True

    def _refer(self, meeting: Meeting, item: UUID, paper: Paper, other: Body) -> None:
        """Back to the body that prepared it; this one decides afterwards."""
        refer = DecideAgendaItem(item=item, outcome=Outcome.REFERRED, referred_to=other.record)
        self._act(meeting, self._office(), refer)
        paper.route.insert(0, other)
        other.waiting.append(paper)

    def _deal_with(self, meeting: Meeting, item: UUID, order: int, paper: Paper) -> None:
        random, office = self._random, self._office()
        last = len(paper.route) == 1
        other = paper.heard
        if last and other is not None and other is not meeting.body and not paper.special and random.random() < 0.02:
            self._refer(meeting, item, paper, other)
            return
        if not paper.special and random.random() < 0.01:
            withdraw = WithdrawPaper(reason=Sealed("Vom Fachamt zurückgezogen."))
            self._simulation.do(self._people.staff(paper.matter.unit), withdraw, paper.record)
            self._act(meeting, office, DecideAgendaItem(item=item, outcome=Outcome.WITHDRAWN))
            return
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
            self._votes(meeting, item, adopted)
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
        paper.heard = paper.route.pop(0)
        if paper.route:
            paper.route[0].waiting.append(paper)

    def _votes(self, meeting: Meeting, item: UUID, adopted: bool) -> None:
        """The vote on an item. Who is biased says so before, and takes no part."""
        random, voters = self._random, list(meeting.attending)
        if random.random() < 0.03:
            biased = voters.pop(random.randrange(len(voters)))
            ground = Sealed[str]("Eigentum im Plangebiet.")
            declared = DeclareConflictOfInterest(item=item, member=biased.member, ground=ground)
            self._act(meeting, self._office(), declared, legal_basis="§ 31 GO NRW")
        self._act(meeting, self._office(), vote_of(item, voters, adopted, random))

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
        meeting.body.signed = meeting.record

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
