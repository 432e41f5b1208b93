"""Readers and a book that the tests of the library talk about."""

from dataclasses import replace
from datetime import date
from typing import Any

from domain.kernel import Sealed
from domain.library import FAMILY
from domain.library import commands as c
from domain.library import facts as f
from domain.library.vocabulary import AgeBand, MediaType
from tests.scenario import Given, an_id, given, pseudonym

CENTRAL = "Zentralbibliothek"
BILK = "Bilk"
ADA = an_id("Ada")
BEN = an_id("Ben")
CHILD = an_id("a child without consent")
REASON = Sealed[str]("Tippfehler")
MONDAY = date(2026, 3, 2)
LONG_AGO = date(1999, 1, 4)


def registered(number: str = "D-1", **changes: Any) -> f.PatronRegistered:
    """An adult who became a member."""
    fact = f.PatronRegistered(
        name=Sealed("Ada Lesefroh"),
        born=None,
        card_number=Sealed(number),
        card=pseudonym(f.CARD, number),
        age_band=AgeBand.ADULT,
        guardian=None,
        guardian_consent=False,
        branch=CENTRAL,
        registered_on=LONG_AGO,
        charged_until=None,
    )
    return replace(fact, **changes)


def acquired(**changes: Any) -> f.ItemAcquired:
    """A novel of the central library."""
    fact = f.ItemAcquired(
        barcode="10042",
        title="Der Schimmelreiter",
        title_id=None,
        media_type=MediaType.BOOK,
        shelf_mark="R 11 Sto",
        branch=CENTRAL,
        for_loan=True,
        acquired_on=LONG_AGO,
    )
    return replace(fact, **changes)


def a_book(**changes: Any) -> Given:
    """A book on the shelf, and readers who may want it."""
    return (
        given(FAMILY, acquired(**changes))
        .beside(ADA, registered("D-1"))
        .beside(BEN, registered("D-2"))
        .beside(CHILD, registered("D-3", age_band=AgeBand.UNDER_16))
    )


def a_loan(day: date = MONDAY, **changes: Any) -> Given:
    """The book, lent to Ada."""
    return a_book(**changes).when(c.LendItem(patron=ADA, branch=CENTRAL), on=day).so()


def a_hold(pickup_branch: str = CENTRAL) -> Given:
    """The book on the shelf, with Ada first in the queue."""
    return a_book().when(c.PlaceHold(patron=ADA, pickup_branch=pickup_branch)).so()


def a_reader(**changes: Any) -> Given:
    """A membership."""
    return given(FAMILY, registered(**changes))
