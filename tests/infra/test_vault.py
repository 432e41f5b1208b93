"""Personal text is stored sealed and nowhere else, is read with the right keys alone, and goes with its key."""

import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from domain.families import FAMILIES
from domain.kernel import Channel, Command, Invalid, Rejected, Sealed
from domain.library import commands as c
from domain.library.vocabulary import AgeBand
from domain.requests import Outcome, Request, VersionConflict
from infra.database import Database
from infra.keys import KeyEncryptionKey, KeyUnavailable
from infra.ledger import Ledger
from infra.sealing import DataKey, SealBroken
from infra.store.append import prepare
from tests.database import CLERK, KEK
from tests.infra.store.units import Answered, a_unit, append, sealed_parts, stored

Admin = psycopg.Connection[tuple[Any, ...]]

MARKER = "Immergruen"
CITIZEN = replace(CLERK, actor=UUID(int=77), channel=Channel.TERMINAL, person=f"Ada {MARKER}")


def a_request(command: Command, record: UUID | None = None, **more: Any) -> Request:
    return Request(command=command, principal=CITIZEN, idempotency_key=str(uuid4()), record_id=record, **more)


def registration(card: str = "D-4711") -> Request:
    command = c.RegisterPatron(
        name=Sealed(f"Ada {MARKER}"),
        card_number=Sealed(f"{MARKER}-{card}"),
        age_band=AgeBand.ADULT,
        branch="Zentralbibliothek",
    )
    return a_request(command, reason=f"because of {MARKER}")


def names_of(*outcomes: Outcome) -> list[Sealed[str]]:
    return [Sealed.stored(outcome.first_position, 0, "name") for outcome in outcomes]


def keys_in(admin: Admin) -> set[UUID]:
    return {row[0] for row in admin.execute("select key_id from vault.key")}


def destroy(database: Database, key: UUID) -> int:
    with psycopg.connect(database.conninfo("eraser")) as eraser:
        row = eraser.execute("select ledger.destroy_key(%s)", (key,)).fetchone()
    assert row is not None
    return int(row[0])


@contextmanager
def opened(database: Database, kek: KeyEncryptionKey = KEK) -> Iterator[Ledger]:
    """The ledger as another process has it, with no key in memory."""
    ledger = Ledger(database, kek, FAMILIES)
    try:
        yield ledger
    finally:
        ledger.close()


# Drafts


def test_the_key_of_a_new_subject_is_a_draft_until_it_is_recorded(ledger: Ledger, admin: Admin) -> None:
    subject, before = uuid4(), keys_in(admin)
    key = ledger.vault.keys([subject])[subject]
    assert ledger.vault.keys([subject])[subject] is key
    (entry,) = ledger.vault.entries([key])
    assert (entry.key_id, entry.commitment, KEK.unwrap(entry.wrapped_key)) == (subject, key.commitment, key.secret)
    assert keys_in(admin) == before
    ledger.vault.recorded([key])
    assert ledger.vault.entries([key]) == ()


def test_a_command_that_is_refused_leaves_no_key(ledger: Ledger, admin: Admin) -> None:
    recorded = ledger.handle(registration())
    before = keys_in(admin)
    assert recorded.record_id in before
    with pytest.raises(Rejected):
        ledger.handle(registration())
    assert keys_in(admin) == before


def test_the_ledgers_own_secret_is_the_same_in_every_process(ledger: Ledger, database: Database) -> None:
    with opened(database) as elsewhere:
        assert elsewhere.vault.pseudonym("a", "text") == ledger.vault.pseudonym("a", "text")
        assert elsewhere.vault.pseudonym("a", "text") != ledger.vault.pseudonym("b", "text")


# No clear text


def test_no_table_holds_a_sealed_text_in_clear(ledger: Ledger, admin: Admin) -> None:
    recorded = ledger.handle(registration())
    ledger.handle(a_request(c.ReplaceCard(card_number=Sealed(f"{MARKER}-2")), recorded.record_id))
    assert places_of(admin, str(recorded.record_id)) >= {"ledger.event", "ledger.command"}, "this looks everywhere"
    assert places_of(admin, MARKER) == set()


def places_of(admin: Admin, text: str) -> set[str]:
    """The tables that hold a text: as text, or as bytes in hex."""
    query = """select relnamespace::regnamespace::text, relname from pg_class
               where relkind in ('r', 'p', 'm') and relnamespace::regnamespace::text !~ '^(pg_|information_schema)'"""
    found = set()
    for name in admin.execute(query).fetchall():
        table = sql.Identifier(*name)
        look = sql.SQL("select exists (select from {} t where t::text ilike any (%s))").format(table)
        row = admin.execute(look, ([f"%{text}%", f"%{text.encode().hex()}%"],)).fetchone()
        if row and row[0]:
            found.add(".".join(name))
    return found


def test_what_is_handed_about_in_memory_does_not_show_a_sealed_text(ledger: Ledger) -> None:
    request = registration()
    work = ledger._work()
    work.decide(request, datetime.now(UTC))
    ledger.vault.keys([work.pending[0].record_id])
    shown = [request, request.principal, request.command, work, work.pending, vars(work), vars(ledger.vault), KEK]
    assert not [thing for thing in shown if MARKER in repr(thing) or MARKER in str(thing)]


def test_a_refusal_does_not_show_a_sealed_text(ledger: Ledger) -> None:
    recorded = ledger.handle(registration())
    card = c.ReplaceCard(card_number=Sealed(f"{MARKER}-2"))
    long = a_request(replace(card, card_number=Sealed(MARKER * 500)), recorded.record_id)
    large = a_request(card, recorded.record_id, reason=MARKER * 40_000)
    refused: dict[Request, type[Exception]] = {
        registration(): Rejected,
        long: Invalid,
        large: Rejected,
        a_request(card, recorded.record_id, expected_version=7): VersionConflict,
        a_request(card, recorded.record_id, legal_basis="no text: \0"): Exception,
    }
    for request, kind in refused.items():
        with pytest.raises(kind) as caught:
            ledger.handle(request)
        assert MARKER not in "".join(traceback.format_exception(caught.value))


# Reading


def test_texts_are_revealed_in_one_query_and_in_order(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (ledger.handle(registration(card)) for card in ("1", "2"))
    wanted = [*names_of(second, first, second), Sealed[str].stored(first.first_position, 0, "card_number")]
    statements: list[object] = []
    execute = psycopg.Cursor.execute

    def counted(self: Any, query: Any, *arguments: Any, **more: Any) -> Any:
        statements.append(query)
        return execute(self, query, *arguments, **more)

    monkeypatch.setattr(psycopg.Cursor, "execute", counted)
    assert ledger.vault.reveal(wanted) == [f"Ada {MARKER}"] * 3 + [f"{MARKER}-1"]
    assert len([query for query in statements if "ledger.sealed" in str(query)]) == 1
    statements.clear()
    assert ledger.vault.reveal([]) == []
    assert statements == []


def test_what_does_not_exist_is_revealed_as_nothing(ledger: Ledger) -> None:
    recorded = ledger.handle(registration())
    position = recorded.first_position
    missing = [Sealed[str].stored(99, 0, "name"), Sealed[str].stored(position, 9, "name")]
    assert ledger.vault.reveal([*missing, Sealed.stored(position, 0, "no such")]) == [None, None, None]


def test_another_process_reads_what_this_one_sealed(ledger: Ledger, database: Database) -> None:
    recorded = ledger.handle(registration())
    with opened(database) as elsewhere:
        assert elsewhere.vault.reveal(names_of(recorded)) == [f"Ada {MARKER}"]


@pytest.mark.usefixtures("ledger")
def test_another_key_encryption_key_opens_nothing_and_says_which_is_wanted(database: Database) -> None:
    other = KeyEncryptionKey(bytes(32))
    with (
        pytest.raises(KeyUnavailable, match=f"{KEK.id}, this is {other.id}: point STADTBUCH_KEK_FILE"),
        opened(database, other),
    ):
        pass


def test_a_key_that_was_exchanged_for_another_is_noticed(ledger: Ledger, database: Database, admin: Admin) -> None:
    ours, theirs = (ledger.handle(registration(card)) for card in ("1", "2"))
    admin.execute(
        "update vault.key set wrapped_key = (select wrapped_key from vault.key where key_id = %s) where key_id = %s",
        (theirs.record_id, ours.record_id),
    )
    with opened(database) as elsewhere:
        for attempt in (
            lambda: elsewhere.vault.reveal(names_of(ours)),
            lambda: elsewhere.vault.keys([ours.record_id]),
            lambda: elsewhere.handle(a_request(c.ReplaceCard(card_number=Sealed("3")), ours.record_id)),
        ):
            with pytest.raises(KeyUnavailable, match="does not match its commitment: it was swapped"):
                attempt()
        assert elsewhere.vault.reveal(names_of(theirs)) == [f"Ada {MARKER}"]


def test_a_wrapped_key_that_was_altered_is_noticed(ledger: Ledger, admin: Admin) -> None:
    recorded = ledger.handle(registration())
    admin.execute(
        "update vault.key set wrapped_key = set_byte(wrapped_key, 0, get_byte(wrapped_key, 0) # 1) where key_id = %s",
        (recorded.record_id,),
    )
    with pytest.raises(KeyUnavailable, match="cannot be unwrapped"):
        ledger.vault.reveal(names_of(recorded))


def test_a_ciphertext_that_was_altered_or_moved_is_noticed(ledger: Ledger, admin: Admin) -> None:
    recorded = ledger.handle(registration())
    replaced = ledger.handle(a_request(c.ReplaceCard(card_number=Sealed("other")), recorded.record_id))
    admin.execute(
        """update ledger.sealed s set nonce = o.nonce, ciphertext = o.ciphertext from ledger.sealed o
           where s.position = %s and o.position = %s and o.part = s.part""",
        (recorded.first_position, replaced.first_position),
    )
    with pytest.raises(SealBroken, match="run `stadtbuch verify`"):
        ledger.vault.reveal(names_of(recorded))


# Erasing


def test_what_was_sealed_for_a_forgotten_subject_is_gone_and_the_rest_stays(
    ledger: Ledger, database: Database, admin: Admin
) -> None:
    forgotten, other = (ledger.handle(registration(card)) for card in ("1", "2"))
    assert destroy(database, forgotten.record_id) > 0
    assert ledger.vault.reveal(names_of(forgotten, other)) == [None, f"Ada {MARKER}"]
    row = admin.execute(
        "select wrapped_key, destroyed_at <= now() from vault.key where key_id = %s", [forgotten.record_id]
    )
    assert row.fetchone() == (None, True)
    sealed = admin.execute("select count(*) from ledger.sealed where key_id = %s", [forgotten.record_id])
    assert sealed.fetchone() == (0,)
    assert destroy(database, forgotten.record_id) == 0, "twice is once"


def test_a_forgotten_subject_takes_no_new_text_whatever_a_process_has_in_memory(
    ledger: Ledger, database: Database
) -> None:
    recorded = ledger.handle(registration())
    destroy(database, recorded.record_id)
    with opened(database) as elsewhere:
        for process in (ledger, elsewhere):
            with pytest.raises(Rejected) as refused:
                process.handle(a_request(c.ReplaceCard(card_number=Sealed("2")), recorded.record_id))
            assert refused.value.rule.id == "ledger.subject_forgotten"


@pytest.mark.usefixtures("ledger")
def test_an_unknown_subject_cannot_be_forgotten(database: Database) -> None:
    with pytest.raises(psycopg.errors.NoDataFound, match="there is no key"):
        destroy(database, UUID(int=1))


@pytest.fixture
def sessions(database: Database) -> Iterator[tuple[Admin, Admin]]:
    """A writer and an eraser, each of which commits when the test says so."""
    with psycopg.connect(database.conninfo("writer")) as writer, psycopg.connect(database.conninfo("eraser")) as eraser:
        prepare(writer)
        writer.commit()
        yield writer, eraser


def within(writer: Admin, unit: Any) -> Answered:
    """Append in the session's own transaction, which is begun by whatever a cursor executes."""
    writer.execute("select")
    return append(writer, unit)


@contextmanager
def waiting(admin: Admin, waiter: Admin, work: Any, *arguments: Any) -> Iterator[Future[Any]]:
    """Work that has come to wait for another session."""
    with ThreadPoolExecutor(1) as thread:
        future = thread.submit(work, *arguments)
        blocked = "select cardinality(pg_blocking_pids(%s)) > 0 from pg_sleep(0.01)"
        while not future.done() and admin.execute(blocked, (waiter.info.backend_pid,)).fetchone() != (True,):
            pass
        yield future


def sealed_with(key: DataKey, version: int, keys: Sequence[DataKey] = ()) -> Any:
    parts = sealed_parts(key.id, version, [(key, b"text")])
    return a_unit((key.id, version), keys=[stored(new) for new in keys], parts=parts)


DESTROY = "select ledger.destroy_key(%s)"


def test_an_erasure_waits_for_what_is_being_recorded_and_takes_it_too(
    sessions: tuple[Admin, Admin], admin: Admin
) -> None:
    writer, eraser = sessions
    key = DataKey.make(uuid4())
    within(writer, sealed_with(key, 1, [key]))
    writer.commit()
    assert within(writer, sealed_with(key, 2)).statuses == ["recorded"]
    with waiting(admin, eraser, eraser.execute, DESTROY, (key.id,)) as erased:
        assert not erased.done()
        writer.commit()
        assert erased.result(30).fetchone() == (2,)
    eraser.commit()
    assert admin.execute("select count(*) from ledger.sealed").fetchone() == (0,)


def test_what_is_recorded_waits_for_an_erasure_and_is_refused(sessions: tuple[Admin, Admin], admin: Admin) -> None:
    writer, eraser = sessions
    key = DataKey.make(uuid4())
    within(writer, sealed_with(key, 1, [key]))
    writer.commit()
    eraser.execute(DESTROY, (key.id,))
    with waiting(admin, writer, within, writer, sealed_with(key, 2)) as answer:
        assert not answer.done()
        eraser.commit()
        assert answer.result(30).statuses == ["key_unusable"]
    writer.commit()
    assert admin.execute("select count(*) from ledger.sealed").fetchone() == (0,)


def test_an_erasure_that_is_given_up_changes_nothing(sessions: tuple[Admin, Admin], admin: Admin) -> None:
    writer, eraser = sessions
    key = DataKey.make(uuid4())
    within(writer, sealed_with(key, 1, [key]))
    writer.commit()
    eraser.execute(DESTROY, (key.id,))
    eraser.rollback()
    assert within(writer, sealed_with(key, 2)).statuses == ["recorded"]
    writer.commit()
    assert admin.execute("select count(*) from ledger.sealed").fetchone() == (2,)
