"""As of: the moment that a field shows its rows of, from its arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import strawberry
from strawberry.types.unset import UNSET

from domain.kernel import Invalid, Message
from domain.rights import Role
from graphql_api.building import argument, optional
from graphql_api.context import Asking
from graphql_api.lists import caught_up
from graphql_api.paging import cursor_in
from graphql_api.ports import Forbidden
from graphql_api.scalars import BigInt
from projections import query
from projections.model import Source
from projections.query import Moment

_POSITION: Final = Message(
    "A position of the ledger is 0 or greater.", "Eine Position des Registers ist 0 oder größer."
)
_FUTURE: Final = Message(
    "This time has not come yet; what will be known then is not known.",
    "Dieser Zeitpunkt liegt in der Zukunft; was dann bekannt sein wird, ist nicht bekannt.",
)
_PRESENT: Final = Message(
    "Citizens are shown what holds now; leave `asOf` and `effectiveOn` out.",
    "Von außen ist nur der heutige Stand zugänglich; bitte `asOf` und `effectiveOn` weglassen.",
)
_NO_VERSION: Final = Message(
    "The record has no such version; `version` of the record says how many it has.",
    "Der Datensatz hat keine solche Fassung; `version` des Datensatzes nennt ihre Zahl.",
)
_RECORDED: Final = "What was recorded by this time (damaliger Kenntnisstand)."
_AT_POSITION: Final = "What was known at this position of the ledger."


@strawberry.input(one_of=True, description="The moment whose knowledge is asked for (Stand).")
class AsOf:
    position: BigInt | None = strawberry.field(default=UNSET, description=_AT_POSITION)
    recorded_at: datetime | None = strawberry.field(default=UNSET, description=_RECORDED)


@strawberry.input(one_of=True, description="The moment whose knowledge of a record is asked for (Stand).")
class RecordAsOf:
    position: BigInt | None = strawberry.field(default=UNSET, description=_AT_POSITION)
    recorded_at: datetime | None = strawberry.field(default=UNSET, description=_RECORDED)
    version: int | None = strawberry.field(default=UNSET, description="After this many events of the record.")


_ABOUT: Final = "Show what was known then, rather than what is known now."
_ON: Final = "Count only what had taken effect by the end of this day (Berlin), whenever it was recorded (Wirksamkeit)."
_EFFECTIVE_ON: Final = argument("effectiveOn", optional(date), _ON)
AS_OF: Final = (argument("asOf", optional(AsOf), _ABOUT), _EFFECTIVE_ON)
RECORD_AS_OF: Final = (argument("asOf", optional(RecordAsOf), _ABOUT), _EFFECTIVE_ON)


async def moment_of(
    asking: Asking, given: Mapping[str, Any], names: Sequence[str], record: tuple[Source, UUID] | None = None
) -> Moment | None:
    """The moment that the arguments name, None for now, when these read models have come to it.

    Where only a day is named, what is known now stays the same from page to page. `record` is the audit trail with the
    record whose versions may be named. Raises Invalid, and Forbidden to citizens: what was taken back from the public
    is not shown as it was before.
    """
    as_of, effective = given.get("asOf"), given.get("effectiveOn")
    if as_of is None and effective is None:
        return None
    if asking.viewer.role is Role.CITIZEN:
        raise Forbidden(_PRESENT)
    recorded = None
    if as_of is None:
        cursor = cursor_in(given)
        position = await _present(asking, names) if cursor is None else query.position_in(*cursor)
    elif isinstance(as_of.recorded_at, datetime):
        recorded = as_of.recorded_at
        if recorded > datetime.now(UTC):
            raise Invalid("asOf.recordedAt", _FUTURE)
        ((position,),) = await asking.fetch(query.recorded_by(recorded))
    elif isinstance(as_of, RecordAsOf) and isinstance(as_of.version, int):
        position = await _version(asking, record, as_of.version)
    else:
        position = as_of.position
        if position < 0:
            raise Invalid("asOf.position", _POSITION)
    await caught_up(asking, position, names)
    return Moment(position, effective, recorded)


async def _present(asking: Asking, names: Sequence[str]) -> int:
    return min((position for _, position in await asking.fetch(query.positions(names))), default=0)


async def _version(asking: Asking, record: tuple[Source, UUID] | None, version: int) -> int:
    found = [] if record is None else await asking.fetch(query.position_of(*record, version, viewer=asking.viewer))
    if not found:
        raise Invalid("asOf.version", _NO_VERSION)
    position: int = found[0][0]
    return position
