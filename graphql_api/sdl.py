"""The schema in its own language, as it is committed: `python -m graphql_api.sdl > graphql_api/schema.graphql`."""

from __future__ import annotations

import sys

from domain.families import FAMILIES
from graphql_api.schema import build
from projections.families import PROJECTIONS, REPORTS


def sdl() -> str:
    """The schema of all families and read models."""
    return f"{build(FAMILIES, PROJECTIONS, REPORTS).as_str()}\n"


if __name__ == "__main__":
    sys.stdout.write(sdl())
