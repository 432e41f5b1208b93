"""The proof holds live rows, rebuild and plain fold against each other, and sees which is not as the others."""

from dataclasses import replace
from typing import Any

import pytest
from psycopg.sql import SQL, Identifier

from domain.efile.commands import TransferCaseLeadUnit
from domain.families import FAMILIES
from domain.kernel import Recorded, Sealed
from infra.cli.proving import as_json, checksums, described
from infra.database import Database
from infra.ledger import Ledger
from infra.projector import Projector, Proof, prove
from infra.projector.events import connect
from projections.families import PROJECTIONS
from projections.model import Projection, find
from tests.infra.projector.office import Office
from tests.infra.projector.tables import CODEC, folded, relation_of, tables_of

pytestmark = pytest.mark.any_server

EVENT = find(PROJECTIONS, "event")
CASES = find(PROJECTIONS, "case_record")
SOME = (EVENT, find(PROJECTIONS, "record"), CASES, find(PROJECTIONS, "document"))


@pytest.fixture
def office(ledger: Ledger) -> Office:
    return Office(ledger)


def followed(database: Database, *projections: Projection) -> None:
    Projector(database, FAMILIES, projections, ()).catch_up()


@pytest.mark.parametrize("share", [7, 250_000])
def test_all_of_them_are_equal_whatever_share_of_the_keys_is_folded_at_once(
    database: Database, office: Office, share: int
) -> None:
    office.work(80)
    followed(database, *SOME)
    live = {each.name: tables_of(database, each) for each in SOME}
    for each, proof in zip(SOME, prove(database, CODEC, SOME, share_events=share), strict=True):
        assert proof.equal, described(proof)
        assert len(set(checksums(proof).values())) == 1
        assert proof.rebuilt.rows == len(folded(database, each))
        assert "live = rebuilt = folded" in described(proof)
    assert {each.name: tables_of(database, each) for each in SOME} == live, "nothing is replaced, nothing is left"


def one(database: Database, projection: Projection) -> Proof:
    (proof,) = prove(database, CODEC, (projection,))
    return proof


def test_a_live_row_that_somebody_changed_is_seen_and_left(database: Database, office: Office) -> None:
    office.work(60)
    followed(database, CASES)
    with connect(database.conninfo("projector")) as connection:
        table = Identifier("read", relation_of(database, CASES))
        connection.execute(SQL("update {} set lead_unit = 'x' where record_id = %s").format(table), (office.cases[0],))
    for _ in range(2):
        proof = one(database, CASES)
        assert not proof.equal
        assert proof.folded is not None
        assert proof.folded.checksum == proof.rebuilt.checksum != proof.rebuilt.live_checksum
        assert "NOT EQUAL" in described(proof)
        assert "lead_unit is 'x' (no event)" in described(proof)


def test_what_rebuild_and_live_rows_have_in_common_is_seen_by_the_plain_fold(
    database: Database, office: Office
) -> None:
    office.work(60)
    folds: list[Recorded] = []
    often = 0

    def fold(row: Any, event: Recorded) -> Any:
        """Not pure: from some time on it makes other rows."""
        folds.append(event)
        made = CASES.fold(row, event)
        return replace(made, lead_unit="x") if made and 0 < often < len(folds) else made

    failing = replace(CASES, fold=fold)
    followed(database, failing)
    often = 2 * len(folds)  # live, and once more in the rebuild
    proof = one(database, failing)
    assert (proof.rebuilt.equal, proof.equal) == (True, False)
    assert "NOT EQUAL" in described(proof)


def test_rows_that_stand_still_are_not_said_to_be_proved(database: Database, office: Office) -> None:
    office.work(60)

    def fold(row: Any, event: Recorded) -> Any:
        if event.version == 2 and event.record_id == office.cases[0]:
            raise ValueError("never seen before")
        return CASES.fold(row, event)

    poisoned = replace(CASES, fold=fold)
    office.do(TransferCaseLeadUnit(new_lead_unit="99", reason=Sealed("Umzug")), office.cases[0])
    followed(database, poisoned)
    proof = one(database, poisoned)
    assert (proof.rebuilt.equal, proof.folded, proof.equal) == (True, None, False)
    assert "rows stand still" in described(proof)
    assert as_json(proof)["checksums"]["folded"] is None


def test_what_is_recorded_meanwhile_changes_nothing(database: Database, office: Office) -> None:
    office.work(40)
    followed(database, *SOME)
    more = iter(range(12))

    def tell(_: object) -> None:
        if next(more, None) is not None:
            office.work(5)
            followed(database, *SOME)

    proofs = prove(database, CODEC, SOME, progress=tell)
    assert all(proof.equal for proof in proofs), [described(proof) for proof in proofs]
    assert len({proof.rebuilt.position for proof in proofs}) > 1
