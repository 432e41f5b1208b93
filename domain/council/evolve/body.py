"""What each fact makes of a body."""

from dataclasses import replace
from typing import assert_never

from domain.council import facts
from domain.council.evolve.parts import depublished
from domain.council.parts import Attending
from domain.council.state import BodyState, Membership
from domain.council.vocabulary import Publication


def evolve_body(body: BodyState, fact: facts.BodyFact) -> BodyState:
    match fact:
        case facts.BodyEstablished():
            return BodyState(code=fact.code, data=fact.data, source=fact.source)
        case facts.BodyAmended():
            return replace(body, data=fact.data, source=fact.source)
        case facts.BodyDissolved():
            return replace(body, dissolved_on=fact.dissolved_on)
        case facts.BodyPublished():
            return replace(body, publication=Publication.PUBLISHED)
        case facts.BodyDepublished():
            return replace(body, publication=depublished(fact.at_source))
        case facts.MemberJoined():
            joined = Membership(of=Attending(fact.member, fact.voting, fact.group), since=fact.since)
            return replace(body, memberships=(*body.memberships, joined))
        case facts.MemberLeft():
            return replace(body, memberships=tuple(_left(known, fact) for known in body.memberships))
        case _:
            assert_never(fact)


def _left(known: Membership, fact: facts.MemberLeft) -> Membership:
    ends = known.of.member == fact.member and known.until is None
    return replace(known, until=fact.left_on) if ends else known
