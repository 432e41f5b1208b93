"""An order from the basket to the delivery, as its office works it: through the API, with all who have a part in it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from infra import tick
from infra.database import Database
from infra.ledger import Ledger
from infra.tick import today
from projections.cadastre import DUTIES
from tests.api import Api, unused

pytestmark = pytest.mark.database

TODAY = today()
ALTSTADT = "053110001000120003__"
SHA256 = "ab" * 32


@dataclass(frozen=True)
class Person:
    """Somebody with a part in the story, and the way they come in."""

    role: str
    unit: str
    channel: str = "STAFF"
    actor: str = ""

    def headers(self) -> dict[str, str]:
        return {
            "Stadtbuch-Actor": self.actor,
            "Stadtbuch-Role": self.role,
            "Stadtbuch-Org-Unit": self.unit,
            "Stadtbuch-Channel": self.channel,
        }


NEIGHBOUR = Person("citizen", "citizen", "SERVICE_PORTAL", str(uuid4()))
COUNTER = Person("clerk", "62", actor=str(uuid4()))
CLERK = Person("clerk", "62", actor=str(uuid4()))
HEAD = Person("clerk", "62", actor=str(uuid4()))
CASHIER = Person("clerk", "20", actor=str(uuid4()))
PORTAL = Person("clerk", "62", "SERVICE_PORTAL", str(uuid4()))


@dataclass
class Story:
    """One order, told step by step. Each step answers what the API did."""

    api: Api
    on: date
    record: str = ""
    number: str = ""
    position: str = "0"

    def did(self, who: Person, mutation: str, **given: Any) -> Any:
        done = self.answer(who, mutation, **given)
        assert done["__typename"] == "CommandSuccess", (mutation, done)
        self.position = done["position"]
        return done

    def refused(self, who: Person, mutation: str, rule: str, **given: Any) -> None:
        done = self.answer(who, mutation, **given)
        assert (done["__typename"], done.get("rule")) == ("RuleViolated", rule), (mutation, done)
        assert done["nextStep"]["de"]

    def answer(self, who: Person, mutation: str, **given: Any) -> Any:
        return self.api.do(mutation, headers=who.headers(), **self._addressed(mutation, given))

    def _addressed(self, mutation: str, given: dict[str, Any]) -> dict[str, Any]:
        creates = mutation in ("draftOrder", "openSeries")
        return {"effectiveOn": self.on.isoformat(), **({} if creates else {"record": self.record}), **given}

    def order(self) -> Any:
        """The row of the register."""
        query = """query ($number: String!, $at: BigInt!) {
          cadastreOrders(first: 1, minPosition: $at, filter: { orderNumber: { eq: $number } }) { nodes {
            stage product ownerData office fee settled invoiceNumber cancelledInvoices overdueOn reminders paid
            deliveryChannel deliveryDays expiredOn sha256 completedOn requester { text } } } }"""
        (row,) = self.api.ask(query, number=self.number, at=self.position)["cadastreOrders"]["nodes"]
        return row


@pytest.fixture
def story(api: Api) -> Story:
    return Story(api, TODAY - timedelta(days=60))


def time_goes_by(database: Database, ledger: Ledger, record: str) -> list[tuple[str, date]]:
    """What `stadtbuch tick` finds due today of the order: the duty, and since when."""
    found: list[tuple[str, date]] = []

    def tell(duty: Any, each: tick.Found, outcome: str, _: str | None) -> None:
        if str(each.record_id) == record and outcome == "recorded":
            found.append((duty.name, each.since))

    with psycopg.connect(database.conninfo("reader"), autocommit=True) as reader:
        tick.Tick(DUTIES, TODAY, reader, ledger, tell).run(lambda: tick.catch_up(database, DUTIES))
    return sorted(found)


def test_an_order_from_the_basket_to_the_delivery(story: Story, api_database: Database, api_ledger: Ledger) -> None:
    # A neighbour had a basket filled: first a map, then what is really needed, a statement with the owner. That was
    # some time ago, which only the office may say.
    basket = {"product": "PROPERTY_MAP", "parcels": [ALTSTADT], "paperSize": "A4"}
    story.refused(NEIGHBOUR, "draftOrder", "cadastre.dated_back_by_staff", **basket)
    drafted = story.did(COUNTER, "draftOrder", **basket)
    story.record = drafted["recordId"]
    story.refused(CLERK, "assessFee", "cadastre.not_submitted")
    story.did(COUNTER, "changeDraft", product="OWNER_STATEMENT", parcels=[ALTSTADT], paperSize="A4")

    # Owners are told only to somebody who is surely known.
    story.number = unused("62")
    who = {"orderNumber": story.number, "requester": "Änne Weiß, Lindenweg 9", "purpose": "Grenzmauer"}
    story.refused(COUNTER, "submitOrder", "cadastre.assurance_too_low", assurance="LOW", **who)
    story.did(COUNTER, "submitOrder", assurance="HIGH", **who)
    assert story.order()["stage"] == "SUBMITTED"

    # And only for a legitimate interest, which somebody else of the office reviews.
    story.refused(CLERK, "assessFee", "cadastre.interest_open")
    ground = "Die Mauer auf der Grenze ist baufällig."
    story.did(COUNTER, "claimLegitimateInterest", groundKind="NEIGHBOUR", ground=ground)
    assert story.answer(NEIGHBOUR, "confirmLegitimateInterest")["__typename"] == "Forbidden"
    story.refused(PORTAL, "confirmLegitimateInterest", "cadastre.staff_decides")
    story.refused(COUNTER, "confirmLegitimateInterest", "cadastre.reviewer_is_requester")
    story.did(HEAD, "confirmLegitimateInterest")
    assert story.order()["stage"] == "APPROVED"

    # The fee is assessed, and demanded by an invoice with a number from the series; the first goes to a wrong address.
    story.did(CLERK, "assessFee")
    story.refused(CLERK, "generateProduct", "cadastre.payment_missing", dataAsOf=story.on.isoformat(), sha256=SHA256)
    prefix = unused("RE").partition("/")[0]
    series = story.did(HEAD, "openSeries", seriesKind="INVOICE", year=story.on.year, prefix=prefix)["recordId"]
    due = (story.on + timedelta(days=14)).isoformat()
    story.did(CLERK, "issueInvoice", seriesId=series, due=due, billTo="Lindenweg 8")
    story.refused(CLERK, "cancelOrder", "cadastre.invoice_open", cause="WITHDRAWN", reason="falsche Anschrift")
    story.did(CLERK, "cancelInvoice", seriesId=series, reason="falsche Anschrift")
    story.did(CLERK, "issueInvoice", seriesId=series, due=due, billTo="Lindenweg 9")
    numbers = [f"{prefix}-{story.on.year}-{n:05}" for n in (1, 2, 3)]
    row = story.order()
    assert (row["stage"], row["fee"], row["invoiceNumber"]) == ("INVOICED", "30.00", numbers[2])
    assert row["cancelledInvoices"] == [numbers[0]]
    assert numbers_of(story, series) == [
        (numbers[0], "INVOICE"),
        (numbers[1], "CANCELLATION_INVOICE"),
        (numbers[2], "INVOICE"),
    ]

    # On the invoice the statement is made and put up for download.
    made = story.on + timedelta(days=2)
    story.on = made
    story.did(CLERK, "generateProduct", dataAsOf=made.isoformat(), sha256=SHA256)
    last_day = made + timedelta(days=7)
    story.did(CLERK, "deliverProduct", channel="DOWNLOAD", expires=last_day.isoformat())
    story.refused(CLERK, "completeOrder", "cadastre.fee_open")
    assert story.order()["deliveryDays"] == 2

    # Nobody fetches it, nobody pays: the calendar says so, as of the days on which it fell due, and says it once.
    assert time_goes_by(api_database, api_ledger, story.record) == [
        ("cadastre.delivery_expired", last_day + timedelta(days=1)),
        ("cadastre.payment_overdue", date.fromisoformat(due) + timedelta(days=1)),
    ]
    assert time_goes_by(api_database, api_ledger, story.record) == []
    row = story.order()
    assert (row["stage"], row["settled"]) == ("DELIVERED", False)
    assert row["expiredOn"] == (last_day + timedelta(days=1)).isoformat()

    # A reminder helps; the same statement is put up once more, and the order is complete.
    story.on = date.fromisoformat(due) + timedelta(days=3)
    story.did(CASHIER, "remindPayment", due=(story.on + timedelta(days=10)).isoformat())
    story.refused(CASHIER, "remindPayment", "cadastre.not_overdue", due=TODAY.isoformat())
    story.refused(CASHIER, "settlePayment", "cadastre.payment_differs", amount={"amount": "20.00"}, method="TRANSFER")
    story.did(CASHIER, "settlePayment", amount={"amount": "30.00"}, method="TRANSFER", reference="846200001")
    story.did(CLERK, "deliverProduct", channel="POST")
    story.did(CLERK, "completeOrder")
    row = story.order()
    assert (row["stage"], row["paid"], row["reminders"], row["sha256"]) == ("COMPLETED", "30.00", 1, SHA256)
    assert (row["deliveryChannel"], row["deliveryDays"]) == ("POST", 2)

    # What is left: a history that says who did what, a hash instead of owner data, and nothing more to be done.
    record = the_record(story)
    assert [event["topic"].split(".")[1] for event in record["history"]["nodes"]] == [
        "order_drafted",
        "draft_changed",
        "order_placed",
        "legitimate_interest_claimed",
        "legitimate_interest_confirmed",
        "fee_assessed",
        "invoice_issued",
        "invoice_cancelled",
        "invoice_issued",
        "product_generated",
        "product_delivered",
        "payment_became_overdue",
        "delivery_expired",
        "payment_reminded",
        "payment_settled",
        "product_delivered",
        "purpose_fulfilled",
    ]
    assert record["history"]["nodes"][4]["actor"] == HEAD.actor
    assert record["history"]["nodes"][-1]["body"] == {
        "owner_data_deleted": True,
        "fulfilled_on": story.on.isoformat(),
    }
    allowed = {each["name"] for each in record["availableCommands"] if each["allowed"]}
    assert allowed == {"correctOrder", "refundOrder"}


def numbers_of(story: Story, series: str) -> list[tuple[str, str]]:
    """Every number that a series gave, with its use."""
    query = """query ($series: UUID!, $at: BigInt!) {
      cadastreNumbers(first: 10, minPosition: $at, filter: { seriesId: { eq: $series } },
                      orderBy: [{ by: NUMBER_IN_SERIES }]) { nodes { text use } } }"""
    found = story.api.ask(query, series=series, at=story.position)["cadastreNumbers"]["nodes"]
    return [(node["text"], node["use"]) for node in found]


def the_record(story: Story) -> Any:
    query = """query ($id: ID!, $at: BigInt!) { record(id: $id, minPosition: $at) {
      history(first: 50) { nodes { topic actor body } } availableCommands { name allowed } } }"""
    return story.api.ask(query, id=story.record, at=story.position)["record"]
