"""Named queries from the .sql files of this package: `-- name: head` begins the query that is called head."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources


@cache
def named(file: str) -> dict[str, bytes]:
    """The queries of `infra/sql/<file>.sql` by name. Bytes, since psycopg takes them for text that was not composed."""
    text = resources.files("infra").joinpath(f"sql/{file}.sql").read_text(encoding="utf-8")
    _, *parts = re.split(r"^-- name: (\w+)$", text, flags=re.MULTILINE)
    return {name: body.strip().encode() for name, body in zip(parts[::2], parts[1::2], strict=True)}
