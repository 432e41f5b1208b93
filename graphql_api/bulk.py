"""`bulk`: up to a hundred commands in one request, in order, each with an outcome of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import strawberry
from strawberry.types.field import StrawberryField

from domain.kernel import Invalid, Message
from graphql_api.building import Type, argument, field, list_of, made_type, optional
from graphql_api.context import Asking
from graphql_api.limits import MOST_COMMANDS
from graphql_api.mutations import Mutation, outcome
from graphql_api.problems import Problem, Unavailable

_HOW_MANY: Final = Message(
    f"`commands` takes 1 to {MOST_COMMANDS} commands; send the others in a further request.",
    f"`commands` nimmt 1 bis {MOST_COMMANDS} Befehle; bitte die übrigen in einer weiteren Anfrage senden.",
)


def bulk_field(mutations: Sequence[Mutation], payload: Type, success: Type) -> StrawberryField:
    """The root field, over all commands."""
    by_name = {each.name: each for each in mutations}
    command = made_type(
        "BulkCommand",
        [field(each.name, optional(each.input), each.about) for each in mutations],
        "One command: exactly one of these, named as its mutation (Befehl).",
        kind="one of",
    )
    answer = made_type(
        "BulkPayload",
        [
            field("outcomes", list_of(payload), "What became of each command, in the order of `commands`."),
            field("recorded", int, "How many were recorded, now or by an earlier request with the same keys."),
            field("refused", int, "How many were not: each of their outcomes is a problem."),
        ],
        "What became of several commands, each for itself (Sammelauftrag).",
    )

    async def run(root: Any, info: strawberry.Info, **given: Any) -> dict[str, Any]:
        commands: list[Mapping[str, Any]] = given["commands"]
        if not 1 <= len(commands) <= MOST_COMMANDS:
            raise Invalid("commands", _HOW_MANY)
        outcomes = await _outcomes(by_name, success, info.context, commands)
        refused = sum(isinstance(each, Problem) for each in outcomes)
        return {"outcomes": outcomes, "recorded": len(outcomes) - refused, "refused": refused}

    about = (
        f"Up to {MOST_COMMANDS} commands, carried out one after the other, each for itself: one that is refused stops "
        "no other, and the same request may be sent again (Sammelauftrag)."
    )
    readers = frozenset(role for each in mutations for role in each.reading.command.asked_by)
    taken = [argument("commands", list_of(command), f"The commands, 1 to {MOST_COMMANDS}, in order.")]
    return field("bulk", optional(answer), about, readers=readers, resolver=run, arguments=taken)


async def _outcomes(
    mutations: Mapping[str, Mutation], success: Type, asking: Asking, commands: Sequence[Mapping[str, Any]]
) -> list[Any]:
    """In order. Where the ledger does not answer, what follows is not tried: it might rest on what is undecided."""
    outcomes: list[Any] = []
    for command in commands:
        if outcomes and isinstance(outcomes[-1], Unavailable):
            outcomes.append(outcomes[-1])
            continue
        ((name, given),) = command.items()
        outcomes.append(await outcome(mutations[name].reading, success, asking, given))
    return outcomes
