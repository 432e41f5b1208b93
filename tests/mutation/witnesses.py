"""The named tests that speak of a rule: those that see it refuse, and those that are marked to see what it allows."""

import pkgutil
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from inspect import getsource, signature
from itertools import product
from typing import Any, NamedTuple


class Case(NamedTuple):
    """One test with the arguments that its parametrization gives it."""

    name: str
    test: Callable[..., object]
    arguments: dict[str, object]
    source: str
    allows: frozenset[str]

    def red(self) -> bool:
        """Whether it fails now."""
        try:
            self.test(**self.arguments)
        except KeyboardInterrupt:
            raise
        except BaseException:  # what pytest itself raises is no Exception
            return True
        return False


@cache
def cases_of(family: str) -> tuple[Case, ...]:
    """All tests of a family's rules that can be called as they are, without a fixture."""
    package = import_module(f"tests.domain.{family}")
    modules = (import_module(f"{package.__name__}.{module.name}") for module in pkgutil.iter_modules(package.__path__))
    return tuple(
        case
        for module in modules
        for name, test in vars(module).items()
        if name.startswith("test_") and test.__module__ == module.__name__
        for case in _cases(name, test)
    )


def refusing(family: str, rule: str) -> list[Case]:
    """The cases that name a rule other than in their mark; where arguments name rules, those whose arguments do."""
    found = [case for case in cases_of(family) if f'"{rule}"' in case.source]
    return [case for case in found if rule in case.arguments.values() or not _names_rules(case, family)]


def allowing(family: str, rule: str) -> list[Case]:
    """The cases that are marked to show what a rule allows."""
    return [case for case in cases_of(family) if rule in case.allows]


def _names_rules(case: Case, family: str) -> bool:
    texts = [value for value in case.arguments.values() if isinstance(value, str)]
    return any(re.fullmatch(rf"{family}\.\w+", text) for text in texts)


def _cases(name: str, test: Any) -> Iterator[Case]:
    if hasattr(test, "hypothesis"):
        return  # a broken rule would be shrunk, and remembered
    marks = getattr(test, "pytestmark", [])
    source = re.sub(r"@pytest\.mark\.allows\([^)]*\)", "", getsource(test))
    allows = {rule for mark in marks if mark.name == "allows" for rule in mark.args}
    tables = [list(_rows(*mark.args)) for mark in marks if mark.name == "parametrize"]
    for rows in product(*tables):
        arguments = {name: value for row, _ in rows for name, value in row.items()}
        also = {rule for _, more in rows for rule in more}
        if set(signature(test).parameters) == set(arguments):
            yield Case(name, test, arguments, source, frozenset(allows | also))


def _rows(names: str | tuple[str, ...], values: Any) -> Iterator[tuple[dict[str, object], set[str]]]:
    """The arguments of each row of a parametrization, and the rules that its own marks say it allows."""
    keys = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    for value in values:
        marks = getattr(value, "marks", ())
        plain = value.values if hasattr(value, "marks") else (value,) if len(keys) == 1 else value
        yield (
            dict(zip(keys, plain, strict=True)),
            {rule for mark in marks if mark.name == "allows" for rule in mark.args},
        )
