"""Decisions about a body (Gremium)."""

from dataclasses import replace
from typing import assert_never

from domain.council import checks, commands, facts
from domain.council.parts import BodyData, Reference
from domain.council.rules import records
from domain.council.state import BodyState, State
from domain.days import last_known
from domain.kernel import Context, Fact, On, Rejected

Facts = tuple[Fact | On, ...]


def decide_body(state: State | None, command: commands.BodyCommand, context: Context) -> Facts:
    """The facts that a command about a body leads to."""
    match command:
        case commands.EstablishBody():
            return _establish(state, command, context)
        case commands.AmendBody():
            return _amend(_meeting(state), command)
        case commands.DissolveBody():
            for known in _meeting(state).memberships:
                checks.in_order(context, known.until or known.since)
            reason = checks.text("reason", command.reason)
            return (facts.BodyDissolved(dissolved_on=context.day, reason=reason),)
        case commands.AddMember():
            return _join(_meeting(state), command, context)
        case commands.EndMembership():
            return _leave(_meeting(state), command, context)
        case commands.PublishBody():
            checks.may_publish(checks.known(state, BodyState).publication)
            return (facts.BodyPublished(),)
        case commands.DepublishBody():
            checks.may_depublish(checks.known(state, BodyState).publication)
            return (facts.BodyDepublished(reason=checks.text("reason", command.reason)),)
        case _:
            assert_never(command)


def _establish(state: State | None, command: commands.EstablishBody, context: Context) -> Facts:
    checks.expect_new(state)
    code = checks.short("code", command.code, 40)
    if command.parent is not None:
        checks.meeting_body(context, command.parent)
    data = BodyData(
        body_type=command.body_type,
        seats=None if command.seats is None else checks.count("seats", command.seats),
        parent=Reference(command.parent) if command.parent else None,
        valid_from=command.valid_from or context.day,
    )
    return (facts.BodyEstablished(code=code, data=data, name=checks.text("name", command.name)),)


def _amend(body: BodyState, command: commands.AmendBody) -> Facts:
    name = checks.optional_text("name", command.name)
    data = replace(
        body.data,
        body_type=command.body_type or body.data.body_type,
        seats=body.data.seats if command.seats is None else checks.count("seats", command.seats),
    )
    changed = checks.changed_fields(body.data, data) + (("name",) if name else ())
    if not changed:
        raise Rejected(records.NOTHING_CHANGED)
    return (facts.BodyAmended(changed=changed, data=data, name=name),)


def _join(body: BodyState, command: commands.AddMember, context: Context) -> Facts:
    member = command.member or checks.new_part(context, "member")
    last = body.last_membership(member)
    if last is not None and last.until is None:
        raise Rejected(records.MEMBER_SEATED, member=member)
    checks.in_order(context, last_known(last.until if last else None, body.data.valid_from))
    group = None if command.group is None else checks.short("group", command.group)
    name = checks.personal("name", command.name, member)
    return (facts.MemberJoined(member=member, group=group, voting=command.voting, since=context.day, name=name),)


def _leave(body: BodyState, command: commands.EndMembership, context: Context) -> Facts:
    last = body.last_membership(command.member)
    if last is None or last.until is not None:
        raise Rejected(records.MEMBER_UNKNOWN, member=command.member)
    checks.in_order(context, last.since)
    reason = None if command.reason is None else checks.personal("reason", command.reason, command.member)
    return (facts.MemberLeft(member=command.member, left_on=context.day, reason=reason),)


def _meeting(state: State | None) -> BodyState:
    body = checks.led_here(state, BodyState)
    if body.dissolved_on is not None:
        raise Rejected(records.BODY_DISSOLVED, dissolved_on=body.dissolved_on)
    return body
