"""A librarian's day, and what comes of it: through the API, with all who have a part in it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.kernel import Channel, Command, Effective
from domain.library.commands import SetItemAside
from domain.requests import Outcome, Request
from infra import tick
from infra.database import Database
from infra.ledger import Ledger
from infra.tick import today
from projections.library import DUTIES
from tests.api import Api, unused
from tests.database import CLERK

pytestmark = pytest.mark.database

TODAY = today()
CENTRAL, BILK = "Zentralbibliothek", "Bilk"


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


LIBRARIAN = Person("clerk", "42.Zentralbibliothek", actor=str(uuid4()))
HEAD = Person("clerk", "42.Zentralbibliothek", actor=str(uuid4()))
AT_HOME = Person("citizen", "citizen", "SERVICE_PORTAL", str(uuid4()))
TERMINAL = Person("clerk", "42.Zentralbibliothek", "TERMINAL", str(uuid4()))
CASHBOX = Person("clerk", "42", "SERVICE_PORTAL", str(uuid4()))


@dataclass
class Story:
    """A day at the library, told step by step, each on the day `on`."""

    api: Api
    on: date
    database: Database
    ledger: Ledger
    position: str = "0"

    def did(self, who: Person, mutation: str, record: str | None = None, on: date | None = None, **given: Any) -> str:
        """The id of the record."""
        done = self._do(who, mutation, record, on, given)
        assert done["__typename"] == "CommandSuccess", (mutation, done)
        self.position = done["position"]
        return str(done["recordId"])

    def taken_over(self, command: Command, record: str, on: date) -> None:
        """Recorded as an import passes it on, on its own day."""
        who = replace(CLERK, channel=Channel.IMPORT)
        (done,) = self.ledger.handle_all(
            [
                Request(
                    command=command,
                    principal=who,
                    idempotency_key=unused("K"),
                    record_id=UUID(record),
                    effective=Effective.on(on),
                )
            ]
        )
        assert isinstance(done, Outcome), done
        self.position = str(self.ledger.recorder.max_notification_id())

    def refused(
        self, who: Person, mutation: str, rule: str, record: str | None = None, on: date | None = None, **given: Any
    ) -> None:
        done = self._do(who, mutation, record, on, given)
        assert (done["__typename"], done.get("rule")) == ("RuleViolated", rule), (mutation, done)
        assert done["nextStep"]["de"]

    def _do(self, who: Person, mutation: str, record: str | None, on: date | None, given: dict[str, Any]) -> Any:
        addressed = {} if record is None else {"record": record}
        day = {"effectiveOn": (on or self.on).isoformat()}
        own = {"Stadtbuch-Records": given["patron"]} if who.role == "citizen" else {}
        return self.api.do(mutation, headers={**who.headers(), **own}, **day, **addressed, **given)

    def rows(self, plural: str, wanted: str, **equal: Any) -> list[Any]:
        """Rows of a register that have these values."""
        given = ", ".join(f"{name}: {{ eq: {value} }}" for name, value in equal.items())
        query = f"query ($at: BigInt!) {{ found: {plural}(first: 50, minPosition: $at, filter: {{ {given} }}) {{"
        found: list[Any] = self.api.by("auditor").ask(f"{query} nodes {{ {wanted} }} }} }}", at=self.position)["found"][
            "nodes"
        ]
        return found

    def row(self, plural: str, wanted: str, **equal: Any) -> Any:
        """The one row that has these values."""
        (only,) = self.rows(plural, wanted, **equal)
        return only

    def loans(self, item: str, wanted: str) -> list[Any]:
        """An item's loans, the first one first."""
        return sorted(self.rows("loans", f"lentOn {wanted}", recordId=f'"{item}"'), key=lambda row: str(row["lentOn"]))

    def topics(self, record: str) -> list[str]:
        """What was ever recorded of a record, the newest last."""
        query = """query ($id: ID!, $at: BigInt!) { record(id: $id, minPosition: $at) {
          history(first: 50) { nodes { topic version } } } }"""
        events = self.api.ask(query, id=record, at=self.position)["record"]["history"]["nodes"]
        in_order = sorted(events, key=lambda event: int(event["version"]))
        return [event["topic"].split(".")[1] for event in in_order]

    def night(self, day: date, *records: str) -> list[str]:
        """What `stadtbuch tick` records of these records when it runs for a day."""
        found: list[str] = []

        def tell(duty: Any, each: tick.Found, outcome: str, _: str | None) -> None:
            if str(each.record_id) in records and outcome == "recorded":
                found.append(f"{each.since} {duty.name.removeprefix('library.')}")

        with psycopg.connect(self.database.conninfo("reader"), autocommit=True) as reader:
            tick.Tick(DUTIES, day, reader, self.ledger, tell, on=day).run(lambda: tick.catch_up(self.database, DUTIES))
        self.position = str(self.ledger.recorder.max_notification_id())
        return sorted(found)

    def reader(self, name: str, band: str = "ADULT", **given: Any) -> str:
        """A new reader."""
        card = unused("D")
        return self.did(LIBRARIAN, "registerPatron", name=name, cardNumber=card, ageBand=band, branch=CENTRAL, **given)


@pytest.fixture
def story(api: Api, api_database: Database, api_ledger: Ledger) -> Story:
    return Story(api, TODAY - timedelta(days=120), api_database, api_ledger)


def test_a_librarians_day_and_what_comes_of_it(story: Story) -> None:
    monday = story.on
    # In the morning a parcel from the bookseller: the title is catalogued, two copies get their barcodes.
    number, barcode = unused("T"), unused("B")
    storm = story.did(LIBRARIAN, "catalogueTitle", number=number, title="Immensee", mediaType="BOOK", creator="Storm")
    story.refused(LIBRARIAN, "catalogueTitle", "library.title_number_taken", number=number, title="x", mediaType="BOOK")
    stock: dict[str, Any] = {"mediaType": "BOOK", "branch": CENTRAL, "titleId": storm}
    book = story.did(LIBRARIAN, "acquireItem", barcode=barcode, **stock)
    story.refused(LIBRARIAN, "acquireItem", "library.barcode_taken", barcode=barcode, **stock)
    assert story.row("items", "title status", barcode=f'"{barcode}"') == {"title": "Immensee", "status": "AVAILABLE"}

    # Two grown-ups and a child join. The child needs a guardian; the grown-ups will owe the annual fee.
    ada, ben = story.reader("Ada Lesefroh"), story.reader("Ben Wartet")
    kim = story.reader("Kim Klein", band="UNDER_16")
    story.refused(LIBRARIAN, "lendItem", "library.consent_missing", book, patron=kim, branch=CENTRAL)
    story.did(LIBRARIAN, "giveGuardianConsent", kim, guardian="Mutter Klein")
    assert story.night(monday, ada, ben, kim) == [f"{monday} membership_fee_due"] * 2
    fees = {each: story.row("charges", "charge amount", recordId=f'"{each}"') for each in (ada, ben)}
    assert {row["amount"] for row in fees.values()} == {"20.00"}
    paid = {"charge": fees[ada]["charge"], "method": "ONLINE"}
    story.refused(CASHBOX, "payMembershipFee", "library.dated_back_by_staff", ada, **paid)
    story.did(LIBRARIAN, "payMembershipFee", ada, **paid)
    relief = {"charge": fees[ben]["charge"], "ground": "HARDSHIP", "reason": "Düsselpass"}
    story.refused(CASHBOX, "waiveMembershipFee", "library.override_by_staff", ben, **relief)
    story.did(HEAD, "waiveMembershipFee", ben, **relief)

    # Ada borrows; at noon Ben wants the same book and queues, at Bilk. Staff book it later, on the day it was.
    story.refused(TERMINAL, "lendItem", "library.dated_back_by_staff", book, patron=ada, branch=CENTRAL)
    story.refused(
        LIBRARIAN, "lendItem", "library.out_of_order", book, monday - timedelta(days=1), patron=ada, branch=CENTRAL
    )
    story.did(LIBRARIAN, "lendItem", book, patron=ada, branch=CENTRAL)
    story.refused(LIBRARIAN, "lendItem", "library.item_on_loan", book, patron=ben, branch=CENTRAL)
    story.did(LIBRARIAN, "placeHold", book, patron=ben, pickupBranch=BILK)
    story.refused(AT_HOME, "renewLoan", "library.held_by_another", book, patron=ada)
    story.did(LIBRARIAN, "renewLoan", book, patron=ada, overrideReason="Prüfung nächste Woche")
    acts = story.rows("supervisedActs", "rules actor reason { text }", recordId=f'"{book}"')
    assert acts == [
        {
            "rules": ["library.held_by_another", "library.loan_overdue"],
            "actor": LIBRARIAN.actor,
            "reason": {"text": "Prüfung nächste Woche"},
        }
    ]
    # Kim queues too; the head of the branch puts the class reading first, with a reason. A recall
    # would leave Ada no time any more.
    story.did(LIBRARIAN, "placeHold", book, patron=kim, pickupBranch=CENTRAL)
    first, second = story.row("items", "queue", barcode=f'"{barcode}"')["queue"]
    move = {"hold": second, "rank": 1, "reason": "Klassenlektüre"}
    story.refused(CASHBOX, "reorderHold", "library.override_by_staff", book, **move)
    story.did(HEAD, "reorderHold", book, **move)
    assert story.row("items", "queue", barcode=f'"{barcode}"')["queue"] == [second, first]
    story.refused(LIBRARIAN, "recallItem", "library.due_in_the_past", book)
    due = monday + timedelta(days=56)
    (loan,) = story.loans(book, "loan status due patronRef { text }")
    assert (loan["status"], loan["due"]) == ("ACTIVE", due.isoformat())
    assert loan["patronRef"]["text"] == ada

    # Ada forgets. The calendar notes it, and reminds her.
    assert story.night(due, book) == []
    assert story.night(due + timedelta(days=3), book) == [
        f"{due + timedelta(days=1)} loan_overdue",
        f"{due + timedelta(days=3)} reminder_due",
    ]
    assert story.night(due + timedelta(days=3), book) == []
    # She had put the book into the return box the day after the due date; it is booked when the box is emptied.
    late = due + timedelta(days=1)
    story.did(LIBRARIAN, "returnItem", book, on=late, branch=CENTRAL, place="RETURN_BOX")
    (loan,) = story.loans(book, "loan status daysOverdue returnedBy owed anonymiseFrom")
    assert (loan["status"], loan["daysOverdue"], loan["returnedBy"]) == ("RETURNED", 1, "RETURN_BOX")
    assert (loan["owed"], loan["anonymiseFrom"]) == ("1.50", None)
    charge = story.row("charges", "charge cause tableVersion", recordId=f'"{book}"')
    assert (charge["cause"], charge["tableVersion"]) == ("OVERDUE", "2024-01")

    # The book lies ready for Kim, who never comes; Ben is next, and the van takes it to Bilk. Since when it
    # lies there the pick-up shelf's own list says, which is taken over: staff would give Kim ten days from today.
    story.taken_over(SetItemAside(), book, late)
    story.refused(LIBRARIAN, "expireHold", "library.pickup_time_runs", book, on=late)
    story.refused(LIBRARIAN, "lendItem", "library.not_your_turn", book, on=late, patron=ben, branch=CENTRAL)
    gone = late + timedelta(days=11)
    assert story.night(gone, book) == [f"{gone} hold_expired"]
    story.did(LIBRARIAN, "sendInTransit", book, on=gone, toBranch=BILK)
    story.refused(LIBRARIAN, "lendItem", "library.item_in_transit", book, on=gone, patron=ben, branch=BILK)
    story.did(LIBRARIAN, "receiveFromTransit", book, on=gone, branch=BILK)
    assert story.row("holds", "status", hold=f'"{first}"') == {"status": "READY"}
    story.did(LIBRARIAN, "lendItem", book, on=gone, patron=ben, branch=BILK)

    # What Ada owes keeps her loan from being forgotten; paid, it is forgotten four weeks later, and Kim's hold too.
    forget = {"loan": loan["loan"]}
    story.refused(LIBRARIAN, "anonymiseLoan", "library.open_charges", book, on=gone, **forget)
    story.did(LIBRARIAN, "payCharge", book, on=gone, charge=charge["charge"], method="CASH", branch=CENTRAL)
    story.refused(LIBRARIAN, "anonymiseLoan", "library.kept_until", book, on=gone, **forget)
    assert f"{gone + timedelta(days=28)} anonymisation_due" in story.night(gone + timedelta(days=28), book)
    forgotten, running = story.loans(book, "loan status patronRef { text } branch mediaType")
    assert (forgotten["status"], forgotten["patronRef"], forgotten["branch"]) == ("ANONYMISED", None, CENTRAL)
    assert running["patronRef"]["text"] == ben
    assert story.row("holds", "status patronRef { text }", hold=f'"{second}"') == {
        "status": "EXPIRED",
        "patronRef": None,
    }

    # Ben says that he brought the book back. It is not found, and declared lost; he pays for it. Then it turns up.
    said = gone + timedelta(days=30)
    told = {"note": "Samstag an der Theke Bilk"}
    story.refused(LIBRARIAN, "claimItemReturned", "library.said_today", book, on=said, **told)
    story.did(LIBRARIAN, "claimItemReturned", book, on=said, **told, overrideReason="nachgetragen")
    story.refused(AT_HOME, "renewLoan", "library.claimed_returned", book, on=said, patron=ben)
    lost = said + timedelta(days=14)
    story.did(LIBRARIAN, "declareLost", book, on=lost, replacement="18.90", overrideReason="nachgetragen")
    story.refused(LIBRARIAN, "lendItem", "library.item_lost", book, on=lost, patron=ada, branch=BILK)
    owed = story.rows("charges", "charge cause amount", recordId=f'"{book}"', status="OPEN")
    assert sorted((row["cause"], row["amount"]) for row in owed) == [("OVERDUE", "1.50"), ("REPLACEMENT", "18.90")]
    for row in owed:
        story.did(LIBRARIAN, "payCharge", book, on=lost, charge=row["charge"], method="CARD", branch=BILK)
    assert [row["status"] for row in story.loans(book, "status")] == ["ANONYMISED", "PAID"]
    found = lost + timedelta(days=5)
    story.did(LIBRARIAN, "findItem", book, on=found, branch=BILK)
    replacement = next(row["charge"] for row in owed if row["cause"] == "REPLACEMENT")
    back = {"charge": replacement, "ground": "ITEM_FOUND", "reason": "stand im falschen Regal"}
    story.did(LIBRARIAN, "refundCharge", book, on=found, **back)
    story.refused(LIBRARIAN, "refundCharge", "library.charge_not_paid", book, on=found, **back)
    assert [row["status"] for row in story.loans(book, "status")] == ["ANONYMISED", "FOUND"]

    # In the evening the treasurer looks at the till, and the auditor at the whole history.
    months = story.api.ask(
        "query ($at: BigInt!) { libraryChargesByMonth(first: 50, minPosition: $at) { nodes { cause raised paid } } }",
        at=story.position,
    )["libraryChargesByMonth"]["nodes"]
    assert {row["cause"] for row in months} >= {"OVERDUE", "REPLACEMENT", "MEMBERSHIP"}
    history = story.topics(book)
    assert history[:4] == ["item_acquired", "item_lent", "hold_placed", "loan_renewed"]
    assert history[-2:] == ["item_found", "charge_refunded"]
    assert [topic for topic in history if topic.endswith("anonymised")] == ["loan_anonymised", "hold_anonymised"]
