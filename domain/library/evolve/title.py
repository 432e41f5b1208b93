"""A title after a fact."""

from dataclasses import replace
from typing import assert_never

from domain.library import facts as f
from domain.library.state import Title


def catalogued(fact: f.TitleCatalogued) -> Title:
    """A new title."""
    return Title(
        number=fact.catalogue_number,
        title=fact.title,
        creator=fact.creator,
        isbn=fact.isbn,
        media_type=fact.media_type,
    )


def evolve_title(title: Title, fact: f.TitleFact) -> Title:
    """The title after a fact."""
    match fact:
        case f.TitleCatalogued():
            return title
        case f.TitleCorrected():
            return corrected(title, fact)
        case _:
            assert_never(fact)


def corrected(title: Title, fact: f.TitleCorrected) -> Title:
    """The title with one field put right."""
    match fact.field, fact.new:
        case "title", str(new):
            return replace(title, title=new)
        case "creator", new:
            return replace(title, creator=new)
        case "isbn", new:
            return replace(title, isbn=new)
    return title
