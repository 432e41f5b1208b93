"""What holds for the whole family: folding never fails on what was decided, and states answer what is allowed."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from domain.council import FAMILY
from domain.council.commands import (
    CompleteImplementation,
    CoSignPaper,
    DecideAgendaItem,
    DraftMinutes,
    DraftPaper,
    HoldMeeting,
    InviteToMeeting,
    ObjectToResolution,
    PlanConsultation,
    PublishPaper,
    RecordAttendance,
    RecordOverdueImplementation,
    RecordVote,
    ReleasePaper,
    SignMinutes,
    WithdrawPaper,
)
from domain.council.vocabulary import ConsultationRole, Outcome, PaperType
from domain.kernel import BERLIN, Channel, Command, Context, Effective
from domain.probe import blocking_rule, placeholder
from tests.domain.council.examples import (
    ASSIGNED,
    CO_SIGNED,
    COMPLETED,
    COUNCIL,
    MEETING,
    MEMBERS,
    PAPER,
    PRESENT,
    REASON,
    SIGNED,
    TEXT,
    THE_DAY,
    TITLE,
    a_city,
    a_held_meeting,
    a_meeting,
    a_meeting_with_item,
    a_paper,
    a_resolution,
    add_item,
    schedule,
)
from tests.scenario import NOW, SOMEBODY_ELSE, Given, pseudonym

MEMBER_IDS = tuple(member.member for member in MEMBERS)


def blocked(scenario: Given, command: type[Command]) -> str | None:
    """The rule by which the record's state forbids the command, whatever its input."""
    probe = placeholder(command, NOW.date())
    context = Context(
        now=NOW,
        effective=Effective(NOW),
        actor=COUNCIL,
        role="clerk",
        org_unit="61",
        channel=Channel.STAFF,
        record_id=scenario.record_id,
        reads=dict.fromkeys(probe.reads(scenario.state)),
        pseudonym=pseudonym,
    )
    rule = blocking_rule(FAMILY.decide, scenario.state, probe, context)
    return rule.id if rule else None


@pytest.mark.parametrize(
    ("scenario", "command", "rule"),
    [
        (a_paper(), ReleasePaper, "council.paper_not_co_signed"),
        (a_paper(CO_SIGNED), ReleasePaper, None),
        (a_paper(), CoSignPaper, None),
        (a_held_meeting(PRESENT), DraftMinutes, "council.items_open"),
        (a_held_meeting(PRESENT), SignMinutes, "council.minutes_not_drafted"),
        (a_held_meeting(*SIGNED), RecordVote, "council.minutes_signed"),
        (a_resolution(), ObjectToResolution, None),
        (a_resolution(), RecordOverdueImplementation, "council.not_overdue"),
        (a_paper(), PublishPaper, "council.paper_is_draft"),
        (a_paper(), WithdrawPaper, None),
        (a_meeting(), InviteToMeeting, "council.agenda_empty"),
        (a_meeting(), HoldMeeting, "council.meeting_not_invited"),
        (a_meeting_with_item(), InviteToMeeting, None),
        (a_held_meeting(), RecordVote, "council.attendance_missing"),
        (a_held_meeting(), RecordAttendance, None),
        (a_resolution(), CompleteImplementation, "council.not_assigned"),
        (a_resolution(ASSIGNED, COMPLETED), CompleteImplementation, "council.implemented"),
    ],
)
def test_a_record_tells_which_commands_its_state_allows(
    scenario: Given, command: type[Command], rule: str | None
) -> None:
    assert blocked(scenario, command) == rule


def test_a_paper_goes_from_draft_to_resolution() -> None:
    draft = DraftPaper(reference="01/1", title=TITLE, paper_type=PaperType.PROPOSAL, lead_unit="61", public=True)
    plan = PlanConsultation(body=COUNCIL, role=ConsultationRole.DECISION, authoritative=True)
    signed = a_city(PAPER).when(draft).so().when(CoSignPaper(unit="20"), actor=SOMEBODY_ELSE, org_unit="20").so()
    paper = signed.when(ReleasePaper()).so().when(plan).so()
    meeting = paper.about(MEETING).when(schedule()).so().when(add_item()).so().when(InviteToMeeting()).so()
    opened = meeting.when(HoldMeeting(), now=THE_DAY).so().when(RecordAttendance(members=MEMBER_IDS), now=THE_DAY).so()
    item = opened.state.items[0].id
    voted = opened.when(RecordVote(item=item, yes=6, no=2), now=THE_DAY).so()
    decided = voted.when(DecideAgendaItem(item=item, outcome=Outcome.ADOPTED, text=TEXT), now=THE_DAY).so()
    assert decided.state_of(PAPER).status == "decided"
    resolution = decided.state_of(decided.state.resolution_of(item)[0])
    assert resolution.adopted_on == THE_DAY.date()


LATE = datetime(2026, 3, 20, 23, 30, tzinfo=BERLIN)
SOME_COMMANDS: list[Command] = [
    placeholder(command, NOW.date()) for command in FAMILY.commands if command.kind == "meeting" and not command.creates
]


@settings(max_examples=200)
@examples(st.lists(st.tuples(st.sampled_from(range(len(SOME_COMMANDS))), st.integers(0, 3)), max_size=25))
def test_whatever_is_decided_on_a_meeting_can_be_folded(steps: list[tuple[int, int]]) -> None:
    scenario = a_meeting_with_item()
    for step, variant in steps:
        command: Any = SOME_COMMANDS[step]
        items = [item.id for item in scenario.state.items]
        if hasattr(command, "item") and items:
            command = replace(command, item=items[variant % len(items)])
        if hasattr(command, "reason"):
            command = replace(command, reason=REASON)
        decision = scenario.when(command, now=LATE)
        if decision.refusal is None:
            before = len(scenario.history)
            scenario = decision.so()
            assert len(scenario.history) > before
            assert scenario.state is not None
