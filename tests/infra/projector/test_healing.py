"""What is tried again while the projector goes on, or not to its end, is neither lost nor passed over."""

from dataclasses import replace
from typing import Any

import pytest

from domain.efile.commands import FileDocument
from domain.kernel import Recorded
from infra.database import Database
from infra.ledger import Ledger
from infra.projector import filling, rebuild, retry
from infra.projector.fold import Failure
from infra.projector.healing import _Healing
from projections.model import Projection
from tests.infra.projector.faulty import CASES, EVENT, Faulty, a_command, aside, begun, bothered, projector, raises
from tests.infra.projector.office import Office
from tests.infra.projector.tables import CODEC, folded, rows, status_of


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def office(ledger: Ledger) -> Office:
    return Office(ledger)


@pytest.fixture
def faulty(database: Database, office: Office) -> Faulty:
    """A read model of which one row stands still, at the first of three events."""
    faulty = Faulty(raises)
    begun(database, office, faulty)
    assert faulty.victim is not None
    bothered(office, faulty.victim)
    projector(database, EVENT, faulty.projection).catch_up()
    return faulty


def test_what_the_projector_sets_aside_behind_a_retry_is_retried_too(
    database: Database, office: Office, faulty: Faulty, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert faulty.victim is not None
    victim = faulty.victim
    following = projector(database, EVENT, faulty.projection)
    tried = _Healing._attempt

    def late(self: _Healing, *given: Any) -> Any:
        monkeypatch.setattr(_Healing, "_attempt", tried)
        office.do(a_command(office, FileDocument), victim)
        following.catch_up()
        faulty.mended = True
        return self._attempt(*given)

    monkeypatch.setattr(_Healing, "_attempt", late)
    (healed,) = retry(database, CODEC, faulty.projection)
    assert (healed.healed, healed.left, aside(database)) == (4, 0, [])
    office.do(a_command(office, FileDocument), victim)
    projector(database, EVENT, faulty.projection).catch_up()
    assert rows(database, CASES) == folded(database, CASES)


def test_a_row_still_stands_still_when_a_retry_is_killed_half_way(
    database: Database, office: Office, faulty: Faulty, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert faulty.victim is not None
    victim = faulty.victim

    def fold(row: Any, event: Recorded) -> Any:
        found = CASES.fold(row, event)
        unstorable = event.record_id == victim and event.version == 3
        return replace(found, corrections=2**70) if unstorable else found

    def killed(self: _Healing, relation: str, found: Failure) -> None:
        raise Killed

    fingerprint = status_of(database, CASES).fingerprint
    with monkeypatch.context() as patched:
        patched.setattr("infra.projector.healing.fingerprint", lambda *_: fingerprint)
        patched.setattr(_Healing, "_failed", killed)
        half_mended: Projection = replace(CASES, fold=fold)
        with pytest.raises(Killed):
            retry(database, CODEC, half_mended)
    left = aside(database)
    assert [each.error for each in left] == [None, None]
    office.do(a_command(office, FileDocument), victim)
    faulty.mended = True
    projector(database, EVENT, faulty.projection).catch_up()
    assert len(aside(database)) == 3
    (healed,) = retry(database, CODEC, faulty.projection)
    assert (healed.healed, healed.left) == (3, 0)
    assert rows(database, CASES) == folded(database, CASES)


def test_however_much_waits_behind_one_bad_event_the_other_rows_are_rebuilt(
    database: Database, faulty: Faulty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "MOST_SET_ASIDE", 2)
    before = [(each.position, each.error) for each in aside(database)]
    assert len(before) > 2
    assert rebuild(database, CODEC, faulty.projection, (), fold_seconds=0.3).equal
    assert [(each.position, each.error) for each in aside(database)] == before
