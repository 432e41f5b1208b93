"""What a machine has done so far, held against what there is to do: edges of the diagrams, rules of the family."""

from collections import Counter
from collections.abc import Collection, Iterator

from tests.machines.diagram import START, Edge


class Tally:
    """Counts of commands recorded, transitions seen, refusals by rule, and what else became of the attempts; `tried`
    counts these by the stages of the record they were made on.
    """

    def __init__(self, name: str, drawn: Collection[Edge], rules: Collection[str]) -> None:
        self.name = name
        self.drawn = frozenset(drawn)
        self.rules = tuple(rules)
        self.edges: Counter[Edge] = Counter()
        self.tried: Counter[tuple[str, str]] = Counter()
        self.refused: Counter[str] = Counter()
        self.recorded: Counter[str] = Counter()
        self.others: Counter[str] = Counter()
        self._ahead: dict[tuple[str, str], int] = {}

    def ahead(self, edge: Edge) -> int:
        """How many drawn transitions a thing can still make after this one."""
        stage = (edge.thing, edge.after)
        if stage not in self._ahead:
            reached, fringe = {edge.after}, [edge.after]
            while fringe:
                here = fringe.pop()
                following = {e.after for e in self.drawn if (e.thing, e.before) == (edge.thing, here)} - reached
                reached |= following
                fringe.extend(following)
            self._ahead[stage] = sum(e.thing == edge.thing and e.before in reached - {START} for e in self.drawn)
        return self._ahead[stage]

    def missing(self, times: int) -> list[str]:
        """What is left of the task: edges never reached, and rules that refused less often than this."""
        unreached = sorted(str(edge) for edge in self.drawn if not self.edges[edge])
        unrefused = [f"{rule}: refused {self.refused[rule]} times" for rule in self.rules if self.refused[rule] < times]
        return unreached + unrefused

    def line(self) -> str:
        """All in one line."""
        reached = sum(1 for edge in self.drawn if self.edges[edge])
        rules = sum(1 for rule in self.rules if self.refused[rule])
        others = "".join(f", {count:,} {what}" for what, count in sorted(self.others.items()))
        return (
            f"{self.name}: {self.recorded.total():,} commands recorded, {self.refused.total():,} refused{others}; "
            f"{reached} of {len(self.drawn)} transitions reached, {rules} of {len(self.rules)} rules refused"
        )

    def table(self) -> str:
        """Every transition, rule and command with its count."""
        return "\n".join([self.line(), *self._rows()])

    def _rows(self) -> Iterator[str]:
        for edge in sorted(self.drawn):
            yield f"{self.edges[edge]:>8,}  {edge}"
        for rule in self.rules:
            yield f"{self.refused[rule]:>8,}  refused by {rule}"
        for command, count in sorted(self.recorded.items()):
            yield f"{count:>8,}  recorded {command}"
