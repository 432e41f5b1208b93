"""Decisions about the minutes (Niederschrift) of a meeting."""

from typing import assert_never

from domain.council import checks, commands, facts
from domain.council.rules import minutes as rules
from domain.council.rules import papers, records
from domain.council.rules.meetings import MEETING_UNKNOWN
from domain.council.state import MeetingState, MinutesState, State
from domain.council.vocabulary import FileRole, MeetingStatus
from domain.kernel import Context, Fact, Invalid, Message, On, Rejected

Facts = tuple[Fact | On, ...]
PROTOCOLS = frozenset({FileRole.RESULTS_PROTOCOL, FileRole.VERBATIM_PROTOCOL})


def decide_minutes(state: State | None, command: commands.MinutesCommand, context: Context) -> Facts:
    """The facts that a command about minutes leads to."""
    meeting = checks.sitting(state)
    match command:
        case commands.DraftMinutes():
            return _draft(meeting, command, context)
        case commands.SignMinutes():
            return _sign(meeting, command, context)
        case commands.NoteMinutesObjection():
            return _object(meeting, command, context)
        case _:
            assert_never(command)


def _draft(meeting: MeetingState, command: commands.DraftMinutes, context: Context) -> Facts:
    _all_decided(meeting)
    file = next((known for known in meeting.files if known.id == command.file), None)
    if file is None:
        raise Rejected(papers.FILE_UNKNOWN, file=command.file)
    if file.data.role not in PROTOCOLS or file.data.sha512 is None:
        raise Invalid("file", Message("is not a protocol", "ist keine Niederschrift"))
    if meeting.minutes is not None and meeting.minutes.file == file.id:
        raise Rejected(records.NOTHING_CHANGED)
    drafted = facts.MinutesDrafted(
        file=file.id, sha512=file.data.sha512, objections=meeting.objections, drafted_on=context.day
    )
    return (drafted,) if meeting.minutes is None else (_void(meeting.minutes), drafted)


def _sign(meeting: MeetingState, command: commands.SignMinutes, context: Context) -> Facts:
    # Who comes as a citizen has another id than as staff: one person would sign for both offices.
    checks.by_staff(context)
    if meeting.minutes is None:
        raise Rejected(rules.MINUTES_NOT_DRAFTED)
    signed = meeting.minutes.signatures
    if any(set(context.persons) & set(other.persons) for other in signed):
        raise Rejected(rules.TWO_SIGNATURES)
    if any(command.office is other.office for other in signed):
        raise Rejected(rules.SIGNED_IN_THIS_OFFICE, office=command.office)
    if command.sha512 != meeting.minutes.sha512:
        raise Rejected(rules.OTHER_MINUTES)
    checks.in_order(context, meeting.minutes.since)
    first = signed[0] if signed else None
    return (
        facts.MinutesSigned(
            office=command.office,
            sha512=command.sha512,
            signatory=context.actor,
            deputising_for=context.deputising_for,
            other_signatory=first.signatory if first else None,
            other_deputising_for=first.deputising_for if first else None,
            signed_on=context.day,
        ),
    )


def _object(meeting: MeetingState, command: commands.NoteMinutesObjection, context: Context) -> Facts:
    earlier = context.reads.get(command.minutes_of)
    if not isinstance(earlier, MeetingState) or not earlier.bodies & meeting.bodies or not _precedes(earlier, meeting):
        raise Rejected(MEETING_UNKNOWN, meeting=command.minutes_of)
    if earlier.status is not MeetingStatus.MINUTES_SIGNED:
        raise Rejected(rules.MINUTES_NOT_SIGNED, status=earlier.status)
    checks.in_order(context, earlier.minutes.since if earlier.minutes else None)
    text = checks.text("text", command.text)
    objection = checks.new_part(context, "objection")
    noted = facts.MinutesObjectionNoted(objection=objection, minutes_of=command.minutes_of, text=text)
    return (noted, On(command.minutes_of, facts.MinutesObjected(objection=objection, noted_in=context.record_id)))


def voided(told: Facts, state: State | None, context: Context) -> Facts:
    """That these facts void the draft of minutes, said on the meeting whose minutes they would have to tell it."""
    retold: list[Fact | On] = []
    for each in told:
        record, fact = (each.record_id, each.fact) if isinstance(each, On) else (None, each)
        meeting = context.reads.get(record) if record else state
        if isinstance(fact, facts.TOLD_IN_MINUTES) and isinstance(meeting, MeetingState) and meeting.minutes:
            void = _void(meeting.minutes)
            retold.append(On(record, void) if record else void)
    return tuple(retold)


def _void(minutes: MinutesState) -> facts.MinutesVoided:
    signed = minutes.signatures
    return facts.MinutesVoided(
        file=minutes.file,
        sha512=minutes.sha512,
        signatories=tuple(signature.signatory for signature in signed),
        deputising_for=tuple(signature.deputising_for for signature in signed if signature.deputising_for),
    )


def _precedes(earlier: MeetingState, meeting: MeetingState) -> bool:
    return bool(earlier.data.start and meeting.data.start and earlier.data.start < meeting.data.start)


def _all_decided(meeting: MeetingState) -> None:
    if any(not item.decided for item in meeting.items):
        raise Rejected(rules.ITEMS_OPEN, open=sum(not item.decided for item in meeting.items))
