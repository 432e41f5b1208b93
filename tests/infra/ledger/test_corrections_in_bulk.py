"""What is corrected in the same breath as it is recorded is still tied to where it stands."""

from __future__ import annotations

import json
from datetime import date
from uuid import UUID

import psycopg
import pytest

from domain.efile.commands import CorrectFile, DefineFilePlanUnit, OpenFile
from domain.efile.vocabulary import DisposalKind, FileField
from domain.kernel import Command, Sealed
from domain.requests import Outcome, Request
from infra.ledger import Ledger
from tests.database import CLERK

pytestmark = pytest.mark.database


def ask(command: Command, key: str, record_id: UUID | None = None) -> Request:
    return Request(command=command, principal=CLERK, idempotency_key=key, record_id=record_id)


def test_a_correction_sent_together_with_what_it_corrects_names_its_position(
    ledger: Ledger, admin: psycopg.Connection[tuple[object, ...]]
) -> None:
    plan = DefineFilePlanUnit(
        code="10.01",
        title="Organisation",
        retention_years=10,
        disposal_kind=DisposalKind.ARCHIVE,
        valid_from=date(2020, 1, 1),
    )
    unit = ledger.handle(ask(plan, "plan")).record_id
    file = UUID(int=77)
    opened = OpenFile(
        reference="10.01-2026/1", subject=Sealed("Müßiggang"), plan_unit_id=unit, lead_unit="10", custodian_unit="10"
    )
    corrected = CorrectFile(
        field=FileField.SUBJECT, new=None, new_sealed=Sealed("Muße"), reason=Sealed("Schreibfehler")
    )
    answers = ledger.handle_all([ask(opened, "open", file), ask(corrected, "correct", file)])
    assert [type(answer) for answer in answers] == [Outcome, Outcome]
    rows = admin.execute(
        "select position, body::text from ledger.event where record_id = %s order by 1", [file]
    ).fetchall()
    (first, _), (_, body) = rows
    assert json.loads(str(body))["corrected_position"] == first
