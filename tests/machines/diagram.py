"""The life-cycles that a family's page draws, read from its Mermaid diagrams."""

import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

START: Final = "[*]"
END: Final = "[*]"

_BLOCK = re.compile(r"^```mermaid\n(.*?)^```", re.DOTALL | re.MULTILINE)
_TITLE = re.compile(r"title:\s*(\w+)")
_COMPOSITE = re.compile(r'state\s+(?:"[^"]*"\s+as\s+)?(\w+)\s*\{')
_EDGE = re.compile(r"(\[\*\]|\w+)\s*-->\s*(\[\*\]|\w+)\s*(?::\s*(.*))?")
_FACT = re.compile(r"(\w+)\s*(?:\([^)]*\))?")
_SILENT = re.compile(r'---|%%|direction\s|state\s+"[^"]*"\s+as\s+\w+$|\w+\s*:|stateDiagram-v2$|\}$|$')


class Edge(NamedTuple):
    """A transition of a thing that has a life (a file, a loan …): the fact that leads from one stage to another."""

    thing: str
    before: str
    after: str
    fact: str

    def __str__(self) -> str:
        return f"{self.thing}: {self.before} --> {self.after}: {self.fact}"


def drawn(page: str, facts: Collection[str]) -> frozenset[Edge]:
    """The edges of all state diagrams of a page. `facts` are the names that an edge may bear.

    A diagram names its thing by `title: thing` in its front matter, or holds it as `state "…" as thing { … }`. An edge
    bears the names of the facts that lead along it, separated by commas, each with a gloss in brackets or without. An
    edge into `[*]` may bear none: there the life ends. Raises ValueError for whatever cannot be read.
    """
    return frozenset(edge for block in _BLOCK.findall(page) if "stateDiagram" in block for edge in _edges(block, facts))


def _edges(block: str, facts: Collection[str]) -> Iterator[Edge]:
    thing = None
    for line in map(str.strip, block.splitlines()):
        if found := _TITLE.match(line) or _COMPOSITE.match(line):
            thing = found[1]
        elif found := _EDGE.fullmatch(line):
            before, after, label = found.groups()
            if thing is None:
                raise ValueError(f"{line}: name the thing first, by `title: …` before stateDiagram-v2")
            if label or after != END:
                yield from (Edge(thing, before, after, fact) for fact in _facts(line, label or "", facts))
        elif not _SILENT.match(line):
            raise ValueError(f"{line}: not understood")


def _facts(line: str, label: str, facts: Collection[str]) -> Iterator[str]:
    for word in re.split(r",(?![^(]*\))", label):
        found = _FACT.fullmatch(word.strip())
        if found is None or found[1] not in facts:
            raise ValueError(f"{line}: {word.strip()!r} is no fact of the family")
        yield found[1]
