"""Sealed texts in answers: references at first, then revealed together; an erased one is shown as such."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import strawberry

from domain.kernel import Sealed
from graphql_api.context import Asking
from projections.model import referred


@strawberry.type(description="A text that is stored encrypted and can be forgotten (Personenbezug oder Freitext).")
class SealedText:
    text: str | None = strawberry.field(description="The text; null where it was erased.")
    erased: bool = strawberry.field(description="Whether the text was erased, and its key with it (gelöscht).")


def shown(text: str | None) -> SealedText:
    return SealedText(text=text, erased=text is None)


async def reveal(asking: Asking, rows: Sequence[dict[str, Any]], columns: Iterable[str]) -> None:
    """Puts the texts in the place of the references that these columns of the rows hold. One call for all."""
    places = [(row, column) for row in rows for column in columns if row.get(column) is not None]
    if not places:
        return
    texts = await asking.texts.load_many([referred(row[column]) for row, column in places])
    for (row, column), text in zip(places, texts, strict=True):
        row[column] = shown(text)


def reference(position: int, part: int, name: str) -> Sealed[str]:
    """The reference to a sealed field of the event at a position."""
    return Sealed.stored(position, part, name)
