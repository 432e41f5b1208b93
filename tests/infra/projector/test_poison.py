"""Poison at any event of a row costs that row alone, whichever way the table is made: followed, rebuilt, caught up."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from domain.efile.commands import FileDocument, OpenCase
from domain.kernel import Recorded
from infra.database import Database
from infra.ledger import Ledger
from infra.projector import PartsMissing, Sizes, rebuild, retry, state
from infra.projector.compare import contents
from infra.projector.guard import Guard
from infra.projector.shadow import Shadow
from infra.projector.table import Table
from infra.projector.terms import bench
from projections.model import fold_all
from tests.infra.projector.faulty import (
    CASES,
    EVENT,
    Faulty,
    a_command,
    aside,
    bothered,
    endless,
    projector,
    raises,
    too_large,
    too_long,
    unprintable,
)
from tests.infra.projector.office import Office, events_of
from tests.infra.projector.tables import CODEC, folded, relation_of, rows, status_of

WAYS = [(bad, version, False) for version in (1, 2) for bad in (raises, too_large, too_long, unprintable, endless)]
WAYS += [(bad, 2, True) for bad in (too_large, too_long, unprintable)]


@pytest.fixture
def office(ledger: Ledger) -> Office:
    return Office(ledger)


def bothering(office: Office, faulty: Faulty) -> int:
    """A few cases, the victim with four events among them; answers the position before it is opened."""
    office.work(20)
    before = office.last_position
    faulty.victim = office.do(a_command(office, OpenCase)).record_id
    bothered(office, faulty.victim, others=2)
    return before


def expected(database: Database, faulty: Faulty) -> tuple[dict[Any, Any], list[int]]:
    """The rows, with the victim's as it was before the bad event, and the positions that are set aside."""
    known = events_of(database, CODEC)
    own = [event for event in known if event.record_id == faulty.victim]
    others = [event for event in known if event.record_id != faulty.victim]
    left = own[faulty.version - 1 :]
    return fold_all(CASES, [*others, *own[: faulty.version - 1]]), [event.position for event in left]


def found(database: Database) -> tuple[dict[Any, Any], list[int]]:
    """As above, as the database has it."""
    first, *others = aside(database)
    assert (bool(first.error), {each.error for each in others}) == (True, {None})
    return rows(database, CASES), [each.position for each in (first, *others)]


@pytest.mark.parametrize(
    ("bad", "version", "then_raises"),
    WAYS,
    ids=[f"{bad.__name__}-{version}{'-raises' * then}" for bad, version, then in WAYS],
)
def test_poison_costs_one_row_whichever_way_the_table_is_made(
    database: Database, office: Office, bad: Callable[[Any], Any], version: int, then_raises: bool
) -> None:
    faulty = Faulty(bad, version=version, then_raises=then_raises)
    follows = projector(database, faulty.projection)
    follows.catch_up()
    before = bothering(office, faulty)
    follows.catch_up()
    right = expected(database, faulty)
    assert found(database) == right

    reached(database, faulty, before)
    rebuilt = rebuild(database, CODEC, faulty.projection, (), from_zero=True, fold_seconds=0.3)
    assert (rebuilt.equal, rebuilt.rows) == (True, len(right[0]))
    assert found(database) == right

    (still,) = retry(database, CODEC, faulty.projection, seconds=0.3)
    assert (still.healed, still.left) == (0, len(right[1]))
    assert found(database) == right
    faulty.mended = True
    (healed,) = retry(database, CODEC, faulty.projection, seconds=0.3)
    assert (healed.healed, healed.left) == (len(right[1]), 0)
    assert (rows(database, CASES), aside(database)) == (folded(database, CASES), [])


def reached(database: Database, faulty: Faulty, before: int) -> None:
    """A table that is filled to before the victim's first event and catches up from there is like the live one."""
    guard = Guard(0.3)
    with bench(database) as tools:
        live = state.states(tools.keeping, [CASES.name])[CASES.name]
        shadow = Shadow(faulty.projection, CODEC, tools.writing, tools.reading, guard, Sizes())
        shadow.begin(live, 1, before)
        for part in shadow.missing():
            shadow.filler().fill(part, lambda share: None)
        shadow.finish()
        shadow.reach(live.position, lambda position: None)
        assert live.relation is not None
        there = Table(shadow.shape, live.relation)
        assert contents(tools.looking, shadow.table) == contents(tools.looking, there)
        positions = "select array_agg(position order by position) from projector.quarantine where relation = %s"
        own, other = (tools.looking.execute(positions, (table.relation,)).fetchone() for table in (shadow.table, there))
        assert own == other
    guard.close()


@pytest.mark.parametrize("bad", [too_large, too_long])
@pytest.mark.parametrize(("version", "then_raises"), [(1, False), (2, True)])
def test_poison_in_a_city_without_read_models_costs_one_row_too(
    database: Database, office: Office, version: int, then_raises: bool, bad: Callable[[Any], Any]
) -> None:
    faulty = Faulty(bad, version=version, then_raises=then_raises)
    bothering(office, faulty)
    projector(database, faulty.projection, EVENT).catch_up()
    assert found(database) == expected(database, faulty)
    assert rows(database, EVENT) == folded(database, EVENT)


def test_a_table_with_a_part_that_is_not_filled_is_never_shown(database: Database, office: Office) -> None:
    office.work(5)
    projector(database, CASES).catch_up()
    before = rows(database, CASES)
    with pytest.raises(PartsMissing, match="parts 0 are not filled: run `stadtbuch rebuild case_record`"):
        rebuild(database, CODEC, CASES, (), elsewhere=lambda declared, shadow, parts, tell: None)
    assert rows(database, CASES) == before
    assert rebuild(database, CODEC, CASES, ()).equal


def test_a_read_model_that_cannot_be_built_says_why_and_the_next_one_is_built(
    database: Database, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.work(5)
    odd = Faulty(too_large)

    def unprepared(self: Shadow, live: state.State, workers: int, target: int, cut: object = None) -> None:
        if self.projection is odd.projection:
            raise LookupError("nobody thought of this")
        begin(self, live, workers, target)

    begin = Shadow.begin
    monkeypatch.setattr(Shadow, "begin", unprepared)
    projector(database, odd.projection, EVENT).catch_up()
    stands = status_of(database, CASES)
    assert (stands.status, stands.error) == ("building", "nobody thought of this")
    assert rows(database, EVENT) == folded(database, EVENT)


def test_a_value_too_long_for_an_index_costs_one_row_in_a_build_that_is_gone_on_with(
    database: Database, office: Office
) -> None:
    faulty = Faulty(too_long)
    bothering(office, faulty)
    stopped = False

    def at_the_second_attempt(told: object) -> None:
        nonlocal stopped
        with psycopg.connect(database.admin) as admin:
            found = admin.execute("select count(*) from projector.build where generation > 1").fetchone()
        if found != (0,) and not stopped:
            stopped = True
            raise KeyboardInterrupt

    small = Sizes(chunk=10, part_events=20)
    with pytest.raises(KeyboardInterrupt):
        rebuild(database, CODEC, faulty.projection, (), progress=at_the_second_attempt, sizes=small)
    rebuild(database, CODEC, faulty.projection, (), sizes=small)
    assert found(database) == expected(database, faulty)


def test_a_row_that_cannot_be_stored_late_in_a_long_life_is_folded_a_few_times_only(
    database: Database, office: Office
) -> None:
    events = 20
    faulty = Faulty(too_large, version=events - 1)
    office.work(20)
    faulty.victim = office.do(a_command(office, OpenCase)).record_id
    for _ in range(events - 1):
        office.work(2)
        office.do(a_command(office, FileDocument), faulty.victim)
    folds = 0

    def counted(row: Any, event: Recorded) -> Any:
        nonlocal folds
        folds += event.record_id == faulty.victim
        return faulty.fold(row, event)

    projector(database, replace(faulty.projection, fold=counted)).catch_up()
    assert found(database) == expected(database, faulty)
    assert events <= folds <= 6 * events  # at once, carefully, one event after the other, and up to the bad one


@pytest.mark.parametrize("bad", [raises, endless], ids=["raises", "endless"])
def test_a_difference_is_told_as_far_as_the_fold_goes(
    database: Database, office: Office, bad: Callable[[Any], Any]
) -> None:
    faulty = Faulty(bad)
    faulty.mended = True
    bothering(office, faulty)
    projector(database, faulty.projection).catch_up()
    with psycopg.connect(database.admin, autocommit=True) as admin:
        changed = SQL("update read.{} set lead_unit = 'xx' where record_id = %s")
        admin.execute(changed.format(Identifier(relation_of(database, CASES))), (faulty.victim,))

    def breaks(told: object) -> None:
        faulty.mended = False

    rebuilt = rebuild(database, CODEC, faulty.projection, (), progress=breaks, fold_seconds=0.3)
    (difference,) = rebuilt.differences
    own = [event.position for event in events_of(database, CODEC) if event.record_id == faulty.victim]
    assert difference.events == tuple(own)
    assert difference.origins["lead_unit"].rebuilt == own[0]
    assert rows(database, CASES) == folded(database, CASES)
