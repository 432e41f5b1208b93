"""The two kinds of rules: about a record's state, and about a caller's input."""

from domain.kernel import Message, Rule


def record_rule(name: str, protects: Message, next_step: Message, source: str | None = None) -> Rule:
    """A rule by which the state of the record forbids the command, whatever its input."""
    return Rule(f"council.{name}", protects, next_step, source)


def input_rule(name: str, protects: Message, next_step: Message, source: str | None = None) -> Rule:
    """A rule by which the input forbids the command."""
    return Rule(f"council.{name}", protects, next_step, source, about="input")
