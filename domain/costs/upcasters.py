"""How facts that were stored in an earlier shape are read today."""

from typing import Any


def effort_with_overhead(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 of `EffortSet` knew no overhead: none was added."""
    return {**body, "overhead_percent": 0}
