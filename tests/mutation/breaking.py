"""Breaks a rule in the running program, and mends it again."""

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from types import CodeType, FunctionType, ModuleType
from typing import Any

from domain.kernel import Claim, Fact, Family
from tests.mutation.sites import Site, parents_of, tree_of

Break = Callable[[Site, list[ast.stmt], int], None]


@contextmanager
def broken(family: Family, rule: str, sites: Sequence[Site], how: str) -> Iterator[None]:
    """A rule that refuses `never`, or `always`: in the code that raises it, and where a claim stands for it."""
    kinds = {kind for kind, claimed in family.claim_rules.items() if claimed.id == rule}
    with ExitStack() as changes:
        for module, there in _by_module(sites).items():
            changes.enter_context(_code_replaced(module, there, how))
        for fact in family.facts if kinds else ():
            changes.enter_context(_claims_replaced(fact, kinds, 0 if how == "never" else 2))
        yield


def _by_module(sites: Sequence[Site]) -> dict[ModuleType, list[Site]]:
    found: dict[ModuleType, list[Site]] = defaultdict(list)
    for site in sites:
        found[site.module].append(site)
    return found


@contextmanager
def _claims_replaced(fact: type[Fact], kinds: set[str], times: int) -> Iterator[None]:
    """Facts make claims of these kinds so many times: not at all, or twice, so that the second finds it taken."""
    made = fact.claims

    def claims(self: Fact) -> tuple[Claim, ...]:
        return tuple(claim for claim in made(self) for _ in range(times if claim.kind in kinds else 1))

    fact.claims = claims  # type: ignore[method-assign]
    yield
    fact.claims = made  # type: ignore[method-assign]


@contextmanager
def _code_replaced(module: ModuleType, sites: Sequence[Site], how: str) -> Iterator[None]:
    """The functions of these sites run other code, whoever has imported them."""
    copies: dict[int, Any] = {}
    tree = deepcopy(tree_of(module), copies)
    for site in sites:
        _disable(site, copies) if how == "never" else _insist(site, copies)
    code = dict(_functions(compile(tree, str(module.__file__), "exec")))
    wanted = {_place(site.function) for site in sites}
    before = []
    for function in _functions_of(module):
        place = (function.__code__.co_name, function.__code__.co_firstlineno)
        if place in wanted:
            before.append((function, function.__code__))
    assert {(old.co_name, old.co_firstlineno) for _, old in before} == wanted, f"not all of {wanted} can be found"
    for function, old in before:
        function.__code__ = code[old.co_name, old.co_firstlineno]
    yield
    for function, old in before:
        function.__code__ = old


def _disable(site: Site, copies: dict[int, Any]) -> None:
    block, index = _block(site.module, site.statement, copies)
    block[index] = ast.copy_location(ast.Pass(), site.statement)


def _insist(site: Site, copies: dict[int, Any]) -> None:
    """Say before the guard what is said behind it, without details: what these need may not be there yet."""
    bare = deepcopy(site.statement)
    call = bare.exc if isinstance(bare, ast.Raise) else getattr(bare, "value", None)
    assert isinstance(call, ast.Call)
    del call.args[1:], call.keywords[:]
    if isinstance(bare, ast.Raise):
        bare.cause = None
    block, index = _block(site.module, site.guard, copies)
    block.insert(index, bare)


def _block(module: ModuleType, statement: ast.stmt, copies: dict[int, Any]) -> tuple[list[ast.stmt], int]:
    """The list of statements that holds the copy of one, and its place there."""
    twin, above = copies[id(statement)], copies[id(parents_of(module)[statement])]
    blocks = [block for block in vars(above).values() if isinstance(block, list)]
    return next((block, block.index(twin)) for block in blocks if twin in block)


def _place(function: ast.FunctionDef) -> tuple[str, int]:
    """Name and first line, as its code object has them: a decorator comes before."""
    return function.name, min([function.lineno, *(each.lineno for each in function.decorator_list)])


def _functions(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield (constant.co_name, constant.co_firstlineno), constant
            yield from _functions(constant)


def _functions_of(module: ModuleType) -> Iterator[FunctionType]:
    """All functions that a module defines, those of its classes among them."""
    for thing in vars(module).values():
        if getattr(thing, "__module__", None) == module.__name__:
            for each in vars(thing).values() if isinstance(thing, type) else (thing,):
                found = getattr(each, "fget", None) or getattr(each, "__func__", None) or each
                found = getattr(found, "__wrapped__", found)
                if isinstance(found, FunctionType):
                    yield found
