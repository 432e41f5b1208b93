"""The schema in its own language, as it is committed: `python -m graphql_api.sdl > graphql_api/schema.graphql`.

`python -m graphql_api.sdl --against FILE` says what of the schema in FILE breaks for its clients, and fails if anything
does.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from graphql import GraphQLSchema, build_schema, find_breaking_changes

from domain.families import FAMILIES
from graphql_api.schema import build
from projections.families import PROJECTIONS, REPORTS

DATED: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}: \S")
"""What the reason of a deprecation begins with: the day from which the element may be gone."""


def sdl() -> str:
    """The schema of all families and read models."""
    return f"{build(FAMILIES, PROJECTIONS, REPORTS).as_str()}\n"


def breaking(before: str, after: str) -> list[str]:
    """What clients of one schema lose with another, both as text."""
    changes = find_breaking_changes(build_schema(before), build_schema(after))
    return [f"{change.type.name}: {change.description}" for change in changes]


def undated(schema: GraphQLSchema) -> Iterator[str]:
    """What is deprecated without a day from which it may be gone."""
    for type_ in schema.type_map.values():
        parts: dict[str, Any] = {**getattr(type_, "fields", {}), **getattr(type_, "values", {})}
        for name, part in parts.items():
            elements = {name: part, **{f"{name}({each})": arg for each, arg in getattr(part, "args", {}).items()}}
            for path, element in elements.items():
                reason = getattr(element, "deprecation_reason", None)
                if reason is not None and not DATED.match(reason):
                    yield f"{type_.name}.{path}"


def main(arguments: list[str]) -> int:
    """Writes the schema, or compares it."""
    if not arguments:
        sys.stdout.write(sdl())
        return 0
    match arguments:
        case ["--against", path]:
            broken = breaking(Path(path).read_text(encoding="utf-8"), sdl())
            print("\n".join(broken) or "nothing breaks")
            return 1 if broken else 0
    print("python -m graphql_api.sdl [--against FILE]", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
