"""Cost coverage on a real database: what products brought in against what they took, month by month."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import dict_row

from domain.cadastre import commands as o
from domain.cadastre.vocabulary import (
    Assurance,
    CancelCause,
    DeliveryChannel,
    Format,
    PaperSize,
    PaymentMethod,
    Product,
)
from domain.costs.commands import CorrectCostFigure, RetireCostFigure, SetEffort
from domain.costs.vocabulary import FigureField
from domain.families import FAMILIES
from domain.kernel import Command, Effective, Money, Sealed
from domain.library import commands as c
from domain.library.vocabulary import AgeBand, MeansOfPayment
from domain.requests import Request
from infra.database import Database
from infra.ledger import Ledger
from infra.projector import Projector
from projections.families import PROJECTIONS, REPORTS
from tests.database import CLERK
from tests.domain.costs.test_figures import a_define, euros

pytestmark = [pytest.mark.database, pytest.mark.any_server]

MAP, EXTRACT = "cadastre.property_map", "cadastre.data_extract"
JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))


class Town:
    """A cadastre office and its treasurer."""

    def __init__(self, ledger: Ledger, database: Database) -> None:
        self.ledger = ledger
        self.database = database
        self.numbers = count(1)

    def do(self, command: Command, record: UUID | None = None, on: date = JANUARY) -> UUID:
        key = f"{next(self.numbers)}"
        return self.ledger.handle(
            Request(command=command, principal=CLERK, idempotency_key=key, record_id=record, effective=Effective.on(on))
        ).record_id

    def paid(self, on: date, product: Product = Product.PROPERTY_MAP) -> UUID:
        """An order that is paid."""
        data = product is Product.DATA_EXTRACT
        order = self.do(
            o.PlaceOrder(
                order_number=f"O-{next(self.numbers)}",
                product=product,
                parcels=("053110001000120003__",),
                format=Format.NAS if data else Format.PDF,
                paper_size=None if data else PaperSize.A4,
                copies=1,
                assurance=Assurance.HIGH,
                requester=Sealed("Ada"),
            ),
            on=on,
        )
        self.do(o.AssessFee(minutes=10 if data else None), order, on)
        fee = self.ledger.stream(order).state.fee
        self.do(o.SettlePayment(amount=fee, method=PaymentMethod.CARD), order, on)
        return order

    def delivered(self, paid: date, delivered: date, product: Product = Product.PROPERTY_MAP) -> None:
        """An order that is paid, and delivered later."""
        order = self.paid(paid, product)
        self.do(o.GenerateProduct(data_as_of=delivered, sha256="ab" * 32), order, delivered)
        self.do(o.DeliverProduct(channel=DeliveryChannel.POST, expires=None), order, delivered)

    def coverage(self) -> list[dict[str, Any]]:
        Projector(self.database, FAMILIES, PROJECTIONS, REPORTS).catch_up()
        with psycopg.connect(self.database.conninfo("reader")) as reader:
            cursor = reader.cursor(row_factory=dict_row)
            return cursor.execute("select * from read.cost_coverage order by month, product").fetchall()


@pytest.fixture
def database(built_database: Database) -> Database:
    return built_database


@pytest.fixture
def town(ledger: Ledger, database: Database) -> Town:
    return Town(ledger, database)


def told(row: dict[str, Any]) -> tuple[Any, ...]:
    names = ("month", "product", "pieces", "income", "effort_version", "cost", "effort", "result", "coverage")
    return tuple(row[name] for name in names)


def test_income_is_held_against_the_figure_that_held_in_the_month(town: Town) -> None:
    figure = town.do(a_define(minutes=20, hourly_rate=euros("60.00"), material=euros("0.00"), valid_from=FEBRUARY))
    town.do(SetEffort(valid_from=MARCH, minutes=60, hourly_rate=euros("60.00"), material=euros("0.00")), figure)
    town.delivered(JANUARY, JANUARY)
    town.delivered(FEBRUARY, date(2026, 2, 28))
    town.delivered(FEBRUARY, MARCH)
    assert [told(row) for row in town.coverage()] == [
        (JANUARY, MAP, 1, 30, None, None, None, None, None),
        (FEBRUARY, MAP, 1, 60, 1, 20, 20, 40, Decimal("300.0")),
        (MARCH, MAP, 1, 0, 2, 60, 60, -60, 0),
    ]


def test_a_refund_is_income_less_in_its_own_month(town: Town) -> None:
    town.do(a_define())
    order = town.paid(JANUARY)
    town.do(o.CancelOrder(cause=CancelCause.WITHDRAWN, reason=Sealed("Irrtum")), order, FEBRUARY)
    town.do(o.RefundOrder(amount=Money(Decimal("20.00")), reason=Sealed("Irrtum")), order, FEBRUARY)
    town.do(o.RefundOrder(amount=Money(Decimal("10.00")), reason=Sealed("Beschwerde")), order, MARCH)
    assert [(row["month"], row["pieces"], row["income"]) for row in town.coverage()] == [
        (JANUARY, 0, 30),
        (FEBRUARY, 0, -20),
        (MARCH, 0, -10),
    ]


def test_a_product_without_effort_has_no_share_and_one_without_a_figure_no_result(town: Town) -> None:
    town.do(a_define(minutes=0, material=euros("0")))
    town.delivered(JANUARY, JANUARY)
    town.delivered(JANUARY, JANUARY, Product.DATA_EXTRACT)
    extract, a_map = town.coverage()
    assert (extract["product"], extract["title"], extract["effort"], extract["result"]) == (EXTRACT, None, None, None)
    assert (a_map["title"], a_map["effort"], a_map["result"], a_map["coverage"]) == (
        "Auszug aus der Liegenschaftskarte",
        0,
        30,
        None,
    )


def test_a_corrected_figure_corrects_its_months_and_a_retired_one_ends(town: Town) -> None:
    figure = town.do(a_define(minutes=20, hourly_rate=euros("60.00"), material=euros("0.00")))
    town.do(RetireCostFigure(valid_to=date(2026, 1, 31), reason=Sealed("entfallen")), figure)
    town.do(CorrectCostFigure(field=FigureField.MINUTES, new="30", version=1, reason=Sealed("vertippt")), figure)
    town.delivered(JANUARY, date(2026, 1, 31))
    town.delivered(FEBRUARY, FEBRUARY)
    assert [(row["month"], row["effort"]) for row in town.coverage()] == [(JANUARY, 30), (FEBRUARY, None)]


def test_what_the_library_charges_counts_too(town: Town) -> None:
    town.do(a_define(product="library.membership", title="Mitgliedschaft", minutes=6, hourly_rate=euros("50.00")))
    patron = town.do(
        c.RegisterPatron(name=Sealed("Ada"), card_number=Sealed("1"), age_band=AgeBand.ADULT, branch="Zentrale")
    )
    town.do(c.RaiseMembershipFee(), patron)
    (fee,) = town.ledger.stream(patron).state.fees
    town.do(c.PayMembershipFee(charge=fee.id, method=MeansOfPayment.CARD), patron, FEBRUARY)
    raised, paid = town.coverage()
    assert (raised["month"], raised["product"], raised["pieces"], raised["income"]) == (
        JANUARY,
        "library.membership",
        1,
        0,
    )
    assert (paid["month"], paid["pieces"], paid["income"]) == (FEBRUARY, 0, 20)
