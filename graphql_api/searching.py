"""`search`: records by any part of their numbers and public texts, as far as the caller sees them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from strawberry.types.field import StrawberryField

from domain.kernel import Invalid, Message
from graphql_api.building import Type, argument, field, list_of, optional
from graphql_api.connections import MIN_POSITION
from graphql_api.context import Asking
from graphql_api.lists import Listing, caught_up
from graphql_api.paging import PAGING, paging
from graphql_api.steps import Page, Wanted
from projections.folding import PIECE, folded
from projections.query import Op, Where

LONGEST: Final = 200
MOST_WORDS: Final = 10
_TEXT: Final = Message(
    f"Give 1 to {MOST_WORDS} words, together at most {LONGEST} characters, one of them of {PIECE} or more.",
    f"Bitte 1 bis {MOST_WORDS} Wörter mit zusammen höchstens {LONGEST} Zeichen angeben, mindestens eines davon mit "
    f"{PIECE} oder mehr.",
)
_KINDS: Final = Message(
    "There is no such kind of record. There are: {kinds}.", "Diese Art gibt es nicht; es gibt: {kinds}."
)


def search_field(shown: Listing, connection: Type, kinds: Collection[str]) -> StrawberryField:
    """The root field over the search index; `kinds` are those of records that there are."""

    async def wanted(asking: Asking, given: Mapping[str, Any]) -> Wanted:
        page, where = paging(given), _words(given["text"])
        of_kinds = given.get("kinds")
        if of_kinds is not None:
            if not set(of_kinds) <= set(kinds):
                raise Invalid("kinds", Message(*(said.format(kinds=", ".join(sorted(kinds))) for said in _KINDS)))
            where.append(Where("kind", Op.IN, sorted(set(of_kinds))))
        await caught_up(asking, given.get("minPosition"), shown.reads)
        return Wanted(where, page, (), None)

    arguments = [
        argument("text", str, "Words, each of which is to be a part of one of the record's numbers or texts."),
        argument("kinds", optional(list_of(str)), "Only records of these kinds, such as `case` or `title`."),
        *PAGING,
        MIN_POSITION,
    ]
    about = (
        "Records by any part of their numbers and public texts (Suche), what was named last first. Case, accents and "
        "the spelling of umlauts make no difference. Encrypted texts are not searched."
    )
    return field("search", connection, about, readers=shown.readers, step=Page(shown, wanted), arguments=arguments)


def _words(text: str) -> list[Where]:
    """What the index is asked. Raises Invalid."""
    words = folded(text).split() if len(text) <= LONGEST else []
    if not words or len(words) > MOST_WORDS or max(map(len, words)) < PIECE:
        raise Invalid("text", _TEXT)
    return [Where("text", Op.CONTAINS, word) for word in dict.fromkeys(words)]
