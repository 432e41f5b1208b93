"""`verify` finds whatever is altered in a ledger behind its back, and names it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import psycopg
import pytest

from domain.kernel import Sealed
from infra.codec import Codec
from infra.database import Database
from infra.ledger import Ledger
from infra.verify import MOST_FAULTS, Fault, Report, verify
from infra.verify import reading as verify_reading
from tests.database import KEK
from tests.infra.lockers import FAMILY, OpenLocker, ReturnLocker, TakeLocker, request

Admin = psycopg.Connection[Any]
GUEST = UUID(int=0xA11CE)
CODEC = Codec((FAMILY,))
LAST = 10


@pytest.fixture
def lockers(database: Database) -> Iterator[Ledger]:
    opened = Ledger(database, KEK, (FAMILY,))
    yield opened
    opened.close()


@pytest.fixture
def filled(lockers: Ledger, database: Database) -> Database:
    """Three lockers, ten events:

    1 A taken (number 1, two sealed parts) | 2 B taken (2) | 3, 4 A opened twice, with a reason | 5 A returned (1) |
    6 C taken (1) | 7 B opened | 8 C opened | 9 B returned (2) | 10 C opened
    """
    first = TakeLocker(door="1", content=Sealed("shoes"), guest=GUEST, guest_name="Ada")
    a = lockers.handle(request(first)).record_id
    b = lockers.handle(request(TakeLocker(door="2", content=Sealed("a hat")))).record_id
    lockers.handle(request(OpenLocker(times=2), a, reason="forgot something"))
    lockers.handle(request(ReturnLocker(), a))
    c = lockers.handle(request(TakeLocker(door="1", content=Sealed("a coat")))).record_id
    lockers.handle(request(OpenLocker(times=0), c))
    for command, record in ((OpenLocker(), b), (OpenLocker(), c), (ReturnLocker(), b), (OpenLocker(), c)):
        lockers.handle(request(command, record))
    return database


@pytest.fixture
def tamper(filled: Database, admin: Admin) -> Callable[..., None]:
    """Does what only a superuser with the triggers out of the way can do."""

    def do(statement: str, *parameters: object) -> None:
        admin.execute("alter table ledger.event disable trigger all")
        admin.execute(statement, parameters)
        admin.execute("alter table ledger.event enable always trigger immutable_rows")
        admin.execute("alter table ledger.event enable always trigger immutable_table")

    return do


Tamper = Callable[..., None]


def faults(database: Database) -> list[tuple[int | None, str]]:
    return [(fault.position, fault.check) for fault in verify(database, CODEC).faults]


def first(database: Database) -> Fault:
    fault = verify(database, CODEC).first
    assert fault is not None
    return fault


def forge_leaf(tamper: Tamper, position: int) -> None:
    """Compute the leaf anew, as somebody does who has altered the row and knows docs/leaf-format.md."""
    tamper(
        """
        update ledger.event e set leaf = sha256('\\x00'::bytea || ledger.entry(
          h.log, record_id, version, topic, e.recorded_at, effective_at, envelope::text, body::text, salt,
          (select string_agg(d, ''::bytea order by n) from unnest(sealed) with ordinality s(d, n))))
        from ledger.head h where e.position = %s
        """,
        position,
    )


# What is in order


def test_a_ledger_as_it_was_recorded_has_no_fault(filled: Database) -> None:
    seen: list[tuple[int, int]] = []
    report = verify(filled, CODEC, progress=lambda done, total: seen.append((done, total)))
    assert str(report) == "10 rows, 0 faults"
    assert (report.rows, report.faults, report.first) == (LAST, [], None)
    assert seen[-1] == (LAST, LAST)


def test_an_empty_ledger_has_no_fault(database: Database) -> None:
    assert str(verify(database, CODEC)) == "0 rows, 0 faults"


def test_chunks_of_any_size_give_the_same_report(filled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for size in (1, 2, 3, LAST, LAST + 1):
        monkeypatch.setattr(verify_reading, "CHUNK", size)
        assert str(verify(filled, CODEC)) == "10 rows, 0 faults"


def test_a_ledger_that_grows_meanwhile_is_seen_as_of_one_moment(lockers: Ledger, filled: Database) -> None:
    done = threading.Event()

    def use() -> None:
        while not done.is_set():
            record = lockers.handle(request(TakeLocker(door="7", content=Sealed("shoes")))).record_id
            lockers.handle(request(ReturnLocker(), record))

    with ThreadPoolExecutor(1) as pool:
        using = pool.submit(use)
        reports = [verify(filled, CODEC) for _ in range(5)]
        done.set()
        using.result()
    assert [report.faults for report in reports] == [[]] * 5
    assert reports[-1].rows > reports[0].rows


def test_an_erased_part_is_no_fault_once_its_key_was_destroyed(filled: Database, tamper: Tamper) -> None:
    tamper("delete from ledger.sealed where key_id = %s", GUEST)
    assert faults(filled) == [(1, "seal")]
    tamper("update vault.key set wrapped_key = null, destroyed_at = now() where key_id = %s", GUEST)
    assert faults(filled) == []


# What was altered in a row


@pytest.mark.parametrize(
    "change",
    [
        """body = '{"by":"crowbar"}'""",
        """body = (body::text || ' ')::json""",
        """envelope = replace(envelope::text, '"clerk"', '"mayor"')::json""",
        "salt = decode(repeat('00', 16), 'hex')",
        "leaf = sha256('')",
        "effective_at = effective_at - interval '1 microsecond'",
        "recorded_at = recorded_at + interval '1 microsecond'",
        "topic = 'locker.opened.v2'",
        "record_id = gen_random_uuid()",
        "version = version + 1000",
        "sealed = array[sha256('')]",
    ],
)
def test_a_row_that_was_altered_is_found_by_its_leaf(filled: Database, tamper: Tamper, change: str) -> None:
    tamper(f"update ledger.event set {change} where position = 8")
    fault = first(filled)
    assert (fault.position, fault.check) == (8, "leaf")
    assert "restore it from a backup" in fault.message


def test_the_name_of_the_ledger_is_part_of_every_leaf(filled: Database, tamper: Tamper, admin: Admin) -> None:
    row = admin.execute("select log from ledger.head").fetchone()
    tamper("update ledger.head set log = 'another/1'")
    try:
        assert faults(filled)[:LAST] == [(position, "leaf") for position in range(1, LAST + 1)]
    finally:
        tamper("update ledger.head set log = %s", *(row or ()))


def test_a_forged_leaf_does_not_hide_a_topic_that_nobody_knows(filled: Database, tamper: Tamper) -> None:
    tamper("update ledger.event set topic = 'locker.blown_up.v1' where position = 7")
    forge_leaf(tamper, 7)
    fault = first(filled)
    assert (fault.position, fault.check) == (7, "topic")
    assert "locker.blown_up.v1" in fault.message


def test_a_forged_leaf_does_not_hide_a_body_that_is_none_of_its_topic(filled: Database, tamper: Tamper) -> None:
    tamper("""update ledger.event set body = '{"by":7}' where position = 7""")
    forge_leaf(tamper, 7)
    assert faults(filled) == [(7, "content")]


@pytest.mark.parametrize(
    ("column", "other"),
    [
        ("actor_id", "gen_random_uuid()"),
        ("channel", "'TERMINAL'"),
        ("command_id", "gen_random_uuid()"),
        ("correlation_id", "gen_random_uuid()"),
    ],
)
def test_a_column_that_lies_about_its_envelope_is_found(
    filled: Database, tamper: Tamper, column: str, other: str
) -> None:
    tamper(f"update ledger.event set {column} = {other} where position = 8")
    assert (8, "columns") in faults(filled)


# What was moved, removed, dated back


def test_rows_that_changed_places_are_found(filled: Database, tamper: Tamper) -> None:
    tamper("update ledger.event set position = 1000 where position = 7")
    tamper("update ledger.event set position = 7 where position = 8")
    tamper("update ledger.event set position = 8 where position = 1000")
    assert first(filled).position == 7
    assert (8, "time") in faults(filled)


def test_rows_of_one_record_that_changed_places_are_found(filled: Database, tamper: Tamper) -> None:
    # Within one command: neither leaf nor time nor command can tell.
    tamper("update ledger.event set position = 1000 where position = 3")
    tamper("update ledger.event set position = 3 where position = 4")
    tamper("update ledger.event set position = 4 where position = 1000")
    assert (3, "version") in faults(filled) or (4, "version") in faults(filled)


def test_a_missing_last_row_is_found_by_the_head(filled: Database, tamper: Tamper) -> None:
    tamper("delete from ledger.event where position = %s", LAST)
    fault = first(filled)
    assert (fault.position, fault.check) == (LAST, "head")
    assert "missing" in fault.message


def test_a_missing_row_in_the_middle_is_found_by_its_position(filled: Database, tamper: Tamper) -> None:
    tamper("delete from ledger.event where position = 7")
    fault = first(filled)
    assert (fault.position, fault.check) == (7, "position")
    assert "it is missing" in fault.message


def test_missing_rows_at_the_beginning_are_found(filled: Database, tamper: Tamper) -> None:
    tamper("delete from ledger.event where position <= 2")
    fault = first(filled)
    assert (fault.position, fault.check) == (1, "position")
    assert "all up to 2 are missing" in fault.message


def test_a_row_cut_out_with_all_its_traces_is_found_by_the_versions_of_its_record(
    filled: Database, tamper: Tamper
) -> None:
    tamper("delete from ledger.command where first_position = 7")
    tamper("delete from ledger.event where position = 7")
    tamper("update ledger.event set position = position + 1000 where position > 7")
    tamper("update ledger.event set position = position - 1001 where position > 1000")
    tamper(
        "update ledger.command set first_position = first_position - 1, last_position = last_position - 1"
        " where first_position > 7"
    )
    tamper("update ledger.head set position = position - 1")
    fault = first(filled)
    assert (fault.position, fault.check) == (8, "version")
    assert "follows version 1" in fault.message


def test_an_event_that_was_dated_back_is_found_even_with_a_forged_leaf(filled: Database, tamper: Tamper) -> None:
    tamper("update ledger.event set recorded_at = recorded_at - interval '1 day' where position = 7")
    forge_leaf(tamper, 7)
    assert faults(filled) == [(7, "time")]


def test_an_event_that_was_dated_forward_is_found_even_with_a_forged_leaf(filled: Database, tamper: Tamper) -> None:
    tamper("update ledger.event set recorded_at = recorded_at + interval '1 day' where position = 7")
    forge_leaf(tamper, 7)
    assert faults(filled)[:2] == [(7, "time"), (8, "time")]


def test_the_events_of_one_command_have_one_time(filled: Database, tamper: Tamper) -> None:
    tamper("update ledger.event set recorded_at = recorded_at + interval '1 microsecond' where position = 4")
    forge_leaf(tamper, 4)
    assert faults(filled) == [(4, "time")]


# Sealed parts and keys


@pytest.mark.parametrize(
    "sabotage",
    [
        "update ledger.sealed set ciphertext = ciphertext || '\\x00' where position = 1 and part = 0",
        "update ledger.sealed set nonce = decode(repeat('00', 12), 'hex') where position = 1 and part = 0",
        "update ledger.sealed set key_id = '00000000-0000-0000-0000-0000000a11ce' where position = 1 and part = 0",
        "update vault.key k set commitment = sha256('') from ledger.sealed s where s.key_id = k.key_id and part = 0",
        "delete from vault.key where key_id = '00000000-0000-0000-0000-0000000a11ce'",
        "delete from ledger.sealed where position = 1 and part = 0",
        "delete from ledger.sealed where position = 1 and part = 1",
        "delete from ledger.sealed where position = 1",
        "insert into ledger.sealed select position, part + 2, key_id, nonce, ciphertext from ledger.sealed",
    ],
)
def test_what_was_done_to_sealed_parts_and_keys_is_found(filled: Database, tamper: Tamper, sabotage: str) -> None:
    tamper(sabotage)
    fault = first(filled)
    assert (fault.position, fault.check) == (1, "seal")


def test_parts_that_changed_places_are_found(filled: Database, tamper: Tamper) -> None:
    tamper("update ledger.sealed set part = 50 where position = 1 and part = 0")
    tamper("update ledger.sealed set part = 0 where position = 1 and part = 1")
    tamper("update ledger.sealed set part = 1 where position = 1 and part = 50")
    assert faults(filled) == [(1, "seal"), (1, "seal")]


@pytest.mark.parametrize("position", [-5, 0, LAST + 1, 1_000_000])
def test_a_part_where_no_event_is_is_found(filled: Database, tamper: Tamper, position: int) -> None:
    tamper(
        "insert into ledger.sealed select %s, part, key_id, nonce, ciphertext from ledger.sealed where position = 2",
        position,
    )
    assert faults(filled) == [(position, "seal")]


def test_a_missing_part_is_a_fault_when_another_subjects_key_was_destroyed(filled: Database, tamper: Tamper) -> None:
    tamper("update vault.key set wrapped_key = null, destroyed_at = now() where key_id = %s", GUEST)
    tamper("delete from ledger.sealed where position = 2 or key_id = %s", GUEST)
    assert faults(filled) == [(2, "seal")]


# Claims


@pytest.mark.parametrize(
    ("sabotage", "position"),
    [
        ("insert into ledger.claim values ('locker.number', '9', gen_random_uuid(), 7)", 7),
        ("insert into ledger.claim values ('locker.number', '9', gen_random_uuid(), 0)", 0),
        ("insert into ledger.claim values ('locker.number', '9', gen_random_uuid(), 11)", 11),
        ("delete from ledger.claim where key = '1'", 6),
        ("update ledger.claim set position = 7 where key = '1'", 6),
        ("update ledger.claim set position = 1 where key = '1'", 1),
        ("update ledger.claim set record_id = gen_random_uuid() where key = '1'", 6),
        ("update ledger.claim set key = '3' where key = '1'", 6),
        ("update ledger.claim set kind = 'locker.other' where key = '1'", 6),
    ],
)
def test_claims_that_do_not_follow_from_the_events_are_found(
    filled: Database, tamper: Tamper, sabotage: str, position: int
) -> None:
    tamper(sabotage)
    fault = first(filled)
    assert (fault.position, fault.check) == (position, "claim")
    assert "locker." in fault.message


def test_a_claim_that_was_released_and_is_still_there_is_found(filled: Database, tamper: Tamper) -> None:
    tamper(
        "insert into ledger.claim select 'locker.number', '2', record_id, position from ledger.event where position = 2"
    )
    assert faults(filled) == [(9, "claim")]


# Commands


@pytest.mark.parametrize(
    ("sabotage", "position"),
    [
        ("delete from ledger.command where first_position = 7", 7),
        ("delete from ledger.command where first_position = 10", 10),
        ("update ledger.command set last_position = 3 where first_position = 3", 4),
        ("update ledger.command set last_position = 6 where first_position = 5", 6),
        ("update ledger.command set version = version + 1 where first_position = 3", 4),
        ("update ledger.command set command_id = gen_random_uuid() where first_position = 7", 7),
        ("update ledger.command set outcome = 'nothing' where first_position = 7", 7),
        ("update ledger.command set last_position = null where first_position = 7", 7),
        ("update ledger.command set first_position = 11, last_position = 11 where first_position = 10", 10),
        ("update ledger.command set outcome = 'recorded', first_position = 11, last_position = 12"
         " where outcome = 'nothing'", 11),
        ("update ledger.command set outcome = 'recorded' where outcome = 'nothing'", None),
    ],
)  # fmt: skip
def test_commands_that_do_not_fit_their_events_are_found(
    filled: Database, tamper: Tamper, sabotage: str, position: int | None
) -> None:
    tamper(sabotage)
    fault = first(filled)
    assert (fault.position, fault.check) == (position, "command")


# The head


@pytest.mark.parametrize(
    ("sabotage", "position"),
    [
        ("update ledger.head set position = position + 1", LAST + 1),
        ("update ledger.head set position = position - 1", LAST),
        ("update ledger.head set position = 0", LAST),
        ("update ledger.head set recorded_at = recorded_at + interval '1 microsecond'", LAST),
    ],
)
def test_a_head_that_was_moved_is_found(filled: Database, tamper: Tamper, sabotage: str, position: int) -> None:
    tamper(sabotage)
    assert faults(filled) == [(position, "head")]


def test_a_missing_head_is_found(filled: Database, tamper: Tamper, admin: Admin) -> None:
    row = admin.execute("select log from ledger.head").fetchone()
    tamper("delete from ledger.head")
    try:
        assert (None, "head") in faults(filled)
    finally:
        tamper("insert into ledger.head (log, position, recorded_at) values (%s, 0, 'epoch')", *(row or ()))


# The report


def test_the_first_fault_is_that_of_the_lowest_position(filled: Database, tamper: Tamper) -> None:
    tamper("delete from ledger.claim where key = '1'")
    tamper("update ledger.event set leaf = sha256('') where position = 9")
    tamper("delete from ledger.sealed where position = 2")
    assert faults(filled) == [(2, "seal"), (6, "claim"), (9, "leaf")]


def test_a_report_reads_like_a_sentence() -> None:
    report = Report(rows=20_000)
    assert str(report) == "20,000 rows, 0 faults"
    report.found(1_234, "leaf", "it was altered")
    assert str(report) == "20,000 rows, 1 fault\nposition 1,234, leaf: it was altered"
    report.found(None, "head", "it is gone")
    assert str(report).splitlines()[0::2] == ["20,000 rows, 2 faults", "ledger, head: it is gone"]


def test_a_report_stops_at_a_hundred_faults(lockers: Ledger, database: Database, admin: Admin) -> None:
    requests = [request(TakeLocker(door=str(n), content=Sealed("x"))) for n in range(MOST_FAULTS + 20)]
    assert not [answer for answer in lockers.handle_all(requests) if isinstance(answer, Exception)]
    admin.execute("alter table ledger.event disable trigger all")
    admin.execute("update ledger.event set leaf = sha256('')")
    report = verify(database, CODEC)
    assert len(report.faults) == MOST_FAULTS
    assert "100 or more faults" in str(report)
