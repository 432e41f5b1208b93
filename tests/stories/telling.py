"""Finds a family's story: its state machine, driven through the API until every mutation has succeeded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any, Final
from uuid import UUID

from domain.kernel import Channel, Command, Invalid, Rejected
from domain.requests import Outcome, Request
from tests.machines.driver import Prospect, Run, _today
from tests.machines.machine import Machine, Scene, World
from tests.machines.store import Store
from tests.machines.tally import Tally
from tests.stories import Said, said

STEPS: Final = 2_000
WORLD: Final = 150
"""How many steps a world lasts: then another begins, as in a full one much is tried in vain."""
OWN_CHANNELS: Final = (Channel.IMPORT, Channel.SYSTEM)
Ask = Callable[[Said], bool]
"""Sends a mutation; whether it succeeded."""


class Telling(Run):
    """A world in which only what staff may ask for happens, and only through the API."""

    def __init__(self, store: Store, machine: Machine, tally: Tally, names: dict[type[Command], str], ask: Ask) -> None:
        start = _today() - timedelta(days=365 * machine.years)
        super().__init__(store, machine, tally, Counter(), start, 0)
        self._names = names
        self._ask_api = ask
        self.told: list[tuple[Request, Said, frozenset[UUID]]] = []

    @property
    def done(self) -> set[type[Command]]:
        """The commands that have succeeded through the API."""
        return {type(request.command) for request, _, _ in self.told if self._may(request)}

    def missing(self) -> set[str]:
        """The mutations that have not."""
        return {name for command, name in self._names.items() if command not in self.done}

    def afresh(self, seed: int) -> None:
        """Begin another world beside what was said so far."""
        self.store.forget()
        self.world = World(_today() - timedelta(days=365 * self.machine.years + seed % 365))
        self.idle.clear()
        self.opened()

    def opened(self) -> None:
        """Say what every world of the machine begins with."""
        for number, move in enumerate(self.machine.prelude):
            scene = Scene(self.world, Random(number), self.store.fresh)
            self._say(self._request(move(scene), scene))

    def step(self, seed: int) -> None:
        """Do what was not done yet where this moment offers it, else what leads furthest."""
        random = self._chance(seed)
        if random.random() < 0.3:
            self.pass_days(random.choice((0, 1, 7, 30, 200)))
        scene = self._scene(random)
        found = [each for each in map(self._by_staff, self._found(scene)) if each.refusal is None]
        if not found:
            if scene.focus:
                self.idle[scene.focus] += 20
            return
        done = self.done
        new = [each for each in found if self._may(each.request) and type(each.request.command) not in done]
        chosen: Prospect = random.choice(new) if new else self._best(found, scene)
        self._wear_out([chosen], scene, found)
        self._say(chosen.request)

    def _may(self, request: Request) -> bool:
        return request.principal.channel not in OWN_CHANNELS and type(request.command) in self._names

    def _by_staff(self, prospect: Prospect) -> Prospect:
        """The same, asked for by a clerk of that unit, where that is allowed; else as an import."""
        request = prospect.request
        if request.principal.role == "clerk" and self._may(request):
            return prospect
        principal = replace(request.principal, role="clerk", channel=Channel.STAFF)
        by_staff = replace(request, principal=principal)
        try:
            self.store.foresee(self.world, by_staff)
        except (Rejected, Invalid):
            return prospect
        return prospect._replace(request=by_staff) if self._may(by_staff) else prospect

    def _say(self, request: Request) -> None:
        before = {record: known.version for record, known in self.world.records.items()}
        name = type(request.command).__name__
        line = said(self._names.get(type(request.command), name[0].lower() + name[1:]), request)
        self.store._requests[request.command_id] = request
        if self._may(request):
            if not self._ask_api(line):
                self.store._requests.pop(request.command_id)
                self.idle[request.record_id or request.command_id] += 20
                return
        elif not isinstance(self.store.ask([request])[0], Outcome):
            return
        self._settle()
        touched = {record for record, known in self.world.records.items() if before.get(record) != known.version}
        state = self.world.state(request.record_id) if request.record_id else None
        named = {*touched, *request.command.reads(state), *_ids(request.command)}
        self.told.append((request, line, frozenset(named | ({request.record_id} if request.record_id else set()))))

    def story(self) -> list[Said]:
        """What the first success of each mutation rests on."""
        through = [
            (place, type(request.command)) for place, (request, _, _) in enumerate(self.told) if self._may(request)
        ]
        first = {command: place for place, command in reversed(through)}
        wanted, needed, kept = set(first.values()), set[UUID](), []
        for place in reversed(range(len(self.told))):
            _, line, named = self.told[place]
            if place in wanted or named & needed:
                needed |= named
                kept.append(line)
        return kept[::-1]


def _ids(of: Any) -> Iterator[UUID]:
    if isinstance(of, UUID):
        yield of
    elif isinstance(of, tuple):
        for each in of:
            yield from _ids(each)
    elif is_dataclass(of) and not isinstance(of, type):
        for part in fields(of):
            yield from _ids(getattr(of, part.name))


def tell(telling: Telling, progress: Callable[[str], None]) -> None:
    """Steps until nothing is missing, or so many were made."""
    telling.opened()
    for number in count():
        missing = telling.missing()
        if number % 100 == 0 or not missing:
            progress(f"{number}: {len(telling.told)} said, missing {len(missing)}: {', '.join(sorted(missing))}")
        if not missing or number == STEPS:
            return
        if number % WORLD == WORLD - 1:
            telling.afresh(number)
        telling.step(number)
