"""The answers of a mutation that are not a success: typed, in two languages, each saying what to do next."""

from __future__ import annotations

from collections.abc import Callable

import strawberry

from domain import requests
from domain.kernel import Invalid as InvalidInput
from domain.kernel import Message, Rejected
from domain.kernel import Rule as DomainRule
from graphql_api import ports
from graphql_api.naming import camel
from graphql_api.scalars import BigInt

Say = Callable[[Message], str]


@strawberry.type(description="A text in the two languages of the interface (zweisprachiger Text).")
class Bilingual:
    en: str = strawberry.field(description="English.")
    de: str = strawberry.field(description="German (Deutsch).")


def bilingual(message: Message) -> Bilingual:
    return Bilingual(en=message.en, de=message.de)


@strawberry.interface(description="Why a command was not recorded (Hinderungsgrund). Nothing of it was.")
class Problem:
    message: str = strawberry.field(
        description="What is wrong and what to do next, in the language of the Accept-Language header."
    )
    messages: Bilingual = strawberry.field(description="The same in both languages.")


@strawberry.type(description="A fact or figure about a refusal (Einzelheit).")
class Detail:
    name: str = strawberry.field(description="What it is.")
    value: str = strawberry.field(description="Its value, as text.")


@strawberry.type(description="A rule of the domain that stands against a command (Regel).")
class Rule:
    rule: str = strawberry.field(description="The rule's stable id, as in `efile.case_closed`.")
    message: str = strawberry.field(description="What it protects and what to do next, in the request's language.")
    protects: Bilingual = strawberry.field(description="What the rule protects (Schutzzweck).")
    next_step: Bilingual = strawberry.field(description="What to do instead (nächster Schritt).")
    source: str | None = strawberry.field(description="Its legal source, where there is one (Rechtsgrundlage).")


@strawberry.type(description="A rule of the domain forbids the command (Regelverstoß).")
class RuleViolated(Problem):
    rule: str = strawberry.field(description="The rule's stable id, as in `efile.case_closed`.")
    protects: Bilingual = strawberry.field(description="What the rule protects (Schutzzweck).")
    next_step: Bilingual = strawberry.field(description="What to do instead (nächster Schritt).")
    source: str | None = strawberry.field(description="Its legal source, where there is one (Rechtsgrundlage).")
    details: list[Detail] = strawberry.field(description="What in particular stood against the command.")


@strawberry.type(description="The record has moved on since the caller saw it (Versionskonflikt).")
class VersionConflict(Problem):
    expected: BigInt = strawberry.field(description="The version the caller expected.")
    actual: BigInt = strawberry.field(description="The version the record has.")


@strawberry.type(description="There is no such record, or it is of another kind than the command's (nicht gefunden).")
class NotFound(Problem):
    pass


@strawberry.type(description="A value that no rule needs to be asked about: empty, too long, malformed (ungültig).")
class Invalid(Problem):
    field: str = strawberry.field(description="The input field, as a path: `steps.0.addressee`.")


@strawberry.type(description="The idempotency key was used before, with another request (Schlüssel schon verwendet).")
class IdempotencyKeyReused(Problem):
    pass


@strawberry.type(description="The caller may not do this (nicht erlaubt).")
class Forbidden(Problem):
    pass


@strawberry.type(
    description="Too much is happening on the record at once; the same request may be sent again (überlastet)."
)
class Overloaded(Problem):
    pass


@strawberry.type(description="The ledger does not answer now; the same request may be sent again (nicht erreichbar).")
class Unavailable(Problem):
    pass


PROBLEMS = (
    RuleViolated,
    VersionConflict,
    NotFound,
    Invalid,
    IdempotencyKeyReused,
    Forbidden,
    Overloaded,
    Unavailable,
)

_REFUSED: dict[type[requests.Refused], Callable[..., Problem]] = {
    requests.NotFound: NotFound,
    requests.IdempotencyKeyReused: IdempotencyKeyReused,
    requests.Overloaded: Overloaded,
    ports.Forbidden: Forbidden,
    requests.Unavailable: Unavailable,
}


def shown_rule(rule: DomainRule, say: Say) -> Rule:
    """A rule that stands against a command, without the details of an attempt."""
    both = Message(f"{rule.protects.en} {rule.next_step.en}", f"{rule.protects.de} {rule.next_step.de}")
    return Rule(
        rule=rule.id,
        message=say(both),
        protects=bilingual(rule.protects),
        next_step=bilingual(rule.next_step),
        source=rule.source,
    )


def problem(error: Rejected | InvalidInput | requests.Refused, say: Say) -> Problem:
    """The typed answer for a refusal. Raises the error again where there is none."""
    if isinstance(error, Rejected):
        both = Message(error.message("en"), error.message("de"))
        return RuleViolated(
            message=say(both),
            messages=bilingual(both),
            rule=error.rule.id,
            protects=bilingual(error.rule.protects),
            next_step=bilingual(error.rule.next_step),
            source=error.rule.source,
            details=[Detail(name=camel(name), value=value) for name, value in error.details.items()],
        )
    said, both_said = say(error.message), bilingual(error.message)
    if isinstance(error, InvalidInput):
        path = ".".join(camel(part) for part in error.field.split("."))
        return Invalid(message=said, messages=both_said, field=path)
    if isinstance(error, requests.VersionConflict):
        return VersionConflict(
            message=said, messages=both_said, expected=BigInt(error.expected), actual=BigInt(error.actual)
        )
    for refusal, answer in _REFUSED.items():
        if isinstance(error, refusal):
            return answer(message=said, messages=both_said)
    raise error
