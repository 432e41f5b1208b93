"""The generated city: as many events as asked for, valid, the same for a seed, and with something to show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from domain.cadastre.facts import FeeAssessed
from domain.council.vocabulary import TrackingStatus
from domain.efile.facts import CaseCorrected, DocumentCorrected
from domain.families import FAMILIES
from domain.kernel import BERLIN, Channel, Precision, Recorded, Rejected, Sealed
from domain.library.commands import RenewLoan
from domain.requests import Request, actor_of
from infra.cli.demo import progress_of
from infra.database import Database
from infra.demo import NotEmpty, Phase, Summary, fill
from infra.embedded import Server
from infra.ledger import Ledger
from tests.database import CLERK, KEK, database_named

pytestmark = pytest.mark.any_server

EVENTS = 5_000
TODAY = date(2026, 3, 2)
SEED = 8


@dataclass(frozen=True)
class City:
    """A filled ledger and what was said while it was filled."""

    database: Database
    ledger: Ledger
    summary: Summary
    progress: tuple[tuple[str, int], ...]

    def query(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(make_conninfo(self.database.admin)) as connection:
            return connection.execute(statement, parameters).fetchall()

    def history(self, name: str) -> list[Recorded]:
        """The events of a show piece."""
        rows = self.query(
            "select position, record_id, version, topic, recorded_at, effective_at, envelope::text, body::text"
            " from ledger.event where record_id = %s order by version",
            self.summary.show[name].record_id,
        )
        return [self.ledger.codec.recorded(*row) for row in rows]


def filled(database: Database, seed: int = SEED) -> City:
    said: list[tuple[str, int]] = []

    def progress(phase: Phase) -> None:
        said.append((phase.name, phase.events))

    ledger = Ledger(database, KEK, FAMILIES)
    summary = fill(ledger, events=EVENTS, seed=seed, today=TODAY, progress=progress)
    return City(database, ledger, summary, tuple(said))


@pytest.fixture(scope="module")
def city(server: Server, template: str) -> Iterator[City]:
    """One city for all questions; none of them changes it."""
    with psycopg.connect(server.conninfo("admin"), autocommit=True) as connection:
        connection.execute(f"create database demo_city template {template}")
    found = filled(database_named(server, "demo_city"))
    yield found
    found.ledger.close()


def test_exactly_as_many_events_as_asked_for(city: City) -> None:
    assert city.query("select count(*), max(position) from ledger.event") == [(EVENTS, EVENTS)]
    assert city.summary.last_position == EVENTS
    assert sum(city.summary.events.values()) == EVENTS


def test_all_families_have_a_fair_share(city: City) -> None:
    assert set(city.summary.events) == {family.name for family in FAMILIES}
    shares = {name: count / EVENTS for name, count in city.summary.events.items()}
    assert 0.33 < shares["efile"] < 0.5
    assert 0.25 < shares["library"] < 0.42
    assert 0.1 < shares["council"] < 0.21
    assert 0.08 < shares["cadastre"] < 0.17


def test_phases_tell_their_seconds_and_add_up(city: City) -> None:
    assert sum(phase.events for phase in city.summary.phases) == EVENTS
    assert all(phase.seconds > 0 for phase in city.summary.phases)
    assert city.summary.seconds == pytest.approx(sum(phase.seconds for phase in city.summary.phases))
    assert [name for name, events in city.progress if events == 0] == [phase.name for phase in city.summary.phases]
    for phase in city.summary.phases:
        counts = [events for name, events in city.progress if name == phase.name]
        assert counts == sorted(counts)
        assert counts[-1] == phase.events


def test_progress_is_never_more_than_its_total() -> None:
    phase = Phase("two years", 4_295, events=4_295, seconds=2.0)
    assert progress_of(phase) == "two years: 4,295 of about 4,295 events, 2,148 events/s, 0 s left"
    phase.events = 4_296
    assert progress_of(phase) == "two years: 4,296 events, 2,148 events/s"
    assert progress_of(Phase("fallen due", 0, events=7, seconds=1.0)) == "fallen due: 7 events, 7 events/s"


def test_everything_happened_in_the_two_years_before_today(city: City) -> None:
    ((first, last),) = city.query("select min(effective_at), max(effective_at) from ledger.event")
    assert first.astimezone(BERLIN).date() >= TODAY - timedelta(days=2 * 365)
    assert last < datetime(2026, 3, 2, tzinfo=BERLIN)
    quarters = city.query("select count(*) from ledger.event group by date_trunc('quarter', effective_at)")
    assert len(quarters) >= 8
    assert min(count for (count,) in quarters) > EVENTS / 100


def test_it_comes_in_in_the_order_of_time_but_for_what_is_booked_late(city: City) -> None:
    ((late,),) = city.query(
        "select count(*) from ledger.event a join ledger.event b on b.position = a.position + 1"
        " where b.effective_at < a.effective_at"
    )
    assert 0 < late < EVENTS / 10


def test_staff_citizens_and_machines_are_at_work(city: City) -> None:
    channels = dict(city.query("select channel, count(*) from ledger.event group by channel"))
    themselves = {Channel.TERMINAL, Channel.ONLINE_SHOP, Channel.SERVICE_PORTAL}
    assert set(channels) == themselves | {Channel.STAFF, Channel.SYSTEM}
    citizens = city.query("select distinct actor_id from ledger.event where envelope ->> 'role' = 'citizen'")
    came_by = {actor_of(channel) for channel in themselves}
    assert {actor for (actor,) in citizens} == came_by, "a citizen is recorded as the channel's fixed uuid"


def test_nobody_is_named_in_clear(city: City) -> None:
    ((found,),) = city.query(
        "select count(*) from ledger.event where body::text like '%%Müller%%' or envelope::text like '%%Müller%%'"
    )
    assert found == 0


def test_every_kind_of_thing_that_can_go_wrong_goes_wrong(city: City) -> None:
    topics = {topic for (topic,) in city.query("select distinct topic from ledger.event")}
    for topic in (
        "efile.circulation_step_skipped.v3",
        "efile.attachment_added.v2",
        "efile.case_appraisal_received.v2",
        "efile.case_destroyed.v2",
        "efile.case_retention_expired.v2",
        "efile.document_corrected.v1",
        "efile.file_destroyed.v2",
        "efile.file_plan_unit_revised.v1",
        "efile.resubmission_became_overdue.v1",
        "efile.document_version_added.v2",
        "library.hold_expired.v3",
        "library.loan_renewed.v1",
        "library.item_recalled.v1",
        "library.loan_became_overdue.v1",
        "library.reminder_sent.v1",
        "library.charge_paid.v1",
        "library.charge_waived.v1",
        "library.loan_anonymised.v1",
        "library.membership_fee_paid.v1",
        "cadastre.legitimate_interest_refused.v3",
        "cadastre.order_cancelled.v2",
        "cadastre.draft_changed.v2",
        "cadastre.delivery_expired.v1",
        "council.final_report_given.v1",
        "council.implementation_completed.v1",
    ):
        assert topic in topics, topic


def test_the_case_to_show_has_a_backdated_fact_and_a_correction(city: City) -> None:
    history = city.history("case")
    assert city.summary.show["case"].number.startswith("63.10-")
    late = [
        after
        for before, after in pairwise(history)
        if after.effective_at < before.effective_at and after.effective.precision is Precision.DAY
    ]
    assert late
    assert all(event.recorded_at > event.effective_at for event in late)
    corrections = [event for event in history if isinstance(event.fact, DocumentCorrected)]
    (corrected,) = corrections
    assert isinstance(corrected.fact, DocumentCorrected)
    assert corrected.fact.old is not None
    assert corrected.fact.new is not None
    assert corrected.fact.old > corrected.fact.new
    assert city.ledger.vault.reveal([corrected.fact.reason]) == ["Eingangsstempel falsch gelesen."]
    filed = history[1]
    assert corrected.effective_at == filed.effective_at, "a correction takes effect when what it corrects did"
    (subject,) = [event.fact for event in history if isinstance(event.fact, CaseCorrected)]
    assert subject.corrected_position == history[0].position
    texts: list[Sealed[str]] = [subject.new_sealed] if subject.new_sealed else []
    assert city.ledger.vault.reveal(texts) == ["Neubau eines Mehrfamilienhauses, Lindenstraße 21"]


def test_the_loan_to_show_is_overdue_and_its_renewal_is_refused(city: City) -> None:
    shown = city.summary.show["loan"]
    assert shown.patron is not None
    item = city.ledger.stream(shown.record_id).state
    assert item.barcode == shown.number
    assert item.loan.due < TODAY
    renewal = Request(
        command=RenewLoan(patron=shown.patron), principal=CLERK, idempotency_key="renew", record_id=shown.record_id
    )
    with pytest.raises(Rejected) as refusal:
        city.ledger.handle(renewal)
    assert refusal.value.rule.id == "library.held_by_another"
    assert refusal.value.rule.next_step.de


def test_the_resolution_to_show_was_delayed_and_is_overdue(city: City) -> None:
    shown = city.summary.show["resolution"]
    resolution = city.ledger.stream(shown.record_id).state
    assert resolution.status is TrackingStatus.DELAYED
    assert resolution.due < TODAY
    assert city.ledger.lookup("council.resolution_number", shown.number) == shown.record_id


def test_a_correction_of_a_sealed_text_names_what_it_corrects(city: City) -> None:
    unnamed = city.query(
        "select position, topic from ledger.event where topic like '%%_corrected.v%%'"
        " and body->>'new_sealed' is not null and body->>'corrected_position' is null"
    )
    assert unnamed == []


def test_fees_follow_the_tariff_of_their_day(city: City) -> None:
    rows = city.query("select position, body::text from ledger.event where topic = 'cadastre.fee_assessed.v2'")
    fees = [city.ledger.codec.fact("cadastre.fee_assessed.v2", *row) for row in rows]
    assert fees
    for fee in fees:
        assert isinstance(fee, FeeAssessed)
        assert fee.tariff_version <= fee.tariff_day.isoformat()


def test_the_same_seed_makes_the_same_city(city: City, database: Database) -> None:
    again = filled(database)
    again.ledger.close()
    same = "select position, record_id, version, topic, effective_at, actor_id, channel from ledger.event order by 1"
    assert again.query(same) == city.query(same)
    assert again.summary.show == city.summary.show


def test_another_seed_makes_another_city(city: City, database: Database) -> None:
    other = filled(database, seed=SEED + 1)
    other.ledger.close()
    assert other.query("select count(*) from ledger.event") == [(EVENTS,)]
    ids = "select record_id from ledger.event"
    assert not set(other.query(ids)) & set(city.query(ids))


def test_a_ledger_that_holds_something_is_left_alone(city: City) -> None:
    with pytest.raises(NotEmpty) as refusal:
        fill(city.ledger, events=EVENTS, seed=1, today=TODAY, progress=lambda phase: None)
    assert "5,000" in refusal.value.message.en
    assert "STADTBUCH_HOME" in refusal.value.message.de
    assert city.query("select max(position) from ledger.event") == [(EVENTS,)]


def test_a_city_needs_some_thousand_events(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="at least 5,000"):
        fill(ledger, events=4_999, seed=1, today=TODAY, progress=lambda phase: None)


def test_a_city_of_the_future_is_refused(ledger: Ledger) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=400)
    with pytest.raises(ValueError, match="future"):
        fill(ledger, events=EVENTS, seed=1, today=tomorrow, progress=lambda phase: None)
