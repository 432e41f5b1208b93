"""What the database cannot keep is the caller's to mend, not an outage."""

from datetime import date

import pytest

from domain.efile.commands import DefineFilePlanUnit
from domain.efile.vocabulary import DisposalKind
from domain.kernel import Invalid
from domain.requests import Outcome, Request
from infra.ledger import Ledger
from tests.database import CLERK

pytestmark = pytest.mark.database


def plan(code: str, legal_basis: str | None = None) -> Request:
    command = DefineFilePlanUnit(
        code=code,
        title="Organisation",
        retention_years=10,
        disposal_kind=DisposalKind.ARCHIVE,
        valid_from=date(2020, 1, 1),
    )
    return Request(command=command, principal=CLERK, idempotency_key=code, legal_basis=legal_basis)


def test_a_character_that_cannot_be_stored_is_invalid_input(ledger: Ledger) -> None:
    with pytest.raises(Invalid):
        ledger.handle(plan("10.01", "\0"))


def test_among_many_it_hinders_no_other(ledger: Ledger) -> None:
    answers = ledger.handle_all([plan("10.01"), plan("10.02", "\0"), plan("10.03")])
    assert [type(answer) for answer in answers] == [Outcome, Invalid, Outcome]
