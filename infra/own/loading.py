"""Loads an own projection; done only in processes that are made for it."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

from domain.families import FAMILIES
from infra.own.errors import BadProjection
from projections.model import Projection, columns_of
from projections.query import OWN

MODULE: Final = "own_projection"


def load(path: Path) -> Projection:
    """The projection of a file, under the name that it has in the database. Raises BadProjection, and MemoryError."""
    spec = importlib.util.spec_from_file_location(MODULE, path)
    if spec is None or spec.loader is None:
        raise BadProjection(f"{path.name} has to end in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[MODULE] = module
    try:
        spec.loader.exec_module(module)
    except MemoryError:
        raise
    except Exception as error:
        raise BadProjection(f"{path.name} does not load: {type(error).__name__}: {error}") from error
    found = list({id(each): each for each in vars(module).values() if isinstance(each, Projection)}.values())
    if len(found) != 1:
        raise BadProjection(f"{path.name} declares {len(found)} projections, and has to declare one")
    return _named(found[0], path.name)


def _named(projection: Projection, file: str) -> Projection:
    known = {fact for family in FAMILIES for fact in family.facts}
    strangers = [getattr(fact, "__name__", repr(fact)) for fact in projection.facts if fact not in known]
    if strangers or not projection.facts:
        named = ", ".join(strangers) or "none"
        raise BadProjection(f"{file}: facts are classes of the record families, and {named} is not")
    for name in ("fold", "key_of"):
        if not inspect.isfunction(getattr(projection, name)):
            raise BadProjection(f"{file}: {name} has to be a function")
    try:
        columns_of(projection.row)
        if "__slots__" not in vars(projection.row):
            raise TypeError(f"{projection.row.__name__} has to be a dataclass(frozen=True, slots=True, kw_only=True)")
        name = projection.name.removeprefix(OWN)
        if "__" in name:
            raise ValueError(f"{name!r}: a name has single underscores only")
        if name.endswith("_"):
            raise ValueError(f"{name!r}: a name does not end with an underscore")
        return replace(projection, name=OWN + name)
    except (TypeError, ValueError) as error:
        raise BadProjection(f"{file}: {error}") from error
