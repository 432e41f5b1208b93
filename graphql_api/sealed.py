"""Sealed texts in answers: references at first, then revealed together; an erased one is shown as such."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import strawberry

from domain.kernel import Sealed
from graphql_api.context import Asking


@strawberry.type(
    description="A text that is stored encrypted and can be forgotten: personal data, or free text (Geheimtext)."
)
class SealedText:
    text: str | None = strawberry.field(description="The text; null where it was erased.")
    erased: bool = strawberry.field(description="Whether the text was erased, and its key with it (gelöscht).")


Place = tuple[Sealed[str], Callable[[SealedText], None]]
"""A reference, and what puts its text where it is shown."""


async def reveal(asking: Asking, places: Sequence[Place]) -> None:
    """Puts the texts in their places, all revealed in one call. What reveals as None was erased."""
    if places:
        texts = await asking.texts.load_many([reference for reference, _ in places])
        for (_, put), text in zip(places, texts, strict=True):
            put(SealedText(text=text, erased=text is None))
