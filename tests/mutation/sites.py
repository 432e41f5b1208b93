"""Where the code of a family raises its rules."""

import ast
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from inspect import getsource
from types import ModuleType
from typing import NamedTuple

from domain.kernel import Family, Rule


class Site(NamedTuple):
    """A statement that refuses by a rule: `raise Rejected(RULE, …)`, `return Rejected(RULE)` or `broken.append(RULE)`.

    `guard` is where it is decided on: the `if` whose body it stands in, or whatever else of the function holds it.
    """

    module: ModuleType
    rule: Rule
    statement: ast.stmt
    guard: ast.stmt
    function: ast.FunctionDef


class Unreadable(Exception):
    """A rule is named by code whose shape says nothing of when it refuses."""


@cache
def modules_of(family: str) -> tuple[ModuleType, ...]:
    """All modules of a family's package."""
    package = import_module(f"domain.{family}")
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return (package, *(import_module(module.name) for module in found))


@cache
def tree_of(module: ModuleType) -> ast.Module:
    """A module's source, parsed."""
    return ast.parse(getsource(module))


@cache
def parents_of(module: ModuleType) -> dict[ast.AST, ast.AST]:
    """What holds each node of that tree."""
    return {child: node for node in ast.walk(tree_of(module)) for child in ast.iter_child_nodes(node)}


def sites_of(family: Family) -> dict[str, list[Site]]:
    """The sites of each rule, by its id. Rules that stand for claims have none."""
    found: dict[str, list[Site]] = {rule.id: [] for rule in family.rules}
    for module in modules_of(family.name):
        for site in sites_in(module):
            found[site.rule.id].append(site)
    return found


def sites_in(module: ModuleType) -> Iterator[Site]:
    """The sites of all rules in one module."""
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Raise | ast.Return | ast.Expr):
            value = node.exc if isinstance(node, ast.Raise) else node.value
            if isinstance(value, ast.Call) and value.args and (rule := _rule(value.args[0], module)):
                yield Site(module, rule, node, *_guard(node, module))


def _rule(node: ast.expr, module: ModuleType) -> Rule | None:
    """The rule that a name or an attribute of a module stands for."""
    thing: object = None
    if isinstance(node, ast.Name):
        thing = vars(module).get(node.id)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        thing = getattr(vars(module).get(node.value.id), node.attr, None)
    return thing if isinstance(thing, Rule) else None


def _guard(statement: ast.stmt, module: ModuleType) -> tuple[ast.stmt, ast.FunctionDef]:
    parents = parents_of(module)
    guard, above = statement, parents[statement]
    if isinstance(above, ast.If) and statement in above.body:
        guard, above = above, parents[above]
    else:
        while not isinstance(above, ast.FunctionDef):
            guard, above = above if isinstance(above, ast.stmt) else guard, parents[above]
    while not isinstance(above, ast.FunctionDef):
        if isinstance(above, ast.Module):
            raise Unreadable(f"{module.__name__}:{statement.lineno}: a rule outside of any function")
        above = parents[above]
    return guard, above
