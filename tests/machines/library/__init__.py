"""The library at random: readers, their books, the counter, the van, and what time brings about."""

from collections.abc import Iterator
from uuid import UUID

from domain.library import FAMILY
from domain.library.state import Charge, Dispatch, Hold, Item, Loan, Patron, Title
from domain.library.vocabulary import HoldStatus, LoanStatus
from tests.machines.deputies import with_deputies
from tests.machines.library import loans, queue, readers, stock
from tests.machines.library.lists import check_dispatch
from tests.machines.library.promises import check_item
from tests.machines.library.standing import check_patron
from tests.machines.machine import Machine, Stage, World


def stages(record_id: UUID, state: Patron | Title | Item | Dispatch) -> Iterator[Stage]:
    match state:
        case Patron():
            standing = "BLOCKED" if state.blocked else "ACTIVE"
            yield Stage("patron", record_id, standing if state.active else "INACTIVE")
            yield from map(_charge, state.fees)
        case Title():
            yield Stage("title", record_id, "CATALOGUED")
        case Dispatch():
            yield Stage("dispatch", record_id, "OPENED")
        case Item():
            yield Stage("item", record_id, state.status)
            for loan in state.settling if state.loan is None else (*state.settling, state.loan):
                yield Stage("loan", loan.id, loan.status)
                yield from map(_charge, loan.charges)
            for waiting in state.holds:
                yield Stage("hold", waiting.id, waiting.status)


def _charge(charge: Charge) -> Stage:
    return Stage("charge", charge.id, charge.status)


def check(world: World, record_id: UUID) -> None:
    state = world.state(record_id)
    match state:
        case Patron():
            check_patron(world.events(record_id))
        case Item():
            check_item(world, record_id)
            _check_item(state)
        case Dispatch():
            check_dispatch(world.events(record_id))


def _check_item(item: Item) -> None:
    assert (item.loan is not None) + (item.bound_for is not None) + item.lost <= 1
    assert not (item.withdrawn and (item.loan is not None or item.bound_for is not None or item.holds))
    _check_queue(item.holds)
    if item.loan is not None:
        assert item.loan.status in (LoanStatus.ACTIVE, LoanStatus.OVERDUE, LoanStatus.CLAIMED_RETURNED)
        assert not item.loan.charges
    for loan in item.settling:
        _check_over(loan)


def _check_queue(holds: tuple[Hold, ...]) -> None:
    assert all(waiting.status is HoldStatus.PLACED for waiting in holds[1:])
    assert len({waiting.id for waiting in holds}) == len(holds)


def _check_over(loan: Loan) -> None:
    assert (loan.anonymise_from is None) == bool(loan.unsettled)
    assert loan.status in (LoanStatus.RETURNED, LoanStatus.LOST, LoanStatus.PAID, LoanStatus.FOUND)


MACHINE = Machine(
    family=FAMILY,
    moves=with_deputies((*readers.MOVES, *stock.MOVES, *loans.MOVES, *queue.MOVES)),
    stages=stages,
    check=check,
    endings={
        "HoldFulfilled": "FULFILLED",
        "HoldExpired": "EXPIRED",
        "HoldCancelled": "CANCELLED",
        "LoanAnonymised": "ANONYMISED",
    },
    kept_back={
        "library.record_exists": "the store creates no record twice: VersionConflict",
        "library.wrong_kind": "the store knows no item there: NotFound",
    },
    years=25,
)
