"""A council cycle, from a paper to a tracked resolution: through the API, with everybody who has a part in it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from domain.kernel import BERLIN
from infra import tick
from infra.database import Database
from infra.ledger import Ledger
from infra.tick import today
from projections.council import DUTIES
from tests.api import Api, unused

pytestmark = pytest.mark.database

TODAY = today()
BEGIN = TODAY - timedelta(days=120)
SHA512 = "ab" * 64


@dataclass(frozen=True)
class Person:
    """Somebody with a part in the story."""

    role: str
    unit: str
    actor: str = field(default_factory=lambda: str(uuid4()))

    def headers(self) -> dict[str, str]:
        return {"Stadtbuch-Actor": self.actor, "Stadtbuch-Role": self.role, "Stadtbuch-Org-Unit": self.unit}


ENGINEER = Person("clerk", "66")
TREASURER = Person("clerk", "20")
OFFICE = Person("clerk", "10")
SECRETARY = Person("clerk", "10")
CHAIR = Person("clerk", "01")
MAYOR = Person("clerk", "01")


def day(number: int) -> date:
    """A day of the story."""
    return BEGIN + timedelta(days=number)


def evening(number: int) -> str:
    """Half past five on a day of the story."""
    on = day(number)
    return datetime(on.year, on.month, on.day, 17, 30, tzinfo=BERLIN).isoformat()


@dataclass
class Story:
    """What is told, day by day."""

    api: Api
    on: int = 0
    position: str = "0"

    def did(self, who: Person, mutation: str, record: str | None = None, **given: Any) -> str:
        """The record that a command was recorded on."""
        done = self.api.do(mutation, headers=who.headers(), **self._addressed(record, given))
        assert done["__typename"] == "CommandSuccess", (mutation, done)
        self.position = done["position"]
        return str(done["recordId"])

    def refused(self, who: Person, mutation: str, record: str, rule: str, **given: Any) -> None:
        done = self.api.do(mutation, headers=who.headers(), **self._addressed(record, given))
        assert (done["__typename"], done.get("rule")) == ("RuleViolated", f"council.{rule}"), (mutation, done)
        assert done["nextStep"]["de"]

    def _addressed(self, record: str | None, given: dict[str, Any]) -> dict[str, Any]:
        addressed = {} if record is None else {"record": record}
        return {"effectiveOn": day(self.on).isoformat(), **addressed, **given}

    def rows(self, plural: str, fields: str, **equal: str) -> list[Any]:
        """The rows of a register or report, by the values of columns."""
        wanted = ", ".join(f'{name}: {{ eq: "{value}" }}' for name, value in equal.items())
        query = f"query ($at: BigInt!) {{ {plural}(first: 100, minPosition: $at, filter: {{ {wanted} }}) "
        found: list[Any] = self.api.by("auditor").ask(f"{query} {{ nodes {{ {fields} }} }} }}", at=self.position)[
            plural
        ]["nodes"]
        return found

    def row(self, plural: str, fields: str, **equal: str) -> Any:
        (row,) = self.rows(plural, fields, **equal)
        return row

    def history(self, record: str) -> list[str]:
        """The topics of all that was recorded on a record."""
        query = """query ($id: ID!, $at: BigInt!) {
          record(id: $id, minPosition: $at) { history(first: 100) { nodes { topic } } } }"""
        nodes = self.api.ask(query, id=record, at=self.position)["record"]["history"]["nodes"]
        return [node["topic"].split(".")[1] for node in nodes]

    # What the council office does again and again

    def body(self, code: str, name: str, members: dict[str, list[str]]) -> str:
        body = self.did(OFFICE, "establishBody", code=code, name=name, bodyType="COMMITTEE", seats=9)
        for group, ids in members.items():
            for member in ids:
                self.did(OFFICE, "addMember", body, name=f"Mitglied {member[:4]}", group=group, member=member)
        return body

    def meeting(self, body: str, at: int) -> str:
        return self.did(OFFICE, "scheduleMeeting", number=unused("S"), body=body, start=evening(at))

    def items(self, meeting: str) -> list[str]:
        """The items of a meeting in the order of its agenda."""
        rows = self.rows("agendaItems", "itemId sequence", recordId=meeting)
        return [row["itemId"] for row in sorted(rows, key=lambda row: row["sequence"])]

    def invited(self, meeting: str, **given: Any) -> None:
        # The story is told after it happened, so that each notice takes a reason.
        given = {"shortenedNoticeReason": "Rechtzeitig geladen, nachgetragen.", **given}
        self.did(OFFICE, "inviteToMeeting", meeting, legalBasis="§ 47 GO NRW", **given)

    def opened(self, meeting: str, members: list[str]) -> None:
        self.did(OFFICE, "holdMeeting", meeting)
        self.did(OFFICE, "recordAttendance", meeting, members=members)

    def minutes(self, meeting: str) -> None:
        """Attach the protocol and make it the draft."""
        file = {"name": "Niederschrift", "fileName": "niederschrift.pdf", "mimeType": "application/pdf", "size": 100}
        self.did(SECRETARY, "attachMeetingFile", meeting, role="RESULTS_PROTOCOL", sha512=SHA512, **file)
        attached = self.row("councilFiles", "fileId", recordId=meeting)
        self.did(SECRETARY, "draftMinutes", meeting, file=attached["fileId"])


def time_goes_by(story: Story, until: int, database: Database, ledger: Ledger, record: str) -> list[tuple[str, date]]:
    """What `stadtbuch tick` finds due on a day for a record: the duty, and since when."""
    found: list[tuple[str, date]] = []

    def tell(duty: Any, each: tick.Found, outcome: str, _: str | None) -> None:
        if str(each.record_id) == record and outcome == "recorded":
            found.append((duty.name, each.since))

    with psycopg.connect(database.conninfo("reader"), autocommit=True) as reader:
        tick.Tick(DUTIES, day(until), reader, ledger, tell, on=day(until)).run(lambda: tick.catch_up(database, DUTIES))
    story.on = until
    return found


def test_a_council_cycle_from_paper_to_tracked_resolution(api: Api, api_database: Database, api_ledger: Ledger) -> None:
    story = Story(api)
    anna, bert, cem, dora, eva = members = [str(uuid4()) for _ in range(5)]
    groups = {"SPD": [anna, bert], "CDU": [cem, dora, eva]}
    council = story.body(unused("RAT"), "Rat", groups)
    committee = story.body(unused("OVA"), "Ordnungs- und Verkehrsausschuss", groups)

    # A paper is drafted, co-signed by somebody else, and released. It goes to a committee, then to the council.
    paper = story.did(
        ENGINEER,
        "draftPaper",
        reference=unused("66"),
        title="Fahrradstraße Uferpromenade",
        paperType="PROPOSAL",
        leadUnit="66",
        public=True,
    )
    story.refused(ENGINEER, "releasePaper", paper, "paper_not_co_signed")
    story.refused(ENGINEER, "coSignPaper", paper, "own_paper", unit="66")
    story.did(TREASURER, "coSignPaper", paper, unit="20")
    story.refused(OFFICE, "publishPaper", paper, "paper_is_draft")
    story.did(ENGINEER, "releasePaper", paper)
    story.did(OFFICE, "planConsultation", paper, body=committee, role="PRELIMINARY")
    story.did(OFFICE, "planConsultation", paper, body=council, role="DECISION", authoritative=True)
    story.refused(OFFICE, "planConsultation", paper, "already_planned", body=council, role="HEARING")
    story.did(OFFICE, "publishPaper", paper)
    assert [row["title"]["text"] for row in story.rows("publicPapers", "title { text }", paperId=paper)] == [
        "Fahrradstraße Uferpromenade"
    ]

    # Both agendas are made at once. The committee is not invited in time; the calendar notices, the office explains.
    first, second = story.meeting(committee, 30), story.meeting(council, 45)
    for meeting in (first, second):
        story.did(OFFICE, "addAgendaItem", meeting, number="1", order=1, paper=paper, public=True)
    late = time_goes_by(story, 24, api_database, api_ledger, first)
    assert late == [("council.invitation_late", day(24))]
    story.refused(OFFICE, "inviteToMeeting", first, "notice_too_short")
    story.invited(first, shortenedNoticeReason="Die Förderfrist endet.")
    story.invited(second)
    title = {"title": "Hochwasser", "number": "2", "order": 2, "public": True}
    story.refused(OFFICE, "addAgendaItem", second, "urgency_missing", **title)
    violation = story.row("noticeViolations", "noticeDays reason { text }", meetingId=first)
    assert violation == {"noticeDays": 6, "reason": {"text": "Die Förderfrist endet."}}
    assert story.rows("noticeViolations", "noticeDays", meetingId=second) == []

    # The committee meets. Its outcome is recorded late, so the council has to wait for it.
    story.on = 30
    story.opened(first, members)
    story.on = 45
    story.opened(second, members)
    (item,) = story.items(second)
    story.did(OFFICE, "declareConflictOfInterest", second, item=item, member=anna, ground="Anliegerin")
    story.did(OFFICE, "changeAttendance", second, item=item, member=eva, present=False)
    split = [{"group": "SPD", "yes": 1, "no": 0, "abstain": 0}, {"group": "CDU", "yes": 1, "no": 1, "abstain": 0}]
    story.refused(OFFICE, "recordVote", second, "too_many_votes", item=item, yes=3, no=1)
    story.refused(OFFICE, "recordVote", second, "groups_do_not_add_up", item=item, yes=3, no=0, byGroup=split)
    wrong = [{"group": "SPD", "yes": 2, "no": 0, "abstain": 0}, {"group": "CDU", "yes": 0, "no": 1, "abstain": 0}]
    story.refused(OFFICE, "recordVote", second, "group_too_small", item=item, yes=2, no=1, byGroup=wrong)
    story.did(OFFICE, "recordVote", second, item=item, yes=2, no=1, byGroup=split)
    text = "Die Uferpromenade wird Fahrradstraße."
    story.refused(OFFICE, "decideAgendaItem", second, "against_the_vote", item=item, outcome="REJECTED")
    adopt = {"item": item, "outcome": "ADOPTED", "text": text}
    story.refused(OFFICE, "decideAgendaItem", second, "earlier_bodies_first", **adopt)
    story.did(
        OFFICE,
        "decideAgendaItem",
        first,
        item=story.items(first)[0],
        outcome="REFERRED",
        effectiveOn=day(30).isoformat(),
    )
    story.did(OFFICE, "decideAgendaItem", second, **adopt)
    found = story.row("papers", "status outcome resolutionId", recordId=paper)
    assert (found["status"], found["outcome"]) == ("DECIDED", "ADOPTED")
    resolution = found["resolutionId"]
    votes = story.rows("votesByGroup", "groupCode yes no withMajority", bodyId=council)
    assert sorted((row["groupCode"], row["yes"], row["no"], row["withMajority"]) for row in votes) == [
        ("CDU", 1, 1, 0),
        ("SPD", 1, 0, 1),
    ]

    # Chair and secretary sign the same minutes; then nothing about the meeting changes any more.
    story.on = 48
    story.minutes(second)
    story.refused(CHAIR, "signMinutes", second, "other_minutes", office="CHAIR", sha512="cd" * 64)
    story.did(CHAIR, "signMinutes", second, office="CHAIR", sha512=SHA512)
    story.refused(CHAIR, "signMinutes", second, "two_signatures", office="SECRETARY", sha512=SHA512)
    story.did(SECRETARY, "signMinutes", second, office="SECRETARY", sha512=SHA512)
    story.refused(OFFICE, "recordVote", second, "minutes_signed", item=item, yes=1, no=2)
    signed = story.row("meetings", "status chairId secretaryId", recordId=second)
    assert signed == {"status": "MINUTES_SIGNED", "chairId": CHAIR.actor, "secretaryId": SECRETARY.actor}

    # The mayor objects: the resolution is suspended until the council, and then the authority, has decided again.
    story.did(MAYOR, "objectToResolution", resolution, legalGround="Verstoß gegen § 45 StVO")
    due = {"unit": "66", "due": day(80).isoformat()}
    story.refused(OFFICE, "assignImplementation", resolution, "suspended", **due)
    third = story.meeting(council, 60)
    again = {"number": "1", "order": 1, "title": "Beanstandung", "public": True, "decidesAgain": resolution}
    story.did(OFFICE, "addAgendaItem", third, **again)
    story.invited(third)
    story.on = 60
    story.opened(third, members)
    (new_item,) = story.items(third)
    note = {"minutesOf": second, "text": "Der Zwischenruf fehlt."}
    story.refused(OFFICE, "noteMinutesObjection", third, "meeting_unknown", **{**note, "minutesOf": first})
    story.did(OFFICE, "noteMinutesObjection", third, **note)
    story.did(OFFICE, "recordVote", third, item=new_item, yes=4, no=1)
    story.did(OFFICE, "decideAgendaItem", third, item=new_item, outcome="ADOPTED", text="Der Rat bleibt dabei.")
    story.refused(OFFICE, "recordSupervisoryDecision", resolution, "not_upheld", stands=True, note="Az. 31.1")
    story.did(OFFICE, "decideObjection", resolution, meeting=third, item=new_item)
    story.did(OFFICE, "recordSupervisoryDecision", resolution, stands=True, note="Az. 31.1")
    assert story.row("minutesObjections", "minutesOf", recordId=third) == {"minutesOf": second}
    assert story.row("meetings", "minutesObjections", recordId=second) == {"minutesObjections": 1}

    # A unit implements it, too late; the calendar notices, and the delay has a reason.
    story.did(OFFICE, "assignImplementation", resolution, **due)
    assert time_goes_by(story, 81, api_database, api_ledger, resolution) == [
        ("council.implementation_overdue", day(81))
    ]
    delay = {"progress": "DELAYED", "due": day(100).isoformat()}
    story.refused(ENGINEER, "reportImplementation", resolution, "delay_unexplained", **delay)
    story.did(
        ENGINEER, "reportImplementation", resolution, **delay, delayReason="Die Ausschreibung blieb ohne Angebot."
    )

    # It is in the tracking report while it is open, once more when it is done, and then in none.
    def reported_in(at: int) -> str:
        meeting = story.meeting(council, at)
        story.did(OFFICE, "addAgendaItem", meeting, number="1", order=1, title="Beschlusskontrolle")
        story.invited(meeting)
        story.on = at
        story.opened(meeting, members)
        story.did(OFFICE, "giveTrackingReport", meeting, resolutions=[resolution])
        return meeting

    reported_in(90)
    (line,) = story.rows("resolutionTracking", "status trackingReports", resolutionId=resolution)
    assert line == {"status": "DELAYED", "trackingReports": 1}
    story.did(ENGINEER, "completeImplementation", resolution, note="Abgenommen.")
    last = reported_in(110)
    assert story.rows("resolutionTracking", "status", resolutionId=resolution) == []
    story.refused(OFFICE, "giveTrackingReport", last, "reported_final", resolutions=[resolution])
    final = story.row("resolutions", "status trackingReports finalReportMeetingId", recordId=resolution)
    assert final == {"status": "REPORTED_FINAL", "trackingReports": 2, "finalReportMeetingId": last}

    # The public sees the public part of the meeting once it is published, and a tombstone once it is not any more.
    assert story.rows("publicAgendaItems", "itemId", meetingId=second) == []
    story.did(OFFICE, "publishMeeting", second)
    shown = story.row("publicAgendaItems", "paperId resolutionText { text }", meetingId=second)
    assert shown == {"paperId": paper, "resolutionText": {"text": text}}
    story.did(OFFICE, "depublishMeeting", second, reason="Namen in der Anlage")
    assert story.rows("publicAgendaItems", "itemId", meetingId=second) == []
    stone = story.row("publicMeetings", "publication startsAt", meetingId=second)
    assert stone == {"publication": "DEPUBLISHED", "startsAt": None}

    # Everything is in the history, in its order.
    assert story.history(resolution) == [
        "resolution_adopted",
        "resolution_objected",
        "objection_decided",
        "supervisory_decision_recorded",
        "implementation_assigned",
        "implementation_became_overdue",
        "implementation_reported",
        "resolution_reported",
        "implementation_completed",
        "final_report_given",
    ]
    assert story.history(paper) == [
        "paper_drafted",
        "paper_co_signed",
        "paper_released",
        "consultation_planned",
        "consultation_planned",
        "paper_published",
        "consultation_scheduled",
        "consultation_scheduled",
        "paper_decided",
        "paper_decided",
    ]
    overseen = story.rows("supervisedActs", "by rules samePerson", recordId=second)
    assert sorted(overseen, key=lambda row: str(row["by"])) == [
        {"by": "FOUR_EYES", "rules": ["council.two_signatures"], "samePerson": False},
        {"by": "OVERRIDE", "rules": ["council.notice_too_short"], "samePerson": False},
    ]
    (override,) = story.rows("supervisedActs", "by rules", recordId=first)
    assert override == {"by": "OVERRIDE", "rules": ["council.notice_too_short"]}
