"""Rebuilds that are asked for through the API: one at a time, and called off from any process."""

import asyncio
import threading
from dataclasses import replace
from typing import Any

import pytest

from domain.families import FAMILIES
from domain.requests import Refused
from infra.asgi.rebuilds import Rebuilds
from infra.database import Database
from infra.ledger import Ledger
from infra.projector import Projector
from infra.projector.cancelling import CalledOff, call_off
from projections.families import PROJECTIONS
from projections.model import OnFailure, Projection, find
from tests.infra.projector.office import Office
from tests.infra.projector.tables import relation_of, rows, status_of
from tests.waiting import until

CASES = find(PROJECTIONS, "case_record")


class Held:
    """A read model whose fold waits, from its first event on, until it may go on."""

    def __init__(self, projection: Projection) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()
        self.projection = replace(projection, fold=self._fold)
        self._plain = projection.fold

    def _fold(self, row: Any, event: Any) -> Any:
        self.reached.set()
        self.go_on.wait(30)
        return self._plain(row, event)


@pytest.fixture
def filled(database: Database, ledger: Ledger) -> Database:
    """A database with cases, and their register as it was folded live."""
    Office(ledger).work(30)
    Projector(database, FAMILIES, (CASES,), ()).catch_up()
    return database


def test_one_is_made_in_the_background_and_takes_the_place_of_the_rows(filled: Database) -> None:
    before, live = relation_of(filled, CASES), rows(filled, CASES)
    with Rebuilds(filled, FAMILIES, (CASES,), ()) as rebuilds:
        asyncio.run(rebuilds.rebuild("case_record"))
        until(lambda: relation_of(filled, CASES) != before or None)
    assert rows(filled, CASES) == live


def test_only_one_runs_and_it_is_called_off_from_anywhere(filled: Database) -> None:
    before, held = relation_of(filled, CASES), Held(CASES)

    async def asked(rebuilds: Rebuilds) -> None:
        begins = asyncio.create_task(rebuilds.rebuild("case_record"))
        await asyncio.get_running_loop().run_in_executor(None, held.reached.wait)
        with pytest.raises(Refused, match="Another rebuild"):
            await rebuilds.rebuild("case_record")
        await rebuilds.cancel("case_record")
        held.go_on.set()
        await begins

    with Rebuilds(filled, FAMILIES, (held.projection,), ()) as rebuilds:
        asyncio.run(asked(rebuilds))
    assert relation_of(filled, CASES) == before
    assert status_of(filled, CASES).building_done is None


def test_another_process_that_rebuilds_is_in_the_way(filled: Database) -> None:
    held = Held(CASES)

    async def asked(first: Rebuilds, second: Rebuilds) -> None:
        begins = asyncio.create_task(first.rebuild("case_record"))
        await asyncio.get_running_loop().run_in_executor(None, held.reached.wait)
        with pytest.raises(Refused, match="Another rebuild"):
            await second.rebuild("case_record")
        held.go_on.set()
        await begins

    here, there = (Rebuilds(filled, FAMILIES, (held.projection,), ()) for _ in range(2))
    with here as first, there as second:
        asyncio.run(asked(first, second))


def test_one_that_fails_leaves_the_rows_and_is_told_in_the_log(
    filled: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(row: Any, event: Any) -> Any:
        raise ValueError("no fold")

    before = relation_of(filled, CASES)
    with Rebuilds(filled, FAMILIES, (replace(CASES, fold=fails, on_failure=OnFailure.PAUSE),), ()) as rebuilds:
        asyncio.run(rebuilds.rebuild("case_record"))
    assert relation_of(filled, CASES) == before
    assert "the rebuild of case_record failed" in caplog.text


def test_only_the_read_model_that_is_named_is_called_off(database: Database) -> None:
    with CalledOff(database, "file") as file, CalledOff(database, "title") as title:
        assert (file(), title()) == (False, False)
        call_off(database, "title")
        until(lambda: title() or None)
        assert file() is False
    with CalledOff(database, "title") as again:
        assert again() is False, "that was the one before"
