"""What ledger.append refuses whoever calls it: the checks are the database's own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors

from infra.sealing import DataKey
from infra.store import arrays
from infra.store.append import _parameters, send
from infra.store.unit import SealedPart
from tests.infra.store.units import NOW, Admin, a_unit, append, envelope, sealed_parts, stored, together

A = uuid4()
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def recorded(admin: Admin) -> int:
    row = admin.execute("select count(*), max(position) from ledger.event").fetchone()
    head = admin.execute("select position from ledger.head").fetchone()
    assert row is not None
    assert head == (row[0],)
    return int(row[0])


def refused(writer: Admin, admin: Admin, error: type[psycopg.Error], **wrong: Any) -> None:
    with pytest.raises(error):
        append(writer, a_unit((uuid4(), 1)), a_unit((A, 1), **wrong))
    assert recorded(admin) == 0, "a batch is one transaction"


def effective(microseconds: int, version: int = 1) -> list[arrays.Array]:
    """What ledger.append is called with for a time that no datetime can hold: microseconds since 2000."""
    parameters = _parameters([a_unit((A, version))])
    one_element = arrays.timestamp([NOW])[:-8]
    parameters[11] = arrays.TimestampArray(one_element + microseconds.to_bytes(8, "big", signed=True))
    return parameters


@pytest.mark.parametrize(
    "topic", ["", "a b", "Efile.opened.v1", "efile.öffnen.v1", "efile-opened", "a\nb", "a\n", "a\u200b", "a" * 101]
)
def test_a_topic_is_short_and_of_plain_letters(writer: Admin, admin: Admin, topic: str) -> None:
    refused(writer, admin, errors.CheckViolation, topic=topic)


def test_the_longest_topic_is_recorded(writer: Admin) -> None:
    assert append(writer, a_unit((A, 1), topic="a" * 100)).statuses == ["recorded"]


@pytest.mark.parametrize("microseconds", [2**63 - 1, -(2**63)], ids=["infinity", "-infinity"])
def test_an_infinite_time_of_effect_is_refused(writer: Admin, admin: Admin, microseconds: int) -> None:
    with pytest.raises(errors.IntegrityError):
        send(writer, effective(microseconds))
    assert recorded(admin) == 0


@pytest.mark.parametrize("beyond", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, UTC)])
def test_the_first_and_the_last_moment_are_recorded_and_their_neighbours_refused(
    writer: Admin, admin: Admin, beyond: datetime
) -> None:
    step = -1 if beyond.year == 1 else 1
    assert append(writer, a_unit((A, 1), effective_at=beyond)).statuses == ["recorded"]
    assert admin.execute("select effective_at from ledger.event").fetchone() == (beyond,)
    microseconds = (beyond - EPOCH) // timedelta(microseconds=1) + step
    with pytest.raises(errors.CheckViolation):
        send(writer, effective(microseconds, version=2))
    assert recorded(admin) == 1


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(rb'{"a":"\u0000"}', id="NUL as an escape"),
        pytest.param(rb'{"a\u0000":1}', id="NUL in a name"),
        pytest.param(rb'{"a":[{"b":"x\\\u0000"}]}', id="NUL behind an escaped backslash"),
        pytest.param(rb'{"a":"\ud800"}', id="half a pair"),
        pytest.param(rb'{"a":"\uDFFF\ud800"}', id="a pair the wrong way round"),
        pytest.param(b'{"a":"\x00"}', id="NUL as a byte"),
        pytest.param(b'{"a":"\xff"}', id="not UTF-8"),
        pytest.param(b'{"a":"\xed\xa0\x80"}', id="half a pair in bytes"),
        pytest.param(b'{"a":', id="not JSON"),
        pytest.param(b"", id="empty"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'"text"', id="a text"),
        pytest.param(b"null", id="null"),
    ],
)
def test_a_body_is_an_object_that_every_reader_can_read(writer: Admin, admin: Admin, body: bytes) -> None:
    with pytest.raises((errors.DataError, errors.CheckViolation)):
        append(writer, a_unit((A, 1), state=body))
    with pytest.raises((errors.DataError, errors.CheckViolation, errors.NotNullViolation)):
        append(writer, a_unit((A, 1), envelope=body))
    assert recorded(admin) == 0


@pytest.mark.parametrize(
    "body", [rb'{"a":"\\u0000"}', rb'{"a":"\ud834\udd1e \u00e4 \\ud800"}', '{ "ä" : [1e5, 2.50] }\n'.encode()]
)
def test_a_body_that_can_be_read_is_kept_to_the_letter(writer: Admin, admin: Admin, body: bytes) -> None:
    append(writer, a_unit((A, 1), state=body))
    assert admin.execute("select body::text from ledger.event").fetchone() == (body.decode(),)
    assert admin.execute("select body ->> 'none' from ledger.event").fetchone() == (None,)


@pytest.mark.parametrize("missing", ["actor", "channel", "command_id", "correlation_id"])
def test_an_envelope_names_actor_channel_command_and_correlation(writer: Admin, admin: Admin, missing: str) -> None:
    without = envelope(uuid4()).replace(f'"{missing}"'.encode(), b'"other"')
    refused(writer, admin, errors.NotNullViolation, envelope=without)


def test_an_actor_is_a_uuid(writer: Admin, admin: Admin) -> None:
    named = envelope(uuid4()).replace(b"00000000-0000-0000-0000-000000000001", b"Meier")
    refused(writer, admin, errors.InvalidTextRepresentation, envelope=named)


@pytest.mark.parametrize("salt", [b"", bytes(15), bytes(17)])
def test_a_salt_has_sixteen_bytes(writer: Admin, admin: Admin, salt: bytes) -> None:
    refused(writer, admin, errors.CheckViolation, salt=salt)


@pytest.mark.parametrize("length", [1, 31, 33, 65])
def test_digests_that_are_not_thirty_two_bytes_are_refused(writer: Admin, admin: Admin, length: int) -> None:
    key = DataKey.make(A)
    part = SealedPart(key.id, bytes(12), b"ciphertext", bytes(length))
    refused(writer, admin, errors.CheckViolation, keys=[stored(key)], parts=(part,))


def test_an_event_has_at_most_a_hundred_parts(writer: Admin, admin: Admin) -> None:
    key = DataKey.make(A)
    parts = sealed_parts(A, 1, [(key, b"text")] * 101)
    refused(writer, admin, errors.CheckViolation, keys=[stored(key)], parts=parts)
    assert append(writer, a_unit((A, 1), keys=[stored(key)], parts=parts[:100])).statuses == ["recorded"]


def test_a_nonce_has_twelve_bytes(writer: Admin, admin: Admin) -> None:
    key = DataKey.make(A)
    (part,) = sealed_parts(A, 1, [(key, b"text")])
    refused(writer, admin, errors.CheckViolation, keys=[stored(key)], parts=(part._replace(nonce=bytes(16)),))


def test_the_digest_of_a_request_has_thirty_two_bytes(writer: Admin, admin: Admin) -> None:
    refused(writer, admin, errors.CheckViolation, request=bytes(31))


def test_a_command_id_cannot_stand_twice_in_one_unit(writer: Admin, admin: Admin) -> None:
    same = uuid4()
    with pytest.raises(errors.UniqueViolation):
        append(writer, together(a_unit((A, 1), command_id=same), a_unit((A, 2), command_id=same)))
    assert recorded(admin) == 0


def test_a_clock_more_than_five_seconds_behind_the_ledger_is_refused(writer: Admin, admin: Admin) -> None:
    admin.execute("update ledger.head set recorded_at = clock_timestamp() + interval '1 minute'")
    with pytest.raises(psycopg.Error, match="is behind the ledger's last event") as refusal:
        append(writer, a_unit((A, 1)))
    assert refusal.value.sqlstate == "SB001"
    assert "Correct the clock" in str(refusal.value.diag.message_hint)
    assert admin.execute("select count(*) from ledger.event").fetchone() == (0,)


def test_a_ledger_without_a_name_records_nothing(writer: Admin, admin: Admin) -> None:
    row = admin.execute("delete from ledger.head returning log").fetchone()
    assert row is not None
    try:
        with pytest.raises(errors.NoDataFound):
            append(writer, a_unit((A, 1)))
    finally:
        admin.execute("insert into ledger.head (log, position, recorded_at) values (%s, 0, 'epoch')", row)


def test_a_command_larger_than_its_limits_is_refused_before_it_is_sent() -> None:
    whole = a_unit(*((A, version) for version in range(1, 1001)), state=b'{"by":"' + b"x" * 250 + b'"}')
    whole.check_limits()
    with pytest.raises(ValueError, match="1001 and"):
        replace(whole, events=[*whole.events, whole.events[0]]).check_limits()
    with pytest.raises(ValueError, match="and 256 KB: split it"):
        a_unit((A, 1), state=b" " * (256 * 1024 + 1)).check_limits()
