"""What a read model's rows follow from besides the events: when it changes, the rows must be folded anew."""

from __future__ import annotations

import hashlib
import inspect
import json
import sys
from collections.abc import Iterable
from types import FunctionType, MethodType, ModuleType
from typing import Any, Final

from domain.kernel import Fact
from projections.model import Projection, columns_of

_LAYERS: Final = ("projections", "domain")
# The vocabulary every fold is written in. What it means does not change without a new FORMAT; who sees a row has no
# part in what it says.
_VOCABULARY: Final = frozenset({"projections.model", "projections.rights", "domain.kernel", "domain.rights"})
FORMAT: Final = 3


def fingerprint(projection: Projection, topics: Iterable[str]) -> str:
    """Twelve hex digits over the row class, the key, the indexes, the stored topics, the source of the modules that the
    fold and its functions come from, and of the facts' methods that it asks.
    """
    shape = [
        (name, column.holds.sql, column.nullable) for name, column in columns_of(projection.row).items()
    ]  # comments may change without a rebuild
    declared = [projection.key, projection.order, projection.number, projection.indexes, projection.append_only]
    declared.append(projection.keeps_versions)
    text = json.dumps([FORMAT, shape, declared, sorted(topics), sources(projection), methods(projection)])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def sources(projection: Projection) -> list[tuple[str, str]]:
    """The modules of this project that decide what the fold makes, by name, with the digest of their source."""
    found: dict[str, str] = {}
    waiting = [_module_of(projection.fold), _module_of(projection.key_of), _module_of(projection.row)]
    while waiting:
        module = waiting.pop()
        if module is None or module.__name__ in found:
            continue
        found[module.__name__] = hashlib.sha256(inspect.getsource(module).encode()).hexdigest()
        waiting.extend(filter(_decides, map(_module_of, vars(module).values())))
    return sorted((name, digest) for name, digest in found.items() if name not in _VOCABULARY)


def methods(projection: Projection) -> list[tuple[str, str]]:
    """The source of the methods that the fold asks of its facts, by topic, where they say anything of their own."""
    asked = [(fact, name) for fact in projection.facts for name in projection.asks]
    return sorted(
        (fact.topic, inspect.getsource(getattr(fact, name)))
        for fact, name in asked
        if getattr(fact, name) is not getattr(Fact, name)
    )


def _module_of(thing: Any) -> ModuleType | None:
    if isinstance(thing, ModuleType):
        return thing
    if isinstance(thing, MethodType):
        thing = thing.__func__
    # Of the domain's classes only their shape is used, which the stored topics stand for.
    if isinstance(thing, FunctionType) or (isinstance(thing, type) and not thing.__module__.startswith("domain.")):
        return sys.modules.get(thing.__module__)
    return None


def _decides(module: ModuleType | None) -> bool:
    return module is not None and module.__name__.partition(".")[0] in _LAYERS and module.__name__ not in _VOCABULARY
