"""ledger.append, called directly: what one batch answers to each of its commands."""

from uuid import uuid4

import pytest
from psycopg.errors import InvalidParameterValue, UniqueViolation

from infra.sealing import DataKey
from infra.store import arrays
from infra.store.append import _parameters, send
from tests.infra.store.units import Admin, a_unit, append, sealed_parts, stored, together

A, B, C = uuid4(), uuid4(), uuid4()


def positions(admin: Admin) -> list[tuple[object, ...]]:
    return admin.execute("select position, record_id, version from ledger.event order by position").fetchall()


def claims(admin: Admin) -> list[tuple[object, ...]]:
    return admin.execute("select key, record_id, position from ledger.claim order by key").fetchall()


# Versions and positions


def test_positions_count_one_two_three_in_the_order_of_the_batch(writer: Admin, admin: Admin) -> None:
    answered = append(writer, a_unit((A, 1), (A, 2)), a_unit((B, 1)), a_unit((C, 1), (C, 2)))
    assert answered.statuses == ["recorded"] * 3
    assert answered.positions == [(1, 2), (3, 3), (4, 5)]
    assert positions(admin) == [(1, A, 1), (2, A, 2), (3, B, 1), (4, C, 1), (5, C, 2)]


def test_a_refused_command_leaves_no_gap_in_the_positions(writer: Admin, admin: Admin) -> None:
    answered = append(writer, a_unit((A, 1)), a_unit((B, 2)), a_unit((C, 1)))
    assert answered.statuses == ["recorded", "version_conflict", "recorded"]
    assert positions(admin) == [(1, A, 1), (2, C, 1)]


@pytest.mark.parametrize("judged", [False, True], ids=["alone", "each judged by itself"])
@pytest.mark.parametrize("versions", [(0,), (-1,), (0, 1), (1, 3), (2, 1), (1, 2, 4)])
def test_the_versions_of_a_command_are_consecutive_and_start_at_one(
    writer: Admin, admin: Admin, versions: tuple[int, ...], judged: bool
) -> None:
    stale = [(C, 1)] if judged else []
    answered = append(writer, a_unit((B, 1)), a_unit(*((A, version) for version in versions), guards=stale))
    assert answered.statuses == ["recorded", "versions"]
    assert positions(admin) == [(1, B, 1)]


def test_a_command_cannot_write_a_version_twice(writer: Admin, admin: Admin) -> None:
    with pytest.raises(UniqueViolation):
        append(writer, a_unit((A, 1), (A, 1)))
    assert append(writer, a_unit((A, 1), (A, 1), guards=[(C, 1)])).statuses == ["versions"]
    assert append(writer, a_unit((A, 1), (A, 2), (A, 2))).statuses == ["versions"]
    assert positions(admin) == []


@pytest.mark.parametrize("version", [1, 2, 4])
def test_a_version_that_is_taken_or_does_not_follow_is_a_conflict(writer: Admin, version: int) -> None:
    append(writer, a_unit((A, 1), (A, 2)))
    assert append(writer, a_unit((A, version))).statuses == ["version_conflict"]
    assert append(writer, a_unit((A, 3))).statuses == ["recorded"]


def test_a_command_may_write_several_records_in_any_order(writer: Admin, admin: Admin) -> None:
    assert append(writer, a_unit((A, 1), (B, 1), (A, 2), (B, 2), (B, 3))).statuses == ["recorded"]
    assert append(writer, a_unit((B, 4), (A, 3))).statuses == ["recorded"]
    assert [row[1:] for row in positions(admin)] == [(A, 1), (B, 1), (A, 2), (B, 2), (B, 3), (B, 4), (A, 3)]


def test_the_commands_of_a_unit_are_recorded_together_or_not_at_all(writer: Admin, admin: Admin) -> None:
    refused = together(a_unit((A, 1)), a_unit((A, 2)), a_unit((B, 2)))
    assert append(writer, refused, a_unit((C, 1))).statuses == ["version_conflict"] * 3 + ["recorded"]
    whole = together(a_unit((A, 1)), a_unit(), a_unit((A, 2)))
    answered = append(writer, whole)
    assert answered.statuses == ["recorded", "nothing", "recorded"]
    assert answered.positions == [(2, 2), (None, None), (3, 3)]
    assert positions(admin) == [(1, C, 1), (2, A, 1), (3, A, 2)]


# Guards


def test_a_guard_holds_while_its_record_stays_where_it_was_read(writer: Admin) -> None:
    append(writer, a_unit((A, 1), (A, 2)))
    assert append(writer, a_unit((B, 1), guards=[(A, 2), (uuid4(), 0)])).statuses == ["recorded"]


@pytest.mark.parametrize("read_at", [0, 1, 3])
def test_a_guard_fails_when_its_record_is_at_another_version(writer: Admin, read_at: int) -> None:
    append(writer, a_unit((A, 1), (A, 2)))
    assert append(writer, a_unit((B, 1), guards=[(A, read_at)])).statuses == ["guard_failed"]


# What two commands of one batch share


def test_two_commands_that_write_one_record_are_judged_one_batch_after_the_other(writer: Admin) -> None:
    first, second = a_unit((A, 1)), a_unit((A, 1))
    assert append(writer, first, second).statuses == ["recorded", "retry_alone"]
    assert append(writer, second).statuses == ["version_conflict"]


def test_a_command_that_guards_what_an_earlier_one_writes_waits_for_the_next_batch(writer: Admin) -> None:
    assert append(writer, a_unit((A, 1)), a_unit((B, 1), guards=[(A, 0)])).statuses == ["recorded", "retry_alone"]


def test_a_command_that_writes_what_an_earlier_one_guards_waits_for_the_next_batch(writer: Admin) -> None:
    assert append(writer, a_unit((B, 1), guards=[(A, 0)]), a_unit((A, 1))).statuses == ["recorded", "retry_alone"]


def test_commands_that_only_guard_the_same_record_share_a_batch(writer: Admin) -> None:
    append(writer, a_unit((A, 1)))
    answered = append(writer, a_unit((B, 1), guards=[(A, 1)]), a_unit((C, 1), guards=[(A, 1)]))
    assert answered.statuses == ["recorded", "recorded"]


def test_two_commands_with_one_claim_are_judged_one_batch_after_the_other(writer: Admin, admin: Admin) -> None:
    first, second = a_unit((A, 1), claims=["x"]), a_unit((B, 1), claims=["x"])
    assert append(writer, first, second).statuses == ["recorded", "retry_alone"]
    answered = append(writer, second)
    assert (answered.statuses, answered.details) == (["claim_taken"], ["test.key"])
    assert claims(admin) == [("x", A, 1)]


def test_the_claim_of_a_refused_command_does_not_block_a_valid_one(writer: Admin, admin: Admin) -> None:
    refused, valid = a_unit((A, 7), claims=["x"]), a_unit((B, 1), claims=["x"])
    assert append(writer, refused, valid).statuses == ["version_conflict", "retry_alone"]
    assert append(writer, valid).statuses == ["recorded"]
    assert claims(admin) == [("x", B, 1)]


def test_two_commands_with_one_id_are_judged_one_batch_after_the_other(writer: Admin, admin: Admin) -> None:
    same = uuid4()
    first, second = a_unit((A, 1), command_id=same), a_unit((B, 1), command_id=same)
    assert append(writer, first, second).statuses == ["recorded", "retry_alone"]
    again = append(writer, second)
    assert again.statuses == ["repeated"]
    assert again.positions == [(1, 1)]
    assert len(positions(admin)) == 1


def test_the_first_command_of_a_batch_never_has_to_wait(writer: Admin) -> None:
    everything = [a_unit((A, 1), command_id=B, claims=["x"], guards=[(C, 0)]) for _ in range(4)]
    answered = append(writer, *everything)
    assert answered.statuses == ["recorded"] + ["retry_alone"] * 3


# Claims and their release


def test_a_claim_that_was_released_can_be_made_again(writer: Admin, admin: Admin) -> None:
    append(writer, a_unit((A, 1), claims=["x", "y"]))
    assert append(writer, a_unit((A, 2), releases=["x"])).statuses == ["recorded"]
    assert claims(admin) == [("y", A, 1)]
    assert append(writer, a_unit((B, 1), claims=["x"])).statuses == ["recorded"]
    assert claims(admin) == [("x", B, 3), ("y", A, 1)]


def test_only_the_record_that_holds_a_claim_can_release_it(writer: Admin, admin: Admin) -> None:
    append(writer, a_unit((A, 1), claims=["x"]))
    answered = append(writer, a_unit((B, 1), releases=["x"]), a_unit((C, 1), releases=["never claimed"]))
    assert (answered.statuses, answered.details) == (["claim_not_held"] * 2, ["test.key"] * 2)
    assert claims(admin) == [("x", A, 1)]


def test_a_release_and_a_claim_of_the_same_key_do_not_meet_in_one_batch(writer: Admin) -> None:
    append(writer, a_unit((A, 1), claims=["x"]))
    release, claim = a_unit((A, 2), releases=["x"]), a_unit((B, 1), claims=["x"])
    assert append(writer, release, claim).statuses == ["recorded", "retry_alone"]
    assert append(writer, claim).statuses == ["recorded"]


def test_a_command_cannot_make_the_same_claim_twice(writer: Admin) -> None:
    assert append(writer, a_unit((A, 1), claims=["x", "x"])).statuses == ["claim_taken"]


def test_claims_of_different_kinds_are_told_apart_byte_by_byte(writer: Admin) -> None:
    keys = ["x", "X", "x ", "", "ä", "a\u0308"]
    assert append(writer, *(a_unit((uuid4(), 1), claims=[key]) for key in keys)).statuses == ["recorded"] * len(keys)


# Command ids


def test_a_repeated_command_gets_its_first_answer(writer: Admin, admin: Admin) -> None:
    same = uuid4()
    first = append(writer, a_unit((A, 1), (A, 2), command_id=same))
    again = append(writer, a_unit((B, 1), command_id=same), a_unit((C, 1)))
    assert again.statuses == ["repeated", "recorded"]
    assert again.rows[0][3:] == first.rows[0][3:] == (1, 2, A, 2)
    assert len(positions(admin)) == 3


def test_a_known_command_id_with_another_request_is_refused(writer: Admin) -> None:
    same = uuid4()
    append(writer, a_unit((A, 1), command_id=same))
    assert append(writer, a_unit((B, 1), command_id=same, request=b"other".ljust(32))).statuses == ["key_reused"]


def test_a_command_that_recorded_nothing_is_remembered_too(writer: Admin, admin: Admin) -> None:
    same = uuid4()
    assert append(writer, a_unit(command_id=same)).statuses == ["nothing"]
    again = append(writer, a_unit((A, 1), command_id=same))
    assert again.statuses == ["repeated"]
    assert again.positions == [(None, None)]
    assert positions(admin) == []


def test_a_refused_command_is_not_remembered(writer: Admin) -> None:
    same = uuid4()
    assert append(writer, a_unit((A, 2), command_id=same)).statuses == ["version_conflict"]
    assert append(writer, a_unit((A, 1), command_id=same)).statuses == ["recorded"]


def test_in_a_unit_only_the_known_command_is_called_repeated(writer: Admin) -> None:
    known = a_unit((A, 1))
    append(writer, known)
    unit = together(known, a_unit((B, 1)), a_unit())
    assert append(writer, unit).statuses == ["repeated", "unit_repeated", "unit_repeated"]


# The head


def test_the_head_stays_and_nobody_is_notified_when_nothing_was_recorded(writer: Admin, admin: Admin) -> None:
    append(writer, a_unit((A, 1)))
    head = "select position, recorded_at from ledger.head"
    before = admin.execute(head).fetchone()
    admin.execute("listen ledger")
    assert append(writer, a_unit((A, 1)), a_unit()).statuses == ["version_conflict", "nothing"]
    assert admin.execute(head).fetchone() == before
    append(writer, a_unit((B, 1), (B, 2)), a_unit((C, 1)))
    notified = [notice.payload for notice in admin.notifies(timeout=5, stop_after=1)]
    assert notified == ["4"], "one notification, of the last position, for the batch that recorded something"


def test_time_grows_with_every_batch_even_within_a_microsecond(writer: Admin, admin: Admin) -> None:
    for _ in range(20):
        append(writer, a_unit((uuid4(), 1)), a_unit((uuid4(), 1)))
    times = admin.execute("select recorded_at from ledger.event order by position").fetchall()
    assert times[0::2] == times[1::2], "one time for one batch"
    assert times[0::2] == sorted(set(times))


def test_time_grows_even_when_the_clock_was_set_back(writer: Admin, admin: Admin) -> None:
    admin.execute("update ledger.head set recorded_at = clock_timestamp() + interval '3 seconds'")
    append(writer, a_unit((A, 1)))
    grown = "select e.recorded_at = h.recorded_at, e.recorded_at > clock_timestamp() from ledger.event e, ledger.head h"
    assert admin.execute(grown).fetchone() == (True, True)


# Sealed parts


def test_an_event_keeps_the_digests_of_all_its_sealed_parts_in_order(writer: Admin, admin: Admin) -> None:
    keys = [DataKey.make(uuid4()) for _ in range(3)]
    parts = sealed_parts(A, 1, [(key, b"text") for key in keys])
    answered = append(writer, a_unit((A, 1), keys=[stored(key) for key in keys], parts=parts), a_unit((B, 1)))
    assert answered.statuses == ["recorded"] * 2
    rows = admin.execute("select sealed from ledger.event order by position").fetchall()
    assert rows == [([part.digest for part in parts],), (None,)]
    rows = admin.execute("select position, part, key_id, nonce, ciphertext from ledger.sealed order by part").fetchall()
    assert rows == [(1, n, part.key_id, part.nonce, part.ciphertext) for n, part in enumerate(parts)]


def test_every_event_has_a_salt_of_its_own(writer: Admin, admin: Admin) -> None:
    append(writer, a_unit((A, 1), (A, 2)), a_unit((B, 1)))
    salts = admin.execute("select count(distinct salt), min(octet_length(salt)) from ledger.event").fetchone()
    assert salts == (3, 16)


def test_equal_texts_have_unequal_leaves(writer: Admin, admin: Admin) -> None:
    append(writer, a_unit((A, 1)), a_unit((B, 1)))
    hashed = "select ledger.entry('x', %s, 1, 't', now(), now(), '{}', body::text, salt, null) from ledger.event"
    first, second = admin.execute(hashed, [A]).fetchall()
    assert first != second


# Keys


def test_a_key_is_stored_with_the_first_event_that_it_seals(writer: Admin, admin: Admin) -> None:
    key = DataKey.make(A)
    unit = a_unit((A, 1), keys=[stored(key)], parts=sealed_parts(A, 1, [(key, b"text")]))
    assert append(writer, a_unit((B, 2), keys=[stored(DataKey.make(B))]), unit).statuses[1] == "recorded"
    assert admin.execute("select key_id, commitment from vault.key").fetchall() == [(A, key.commitment)]
    again = a_unit((A, 2), parts=sealed_parts(A, 2, [(key, b"text")]))
    assert append(writer, again).statuses == ["recorded"]


def test_a_text_whose_key_is_neither_stored_nor_brought_is_refused(writer: Admin) -> None:
    key = DataKey.make(A)
    orphan = a_unit((A, 1), parts=sealed_parts(A, 1, [(key, b"text")]))
    assert append(writer, orphan).statuses == ["key_unusable"]
    # What another command of the batch brings is not there yet: that one may be refused.
    assert append(writer, orphan, a_unit((B, 2), keys=[stored(key)])).statuses == ["key_unusable", "version_conflict"]
    assert append(writer, orphan, a_unit((B, 1), keys=[stored(key)])).statuses == ["key_unusable", "recorded"]
    assert append(writer, orphan).statuses == ["recorded"]


def test_of_two_that_made_a_key_for_one_subject_the_second_is_told(writer: Admin, admin: Admin) -> None:
    first, second = DataKey.make(A), DataKey.make(A)
    units = [
        a_unit((record, 1), keys=[stored(key)], parts=sealed_parts(record, 1, [(key, b"text")]))
        for record, key in ((B, first), (C, second))
    ]
    assert append(writer, *units).statuses == ["recorded", "key_conflict"], "in one batch"
    assert append(writer, units[1]).statuses == ["key_conflict"], "and in the next"
    assert admin.execute("select commitment from vault.key").fetchall() == [(first.commitment,)]


def test_commands_that_bring_the_same_key_share_a_batch(writer: Admin) -> None:
    key = DataKey.make(A)
    units = [
        a_unit((record, 1), keys=[stored(key)], parts=sealed_parts(record, 1, [(key, b"text")])) for record in (B, C)
    ]
    assert append(writer, *units).statuses == ["recorded", "recorded"]


@pytest.mark.parametrize("brought", [False, True])
def test_nothing_more_is_sealed_under_a_destroyed_key(writer: Admin, admin: Admin, brought: bool) -> None:
    key = DataKey.make(A)
    append(writer, a_unit((A, 1), keys=[stored(key)], parts=sealed_parts(A, 1, [(key, b"text")])))
    admin.execute("update vault.key set wrapped_key = null, destroyed_at = now()")
    keys = [stored(key)] if brought else []
    unit = a_unit((A, 2), keys=keys, parts=sealed_parts(A, 2, [(key, b"more")]))
    assert append(writer, unit, a_unit((B, 1))).statuses == ["key_unusable", "recorded"]


def test_events_that_belong_to_no_command_are_refused_with_all_that_came_with_them(writer: Admin) -> None:
    parameters = _parameters([a_unit((uuid4(), 1)), a_unit((uuid4(), 1))])
    parameters[6] = arrays.int4([1, 1])  # the second command's last event, which lies before its first
    with pytest.raises(InvalidParameterValue, match="do not belong to the commands"):
        send(writer, parameters)
    assert append(writer, a_unit((uuid4(), 1))).positions == [(1, 1)]
