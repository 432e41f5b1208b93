"""How much somebody may ask for: at once by their role, and in a while by what their operations cost."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address
from math import ceil
from time import monotonic
from typing import Final

from domain.requests import Principal
from domain.rights import Role, role_of
from infra.asgi.access import Denied
from infra.settings import COST, RATE, Settings

SAVED_SECONDS: Final = 10
STRANGER: Final = 1_000
"""What a request costs that proves nobody."""
MOST_PURSES: Final = 20_000
_LATER: Final = {"Retry-After": "30"}


class Purses:
    """A purse for each who spends, filled at a rate up to a limit. Who is in debt has to wait."""

    def __init__(self, rate: float, clock: Callable[[], float] = monotonic) -> None:
        self._rate = rate
        self._full = rate * SAVED_SECONDS
        self._clock = clock
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._left)

    def wait(self, whose: Hashable) -> float:
        """For how many seconds somebody has nothing to spend."""
        return max(0.0, -self._now(whose) / self._rate)

    def spend(self, whose: Hashable, cost: int) -> None:
        """Takes what something costs; forgets who has spent nothing for longest where too many are known."""
        left = self._now(whose) - cost
        self._left[whose] = left, self._clock()
        self._left.move_to_end(whose)
        if len(self._left) > MOST_PURSES:
            self._left.popitem(last=False)

    def _now(self, whose: Hashable) -> float:
        if whose not in self._left:
            return self._full
        left, at = self._left[whose]
        return min(self._full, left + (self._clock() - at) * self._rate)


class Places:
    """So many places, and so many of them for one."""

    def __init__(self, most: int, of_one: int) -> None:
        self._most = most
        self._of_one = of_one
        self._taken: Counter[Hashable] = Counter()

    @contextmanager
    def place(self, whose: Hashable) -> Iterator[None]:
        """A place while the block runs. Raises Denied where there is none left, or none for them."""
        if self._taken[whose] >= self._of_one:
            raise Denied(429, "RATE_LIMITED", "You have too many of these open: close some, and try again.", _LATER)
        if self._taken.total() >= self._most:
            raise Denied(503, "OVERLOADED", "Too many are connected here already. Try again later.", _LATER)
        self._taken[whose] += 1
        try:
            yield
        finally:
            self._taken[whose] -= 1
            if not self._taken[whose]:
                del self._taken[whose]


class Allowance:
    """Who may ask now, and how much at once. A `rate` of 0 lets everybody ask as often as they like."""

    def __init__(self, rate: float, most: Mapping[Role, int], clock: Callable[[], float] = monotonic) -> None:
        self._most = most
        self._purses = Purses(rate, clock) if rate else None

    def check(self, principal: Principal) -> None:
        """Raises Denied while a principal has spent more than they had."""
        if self._purses is not None and (seconds := self._purses.wait(name_of(principal))):
            raise _too_often(seconds)

    def spend(self, principal: Principal, cost: int) -> None:
        """Takes what an operation costs."""
        if self._purses is not None:
            self._purses.spend(name_of(principal), cost)

    def stranger(self, address: str) -> None:
        """Notes a request that proved nobody. Raises Denied where too many came from the address; whoever signs in
        there is let in all the same.
        """
        if self._purses is not None:
            network = network_of(address)
            if seconds := self._purses.wait(network):
                raise _too_often(seconds)
            self._purses.spend(network, STRANGER)

    def most(self, role: str) -> int:
        """What one operation of this role may cost."""
        known = role_of(role)
        return COST if known is None else self._most.get(known, COST)


def allowance(settings: Settings) -> Allowance:
    """As it is set: without an OpenID provider, and so on this machine alone, there is no rate unless one is named."""
    rate = settings.rate_limit
    if rate is None:
        rate = 0 if settings.oidc_issuer is None else RATE
    return Allowance(rate, settings.cost_limits)


def name_of(principal: Principal) -> Hashable:
    """Whom to count somebody as."""
    return principal.counted_by or principal.actor


def network_of(address: str) -> str:
    """An address as it is counted: of IPv6 the 64 bits that one customer has."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(IPv6Address(int(known) >> 64 << 64)) if isinstance(known, IPv6Address) else address


def _too_often(seconds: float) -> Denied:
    after = str(ceil(seconds))
    message = f"Too much was asked for in a short time: ask again in {after} s."
    return Denied(429, "RATE_LIMITED", message, {"Retry-After": after})
