"""The simulated clock: office hours, work that waits its turn, and what happens when there is enough."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel import BERLIN
from domain.library.commands import AcquireItem, ReturnItem
from domain.library.vocabulary import MediaType
from domain.requests import Outcome, Request
from infra.demo.people import People
from infra.demo.simulation import NotPlausible, Phase, Simulation, Work
from infra.ledger import Ledger

pytestmark = pytest.mark.any_server


class Nobody:
    """Nothing is handed in here: these tests are about time."""

    def handle_all(self, requests: list[Request]) -> list[Outcome | Exception]:
        raise AssertionError(f"{len(requests)} requests were handed in")


def a_simulation(seed: int = 1) -> Simulation:
    return Simulation(
        Nobody(), seed=seed, begin=date(2026, 1, 1), end=date(2026, 3, 1), limit=100, progress=lambda phase: None
    )


@given(
    st.integers(0, 800 * 86_400).map(lambda seconds: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)),
    st.integers(0, 9),
)
def test_work_is_done_in_working_hours_and_never_before_its_time(moment: datetime, seed: int) -> None:
    simulation = a_simulation(seed)
    at = simulation.at_work(moment)
    local = at.astimezone(BERLIN)
    assert at >= moment
    assert local.weekday() < 5
    assert 8 <= local.hour < 17


@given(st.floats(0.01, 400), st.integers(0, 9))
def test_later_is_half_to_one_and_a_half_times_as_late(days: float, seed: int) -> None:
    simulation = a_simulation(seed)
    gone = (simulation.after(days) - simulation.now) / timedelta(days=1)
    assert days * 0.5 - 0.001 <= gone <= days * 1.5


def test_work_is_resumed_in_the_order_of_time() -> None:
    simulation = a_simulation()
    seen: list[tuple[str, datetime]] = []

    def work(name: str, *hours: int) -> Work:
        for hour in hours:
            yield simulation.begin + timedelta(hours=hour)
            seen.append((name, simulation.now))

    simulation.start(work("slow", 5, 50))
    simulation.start(work("fast", 1, 9))
    simulation.run(enough=10)
    assert [name for name, _ in seen] == ["fast", "slow", "fast", "slow"]
    assert [now for _, now in seen] == sorted(now for _, now in seen)
    assert simulation.now == simulation.end


def test_nothing_happens_after_the_end() -> None:
    simulation = a_simulation()
    seen: list[datetime] = []

    def work() -> Work:
        while True:
            yield simulation.now + timedelta(days=7)
            seen.append(simulation.now)

    simulation.start(work())
    simulation.run(enough=10)
    assert seen
    assert max(seen) < simulation.end


def test_when_there_is_enough_only_what_is_needed_goes_on() -> None:
    simulation = a_simulation()
    seen: list[str] = []

    def work(name: str) -> Work:
        for _ in range(3):
            yield simulation.now + timedelta(days=1)
            seen.append(name)

    simulation.start(work("any"))
    simulation.start(work("needed"), needed=True)
    simulation.run(enough=0)
    assert seen == ["needed", "needed", "needed"]


def test_what_the_ledger_refuses_is_a_fault_of_the_generator(ledger: Ledger) -> None:
    phases: list[Phase] = []
    simulation = Simulation(
        ledger, seed=1, begin=date(2026, 1, 1), end=date(2026, 3, 1), limit=3, progress=phases.append
    )
    desk = People(simulation).staff("42")
    item = simulation.do(
        desk, AcquireItem(barcode="1", title="Heidi", media_type=MediaType.BOOK, branch="Bilk"), effective=None
    )
    with pytest.raises(NotPlausible, match=r"ReturnItem.*library\.item_not_on_loan"):
        simulation.do(desk, ReturnItem(branch="Bilk"), item)
