"""The council of the generated city: its bodies, and the papers that are written for them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.council.commands import (
    AddMember,
    AttachPaperFile,
    CorrectPaper,
    CoSignPaper,
    DraftPaper,
    EstablishBody,
    PlanConsultation,
    PublishBody,
    PublishPaper,
    ReleasePaper,
)
from domain.council.parts import Attending
from domain.council.vocabulary import BodyType, ConsultationRole, FileRole, PaperField, PaperType
from domain.kernel import Effective, Sealed
from infra.demo.matters import BOARDS, COMMITTEES, GROUPS, MATTERS, RAT, BodyPlan, Matter
from infra.demo.pace import Pace
from infra.demo.people import DISTRICTS, People
from infra.demo.remembered import Body, Paper
from infra.demo.sessions import COUNCIL_OFFICE, Sessions
from infra.demo.simulation import Simulation, Work

EVENTS_PER_PAPER: Final = 31.0
EVENTS_PER_MEETING: Final = 17.0
SHARE_OF_MEETINGS: Final = 0.35
SELDOM: Final = 84.0
OFTEN: Final = 14.0


class Council:
    """All that happens to bodies, papers, meetings and resolutions."""

    def __init__(self, simulation: Simulation, people: People, events: int) -> None:
        self._simulation = simulation
        self._people = people
        self._random = simulation.random
        self.pace = Pace(simulation, "council", events, EVENTS_PER_PAPER, lag=110)
        # A small sample of the city has few papers, so few bodies meet, and seldom.
        meetings = events * SHARE_OF_MEETINGS / EVENTS_PER_MEETING
        days = (simulation.end - simulation.begin).days
        bodies = min(len(COMMITTEES) + len(BOARDS) + 1, max(4, round(meetings * SELDOM / days)))
        committees = min(len(COMMITTEES), max(2, (bodies - 1) * 3 // 5))
        self._plans = (RAT, *COMMITTEES[:committees], *BOARDS[: bodies - 1 - committees])
        self._days_between = min(SELDOM, max(OFTEN, days * bodies / meetings))
        self._bodies: dict[str, Body] = {}
        self._names: dict[UUID, str] = {}
        self._sessions = Sessions(simulation, people)
        self._drafted = 0

    def found(self) -> None:
        """Establish the bodies; each begins to meet."""
        for number, plan in enumerate(self._plans):
            command = EstablishBody(code=plan.code, name=Sealed(plan.name), body_type=plan.body_type, seats=plan.seats)
            today = Effective.on(self._simulation.today)
            record = self._simulation.do(self._people.staff(*COUNCIL_OFFICE), command, effective=today)
            self._simulation.do(self._people.staff(*COUNCIL_OFFICE), PublishBody(), record, effective=today)
            body = Body(record, plan, self._members(plan))
            self._bodies[plan.code] = body
            for member in body.members:
                self._seat(record, member)
            self._simulation.start(self._sessions.of(body, 20 + 5 * number, self._days_between))

    def _members(self, plan: BodyPlan) -> list[Attending]:
        """Groups have their share of the seats; the committees' members are of the council, a board's are its own."""
        total = sum(seats for _, seats in GROUPS)
        shares = [max(1, plan.seats * seats // total) for _, seats in GROUPS]
        shares[0] += plan.seats - sum(shares)
        from_council = plan.body_type is not BodyType.DISTRICT
        own = "RAT" if from_council else plan.code
        return [
            Attending(self._simulation.derived(f"member:{own}:{group}:{number}"), True, group)
            for (group, _), share in zip(GROUPS, shares, strict=True)
            for number in range(share)
        ]

    def _seat(self, body: UUID, member: Attending) -> None:
        name = self._names.setdefault(member.member, self._people.name())
        command = AddMember(name=Sealed(name), group=member.group, member=member.member)
        today = Effective.on(self._simulation.today)
        self._simulation.do(self._people.staff(*COUNCIL_OFFICE), command, body, effective=today)

    @property
    def shown(self) -> tuple[UUID, str] | None:
        """The resolution that is late on purpose, and its number, once it is adopted."""
        return self._sessions.shown

    # Papers

    def arrivals(self) -> Work:
        """Papers are written for as long as the city is simulated."""
        while True:
            yield self._simulation.after(self.pace.gap())
            matter = self._random.choice(MATTERS)
            values = {
                "street": self._people.street(),
                "district": self._random.choice(DISTRICTS),
                "number": str(self._random.randint(3, 60)),
            }
            self._simulation.start(self.paper(matter, values))

    def paper(self, matter: Matter, values: dict[str, str], *, special: bool = False) -> Work:
        """A paper is drafted, routed and released; then it waits for an agenda."""
        simulation, random = self._simulation, self._random
        yield simulation.at_work(simulation.now)
        author = self._people.staff(matter.unit)
        self._drafted += 1
        reference = f"{matter.unit}/{self._drafted:03}/{simulation.today.year}"
        correlation = simulation.derived(f"paper {reference}")
        route = [self._bodies["RAT"]] if special else self._route(matter)
        draft = DraftPaper(
            reference=reference,
            title=Sealed(matter.title.format(**values)),
            paper_type=random.choices((PaperType.PROPOSAL, PaperType.MOTION), (80, 20))[0],
            lead_unit=matter.unit,
            public=matter.public,
        )
        drafted = Effective(simulation.now)
        record = simulation.do(author, draft, correlation=correlation)
        main = AttachPaperFile(
            role=FileRole.MAIN,
            name=Sealed("Vorlage"),
            file_name=Sealed(f"vorlage_{self._drafted:03}.pdf"),
            mime_type="application/pdf",
            size=random.randint(80_000, 3_000_000),
            sha512=random.randbytes(64).hex(),
            public=matter.public,
        )
        simulation.do(author, main, record, correlation=correlation)
        for body in route:
            last = body is route[-1]
            plan = PlanConsultation(body=body.record, role=self._role(body, last), authoritative=last)
            simulation.do(author, plan, record, correlation=correlation)
        yield simulation.later(4)
        if random.random() < 0.06:
            simulation.flush()
            new = Sealed[str](matter.title.format(**values) + " (Neufassung)")
            correction = CorrectPaper(field=PaperField.TITLE, new_sealed=new, reason=Sealed("Titel war unvollständig."))
            simulation.do(author, correction, record, effective=drafted, correlation=correlation)
        for unit in self._co_signing(matter):
            signatory = self._people.member(unit, "head_of_unit", 0)
            simulation.do(signatory, CoSignPaper(unit=unit), record, correlation=correlation)
        head = self._people.member(matter.unit, "head_of_unit", 0)
        simulation.do(head, ReleasePaper(), record, correlation=correlation)
        if matter.public:
            simulation.do(self._people.staff(*COUNCIL_OFFICE), PublishPaper(), record, correlation=correlation)
        route[0].waiting.append(Paper(record, matter, values, route, special))

    def _co_signing(self, matter: Matter) -> list[str]:
        """The treasury sees what costs money; one paper in four concerns the legal office too."""
        return ["20" if matter.unit != "20" else "10", *(["30"] if self._random.random() < 0.25 else [])]

    def _route(self, matter: Matter) -> list[Body]:
        """A board hears it, a committee prepares it, the council decides; or less of that."""
        random = self._random
        route = []
        boards = [body for body in self._bodies.values() if body.plan.body_type is BodyType.DISTRICT]
        if "{street}" in matter.title and random.random() < 0.6:
            route.append(random.choice(boards))
        committee = self._bodies.get(matter.committee)
        if committee is not None:
            route.append(committee)
        if committee is None or random.random() < 0.45:
            route.append(self._bodies["RAT"])
        return route

    def _role(self, body: Body, last: bool) -> ConsultationRole:
        if last:
            return ConsultationRole.DECISION
        board = body.plan.body_type is BodyType.DISTRICT
        return ConsultationRole.HEARING if board else ConsultationRole.PRELIMINARY
