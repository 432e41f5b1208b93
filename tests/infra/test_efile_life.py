"""A case from its opening to its destruction, as its office works it: through the API, with all who take part."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.efile.commands import ReviseFilePlanUnit
from domain.efile.vocabulary import DisposalKind
from domain.kernel import Channel, Sealed
from domain.requests import Request
from infra import tick
from infra.database import Database
from infra.ledger import Ledger
from projections.efile import DUTIES
from tests.api import Api, unused
from tests.database import CLERK as OFFICE

pytestmark = pytest.mark.database

FIRST, SECOND, PLAN, PACKAGE = ("1" * 64, "2" * 64, "3" * 64, "4" * 64)


@dataclass(frozen=True)
class Person:
    """Somebody with a part in the story; a deputy acts for somebody else."""

    role: str
    unit: str
    actor: str = field(default_factory=lambda: str(uuid4()))
    deputising_for: str | None = None

    def headers(self) -> dict[str, str]:
        own = {"Stadtbuch-Actor": self.actor, "Stadtbuch-Role": self.role, "Stadtbuch-Org-Unit": self.unit}
        return own | ({"Stadtbuch-Deputising-For": self.deputising_for} if self.deputising_for else {})

    def standing_in_for(self, other: "Person") -> "Person":
        return Person(other.role, other.unit, self.actor, other.actor)


REGISTRAR = Person("clerk", "61/0")
RECORDS_MANAGER = Person("clerk", "61/0")
CLERK = Person("clerk", "61/2")
FIRE_SERVICE = Person("clerk", "37/1")
HEAD = Person("clerk", "61/L")
DEPUTY = Person("clerk", "61/1")
ARCHIVIST = Person("clerk", "41/1")


@dataclass
class Story:
    """What one office does, day by day."""

    api: Api
    database: Database
    ledger: Ledger
    on: date = date(2011, 9, 1)
    file: str = ""
    case: str = ""
    position: str = "0"

    def did(self, who: Person, mutation: str, record: str | None = None, **given: Any) -> Any:
        done = self.api.do(mutation, headers=who.headers(), **self._addressed(record, given))
        assert done["__typename"] == "CommandSuccess", (mutation, done)
        self.position = done["position"]
        return done

    def refused(self, who: Person, mutation: str, rule: str, record: str | None = None, **given: Any) -> None:
        done = self.api.do(mutation, headers=who.headers(), **self._addressed(record, given))
        assert (done["__typename"], done.get("rule")) == ("RuleViolated", f"efile.{rule}"), (mutation, done)
        assert done["nextStep"]["de"]

    def _addressed(self, record: str | None, given: dict[str, Any]) -> dict[str, Any]:
        return {"effectiveOn": self.on.isoformat(), **({"record": record} if record else {}), **given}

    def ask(self, fields: str, role: str = "clerk", **variables: Any) -> Any:
        kinds = {"record": "ID!", "id": "UUID!", "process": "String!"}
        declared = "".join(f"${name}: {kinds[name]}, " for name in variables)
        return self.api.by(role, Org_Unit=CLERK.unit).ask(
            f"query ({declared}$at: BigInt!) {{ {fields} }}", at=self.position, **variables
        )

    def row(self) -> Any:
        """The case, as the register has it."""
        (found,) = self.ask(
            """cases(first: 1, minPosition: $at, filter: { recordId: { eq: $id } }) { nodes {
              status confidentiality leadUnit documents openSteps currentAddressee openResubmissions legalHolds
              processingDays retentionUntil offerDueOn offerDue processId appraisal archiveId destroyedOn
            } }""",
            id=self.case,
        )["cases"]["nodes"]
        return found

    def document(self) -> Any:
        """The only document with attachments or several versions: the id, and how many there are of each."""
        found = self.ask(
            """documents(first: 5, minPosition: $at, filter: { recordId: { eq: $id } }) { nodes {
              documentId versions attachments sha256 } }""",
            id=self.case,
        )["documents"]["nodes"]
        return found[-1]

    def time_comes(self, day: date) -> list[tuple[str, date]]:
        """What `stadtbuch tick` records on a day of this case and its file: the duty, and since when."""
        self.on = day
        found: list[tuple[str, date]] = []

        def tell(duty: Any, each: tick.Found, outcome: str, _: str | None) -> None:
            if str(each.record_id) in (self.case, self.file) and outcome == "recorded":
                found.append((duty.name.removeprefix("efile."), each.since))

        with psycopg.connect(self.database.conninfo("reader"), autocommit=True) as reader:
            tick.Tick(DUTIES, day, reader, self.ledger, tell, on=day).run(lambda: tick.catch_up(self.database, DUTIES))
        return sorted(found)


@pytest.fixture
def story(api: Api, api_database: Database, api_ledger: Ledger) -> Story:
    return Story(api, api_database, api_ledger)


def test_a_case_from_its_opening_to_its_destruction(story: Story) -> None:
    the_matter_comes_in(story)
    the_decision_circulates(story)
    the_case_is_closed(story)
    its_retention_ends(story)
    the_archive_takes_it(story)
    two_people_destroy_it(story)
    what_is_left_is_its_history(story)


def the_matter_comes_in(story: Story) -> None:
    # The file plan keeps such cases for ten years; from 2012 on, by a new version, for two.
    unit = story.did(
        REGISTRAR,
        "defineFilePlanUnit",
        code=unused("61").replace("/", "."),
        title="Baugenehmigungen",
        retentionYears=10,
        disposalKind="APPRAISE",
        validFrom="2008-01-01",
    )["recordId"]
    shorter = {"title": "Baugenehmigungen", "retentionYears": 2, "disposalKind": "APPRAISE", "reason": "KGSt-Bericht"}
    story.refused(REGISTRAR, "reviseFilePlanUnit", "plan_version_order", unit, validFrom="2008-01-01", **shorter)
    story.refused(REGISTRAR, "reviseFilePlanUnit", "out_of_order", unit, validFrom="2012-01-01", **shorter)
    revision = ReviseFilePlanUnit(
        valid_from=date(2012, 1, 1),
        title="Baugenehmigungen",
        retention_years=2,
        disposal_kind=DisposalKind.APPRAISE,
        reason=Sealed("KGSt-Bericht"),
    )
    by_import = replace(OFFICE, channel=Channel.IMPORT)
    story.ledger.handle(
        Request(command=revision, principal=by_import, idempotency_key=str(uuid4()), record_id=UUID(unit))
    )

    units = {"leadUnit": "61/2", "custodianUnit": "61/0", "planUnitId": unit}
    story.file = story.did(REGISTRAR, "openFile", reference=unused("F"), subject="Kaiserswerther Straße", **units)[
        "recordId"
    ]
    opened = story.did(
        CLERK, "openCase", fileId=story.file, reference=unused("V"), subject="Carport, Frau Yılmaz", **units
    )
    story.case = opened["recordId"]

    # The application comes with a site plan, and turns out to be confidential.
    content = {"filename": "antrag.pdf", "mime": "application/pdf", "size": "48213"}
    story.did(
        CLERK,
        "fileDocument",
        story.case,
        documentKind="INCOMING",
        title="Antrag",
        receivedOn="2011-09-01",
        sha256=PLAN,
        **content,
    )
    story.did(
        CLERK,
        "addAttachment",
        story.case,
        documentId=story.document()["documentId"],
        title="Lageplan",
        filename="lageplan.pdf",
        mime="application/pdf",
        size="91002",
        sha256=PACKAGE,
    )
    assert story.document()["attachments"] == 1
    story.did(HEAD, "changeCaseConfidentiality", story.case, confidentiality="CONFIDENTIAL", reason="Betriebsgeheimnis")
    assert story.row()["confidentiality"] == "CONFIDENTIAL"


def the_decision_circulates(story: Story) -> None:
    story.on = date(2012, 1, 10)
    draft = {"documentKind": "OUTGOING", "title": "Bescheid", "filename": "b.pdf", "mime": "application/pdf"}
    story.did(CLERK, "fileDocument", story.case, size="100", sha256=FIRST, **draft)
    document = story.document()["documentId"]
    steps = [
        {"no": 1, "kind": "CO_SIGN", "addressee": "37/1", "due": "2012-01-20"},
        {"no": 2, "kind": "FINAL_SIGN", "addressee": "61/L"},
    ]
    story.did(CLERK, "startCirculation", story.case, documentId=document, steps=steps)
    assert (story.row()["status"], story.row()["currentAddressee"]) == ("IN_CIRCULATION", "37/1")
    story.refused(
        CLERK,
        "addAttachment",
        "document_circulates",
        story.case,
        documentId=document,
        title="Nachtrag",
        filename="n.pdf",
        mime="application/pdf",
        size="1",
        sha256=PLAN,
    )

    # The fire service signs, then the clerk changes the text: the signature is void, and is given again.
    for_them = {"no": 1, "outcome": "SIGNED", "signedSha256": FIRST}
    story.refused(HEAD, "completeCirculationStep", "other_unit", story.case, **for_them)
    story.did(FIRE_SERVICE, "completeCirculationStep", story.case, **for_them)
    version = {"documentId": document, "filename": "b2.pdf", "mime": "application/pdf", "size": "120"}
    story.did(CLERK, "addDocumentVersion", story.case, sha256=SECOND, **version)
    assert story.row()["currentAddressee"] == "37/1"  # whose turn it is sees the case, once the register tells so
    sign = {"no": 2, "outcome": "SIGNED", "signedSha256": SECOND}
    story.refused(HEAD, "completeCirculationStep", "co_signatures_open", story.case, **sign)
    story.refused(
        FIRE_SERVICE, "completeCirculationStep", "version_outdated", story.case, no=1, outcome="SIGNED",
        signedSha256=FIRST,
    )  # fmt: skip
    story.did(FIRE_SERVICE, "completeCirculationStep", story.case, no=1, outcome="SIGNED", signedSha256=SECOND)

    # Who drafted it does not finally sign it, neither as somebody's deputy nor by one. The head's deputy does.
    story.refused(CLERK, "completeCirculationStep", "four_eyes", story.case, **sign)
    story.refused(CLERK.standing_in_for(HEAD), "completeCirculationStep", "four_eyes", story.case, **sign)
    story.refused(DEPUTY.standing_in_for(CLERK), "completeCirculationStep", "four_eyes", story.case, **sign)
    story.refused(CLERK, "closeCase", "case_has_open_steps", story.case, reason="erledigt")
    story.did(DEPUTY.standing_in_for(HEAD), "completeCirculationStep", story.case, **sign)
    assert (story.row()["status"], story.row()["openSteps"]) == ("OPEN", 0)


def the_case_is_closed(story: Story) -> None:
    # Whether the permit becomes final is looked at again in a month; nobody does, and the calendar says so.
    ask = {"addressee": "61/2", "reason": "Bestandskraft prüfen"}
    story.refused(CLERK, "scheduleResubmission", "resubmission_in_past", story.case, due="2012-01-09", **ask)
    story.did(CLERK, "scheduleResubmission", story.case, due="2012-02-10", **ask)
    assert story.time_comes(date(2012, 2, 10)) == []
    assert story.time_comes(date(2012, 2, 20)) == [("resubmission_overdue", date(2012, 2, 11))]
    assert story.time_comes(date(2012, 2, 20)) == []
    story.refused(CLERK, "closeCase", "case_has_open_resubmissions", story.case, reason="Bescheid ist bestandskräftig")
    story.did(CLERK, "completeResubmission", story.case, no=1, note="bestandskräftig")

    story.did(CLERK, "transferCaseLeadUnit", story.case, newLeadUnit="63/1", reason="Neuer Zuschnitt der Ämter")
    story.on = date(2012, 3, 2)
    story.refused(REGISTRAR, "closeFile", "file_has_open_cases", story.file, reason="erledigt")
    story.did(CLERK, "closeCase", story.case, reason="Bescheid ist bestandskräftig")
    story.did(REGISTRAR, "closeFile", story.file, reason="letzter Vorgang ist zdA")
    row = story.row()
    assert (row["status"], row["leadUnit"], row["processingDays"]) == ("CLOSED", "63/1", 183)
    # Closed under the second version of the plan: two years, to the end of the calendar year.
    assert (row["retentionUntil"], row["offerDueOn"]) == ("2014-12-31", "2016-01-01")
    story.refused(CLERK, "correctCase", "case_closed", story.case, field="MEDIUM", new="002", reason="x")

    # A neighbour sues: whatever the plan says, nothing of this is destroyed for now.
    story.did(RECORDS_MANAGER, "placeCaseLegalHold", story.case, authority="VG Düsseldorf", reason="Az. 9 K 1234/12")
    assert story.row()["legalHolds"] == 1


def its_retention_ends(story: Story) -> None:
    assert story.time_comes(date(2014, 12, 31)) == []
    story.refused(RECORDS_MANAGER, "offerCase", "not_to_be_offered", story.case, processId="AUS-1", archive="StA")
    first_day = date(2015, 1, 1)
    assert story.time_comes(first_day) == [("case_retention_expired", first_day), ("file_retention_expired", first_day)]
    story.on = date(2015, 1, 7)
    story.refused(CLERK, "reopenCase", "in_disposal", story.case, authority="61/L", reason="Nachfrage")
    story.refused(RECORDS_MANAGER, "approveCaseDestruction", "not_offered", story.case)
    # A year goes by, and the archive was not asked.
    late = date(2016, 1, 1)
    assert story.time_comes(date(2016, 2, 1)) == [("case_offer_due", late), ("file_offer_due", late)]
    assert story.time_comes(date(2016, 2, 1)) == []
    assert (story.row()["status"], story.row()["offerDue"]) == ("RETENTION_EXPIRED", True)


def the_archive_takes_it(story: Story) -> None:
    process = {"processId": f"AUS-{story.case[:8]}"}
    for mutation, record in (("offerCase", story.case), ("offerFile", story.file)):
        story.did(RECORDS_MANAGER, mutation, record, archive="41", **process)
    story.refused(RECORDS_MANAGER, "approveCaseDestruction", "not_appraised", story.case)
    story.on = date(2016, 4, 4)
    story.refused(ARCHIVIST, "recordCaseAppraisal", "other_process", story.case, processId="AUS-0", decision="ARCHIVE")
    story.did(ARCHIVIST, "recordCaseAppraisal", story.case, decision="ARCHIVE", **process)
    story.did(ARCHIVIST, "recordFileAppraisal", story.file, decision="DESTROY", **process)

    package = {"sha256": PACKAGE, "size": "1048576"}
    story.refused(RECORDS_MANAGER, "sendFileToArchive", "nothing_to_transfer", story.file, **package)
    story.did(RECORDS_MANAGER, "sendCaseToArchive", story.case, **package)
    story.refused(RECORDS_MANAGER, "approveCaseDestruction", "import_not_confirmed", story.case)
    story.did(ARCHIVIST, "recordCaseTransferErrors", story.case, errors=1, report="Lageplan fehlt", **process)
    assert story.row()["status"] == "APPRAISED"
    story.did(RECORDS_MANAGER, "sendCaseToArchive", story.case, **package)
    story.did(ARCHIVIST, "confirmCaseImport", story.case, archiveId="0-1-61 4711", **process)
    assert (story.row()["status"], story.row()["archiveId"]) == ("IMPORT_CONFIRMED", "0-1-61 4711")


def two_people_destroy_it(story: Story) -> None:
    story.on = date(2016, 5, 2)
    story.refused(RECORDS_MANAGER, "approveCaseDestruction", "under_hold", story.case)
    lifted = {"hold": 1, "authority": "VG Düsseldorf", "reason": "Klage zurückgenommen"}
    story.did(RECORDS_MANAGER, "releaseCaseLegalHold", story.case, **lifted)
    story.refused(RECORDS_MANAGER, "destroyCase", "destruction_not_approved", story.case)
    story.refused(RECORDS_MANAGER, "approveFileDestruction", "file_has_cases", story.file)
    story.did(RECORDS_MANAGER, "approveCaseDestruction", story.case)
    story.refused(RECORDS_MANAGER, "destroyCase", "two_people_destroy", story.case)
    story.refused(DEPUTY.standing_in_for(RECORDS_MANAGER), "destroyCase", "two_people_destroy", story.case)
    story.did(REGISTRAR, "destroyCase", story.case)
    story.did(RECORDS_MANAGER, "approveFileDestruction", story.file)
    story.did(REGISTRAR, "destroyFile", story.file)


def what_is_left_is_its_history(story: Story) -> None:
    row = story.row()
    assert (row["status"], row["destroyedOn"], row["appraisal"]) == ("DESTROYED", "2016-05-02", "ARCHIVE")
    story.refused(RECORDS_MANAGER, "placeCaseLegalHold", "destroyed", story.case, authority="VG", reason="zu spät")

    record = story.ask(
        """record(id: $record, minPosition: $at) {
          history(first: 100) { nodes { topic actor deputisingFor } } availableCommands { name allowed } }""",
        record=story.case,
    )["record"]
    history = record["history"]["nodes"]
    assert [event["topic"].split(".")[1] for event in history] == [
        "case_opened",
        "document_filed",
        "attachment_added",
        "case_confidentiality_changed",
        "document_filed",
        "circulation_started",
        "circulation_step_completed",
        "document_version_added",
        "circulation_step_completed",
        "circulation_step_completed",
        "resubmission_scheduled",
        "resubmission_became_overdue",
        "resubmission_done",
        "case_lead_unit_transferred",
        "case_closed",
        "case_legal_hold_placed",
        "case_retention_expired",
        "case_offer_became_due",
        "case_disposal_offered",
        "case_appraisal_received",
        "case_transfer_sent",
        "case_transfer_failed",
        "case_transfer_sent",
        "case_import_confirmed",
        "case_legal_hold_released",
        "case_destruction_approved",
        "case_destroyed",
    ]
    assert (history[9]["actor"], history[9]["deputisingFor"]) == (DEPUTY.actor, HEAD.actor)
    assert not [each["name"] for each in record["availableCommands"] if each["allowed"]]

    # Those who watch over the rules see the signatures and the destruction, each with the people it was held against.
    watched = story.ask(
        """supervisedActs(
             first: 10, minPosition: $at, filter: { recordId: { eq: $id } }, orderBy: [{ by: POSITION }]) { nodes {
          by rules actor others deputisingFor } }""",
        "auditor",
        id=story.case,
    )["supervisedActs"]["nodes"]
    co_signed = {
        "by": "FOUR_EYES",
        "rules": ["efile.four_eyes"],
        "actor": FIRE_SERVICE.actor,
        "others": [CLERK.actor],
        "deputisingFor": None,
    }
    assert watched == [
        co_signed,
        co_signed,
        {
            "by": "FOUR_EYES",
            "rules": ["efile.four_eyes"],
            "actor": DEPUTY.actor,
            "others": [CLERK.actor],
            "deputisingFor": HEAD.actor,
        },
        {
            "by": "FOUR_EYES",
            "rules": ["efile.two_people_destroy"],
            "actor": REGISTRAR.actor,
            "others": [RECORDS_MANAGER.actor],
            "deputisingFor": None,
        },
    ]

    # And the archive sees how the disposal went.
    (disposal,) = story.ask(
        """disposalStatus(first: 1, minPosition: $at, filter: { processId: { eq: $process } }) { nodes {
          archive offeredOn records undecided toArchive toDestroy transferred confirmed destroyed held } }""",
        process=f"AUS-{story.case[:8]}",
    )["disposalStatus"]["nodes"]
    assert disposal == {
        "archive": "41",
        "offeredOn": "2016-02-01",
        "records": 2,
        "undecided": 0,
        "toArchive": 1,
        "toDestroy": 1,
        "transferred": 0,
        "confirmed": 1,
        "destroyed": 2,
        "held": 0,
    }
