"""The simulated clock: office hours, work that waits its turn, and what happens when there is enough."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel import BERLIN
from domain.library.commands import AcquireItem, ReturnItem
from domain.library.vocabulary import MediaType
from domain.requests import Outcome, Request
from infra.demo.people import People
from infra.demo.season import LIBRARY, OFFICES, Course, easter, is_closed
from infra.demo.simulation import CHUNK, NotPlausible, Phase, Simulation, Work
from infra.ledger import Ledger

pytestmark = pytest.mark.any_server


class Nobody:
    """Nothing is handed in here: these tests are about time."""

    def handle_all(self, requests: list[Request], moments: list[datetime]) -> list[Outcome | Exception]:
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
    assert not is_closed(local.date())
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


def test_the_city_goes_on_while_a_batch_is_recorded_and_counts_it_with_the_next() -> None:
    handed_in: list[int] = []

    class Desk:
        """Counts what comes in, one event for each request."""

        def handle_all(self, requests: list[Request], moments: list[datetime]) -> list[Outcome | Exception]:
            assert moments == [simulation.now] * len(requests)
            first = sum(handed_in) + 1
            handed_in.append(len(requests))
            return [
                Outcome(
                    command_id=request.command_id,
                    record_id=UUID(int=1),
                    version=1,
                    first_position=position,
                    last_position=position,
                )
                for position, request in enumerate(requests, first)
            ]

    simulation = Simulation(
        Desk(), seed=1, begin=date(2026, 1, 1), end=date(2026, 3, 1), limit=100_000, progress=lambda phase: None
    )
    desk, command = People(simulation).staff("42"), ReturnItem(branch="Bilk")
    for _ in range(CHUNK):
        simulation.do(desk, command, UUID(int=1))
    assert (simulation.recorded, simulation.expected("library")) == (0, CHUNK), "not waited for"
    for _ in range(CHUNK):
        simulation.do(desk, command, UUID(int=1))
    assert (simulation.recorded, simulation.expected("library")) == (CHUNK, 2 * CHUNK)
    simulation.do(desk, command, UUID(int=1))
    simulation.flush()
    assert (simulation.recorded, simulation.last_position) == (2 * CHUNK + 1, 2 * CHUNK + 1)
    assert handed_in == [CHUNK, CHUNK, 1]
    simulation.also({"library": 4})
    assert (simulation.recorded, simulation.last_position) == (2 * CHUNK + 5, 2 * CHUNK + 5)
    simulation.close()


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


def test_closed_days_are_those_of_the_land_and_of_the_offices() -> None:
    closed = ("2025-04-18", "2025-04-21", "2025-05-29", "2025-06-09", "2025-06-19", "2025-10-03", "2025-12-24")
    assert all(is_closed(date.fromisoformat(day)) for day in closed)
    assert not is_closed(date(2025, 10, 31)), "the Reformation is kept elsewhere"
    assert [easter(year) for year in (2024, 2025, 2026, 2038)] == [
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2038, 4, 25),
    ]


def test_busy_and_slack_months_make_a_usual_year() -> None:
    assert all(abs(sum(months) / 12 - 1) < 0.01 for months in (OFFICES, LIBRARY))
    course = Course("efile", date(2025, 1, 1), date(2026, 1, 1))
    assert abs(course.until(date(2026, 1, 1)) - 365) < 5
    august = course.until(date(2025, 9, 1)) - course.until(date(2025, 8, 1))
    december = course.until(date(2026, 1, 1)) - course.until(date(2025, 12, 1))
    assert december > 1.5 * august
    assert course.until(date(2024, 1, 1)) == 0
