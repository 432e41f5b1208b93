"""What a file with an own projection may hold, seen without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from infra.own.errors import BadProjection

LARGEST: Final = 256 * 1024
OURS: Final = ("domain", "projections")
_ALLOWED: Final = """
__future__ abc bisect calendar collections dataclasses datetime decimal enum fractions functools hashlib heapq
itertools json math operator re statistics string textwrap types typing unicodedata uuid zoneinfo
"""
PURE: Final = frozenset(_ALLOWED.split())
_REFUSED: Final = frozenset({"__import__", "breakpoint", "compile", "eval", "exec", "globals", "input", "open", "vars"})
_NOT_PURE: Final = {
    "datetime": {"now", "today", "utcnow"},
    "date": {"today"},
    "uuid": {"getnode", "uuid1", "uuid4"},
}


def check(path: Path) -> bytes:
    """The text of the file. Raises BadProjection where it imports or calls what a pure fold has no use for.

    This finds mistakes. It is no prison: who may add a projection may run programs as the account of the server.
    """
    try:
        source = path.read_bytes()
    except OSError as error:
        raise BadProjection(f"{path} cannot be read: {error.strerror}") from error
    if len(source) > LARGEST:
        raise BadProjection(f"{path.name} has {len(source):,} bytes, and a projection at most {LARGEST:,}")
    try:
        tree = ast.parse(source, str(path))
    except (SyntaxError, ValueError) as error:
        raise BadProjection(f"{path.name} is no Python file: {error}") from error
    found = sorted(set(_findings(tree)))
    if found:
        raise BadProjection("\n".join(f"{path.name}:{line}: {says}" for line, says in found))
    return source


def _findings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                yield from ((node.lineno, _refused(each.name)) for each in node.names if not _allowed(each.name))
            case ast.ImportFrom() if node.level or not _allowed(node.module or ""):
                yield node.lineno, _refused("." * node.level + (node.module or ""))
            case ast.Name() if node.id in _REFUSED:
                yield node.lineno, f"{node.id} has no place in a fold, which makes a row of a row and an event"
            case ast.Attribute() if node.attr.startswith("__"):
                yield node.lineno, f"{node.attr}: the inside of Python has no place in a fold"
            case ast.Attribute(value=ast.Name() as of) if node.attr in _NOT_PURE.get(of.id, ()):
                yield node.lineno, f"{of.id}.{node.attr}: a fold asks no clock and no chance; the event has its times"


def _allowed(module: str) -> bool:
    return module.partition(".")[0] in (*OURS, *PURE)


def _refused(module: str) -> str:
    return f"import of {module}: a projection takes domain, projections and {', '.join(sorted(PURE - {'__future__'}))}"
