"""What an administrator alters behind the ledger's back, verify finds and names; an untouched ledger has no fault."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from domain.cadastre import commands as cadastre
from domain.cadastre.vocabulary import Assurance, PaperSize, Product
from domain.council import commands as council
from domain.council.vocabulary import BodyType
from domain.efile import commands as efile
from domain.efile.vocabulary import DisposalKind
from domain.families import FAMILIES
from domain.kernel import Command, Effective, Sealed
from domain.library import commands as library
from domain.library.vocabulary import AgeBand, MediaType
from domain.requests import Outcome, Request
from infra.codec import Codec
from infra.database import Database
from infra.embedded import Server
from infra.keys import KeyEncryptionKey
from infra.ledger import Ledger
from infra.vault import own_secret_id
from infra.verify import Report, verify
from tests.database import CLERK, KEK, LOG_NAME, database_named

pytestmark = pytest.mark.database

DAY: Final = Effective(datetime.now(UTC) - timedelta(days=1))
EARLIER: Final = Effective(datetime.now(UTC) - timedelta(days=2))
START: Final = datetime.now(UTC) + timedelta(days=30)
OTHER_KEK: Final = KeyEncryptionKey(bytes(range(1, 33)))
CODEC: Final = Codec(FAMILIES)
Sabotage = tuple[str, tuple[str, str]]
numbers = count(1)


def ask(command: Command, record_id: UUID | None = None, at: Effective = DAY) -> Request:
    key = f"{type(command).__name__} {next(numbers)}"
    return Request(command=command, principal=CLERK, idempotency_key=key, record_id=record_id, effective=at)


def work(ledger: Ledger) -> dict[str, int]:
    """A few commands of every family; answers the positions of their first events by name."""
    done: dict[str, Outcome] = {}

    def do(name: str, command: Command, record_id: UUID | None = None, at: Effective = DAY) -> UUID:
        done[name] = ledger.handle(ask(command, record_id, at))
        return done[name].record_id

    unit = do(
        "plan",
        efile.DefineFilePlanUnit(
            code="61.1",
            title="Bau",
            retention_years=10,
            disposal_kind=DisposalKind.ARCHIVE,
            valid_from=date(2020, 1, 1),
        ),
    )
    file = do(
        "file",
        efile.OpenFile(reference="61.1/1", subject=Sealed("x"), plan_unit_id=unit, lead_unit="61", custodian_unit="61"),
    )
    opening = efile.OpenCase(
        file_id=file, plan_unit_id=unit, reference="1", subject=Sealed("y"), lead_unit="61", custodian_unit="61"
    )
    do("case", opening)  # two events: the case's, the file's
    order = cadastre.PlaceOrder(
        order_number="62-1",
        product=Product.PROPERTY_MAP,
        paper_size=PaperSize.A4,
        parcels=("053110001000120003__",),
        assurance=Assurance.NONE,
        requester=Sealed("Jörg Müller"),
    )
    do("order", order)
    body = do("body", council.EstablishBody(code="RAT", name=Sealed("Rat"), body_type=BodyType.COUNCIL), at=EARLIER)
    meeting = do("meeting", council.ScheduleMeeting(number="RAT/1", body=body, start=START))
    moved = council.RescheduleMeeting(start=START + timedelta(days=1), reason=Sealed("Ferien"))
    do("moved", moved, meeting)  # claims another slot, releases the first
    patron = library.RegisterPatron(name=Sealed("Ada"), card_number=Sealed("1"), age_band=AgeBand.ADULT, branch="Bilk")
    ada = do("patron", patron, at=EARLIER)
    item = do("item", library.AcquireItem(barcode="b1", title="Immensee", media_type=MediaType.BOOK, branch="Bilk"))
    do("loan", library.LendItem(patron=ada, branch="Bilk"), item)
    dispatch = do("dispatch", library.OpenDispatch(day=DAY.at.date(), branch="Bilk"), at=EARLIER)
    row = library.RecordTransit(item_type="Buch", to_branch="Zentrale", source="Fahrdienst", occurrence=1)
    do("transit", row, dispatch)
    do("nothing", row, dispatch)  # the row is there already
    bulk = [library.AcquireItem(barcode=f"b{n}", title="t", media_type=MediaType.BOOK, branch="Bilk") for n in (2, 3)]
    for name, answer in zip(("second", "last"), ledger.handle_all([ask(each) for each in bulk]), strict=True):
        assert isinstance(answer, Outcome), answer
        done[name] = answer
    places = {name: outcome.first_position for name, outcome in done.items() if outcome.first_position is not None}
    return {**places, "file_of_case": places["case"] + 1, "after_last": places["last"] + 1}


class Small:
    """A database with the small ledger, and where its events are."""

    def __init__(self, database: Database, places: dict[str, Any]) -> None:
        self.database = database
        self.places = places

    def sabotage(self, statements: str) -> None:
        """Run statements as administrator; `%(name)s` stands for the position of a command's first event."""
        with psycopg.connect(make_conninfo(self.database.admin), cursor_factory=psycopg.ClientCursor) as connection:
            connection.execute("alter table ledger.event disable trigger all")
            connection.execute(statements.encode(), {"own_secret": own_secret_id(LOG_NAME), **self.places})

    def verify(self, kek: KeyEncryptionKey | None = KEK) -> Report:
        return verify(self.database, CODEC, kek=kek)


@pytest.fixture(scope="module")
def filled(server: Server, template: str) -> tuple[str, dict[str, int]]:
    """The small ledger that every test gets a copy of: its database, and where its events are."""
    name = "verify_small"
    with psycopg.connect(server.conninfo("admin"), autocommit=True) as connection:
        connection.execute(f"create database {name} template {template}")
    ledger = Ledger(database_named(server, name), KEK, FAMILIES)
    try:
        return name, work(ledger)
    finally:
        ledger.close()


@pytest.fixture
def small(server: Server, filled: tuple[str, dict[str, int]]) -> Iterator[Small]:
    template, places = filled
    name = f"verify_{next(numbers)}"
    with psycopg.connect(server.conninfo("admin"), autocommit=True) as connection:
        connection.execute(f"create database {name} template {template}")
        yield Small(database_named(server, name), places)
        connection.execute(f"drop database {name} with (force)")


# As careful as a forger can be: the leaf is computed anew from what the row says now.
NEW_LEAF = """
update ledger.event e set leaf = sha256('\\x00'::bytea || ledger.entry(
  h.log, e.record_id, e.version, e.topic, e.recorded_at, e.effective_at, e.envelope::text, e.body::text, e.salt,
  (select string_agg(d, ''::bytea order by n) from unnest(e.sealed) with ordinality u(d, n))))
from ledger.head h where e.position = {}"""
SWAP = """
update ledger.event set position = 1000 where position = {0};
update ledger.event set position = {0} where position = {1};
update ledger.event set position = {1} where position = 1000"""
OWN_COLUMN = """
update ledger.event set {0} = {1} where position = %(file)s"""
KEY_OF_FILE = "(select key_id from ledger.sealed where position = %(file)s and part = 0)"
KEY_OF_ORDER = "(select key_id from ledger.sealed where position = %(order)s and part = 0)"
COMMAND_OF_CASE = "command_id = (select command_id from ledger.event where position = %(case)s)"
LAST_COMMAND = "command_id = (select command_id from ledger.event where position = %(last)s)"
NOTHING = "outcome = 'nothing'"

# What is done: the statements, and the fault that must be among those found: where, and which check.
ROWS: Final[Mapping[str, Sabotage]] = {
    "a body reworded": (
        "update ledger.event set body = replace(body::text, '61.1/1', '61.1/2')::json where position = %(file)s",
        ("file", "leaf"),
    ),
    "a blank put into a body": (
        "update ledger.event set body = (body::text || ' ')::json where position = %(plan)s",
        ("plan", "leaf"),
    ),
    "an envelope that names another role": (
        "update ledger.event set envelope = replace(envelope::text, 'clerk', 'mayor')::json where position = %(body)s",
        ("body", "leaf"),
    ),
    "another salt": (
        "update ledger.event set salt = substr(sha256(salt), 1, 16) where position = %(item)s",
        ("item", "leaf"),
    ),
    "another leaf": ("update ledger.event set leaf = sha256(leaf) where position = %(last)s", ("last", "leaf")),
    "an event that took effect earlier": (
        "update ledger.event set effective_at = effective_at - interval '1 day' where position = %(order)s",
        ("order", "leaf"),
    ),
    "an event recorded later": (
        "update ledger.event set recorded_at = recorded_at + interval '1 microsecond' where position = %(plan)s",
        ("plan", "leaf"),
    ),
    "an event back-dated with its leaf": (
        "update ledger.event set recorded_at = recorded_at - interval '1 day' where position = %(loan)s;"
        + NEW_LEAF.format("%(loan)s"),
        ("loan", "time"),
    ),
    "a topic that nobody knows": (
        "update ledger.event set topic = 'efile.file_opened.v99' where position = %(file)s;"
        + NEW_LEAF.format("%(file)s"),
        ("file", "topic"),
    ),
    "a body that is not of its topic": (
        "update ledger.event set body = '{}' where position = %(order)s;" + NEW_LEAF.format("%(order)s"),
        ("order", "content"),
    ),
    "a body that cannot be decoded": (
        "alter domain ledger.body drop constraint readable_body;"
        """update ledger.event set body = '{"reference":"\\ud800"}' where position = %(file)s;"""
        + NEW_LEAF.format("%(file)s"),
        ("file", "content"),
    ),
    "two rows of one moment swapped": (SWAP.format("%(second)s", "%(last)s"), ("second", "command")),
    "two rows of two moments swapped": (SWAP.format("%(order)s", "%(body)s"), ("body", "time")),
    "the last row removed": ("delete from ledger.event where position = %(last)s", ("last", "head")),
    "a row in the middle removed": ("delete from ledger.event where position = %(order)s", ("order", "position")),
    "a version left out": (
        "update ledger.event set version = version + 1 where position = %(file_of_case)s;"
        + NEW_LEAF.format("%(file_of_case)s"),
        ("file_of_case", "version"),
    ),
    "the head moved on": ("update ledger.head set position = position + 1", ("after_last", "head")),
    "the head moved back": ("update ledger.head set position = position - 1", ("last", "head")),
    "the head's time moved": (
        "update ledger.head set recorded_at = recorded_at + interval '1 second'",
        ("last", "head"),
    ),
    "no head": ("delete from ledger.head", ("ledger", "head")),
    "another name of the ledger": ("update ledger.head set log = 'stadtbuch.other/1'", ("plan", "leaf")),
}
SEALS: Final[Mapping[str, Sabotage]] = {
    "an altered ciphertext": (
        "update ledger.sealed set ciphertext = ciphertext || '\\x00' where position = %(file)s",
        ("file", "seal"),
    ),
    "an altered nonce": (
        "update ledger.sealed set nonce = substr(sha256(nonce), 1, 12) where position = %(order)s",
        ("order", "seal"),
    ),
    "a sealed text deleted": ("delete from ledger.sealed where position = %(file)s", ("file", "seal")),
    "a sealed text added": (
        "insert into ledger.sealed select position, 9, key_id, nonce, ciphertext from ledger.sealed"
        " where position = %(file)s and part = 0",
        ("file", "seal"),
    ),
    "a sealed text of no event": (
        "insert into ledger.sealed select %(after_last)s, 0, key_id, nonce, ciphertext from ledger.sealed"
        " where position = %(file)s and part = 0",
        ("after_last", "seal"),
    ),
    "a sealed text given to another key": (
        f"update ledger.sealed set key_id = {KEY_OF_ORDER} where position = %(file)s",
        ("file", "seal"),
    ),
    "another commitment": (
        f"update vault.key set commitment = sha256(commitment) where key_id = {KEY_OF_FILE}",
        ("file", "seal"),
    ),
    "a key deleted": (f"delete from vault.key where key_id = {KEY_OF_FILE}", ("file", "seal")),
    "a key destroyed and its text left": (
        f"update vault.key set wrapped_key = null, destroyed_at = now() where key_id = {KEY_OF_FILE}",
        ("file", "key"),
    ),
    "a wrapped key overwritten": (
        f"update vault.key set wrapped_key = sha256(wrapped_key) where key_id = {KEY_OF_FILE}",
        ("file", "key"),
    ),
    "a wrapped key cut off": (
        f"update vault.key set wrapped_key = '\\x0102' where key_id = {KEY_OF_FILE}",
        ("file", "key"),
    ),
    "a wrapped key put in the place of another": (
        f"update vault.key set wrapped_key = (select wrapped_key from vault.key where key_id = {KEY_OF_ORDER})"
        f" where key_id = {KEY_OF_FILE}",
        ("file", "key"),
    ),
    "another key-encryption key named": (
        f"update vault.key set kek_id = '0123456789abcdef' where key_id = {KEY_OF_FILE}",
        ("file", "key"),
    ),
    "the ledger's own secret deleted": ("delete from vault.key where key_id = %(own_secret)s", ("ledger", "key")),
    "the ledger's own secret overwritten": (
        "update vault.key set wrapped_key = sha256(wrapped_key) where key_id = %(own_secret)s",
        ("ledger", "key"),
    ),
}
CLAIMS: Final[Mapping[str, Sabotage]] = {
    "a claim that no event makes": (
        "insert into ledger.claim select 'efile.file', 'more', record_id, position from ledger.event"
        " where position = %(file)s",
        ("file", "claim"),
    ),
    "a claim of no event": (
        "insert into ledger.claim values ('efile.file', 'more', gen_random_uuid(), %(after_last)s)",
        ("after_last", "claim"),
    ),
    "a claim removed": ("delete from ledger.claim where position = %(item)s", ("item", "claim")),
    "a claim given to another record": (
        "update ledger.claim set record_id = gen_random_uuid() where position = %(item)s",
        ("item", "claim"),
    ),
    "a claim moved": ("update ledger.claim set position = %(plan)s where position = %(item)s", ("item", "claim")),
    "a released claim put back": (
        "insert into ledger.claim select kind, key || ' before', record_id, %(meeting)s from ledger.claim"
        " where position = %(moved)s",
        ("meeting", "claim"),
    ),
}
COMMANDS: Final[Mapping[str, Sabotage]] = {
    "a command that ends later": (
        f"update ledger.command set last_position = last_position + 5 where {COMMAND_OF_CASE}",
        ("order", "command"),
    ),
    "the last command that ends later": (
        f"update ledger.command set last_position = last_position + 5 where {LAST_COMMAND}",
        ("after_last", "command"),
    ),
    "a command that ends sooner": (
        f"update ledger.command set last_position = last_position - 1 where {COMMAND_OF_CASE}",
        ("file_of_case", "command"),
    ),
    "a command that begins later": (
        f"update ledger.command set first_position = first_position + 1 where {COMMAND_OF_CASE}",
        ("case", "command"),
    ),
    "a command of a record that is not there": (
        f"update ledger.command set record_id = gen_random_uuid() where {COMMAND_OF_CASE}",
        ("file_of_case", "command"),
    ),
    "a command of another record at the same version": (
        "update ledger.command set record_id = (select record_id from ledger.event where position = %(plan)s)"
        f" where {COMMAND_OF_CASE}",
        ("file_of_case", "command"),
    ),
    "a command with another version": (
        f"update ledger.command set version = version + 1 where {COMMAND_OF_CASE}",
        ("file_of_case", "command"),
    ),
    "a command deleted": (f"delete from ledger.command where {COMMAND_OF_CASE}", ("case", "command")),
    "a command that recorded nothing after all": (
        "update ledger.command set outcome = 'nothing', first_position = null, last_position = null"
        f" where {COMMAND_OF_CASE}",
        ("case", "command"),
    ),
    "a command said to have recorded nothing": (
        f"update ledger.command set outcome = 'nothing' where {COMMAND_OF_CASE}",
        ("case", "command"),
    ),
    "a command without positions": (
        f"update ledger.command set first_position = null, last_position = null where {COMMAND_OF_CASE}",
        ("case", "command"),
    ),
    "a command that no event is of": (
        "insert into ledger.command select gen_random_uuid(), request_hmac, outcome, record_id, version,"
        f" first_position, last_position from ledger.command where {COMMAND_OF_CASE}",
        ("case", "command"),
    ),
    "an empty command with a record that is not there": (
        f"update ledger.command set record_id = gen_random_uuid() where {NOTHING}",
        ("ledger", "command"),
    ),
    "an empty command with a version that is not there": (
        f"update ledger.command set version = version + 1 where {NOTHING}",
        ("ledger", "command"),
    ),
    "an empty command said to have recorded": (
        f"update ledger.command set outcome = 'recorded', first_position = %(case)s, last_position = %(case)s"
        f" where {NOTHING}",
        ("case", "command"),
    ),
}
COLUMNS: Final[Mapping[str, Sabotage]] = {
    "another actor": (OWN_COLUMN.format("actor_id", "gen_random_uuid()"), ("file", "columns")),
    "another channel": (OWN_COLUMN.format("channel", "'terminal'"), ("file", "columns")),
    "another command": (OWN_COLUMN.format("command_id", "gen_random_uuid()"), ("file", "columns")),
    "another correlation": (OWN_COLUMN.format("correlation_id", "gen_random_uuid()"), ("file", "columns")),
}


def seen(small: Small, sabotage: Sabotage) -> None:
    """Do it, verify, and expect the fault among those found, with a message that names it."""
    statements, (place, check) = sabotage
    small.sabotage(statements)
    report = small.verify()
    position = small.places.get(place)
    assert (position, check) in [(fault.position, fault.check) for fault in report.faults], str(report)
    assert f"{'ledger' if position is None else f'position {position}'}, {check}: " in str(report)


def every(sabotages: Mapping[str, Sabotage]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("sabotage", sabotages.values(), ids=sabotages.keys())


def test_an_untouched_ledger_of_all_families_has_no_fault(small: Small) -> None:
    progress: list[tuple[int, int]] = []
    report = verify(small.database, CODEC, kek=KEK, progress=lambda done, total: progress.append((done, total)))
    last = small.places["last"]
    assert (report.rows, report.faults, str(report)) == (last, [], f"{last} rows, 0 faults")
    assert progress == [(last, last)]
    with psycopg.connect(small.database.conninfo("log")) as log:
        families = log.execute("select distinct split_part(topic, '.', 1) from ledger.event order by 1").fetchall()
        outcomes = log.execute("select distinct outcome from ledger.command order by 1").fetchall()
    assert [family for (family,) in families] == ["cadastre", "council", "efile", "library"]
    assert [outcome for (outcome,) in outcomes] == ["nothing", "recorded"]


def test_an_empty_ledger_has_no_fault(database: Database) -> None:
    report = verify(database, CODEC, kek=KEK)
    assert (report.rows, report.faults) == (0, [])


@every(ROWS)
def test_an_altered_row_is_found(small: Small, sabotage: Sabotage) -> None:
    seen(small, sabotage)


@every(SEALS)
def test_an_altered_seal_or_key_is_found(small: Small, sabotage: Sabotage) -> None:
    seen(small, sabotage)


@every(CLAIMS)
def test_an_altered_claim_is_found(small: Small, sabotage: Sabotage) -> None:
    seen(small, sabotage)


@every(COMMANDS)
def test_an_altered_command_is_found(small: Small, sabotage: Sabotage) -> None:
    seen(small, sabotage)


@every(COLUMNS)
def test_a_column_that_left_its_envelope_is_found(small: Small, sabotage: Sabotage) -> None:
    seen(small, sabotage)


def test_wrapped_keys_are_opened_only_with_the_key_encryption_key(small: Small) -> None:
    small.sabotage(f"update vault.key set wrapped_key = sha256(wrapped_key) where key_id = {KEY_OF_FILE}")
    assert small.verify(kek=None).faults == []
    assert [fault.check for fault in small.verify().faults] == ["key"]


def test_another_key_encryption_key_opens_nothing_and_says_so(small: Small) -> None:
    faults = small.verify(kek=OTHER_KEK).faults
    assert {fault.check for fault in faults} == {"key"}
    assert all(KEK.id in fault.message and OTHER_KEK.id in fault.message for fault in faults)


def test_what_verify_reads_the_log_role_cannot_write(small: Small) -> None:
    with psycopg.connect(make_conninfo(small.database.admin)) as admin:
        tables = admin.execute(
            "select c.oid::regclass::text,"
            " has_any_column_privilege('stadtbuch_log', c.oid, 'insert, update'),"
            " has_table_privilege('stadtbuch_log', c.oid, 'insert, update, delete, truncate')"
            " from pg_class c where c.relkind = 'r'"
            " and c.relnamespace in ('ledger'::regnamespace, 'vault'::regnamespace)"
        ).fetchall()
        secret = admin.execute(
            "select has_column_privilege('stadtbuch_log', 'vault.key', 'wrapped_key', 'select')"
        ).fetchone()
        definers = admin.execute(
            "select p.oid::regprocedure::text from pg_proc p where p.pronamespace = 'ledger'::regnamespace"
            " and p.prosecdef and has_function_privilege('stadtbuch_log', p.oid, 'execute')"
        ).fetchall()
    assert {table for table, *_ in tables} >= {"ledger.event", "ledger.sealed", "ledger.command", "vault.key"}
    assert not any(columns or whole for _, columns, whole in tables)
    assert secret == (False,)
    assert definers == []


def test_verify_writes_nothing_even_where_it_acts_as_the_writer(small: Small) -> None:
    counted = (
        "select sum(n_tup_ins + n_tup_upd + n_tup_del) from pg_stat_all_tables where schemaname in ('ledger', 'vault')"
    )
    with psycopg.connect(make_conninfo(small.database.admin), autocommit=True) as admin:
        before = admin.execute(counted).fetchone()
        assert small.verify().faults == []
        assert admin.execute(counted).fetchone() == before


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger.command set request_hmac = sha256(request_hmac)",
        f"delete from ledger.command where {NOTHING}",
        "insert into ledger.command select gen_random_uuid(), request_hmac, outcome, record_id, version, null, null"
        f" from ledger.command where {NOTHING}",
    ],
    ids=["the digest of a request", "an empty command deleted", "an empty command added"],
)
def test_what_the_guarantees_exclude_is_not_seen(small: Small, statement: str) -> None:
    small.sabotage(statement)
    assert small.verify().faults == []
