"""E-files of the generated city: files and cases that come in, circulate, are answered and closed."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from domain.efile.commands import (
    AddCirculationStep,
    CloseFile,
    DefineFilePlanUnit,
    OpenCase,
    OpenFile,
    ReviseFilePlanUnit,
    SkipCirculationStep,
    StartCirculation,
)
from domain.efile.facts import PlannedStep
from domain.efile.vocabulary import DocumentKind, StepKind, StepOutcome
from domain.kernel import Effective, Sealed
from infra.demo.archive import CASE, FILE, Archive
from infra.demo.desk import CLOSED, Desk, OpenedCase
from infra.demo.pace import Pace
from infra.demo.people import DISTRICTS, People
from infra.demo.plan import TASKS, Task
from infra.demo.simulation import Simulation, Work

EVENTS_PER_FILE: Final = 26.0
SKIPPED: Final = ("Zuständigkeit nicht gegeben.", "Stellungnahme liegt aus einem früheren Vorgang vor.")


@dataclass(slots=True)
class OpenedFile:
    """A file as the generator remembers it."""

    record: UUID
    task: Task
    reference: str
    values: dict[str, str]
    cases: int = 0
    gone: int = 0
    """Cases that were destroyed."""
    held: bool = False
    """Whether a hold keeps the file and its cases."""

    def lose(self) -> None:
        """One of its cases is no more."""
        self.gone += 1

    def keep(self) -> None:
        """It is put under a hold."""
        self.held = True


def nothing() -> None:
    """Nobody has to be told."""


class Office:
    """All that happens to files, cases and their documents."""

    def __init__(self, simulation: Simulation, people: People, events: int) -> None:
        self._simulation = simulation
        self._people = people
        self._random = simulation.random
        self.pace = Pace(simulation, "efile", events, EVENTS_PER_FILE, lag=55)
        self.desk = Desk(simulation, people)
        self._archive = Archive(simulation, people)
        self._plan: dict[str, UUID] = {}
        self._numbers: dict[tuple[str, int], int] = {}

    def found(self) -> None:
        """Define the file plan."""
        registry = self._people.member("10", "records_manager", 0)
        for task in TASKS:
            unit = DefineFilePlanUnit(
                code=task.code,
                title=task.title,
                retention_years=task.retention_years,
                disposal_kind=task.disposal,
                valid_from=date(self._simulation.begin.year - 5, 1, 1),
            )
            today = Effective.on(self._simulation.today)
            self._plan[task.code] = self._simulation.do(registry, unit, effective=today)

    def revised(self) -> Work:
        """Half-way the file plan says that some files need not be kept that long."""
        simulation = self._simulation
        yield simulation.at_work(simulation.begin + (simulation.end - simulation.begin) / 2)
        registry = self._people.member("10", "records_manager", 0)
        for task in (task for task in TASKS if task.revised_years is not None):
            revision = ReviseFilePlanUnit(
                valid_from=simulation.today,
                title=task.title,
                retention_years=task.revised_years,
                disposal_kind=task.disposal,
                reason=Sealed("Neuer Fristenkatalog."),
            )
            simulation.do(registry, revision, self._plan[task.code])

    def arrivals(self) -> Work:
        """Matters come in for as long as the city is simulated."""
        self._simulation.start(self.revised())
        while True:
            yield self._simulation.after(self.pace.gap())
            (task,) = self._random.choices(TASKS, [task.weight for task in TASKS])
            self._simulation.start(self.matter(task))

    def matter(self, task: Task) -> Work:
        """A file with one case after the other; most files are closed after the last."""
        simulation = self._simulation
        yield simulation.at_work(simulation.now)
        file = self.open_file(task)
        for _ in range(self._random.choice((1, 1, 1, 2, 2, 3))):
            case = yield from self.case(file)
            if case is None:
                return
            yield simulation.later(30)
        if self._random.random() < 0.6:
            registry = self._people.staff(task.unit, "registrar", 2)
            simulation.do(registry, CloseFile(reason=Sealed(self._random.choice(CLOSED))), file.record)
            yield from self._archive.disposal(
                FILE, file.record, task, ready=lambda: file.gone == file.cases, gone=nothing, kept=file.keep
            )

    def open_file(self, task: Task) -> OpenedFile:
        """A new file of a task."""
        values = {
            "street": self._people.street(),
            "name": self._people.name(),
            "district": self._random.choice(DISTRICTS),
        }
        number = self._next(task.code)
        reference = f"{task.code}-{self._simulation.today.year}/{number:05}"
        command = OpenFile(
            reference=reference,
            subject=Sealed(task.file.format(**values)),
            plan_unit_id=self._plan[task.code],
            lead_unit=task.unit,
            custodian_unit=task.unit,
            confidentiality=task.confidentiality,
        )
        record = self._simulation.do(self._people.staff(task.unit, "registrar", 2), command)
        return OpenedFile(record, task, reference, values)

    def open_case(self, file: OpenedFile, subject: str | None = None) -> OpenedCase:
        """A new case in a file."""
        task = file.task
        file.cases += 1
        clerk = self._people.staff(task.unit)
        reference = f"{file.reference}-{file.cases:02}"
        correlation = self._simulation.derived(reference)
        command = OpenCase(
            file_id=file.record,
            plan_unit_id=self._plan[task.code],
            reference=reference,
            subject=Sealed(subject or self._random.choice(task.cases).format(**file.values)),
            lead_unit=task.unit,
            custodian_unit=task.unit,
            confidentiality=task.confidentiality,
        )
        record = self._simulation.do(clerk, command, correlation=correlation)
        return OpenedCase(record, clerk, task.unit, reference, correlation, self._simulation.now)

    def case(self, file: OpenedFile) -> Generator[datetime, None, OpenedCase | None]:
        """A case from its first letter to zdA; None where it stays with somebody for good."""
        simulation, random, task = self._simulation, self._random, file.task
        case = self.open_case(file)
        yield simulation.later(0.2)
        application = self.desk.receive(case, "Antrag", self._days_ago())
        if random.random() < 0.2:
            self.desk.attach(case, application, "Lageplan")
        for title in ("Lageplan", "Nachgereichte Unterlagen"):
            if random.random() < 0.3:
                yield simulation.later(task.days / 2)
                self.desk.receive(case, title, self._days_ago())
        if random.random() < 0.02:
            self.desk.classify(case)
        if random.random() < 0.05:
            yield simulation.later(1)
            self.desk.correct_received(case, application, "Eingangsstempel falsch gelesen.")
        if random.random() < 0.04:
            yield simulation.later(2)
            self.desk.transfer(case, random.choice(task.asked))
        yield simulation.later(task.days / 3)
        draft = self.desk.draft(case, f"Entwurf {task.answer}")
        yield simulation.later(0.3)
        yield from self.circulation(case, task, draft)
        if random.random() < 0.02:
            yield from self.desk.resubmit(case, forgotten=True)
            return None
        if random.random() < 0.3:
            yield from self.desk.resubmit(case)
        yield simulation.later(1)
        self.desk.file_document(case, case.clerk, DocumentKind.OUTGOING, task.answer)
        if random.random() < 0.03:
            self.desk.correct_subject(case, self._random.choice(task.cases).format(**file.values))
        yield simulation.later(task.days)
        self.desk.close(case)
        if random.random() < 0.03:
            yield simulation.later(25)
            self.desk.reopen(case)
            yield simulation.later(10)
            self.desk.file_document(case, case.clerk, DocumentKind.INTERNAL, "Vermerk")
            yield simulation.later(5)
            self.desk.close(case)

        disposal = self._archive.disposal(
            CASE, case.record, task, ready=lambda: not file.held, gone=file.lose, kept=nothing
        )
        simulation.start(disposal)
        return case

    def circulation(self, case: OpenedCase, task: Task, draft: UUID, co_signs: int | None = None) -> Work:
        """A round through the units that are asked, with co-signatures and the final one by somebody else."""
        simulation, random = self._simulation, self._random
        steps = self.steps(task, co_signs)
        self.desk.act(case, case.clerk, StartCirculation(document_id=draft, steps=tuple(steps)))
        open_steps = list(steps)
        if random.random() < 0.06:
            yield simulation.later(task.days / 4)
            extra = PlannedStep(no=steps[-1].no + 5, kind=StepKind.TAKE_NOTE, addressee=task.unit)
            reason = Sealed[str]("Zur Kenntnis der Amtsleitung.")
            add = AddCirculationStep(no=extra.no, step_kind=extra.kind, addressee=extra.addressee, reason=reason)
            self.desk.act(case, case.clerk, add)
            open_steps.append(extra)
        objected = False
        while open_steps:
            step = open_steps[0]
            yield simulation.later(task.days / len(steps))
            if step.kind is StepKind.CO_SIGN and not objected and random.random() < 0.07:
                objected = True
                self.desk.complete(case, step, draft, StepOutcome.OBJECTED, "So nicht: der Stellplatznachweis fehlt.")
                yield simulation.later(task.days / 3)
                # The new version makes all signatures void: they are given again, in their order.
                self.desk.revise(case, draft)
                open_steps = [each for each in steps if each.kind.is_signature and each.no <= step.no] + open_steps[1:]
            elif step.kind is StepKind.COMMENT and random.random() < 0.06:
                skip = SkipCirculationStep(no=step.no, reason=Sealed(random.choice(SKIPPED)))
                self.desk.act(case, case.clerk, skip)
                open_steps.pop(0)
            elif step.kind is StepKind.CO_SIGN and not objected and random.random() < 0.02:
                # Left out against the rule that the final signature waits for it; not asked again by a new version.
                self.desk.leave_out(case, step, "Mitzeichnung entbehrlich, Eilsache.")
                open_steps.pop(0)
                steps.remove(step)
            else:
                self.desk.complete(case, step, draft)
                open_steps.pop(0)

    def steps(self, task: Task, co_signs: int | None = None) -> list[PlannedStep]:
        """Comments and co-signatures of the units that are asked, then the final signature at home."""
        due = self._simulation.today + timedelta(days=int(task.days) + 7)
        units = list(task.asked)
        signing = min(len(units), self._random.randint(1, 2) if co_signs is None else co_signs)
        kinds = [(StepKind.COMMENT, unit) for unit in units] + [(StepKind.CO_SIGN, unit) for unit in units[:signing]]
        kinds.append((StepKind.FINAL_SIGN, task.unit))
        return [PlannedStep(no=10 * n, kind=kind, addressee=unit, due=due) for n, (kind, unit) in enumerate(kinds, 1)]

    def _days_ago(self) -> date | None:
        """Most letters are filed as they come in, some are booked days later."""
        if self._random.random() < 0.85:
            return None
        return self._simulation.today - timedelta(days=self._random.randint(1, 6))

    def _next(self, code: str) -> int:
        key = (code, self._simulation.today.year)
        self._numbers[key] = self._numbers.get(key, 0) + 1
        return self._numbers[key]
