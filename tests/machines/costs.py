"""Cost figures at random: products defined, their effort set, corrected and retired."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from uuid import UUID

from domain.costs import FAMILY
from domain.costs import commands as c
from domain.costs.facts import CostFigureCorrected, CostFigureRetired, EffortSet
from domain.costs.state import CostFigure
from domain.costs.vocabulary import FigureField
from domain.kernel import Money, Sealed
from tests.machines.deputies import with_deputies
from tests.machines.machine import Attempt, Machine, Scene, Stage, World

AMOUNTS = ("minutes", "hourly_rate", "overhead_percent", "material")


def a_month(scene: Scene, after: date) -> date:
    """The first day of a month after this one; now and then another day."""
    return scene.often((after.replace(day=1) + timedelta(days=32)).replace(day=1), after, after + timedelta(days=3))


def an_amount(scene: Scene) -> Money:
    return Money(Decimal(scene.random.randint(0, 9_999)) / 100)


def defining(scene: Scene, product: str) -> c.DefineCostFigure:
    return c.DefineCostFigure(
        product=product,
        title=scene.number("Produkt "),
        valid_from=a_month(scene, date(2026, 1, 1)),
        minutes=scene.random.randint(0, 90),
        hourly_rate=an_amount(scene),
        material=an_amount(scene),
    )


def define(scene: Scene) -> Attempt:
    return Attempt(command=defining(scene, scene.number("town.product_")))


def define_twice(scene: Scene) -> Attempt:
    return Attempt(command=defining(scene, scene.taken("costs.product")))


def define_on_a_record(scene: Scene) -> Attempt:
    record, _ = scene.some(CostFigure)
    return Attempt(command=defining(scene, scene.number("town.product_")), record=record)


def set_effort(scene: Scene) -> Attempt:
    record, figure = scene.some(CostFigure)
    last = figure.efforts[-1]
    same = scene.chance(0.2)
    return Attempt(
        command=c.SetEffort(
            valid_from=a_month(scene, last.valid_from),
            minutes=last.minutes if same else scene.random.randint(0, 90),
            hourly_rate=last.hourly_rate if same else an_amount(scene),
            material=last.material if same else an_amount(scene),
            overhead_percent=last.overhead_percent if same else scene.random.randint(0, 30),
        ),
        record=record,
    )


def set_effort_of_nothing(scene: Scene) -> Attempt:
    command = c.SetEffort(
        valid_from=date(2026, 1, 1), minutes=1, hourly_rate=an_amount(scene), material=an_amount(scene)
    )
    return Attempt(command=command, record=UUID(int=scene.random.getrandbits(128)))


def correct(scene: Scene) -> Attempt:
    record, figure = scene.some(CostFigure)
    field = scene.pick(FigureField)
    version = None if field is FigureField.TITLE else scene.random.randint(1, len(figure.efforts))
    new = str(scene.random.randint(0, 3)) if field is not FigureField.TITLE else scene.often(figure.title, "Karte")
    return Attempt(
        command=c.CorrectCostFigure(
            field=field,
            new=new,
            version=scene.often(version, len(figure.efforts) + 1),
            reason=scene.often(scene.text(), Sealed(" ")),
        ),
        record=record,
    )


def retire(scene: Scene) -> Attempt:
    record, figure = scene.some(CostFigure)
    first = figure.efforts[-1].valid_from
    last_day = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    valid_to = scene.often(last_day, first, first - timedelta(days=1))
    return Attempt(
        command=c.RetireCostFigure(valid_to=valid_to, reason=scene.often(scene.text(), Sealed(""))), record=record
    )


def stages(record_id: UUID, figure: CostFigure) -> Iterator[Stage]:
    yield Stage("cost_figure", record_id, "RETIRED" if figure.valid_to else "ACTIVE")


def check(world: World, record_id: UUID) -> None:
    """Months and costs, told from the stored events alone."""
    facts = [event.fact for event in world.events(record_id)]
    efforts = [fact for fact in facts if isinstance(fact, EffortSet)]
    begins = [effort.valid_from for effort in efforts]
    assert begins == sorted(set(begins)), "a month has two figures"
    assert all(day.day == 1 for day in begins)
    assert [effort.version for effort in efforts] == list(range(1, len(efforts) + 1))
    retired = [fact for fact in facts if isinstance(fact, CostFigureRetired)]
    if retired:
        (end,) = retired
        assert (end.valid_to + timedelta(days=1)).day == 1, "a product ends within a month"
        assert end.valid_to >= begins[-1]
        assert not any(isinstance(fact, EffortSet) for fact in facts[facts.index(end) :])
    known: dict[tuple[int | None, str], str] = {}
    for fact in facts:
        if isinstance(fact, EffortSet):
            shown = {name: getattr(fact, name) for name in AMOUNTS}
            texts = {name: str(getattr(value, "amount", value)) for name, value in shown.items()}
            known |= {(fact.version, name): text for name, text in texts.items()}
            assert fact.cost.amount == cost(known, fact.version)
        if isinstance(fact, CostFigureCorrected) and fact.version is not None:
            assert known[fact.version, fact.field] == fact.old != fact.new, "a correction does not begin at what was"
            known[fact.version, fact.field] = fact.new
            assert fact.cost is not None
            assert fact.cost.amount == cost(known, fact.version)


def cost(known: dict[tuple[int | None, str], str], version: int) -> Decimal:
    """What a piece of a version comes to, in hundredths of a cent first, so that it is rounded once."""
    minutes, rate, overhead, material = (Fraction(known[version, name]) for name in AMOUNTS)
    cents = (minutes * rate * (100 + overhead) / 6000 + material) * 100
    return Decimal(floor(cents + Fraction(1, 2))) / 100


MACHINE = Machine(
    family=FAMILY,
    moves=with_deputies((define, define_twice, define_on_a_record, set_effort, set_effort_of_nothing, correct, retire)),
    stages=stages,
    check=check,
    kept_back={
        "costs.figure_exists": "the store creates no record twice: VersionConflict",
        "costs.figure_unknown": "the store knows no figure there: NotFound",
    },
)
