"""An error about a document or a value of it, in the two languages of the interface."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLError

from domain.kernel import Message


class Told(GraphQLError):
    """The text is English until it is presented; `said` is both."""

    def __init__(self, said: Message, **more: Any) -> None:
        super().__init__(said.en, **more)
        self.said = said


def translated(error: GraphQLError, language: str) -> str:
    """The text of an error in a language, as far as it was told by one of ours; what GraphQL itself says is English."""
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        if isinstance(cause, Told):
            return error.message.replace(cause.said.en, cause.said.de) if language == "de" else error.message
        cause = cause.original_error
    return error.message
