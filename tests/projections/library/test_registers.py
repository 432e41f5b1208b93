"""The registers of readers, items, holds and transits."""

from dataclasses import replace
from datetime import date, timedelta

from domain.kernel import Channel, Sealed
from domain.library import FAMILY
from domain.library import commands as c
from domain.library import facts as f
from domain.library.vocabulary import (
    AgeBand,
    BlockGround,
    CancellationGround,
    DeactivationGround,
    HoldStatus,
    ItemStatus,
    MediaType,
    PatronStatus,
    TransitStatus,
    WithdrawalGround,
)
from projections.library import PROJECTIONS, holds, items, patrons, transits
from projections.model import fold_all
from tests.domain.library.examples import (
    ADA,
    BEN,
    BILK,
    CENTRAL,
    LONG_AGO,
    MONDAY,
    REASON,
    a_book,
    a_hold,
    a_loan,
    a_reader,
    acquired,
    registered,
)
from tests.domain.library.test_transits import OPENED, RECORDED
from tests.projections.library.reading import events, row, rows
from tests.scenario import RECORD, Given, given


def reader(*facts: f.PatronFact) -> patrons.PatronRow:
    found = row(patrons.PROJECTION, given(FAMILY, registered(), *facts))
    assert isinstance(found, patrons.PatronRow)
    return found


BLOCKED = f.PatronBlocked(ground=BlockGround.OPEN_CHARGES, note=None, blocked_on=MONDAY)
RESTING = f.PatronDeactivated(ground=DeactivationGround.EXPIRED, deactivated_on=MONDAY)


def test_a_reader_is_shown_by_references() -> None:
    found = reader()
    assert found.name == Sealed.stored(1, 0, "name")
    assert (found.status, found.registered_on, found.cards) == (PatronStatus.ACTIVE, MONDAY, 1)


def test_a_block_under_a_resting_membership_shows_again_when_it_is_taken_up() -> None:
    assert reader(BLOCKED).status is PatronStatus.BLOCKED
    assert reader(BLOCKED, RESTING).status is PatronStatus.INACTIVE
    assert reader(BLOCKED, RESTING, f.PatronReactivated(reactivated_on=MONDAY)).status is PatronStatus.BLOCKED
    assert reader(BLOCKED, f.PatronUnblocked(note=None, unblocked_on=MONDAY)).block_ground is None


def test_a_readers_changes_show() -> None:
    found = reader(
        f.PatronCardReplaced(card_number=Sealed("D-8"), card="8"),
        f.PatronAgeBandChanged(old=AgeBand.ADULT, new=AgeBand.UNDER_16, changed_on=MONDAY),
        f.GuardianConsentGiven(guardian=Sealed("Vater"), given_on=MONDAY),
    )
    assert (found.cards, found.age_band, found.guardian_consent) == (2, AgeBand.UNDER_16, True)
    assert found.card_number == Sealed.stored(2, 0, "card_number")
    assert found.guardian == Sealed.stored(4, 0, "guardian")
    assert not reader(f.GuardianConsentWithdrawn(withdrawn_on=MONDAY)).guardian_consent


def test_corrections_of_a_reader_show() -> None:
    scenario = a_reader()
    for command in (
        c.CorrectPatron(field="branch", new=BILK, reason=REASON),
        c.CorrectPatron(field="age_band", new="UNDER_16", reason=REASON),
        c.CorrectPatron(field="name", new_sealed=Sealed("Ada"), reason=REASON),
        c.CorrectPatron(field="born", new_sealed=Sealed("1981-12-10"), reason=REASON),
    ):
        scenario = scenario.when(command).so()
    found = row(patrons.PROJECTION, scenario)
    assert (found.branch, found.age_band, found.corrections) == (BILK, AgeBand.UNDER_16, 4)
    assert (found.name.position, found.born.position) == (4, 5)


def item(scenario: Given) -> items.ItemRow:
    found = row(items.PROJECTION, scenario)
    assert isinstance(found, items.ItemRow)
    return found


def test_an_item_shows_where_it_is_and_until_when() -> None:
    assert item(a_book()).status is ItemStatus.AVAILABLE
    lent = a_loan().when(c.PlaceHold(patron=BEN, pickup_branch=BILK)).so().when(
        c.RenewLoan(patron=ADA, override_reason=REASON)
    ).so()  # fmt: skip
    assert (item(lent).status, item(lent).due, item(lent).loans) == (ItemStatus.LENT, date(2026, 4, 27), 1)
    assert item(lent).holds_waiting == 1
    back = lent.when(c.ReturnItem(branch=CENTRAL)).so()
    assert (item(back).loan, item(back).due, item(back).branch) == (None, None, CENTRAL)
    sent = back.when(c.SendInTransit(to_branch=BILK)).so()
    assert (item(sent).status, item(sent).bound_for) == (ItemStatus.IN_TRANSIT, BILK)
    there = sent.when(c.ReceiveFromTransit(branch=BILK)).so()
    assert (item(there).status, item(there).bound_for, item(there).branch) == (ItemStatus.AVAILABLE, None, BILK)
    served = there.when(c.LendItem(patron=BEN, branch=BILK)).so()
    assert (item(served).holds_waiting, item(served).loans) == (0, 2)


def test_a_withdrawn_item_shows_when() -> None:
    gone = item(a_book().when(c.WithdrawItem(ground=WithdrawalGround.WORN)).so())
    assert (gone.status, gone.withdrawn_on) == (ItemStatus.WITHDRAWN, MONDAY)


def test_corrections_of_an_item_show() -> None:
    scenario = a_book()
    for field, new in (("title", "Immensee"), ("media_type", "FILM"), ("shelf_mark", None), ("branch", BILK)):
        scenario = scenario.when(c.CorrectItem(field=field, new=new, reason=REASON)).so()
    found = item(scenario)
    assert (found.title, found.media_type, found.shelf_mark, found.branch, found.corrections) == (
        "Immensee",
        MediaType.FILM,
        None,
        BILK,
        4,
    )


def hold(scenario: Given) -> holds.HoldRow:
    found = row(holds.PROJECTION, scenario)
    assert isinstance(found, holds.HoldRow)
    return found


def test_a_hold_goes_its_way_to_the_pick_up_shelf_and_to_its_reader() -> None:
    sent = a_hold(BILK).when(c.SendInTransit(to_branch=BILK)).so()
    assert hold(sent).status is HoldStatus.IN_TRANSIT
    ready = sent.when(c.ReceiveFromTransit(branch=BILK)).so()
    assert (hold(ready).status, hold(ready).ready_on) == (HoldStatus.READY, MONDAY)
    assert hold(ready).pickup_until == MONDAY + timedelta(days=10)
    lent = ready.when(c.LendItem(patron=ADA, branch=BILK)).so()
    assert (hold(lent).status, hold(lent).loan, hold(lent).ended_on) == (
        HoldStatus.FULFILLED,
        lent.state.loan.id,
        MONDAY,
    )


def test_a_hold_that_went_astray_waits_on() -> None:
    sent = a_hold(BILK).when(c.SendInTransit(to_branch=BILK)).so()
    assert hold(sent.when(c.ReceiveFromTransit(branch="Eller")).so()).status is HoldStatus.PLACED


def test_a_hold_shows_how_long_it_waited() -> None:
    long_ago = MONDAY - timedelta(days=12)
    held = a_book().when(c.PlaceHold(patron=ADA, pickup_branch=CENTRAL), on=long_ago).so()
    assert hold(held.when(c.SetItemAside()).so()).days_waited == 12


def test_a_hold_ends_unclaimed_or_given_up() -> None:
    first = c.hold_id(RECORD, 1)
    expired = f.HoldExpired(hold=first, pickup_until=MONDAY, anonymise_from=MONDAY, terms="2024-01", expired_on=MONDAY)
    assert hold(a_hold().beside(RECORD, expired)).status is HoldStatus.EXPIRED
    given_up = c.CancelHold(hold=c.hold_id(RECORD, 1), ground=CancellationGround.BY_LIBRARY)
    found = hold(a_hold().when(given_up).so())
    assert (found.status, found.cancelled_by) == (HoldStatus.CANCELLED, CancellationGround.BY_LIBRARY)


def test_a_journey_of_an_item_is_a_transit() -> None:
    sent = a_book().when(c.SendInTransit(to_branch=BILK)).so()
    found = row(transits.PROJECTION, sent)
    assert (found.status, found.item_type, found.from_branch, found.to_branch) == (
        TransitStatus.SENT,
        "BOOK",
        CENTRAL,
        BILK,
    )
    arrived = row(transits.PROJECTION, sent.when(c.ReceiveFromTransit(branch="Eller")).so())
    assert (arrived.status, arrived.arrived_at, arrived.arrived_on) == (TransitStatus.ARRIVED, "Eller", MONDAY)


LISTED = given(FAMILY, OPENED, RECORDED, replace(RECORDED, transit=2, occurrence=2))
STRUCK = LISTED.when(c.RetractTransit(transit=2, reason=REASON)).so()


def test_each_row_of_a_list_is_a_transit() -> None:
    found = rows(transits.PROJECTION, LISTED)
    assert [(each.transit, each.status, each.occurrence) for each in found] == [(1, "RECORDED", 1), (2, "RECORDED", 2)]
    assert found[0].sent_on == date(2017, 12, 21)
    assert [each.status for each in rows(transits.PROJECTION, STRUCK)] == ["RECORDED", "RETRACTED"]


def test_a_list_counts_what_stands_on_it() -> None:
    found = row(transits.DISPATCHES, STRUCK)
    assert (found.transits, found.retracted, found.branch) == (1, 1, "Paulton Library")
    assert found.reference == "2017-12-21 Bath and North East Somerset/Paulton Library"


def test_what_is_known_only_from_its_middle_on_makes_no_row_and_no_failure() -> None:
    middle = given(FAMILY, *(fact for _, fact in STRUCK.history[1:]))
    assert rows(transits.DISPATCHES, middle) == []
    whole = a_loan().when(c.ReturnItem(branch=BILK)).so().when(c.SendInTransit(to_branch=CENTRAL)).so()
    later = replace(whole, history=whole.history[-1:])
    assert rows(items.PROJECTION, later) == []
    assert rows(holds.PROJECTION, later) == []
    assert rows(patrons.PROJECTION, given(FAMILY, BLOCKED)) == []
    arrived = f.ItemArrived(transit=1, branch=BILK, arrived_on=MONDAY, hold=c.hold_id(RECORD, 1))
    assert rows(holds.PROJECTION, given(FAMILY, arrived)) == []
    assert rows(transits.PROJECTION, given(FAMILY, arrived)) == []


def test_the_registers_together_read_every_fact_of_the_family() -> None:
    read = {fact for projection in PROJECTIONS for fact in projection.facts}
    assert read == set(FAMILY.facts)


def test_every_row_points_at_its_last_event() -> None:
    scenario = a_loan().when(c.ReturnItem(branch=BILK)).so()
    last = events(scenario)[-1]
    found = item(scenario)
    assert (found.position, found.version, found.changed_at) == (last.position, last.version, last.recorded_at)
    assert found.barcode == acquired().number()


def taken_over(charged_until: date | None) -> patrons.PatronRow:
    """A reader of 1999 who came from another system today."""
    fact = registered(registered_on=LONG_AGO, charged_until=charged_until)
    (event,) = given(FAMILY, fact).events(LONG_AGO)
    event = replace(event, envelope=replace(event.envelope, channel=Channel.IMPORT))
    (found,) = fold_all(patrons.PROJECTION, [event]).values()
    assert isinstance(found, patrons.PatronRow)
    return found


def test_who_was_taken_over_owes_no_year_that_another_system_charged_for() -> None:
    paid = taken_over(date(2026, 8, 31))
    assert (paid.registered_on, paid.charged_until, paid.fee_due_on) == (LONG_AGO, date(2026, 8, 31), date(2026, 9, 1))
    # Facts of version 1 do not tell: the first year here begins when the reader was taken over.
    assert taken_over(None).fee_due_on == MONDAY
