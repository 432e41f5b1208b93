"""The rules that the ledger keeps for every family, broken both ways on the real store."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from domain.kernel import Effective, Rejected, Rule, Sealed
from domain.requests import Request
from domain.rules import COMMAND_TOO_LARGE, EFFECTIVE_IN_FUTURE, RULES, SUBJECT_FORGOTTEN
from infra.database import Database
from infra.ledger import Ledger, application, memory, work
from tests.database import KEK
from tests.infra.lockers import FAMILY, OpenLocker, TakeLocker, request
from tests.mutation.breaking import broken
from tests.mutation.sites import sites_in

pytestmark = pytest.mark.any_server

SITES = [site for module in (application, memory, work) for site in sites_in(module)]


@pytest.fixture
def lockers(database: Database) -> Iterator[Ledger]:
    opened = Ledger(database, KEK, (FAMILY,))
    yield opened
    opened.close()


def taking(door: str, guest: UUID | None = None) -> Request:
    name = None if guest is None else "Ada"
    return request(TakeLocker(door=door, content=Sealed("x"), guest=guest, guest_name=name))


def tomorrow() -> Request:
    command = TakeLocker(door="1", content=Sealed("x"))
    return request(command, effective=Effective(datetime.now(UTC) + timedelta(days=1)))


def refusal(ledger: Ledger, wanted: Request) -> str | None:
    """The rule that refuses a request, or what else does."""
    try:
        ledger.handle(wanted)
    except Rejected as rejected:
        return rejected.rule.id
    except Exception as error:  # a broken rule lets anything happen
        return type(error).__name__
    return None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_rule_of_the_ledger_can_be_broken_unseen(rule: Rule, lockers: Ledger, database: Database) -> None:
    sites = [site for site in SITES if site.rule is rule]
    guest = UUID(int=7)
    record = lockers.handle(taking("0", guest)).record_id
    with psycopg.connect(database.conninfo("eraser")) as eraser:
        eraser.execute("select ledger.destroy_key(%s)", [guest])
    cases: dict[Rule, Callable[[], Request]] = {
        EFFECTIVE_IN_FUTURE: tomorrow,
        COMMAND_TOO_LARGE: lambda: request(OpenLocker(times=1_001), record),
        SUBJECT_FORGOTTEN: lambda: taking("2", guest),
    }
    forbidden = cases[rule]
    lockers.vault.forget([guest])
    assert refusal(lockers, forbidden()) == rule.id
    with broken(FAMILY, rule.id, sites, "never"):
        assert refusal(lockers, forbidden()) != rule.id
    # Whether a subject was forgotten is asked where something stands in the way; a taken door does.
    allowed = "0" if rule is SUBJECT_FORGOTTEN else "3"
    assert refusal(lockers, taking(allowed)) != rule.id
    with broken(FAMILY, rule.id, sites, "always"):
        assert refusal(lockers, taking("0" if rule is SUBJECT_FORGOTTEN else "4")) == rule.id
    assert refusal(lockers, taking("5")) is None
