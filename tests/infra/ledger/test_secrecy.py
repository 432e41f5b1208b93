"""Personal text leaves the process sealed only: a server that logs all it is told has not heard of it."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.kernel import Rejected, Sealed
from infra.database import Database
from infra.embedded import Server
from infra.ledger import Ledger
from tests.database import KEK
from tests.infra.lockers import FAMILY, OpenLocker, ReturnLocker, TakeLocker, request

Admin = psycopg.Connection[Any]
# The embedded server logs no rows and no parameters; another server may.
TALKATIVE = (
    "log_statement = 'all'",
    "log_error_verbosity = 'default'",
    "log_min_error_statement = 'error'",
    "log_parameter_max_length = -1",
    "log_parameter_max_length_on_error = -1",
)
MARKER = "Königsallee 1, Ada Lesefroh"


@pytest.fixture
def talkative(database: Database, admin: Admin) -> Iterator[Ledger]:
    """A ledger whose server logs every statement with every parameter."""
    login = psycopg.conninfo.conninfo_to_dict(database.app)["user"]
    for setting in TALKATIVE:
        admin.execute(f"alter role {login} set {setting}")
    opened = Ledger(database, KEK, (FAMILY,))
    yield opened
    opened.close()
    admin.execute(f"alter role {login} reset all")


def logged(server: Server) -> bytes:
    """Everything that the server has logged so far."""
    return b"".join(path.read_bytes() for path in sorted(Path(server.log_dir).iterdir()) if path.is_file())


def test_the_servers_log_knows_no_sealed_text(talkative: Ledger, server: Server, admin: Admin) -> None:
    taken = request(TakeLocker(door="door 4711", content=Sealed(MARKER)), reason=f"because of {MARKER}")
    record = talkative.handle(taken).record_id
    talkative.handle_all([request(OpenLocker(), record, reason=MARKER), request(ReturnLocker(), record)])
    with pytest.raises(Rejected):
        talkative.handle(request(OpenLocker(), record, reason=MARKER))
    # A call that fails in the server is logged with the row at fault.
    broken = request(TakeLocker(door="door 4712", content=Sealed(MARKER)), legal_basis="§ 1\0", reason=MARKER)
    (refused,) = talkative.handle_all([broken])
    assert isinstance(refused, Exception)
    assert MARKER not in str(refused)
    reference = talkative.stream(record).state.content
    assert talkative.vault.reveal([reference]) == [MARKER]

    log = logged(server)
    assert b"ledger.append" in log, "the log is told everything"
    assert b"door 4711".hex().encode() in log or b"door 4711" in log
    for spelt in (MARKER.encode(), MARKER.encode().hex().encode(), b64encode(MARKER.encode())[:-4], b"Lesefroh"):
        assert spelt not in log
    assert b"Lesefroh".hex().encode() not in log
