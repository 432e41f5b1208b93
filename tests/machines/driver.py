"""Drives a machine: Hypothesis chooses the steps, the model foresees each answer, the real store gives it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from domain.kernel import BERLIN, Authentication, Effective, Fact, Invalid, Rejected
from domain.requests import Outcome, Principal, Refused, Request, VersionConflict
from tests.machines.diagram import END, START, Edge
from tests.machines.machine import Attempt, Machine, Move, NotYet, Scene, World
from tests.machines.store import Answer, Decided, Store
from tests.machines.tally import Tally

REFUSALS = 50
PATIENCE = 4
SPENT = 5 * PATIENCE
SEEDS = st.integers(0, 2**32 - 1)
DAYS = st.sampled_from((0, 0, 0, 0, 0, 0, 1, 7, 30, 365))


class Prospect(NamedTuple):
    """An attempt, and what the model says of it: the transitions it makes, or why it will be refused."""

    request: Request
    edges: frozenset[Edge]
    refusal: Rejected | Invalid | None

    @property
    def rule(self) -> str | None:
        return self.refusal.rule.id if isinstance(self.refusal, Rejected) else None


def transitions(machine: Machine, record_id: UUID, fact: Fact, before: Any, after: Any) -> Iterator[Edge]:
    """Where a fact leads the things that a record's state holds."""
    old, new = (
        {(thing, key): str(stage) for thing, key, stage in machine.stages(record_id, state)} if state else {}
        for state in (before, after)
    )
    for thing, key in {**old, **new}:
        gone = machine.endings.get(type(fact).__name__, END)
        stages = old.get((thing, key), START), new.get((thing, key), gone)
        yield Edge(thing, *stages, type(fact).__name__)


class Run:
    """One example: a world of its own on a store that is shared."""

    def __init__(
        self, store: Store, machine: Machine, tally: Tally, worn: Counter[object], start: date, wanted: int
    ) -> None:
        store.forget()
        self.store = store
        self.machine = machine
        self.tally = tally
        self.world = World(start)
        # What was tried often is tried less: counted from before this example, so that an example can be repeated.
        self.worn = Counter(worn)
        self.wanted = wanted
        self.trace: list[str] = []
        self.idle: defaultdict[UUID, float] = defaultdict(float)
        self._steps = 0

    def pass_days(self, days: int) -> None:
        self.world.today = min(self.world.today + timedelta(days=days), _today())

    def prelude(self) -> None:
        """What each world begins with."""
        for number, move in enumerate(self.machine.prelude):
            scene = Scene(self.world, Random(number), self.store.fresh)
            request = self._request(move(scene), scene)
            (answer,) = self._ask([Prospect(request, frozenset(), None)])
            assert isinstance(answer, Outcome), f"the prelude is refused: {answer!r}"
            self._settle()

    def alone(self, seed: int) -> None:
        """The rare refusals that this moment offers, and one attempt: the store must answer what the model foresees."""
        scene = self._scene(self._chance(seed))
        found = self._found(scene)
        # A refusal changes nothing, so what is foreseen of the others still holds.
        rare = self._rare(found)
        self.worn.update(prospect.rule for prospect in rare)
        best = [self._best(found, scene)] if found else []
        self._wear_out(best, scene, found)
        for prospect in (*rare, *best):
            answer = self._ask([prospect])[0]
            if prospect.refusal is None:
                assert isinstance(answer, Outcome), f"allowed by the model, refused by the store: {answer!r}"
            elif prospect.rule is not None and prospect.rule in self.machine.kept_back:
                assert isinstance(answer, Refused), f"{prospect.rule} is said to be kept back, and was answered"
                self.tally.refused[prospect.rule] += 1
            elif isinstance(prospect.refusal, Rejected):
                assert isinstance(answer, Rejected), f"{prospect.rule} must refuse this, the store says {answer!r}"
                assert answer.rule.id == prospect.rule, f"{prospect.rule} must refuse this, not {answer.rule.id}"
            else:
                assert isinstance(answer, Invalid), f"invalid for the model, the store says {answer!r}"
            self._settle()

    def together(self, seed: int) -> None:
        """Several people at once, on the same record where that goes; sometimes one request twice."""
        random = self._chance(seed)
        prospects = self._choose(random, random.randint(2, 4))
        if not prospects:
            return
        twins = random.random() < 0.25
        if twins:
            prospects = [prospects[0]] * 2
        answers = self._ask(prospects)
        if twins:
            first, second = answers
            assert type(first) is type(second), f"one request, two answers: {first!r}, {second!r}"
            if isinstance(first, Outcome) and isinstance(second, Outcome):
                assert first.last_position == second.last_position
                assert {first.repeated, second.repeated} == {True, False}
        self._settle()

    def end(self) -> None:
        self.store.agree(self.world)

    # Parts

    def _chance(self, seed: int) -> Random:
        """Chance for one step: Hypothesis likes to repeat a seed, the steps are to differ all the same."""
        self._steps += 1
        return Random(f"{seed} {self._steps}")

    def _scene(self, random: Random) -> Scene:
        scene = Scene(self.world, random, self.store.fresh)
        scene.focus = self._focus(random)
        return scene

    def _found(self, scene: Scene) -> list[Prospect]:
        return [prospect for move in self.machine.moves for prospect in self._prospect(move, scene)]

    def _choose(self, random: Random, number: int) -> list[Prospect]:
        """Of all moves about one record, those that do what was done least; mostly allowed ones."""
        scene = self._scene(random)
        chosen: list[Prospect] = []
        while len(chosen) < number:
            found = self._found(scene)
            if not found:
                break
            chosen.append(self._best(found, scene))
            self._wear_out(chosen[-1:], scene, found)
        return chosen

    def _wear_out(self, chosen: list[Prospect], scene: Scene, found: list[Prospect]) -> None:
        """Count what is done. A record on which nothing is allowed is left for others at once."""
        goes_on = any(prospect.refusal is None and prospect.request.record_id == scene.focus for prospect in found)
        for prospect in chosen:
            rare = prospect.rule is not None and self.worn[prospect.rule] < REFUSALS
            self.worn.update(prospect.edges or [prospect.rule])
            self.worn.update(self._standing(scene.focus))
            if scene.focus:
                self.idle[scene.focus] += SPENT if not goes_on else 0.3 if rare else 1

    def _rare(self, found: list[Prospect]) -> list[Prospect]:
        """One refusal by each rule that has yet to refuse as often as is wanted."""
        by_rule = {prospect.rule: prospect for prospect in found if prospect.rule is not None}
        return [prospect for rule, prospect in by_rule.items() if self.worn[rule] < self.wanted]

    def _best(self, found: list[Prospect], scene: Scene) -> Prospect:
        allowed = [prospect for prospect in found if prospect.refusal is None]
        refused = sorted((prospect for prospect in found if prospect.refusal is not None), key=self._wear)
        creating = [prospect for prospect in allowed if prospect.request.record_id is None]
        if scene.focus:
            # Else the world fills with beginnings.
            allowed = [prospect for prospect in allowed if prospect.request.record_id] or ([] if refused else creating)
        else:
            allowed = creating or allowed
        # What goes on is worth more than what is refused, which `alone` asks besides.
        if refused and (not allowed or scene.chance(0.2)):
            return refused[0]
        # Not always the rarest: what is rarer still may lie behind something common.
        return scene.pick(allowed) if scene.chance(0.3) else min(allowed, key=self._wear)

    def _standing(self, record_id: UUID | None) -> list[tuple[str, str]]:
        """The stages of the things that a record holds; its kind where it holds none."""
        known = self.world.records.get(record_id) if record_id else None
        if record_id is None or known is None:
            return []
        stages = [(thing, str(stage)) for thing, _, stage in self.machine.stages(record_id, known.state)]
        return stages or [(known.kind, "")]

    def _focus(self, random: Random) -> UUID | None:
        """The record that a step is about, or None for a new one.

        Mostly one at stages where little was tried yet, and not one that was tried in vain: its life may be over.
        """
        records = list(self.world.records)
        if records and random.random() < 0.1:
            return random.choice(records)
        rarity = {record: max(1 / (1 + self.worn[stage]) for stage in self._standing(record)) for record in records}
        weights = [rarity[record] / (1 + self.idle[record]) ** 2 for record in records]
        new = max(rarity.values(), default=1) / (1 + PATIENCE) ** 2
        return random.choices([None, *records], [new, *weights])[0]

    def _wear(self, prospect: Prospect) -> float:
        """How often it was done. What leaves much of a life to come counts for less, what changes no stage for more."""
        if isinstance(prospect.refusal, Invalid):
            return 1_000_000
        if prospect.rule:
            return self.worn[prospect.rule]
        return min(map(self._wear_of, prospect.edges), default=0)

    def _wear_of(self, edge: Edge) -> float:
        if edge not in self.tally.drawn and edge.before != edge.after:
            return 0  # nothing is wanted more than what must not be
        staying = 4 if edge not in self.tally.drawn else 1
        return (1 + self.worn[edge]) * staying / (1 + self.tally.ahead(edge))

    def _prospect(self, move: Move, scene: Scene) -> Iterator[Prospect]:
        try:
            attempt = move(scene)
        except NotYet:
            return
        request = self._request(attempt, scene)
        try:
            decided = self.store.foresee(self.world, request)
        except (Rejected, Invalid) as refusal:
            yield Prospect(request, frozenset(), refusal)
        else:
            yield Prospect(request, frozenset(self._edges(decided)), None)

    def _edges(self, decided: Decided) -> Iterator[Edge]:
        states: dict[UUID, Any] = {}
        for record_id, fact in decided:
            before = states.get(record_id, self.world.state(record_id))
            states[record_id] = self.machine.family.evolve(before, fact)
            yield from transitions(self.machine, record_id, fact, before, states[record_id])

    def _request(self, attempt: Attempt, scene: Scene) -> Request:
        known = self.world.records.get(attempt.record) if attempt.record else None
        return Request(
            command=attempt.command,
            principal=Principal(
                actor=attempt.actor or scene.actor(),
                deputising_for=attempt.deputising_for,
                role=attempt.role,
                org_unit=attempt.unit,
                authentication=Authentication.NONE_DEV,
                channel=attempt.channel,
                client="stadtbuch-tests/1",
            ),
            idempotency_key=str(uuid4()),
            record_id=attempt.record,
            expected_version=known.version if known and scene.chance(0.2) else None,
            effective=_effective(attempt.on or self.world.today),
            reason=attempt.reason,
        )

    def _ask(self, prospects: list[Prospect]) -> list[Answer]:
        answers = self.store.ask([prospect.request for prospect in prospects])
        for prospect, answer in zip(prospects, answers, strict=True):
            self.tally.tried.update(self._standing(prospect.request.record_id))
            name = type(prospect.request.command).__name__
            self.trace.append(f"{name} on {prospect.request.record_id}: {answer!r}")
            match answer:
                case Outcome(repeated=True):
                    self.tally.others["repeated"] += 1
                case Outcome():
                    self.tally.recorded[name] += 1
                case Rejected():
                    self.tally.refused[answer.rule.id] += 1
                case Invalid():
                    self.tally.others["invalid"] += 1
                case VersionConflict():
                    self.tally.others["outdated"] += 1
                case _:
                    self.tally.others["kept back"] += 1
        return answers

    def _settle(self) -> None:
        events = self.store.catch_up(self.world)
        undrawn = []
        for event in events:
            for edge in transitions(self.machine, event.record_id, event.fact, event.before, event.after):
                self.tally.edges[edge] += 1
                if edge.before != edge.after:
                    self.idle[event.record_id] = 0
                    if edge not in self.tally.drawn:
                        undrawn.append(str(edge))
        for record_id in {event.record_id for event in events}:
            self.machine.check(self.world, record_id)
        assert not undrawn, f"not in the diagrams: {', '.join(undrawn)}"


def drive(
    store: Store, machine: Machine, tally: Tally, *, examples: int, steps: int, wanted: int = 1, shrink: bool = True
) -> None:
    """So many examples of so many steps, each in a world of its own; Hypothesis shrinks what fails.

    Until a rule has refused as often as is `wanted`, it is asked wherever it would refuse.
    """
    worn: Counter[object] = Counter()
    for counts in (tally.edges, tally.refused, tally.tried):
        worn.update(dict(counts.items()))
    failures: list[Exception] = []

    class Steps(RuleBasedStateMachine):
        @initialize(days=st.integers(0, 365))
        def begin(self, days: int) -> None:
            start = _today() - timedelta(days=365 * machine.years + days)
            self.run = Run(store, machine, tally, worn, start, wanted)
            self.run.prelude()

        @rule(seed=SEEDS, days=DAYS)
        def alone(self, seed: int, days: int) -> None:
            self.run.pass_days(days)
            self._told(self.run.alone, seed)

        @rule(seed=SEEDS, days=DAYS)
        def together(self, seed: int, days: int) -> None:
            self.run.pass_days(days)
            self._told(self.run.together, seed)

        def teardown(self) -> None:
            if hasattr(self, "run"):
                self.run.end()

        def _told(self, step: Any, seed: int) -> None:
            try:
                step(seed)
            except Exception as error:
                error.add_note("What went before:\n" + "\n".join(self.run.trace[-20:]))
                failures.append(error)
                raise

    try:
        _run(Steps, examples, steps, (Phase.generate, Phase.shrink) if shrink else (Phase.generate,))
    except Flaky as flaky:
        # People who work at once do not do the same twice: then what they did the first time is told.
        raise failures[0] from flaky


def _run(machine: type[RuleBasedStateMachine], examples: int, steps: int, phases: tuple[Phase, ...]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=phases,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        ),
    )


def _today() -> date:
    return datetime.now(UTC).astimezone(BERLIN).date()


def _effective(on: date | datetime) -> Effective | None:
    if isinstance(on, datetime):
        return Effective(on)
    return None if on == _today() else Effective.on(on)
