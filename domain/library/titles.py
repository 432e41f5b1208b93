"""What may be done with a title: catalogue, correct; and how an item finds its own."""

from typing import Final
from uuid import UUID

from domain.kernel import Context, Fact, Invalid, Message, Rejected
from domain.library import commands as c
from domain.library import facts as f
from domain.library import rules
from domain.library.checks import LONG, optional_text, sealed, text
from domain.library.state import Title
from domain.library.vocabulary import MediaType

FIELDS: Final = ("title", "creator", "isbn")


def catalogue(command: c.CatalogueTitle) -> tuple[Fact, ...]:
    """A new title."""
    if command.published is not None and not 1 <= command.published <= 9999:
        raise Invalid("published", Message("must be a year", "muss ein Jahr sein"))
    return (
        f.TitleCatalogued(
            catalogue_number=text("number", command.number, 40),
            title=text("title", command.title, LONG),
            creator=optional_text("creator", command.creator),
            isbn=optional_text("isbn", command.isbn, 20),
            published=command.published,
            media_type=command.media_type,
        ),
    )


def correct(title: Title, command: c.CorrectTitle) -> tuple[Fact, ...]:
    """Put one field right."""
    if command.field not in FIELDS:
        raise Rejected(rules.FIELD_NOT_CORRECTABLE, field=command.field, fields=" ".join(FIELDS))
    old: str | None = getattr(title, command.field)
    new = optional_text("new", command.new, LONG)
    if command.field == "title":
        new = text("new", command.new or "", LONG)
    if new == old:
        raise Rejected(rules.NOTHING_CHANGED, field=command.field)
    return (f.TitleCorrected(field=command.field, old=old, new=new, reason=sealed("reason", command.reason)),)


def of(context: Context, title_id: UUID, media_type: MediaType) -> Title:
    """The title that an item of this kind is a copy of. Raises Rejected."""
    title = context.reads.get(title_id)
    if not isinstance(title, Title):
        raise Rejected(rules.TITLE_UNKNOWN)
    if title.media_type is not media_type:
        raise Rejected(rules.OTHER_MEDIA_TYPE, title=title.media_type, item=media_type)
    return title
