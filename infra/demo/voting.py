"""How the groups of the generated city vote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from random import Random
from uuid import UUID

from domain.council.commands import RecordVote
from domain.council.parts import Attending, GroupVote


def vote_of(item: UUID, voters: Iterable[Attending], adopted: bool, random: Random) -> RecordVote:
    """A vote that has this outcome, and whose groups add up."""
    groups = _by_group(Counter(member.group or "-" for member in voters), adopted, random)
    return RecordVote(
        item=item,
        yes=sum(group.yes for group in groups),
        no=sum(group.no for group in groups),
        abstain=sum(group.abstain for group in groups),
        by_group=tuple(groups),
    )


def _by_group(members: Counter[str], adopted: bool, random: Random) -> list[GroupVote]:
    """The first two groups vote alike; where they have no majority today, the others join them."""
    groups = []
    for number, (group, count) in enumerate(members.items()):
        side = adopted if number < 2 else random.random() < 0.6
        abstain = 0 if number < 2 else random.choice((0, 0, count // 2))
        groups.append(_of_one_mind(group, count - abstain, abstain, side))
    if (sum(group.yes for group in groups) > sum(group.no for group in groups)) is adopted:
        return groups
    return [_of_one_mind(group, count, 0, adopted) for group, count in members.items()]


def _of_one_mind(group: str, voters: int, abstain: int, side: bool) -> GroupVote:
    return GroupVote(group, voters if side else 0, 0 if side else voters, abstain)
