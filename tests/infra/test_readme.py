"""The README's examples, asked of a small ledger: the answers in it are the real ones."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from domain.efile.commands import CorrectCase, DefineFilePlanUnit, FileDocument, OpenCase, OpenFile
from domain.efile.vocabulary import CaseField, DisposalKind, DocumentKind
from domain.families import FAMILIES
from domain.kernel import BERLIN, Command, Effective, Sealed
from domain.library.commands import AcquireItem, LendItem, PlaceHold, RegisterPatron
from domain.library.vocabulary import AgeBand, MediaType
from domain.requests import Request
from infra.asgi.app import create_app
from infra.asgi.server import serving
from infra.database import Database
from infra.ledger import Ledger
from infra.projector import Projector
from infra.settings import Settings
from projections.families import PROJECTIONS, REPORTS
from tests.database import CLERK

pytestmark = pytest.mark.database

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```graphql\n(.*?)^```\n.*?^```json\n(.*?)^```\n", README, re.MULTILINE | re.DOTALL)
RECORDED_AT = re.compile(r'("recordedAt": ?")\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"')


@dataclass
class Town:
    """Does what is handed in, in the order of the pages below, under keys that number it: so every id is fixed."""

    ledger: Ledger
    done: int = field(default=0)

    def do(self, command: Command, when: datetime | date, record: UUID | None = None) -> UUID:
        self.done += 1
        effective = Effective(when) if isinstance(when, datetime) else Effective.on(when)
        request = Request(
            command=command,
            principal=CLERK,
            idempotency_key=f"readme:{self.done}",
            record_id=record,
            effective=effective,
        )
        return self.ledger.handle(request).record_id


def at(month: int, day: int, hour: int) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=BERLIN)


def letter(title: str) -> FileDocument:
    return FileDocument(
        document_kind=DocumentKind.INCOMING,
        title=Sealed(title),
        filename=Sealed("scan.pdf"),
        mime="application/pdf",
        size=51_200,
        sha256="5f" * 32,
    )


def a_corrected_case(town: Town) -> None:
    """A letter is booked days after it came, then the subject is corrected."""
    plan = DefineFilePlanUnit(
        code="63.10",
        title="Baugenehmigungen",
        retention_years=30,
        disposal_kind=DisposalKind.APPRAISE,
        valid_from=date(2020, 1, 1),
    )
    unit = town.do(plan, at(1, 7, 9))
    file = OpenFile(
        reference="63.10-2026/00042",
        subject=Sealed("Lindenstraße"),
        plan_unit_id=unit,
        lead_unit="63",
        custodian_unit="63",
    )
    opened = at(3, 2, 9)
    case = OpenCase(
        file_id=town.do(file, opened),
        plan_unit_id=unit,
        reference="63.10-2026/00042-01",
        subject=Sealed("Neubau eines Mehrfamilienhauses, Lindenstraße 12"),
        lead_unit="63",
        custodian_unit="63",
    )
    record = town.do(case, opened)
    town.do(letter("Bauantrag"), at(3, 9, 11), record)
    town.do(letter("Stellplatznachweis"), date(2026, 3, 4), record)
    correction = CorrectCase(
        field=CaseField.SUBJECT,
        new_sealed=Sealed("Neubau eines Mehrfamilienhauses, Lindenstraße 21"),
        reason=Sealed("Hausnummer verwechselt."),
    )
    town.do(correction, opened, record)


def an_overdue_loan(town: Town) -> None:
    """A book is overdue while another reader waits for it."""
    readers = [
        RegisterPatron(name=Sealed(name), card_number=Sealed(card), age_band=AgeBand.ADULT, branch="Zentralbibliothek")
        for name, card in (("Jörg Müller", "D-100"), ("Änne Weiß", "D-101"))
    ]
    borrower, waiting = (town.do(reader, at(4, 1, 10)) for reader in readers)
    book = AcquireItem(barcode="100000042", title="Effi Briest", media_type=MediaType.BOOK, branch="Zentralbibliothek")
    item = town.do(book, at(4, 1, 11))
    town.do(LendItem(patron=borrower, branch="Zentralbibliothek"), at(4, 2, 15), item)
    town.do(PlaceHold(patron=waiting, pickup_branch="Benrath"), at(4, 20, 12), item)


@pytest.fixture
def client(database: Database, ledger: Ledger) -> Iterator[httpx.Client]:
    town = Town(ledger)
    a_corrected_case(town)
    an_overdue_loan(town)
    Projector(database, FAMILIES, PROJECTIONS, REPORTS).catch_up()
    with serving(create_app(Settings(), database, ledger)) as address, httpx.Client(base_url=address) as client:
        yield client


def shown(answer: str) -> Any:
    """An answer, but for when it was recorded: that is now."""
    return json.loads(RECORDED_AT.sub(r'\1…"', answer))


def test_the_examples_of_the_readme_are_answered_as_it_says(client: httpx.Client) -> None:
    assert len(EXAMPLES) == 3
    for query, answer in EXAMPLES:
        response = client.post("/graphql", json={"query": query})
        answered = shown(response.text)
        answered.pop("extensions", None)  # the position it reflects
        assert answered == shown(answer), json.dumps(response.json(), indent=2, ensure_ascii=False)
