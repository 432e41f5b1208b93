"""How far every read model is, and what is wrong with it."""

from __future__ import annotations

from typing import Final

from projections.query.text import Statement

HEALTH: Final = (
    "name", "status", "position", "lag_events", "lag_seconds", "updated_at", "error", "error_position", "error_since",
    "quarantined_rows", "quarantined_events", "quarantined_since", "building_done", "building_total", "building_rate",
    "building_seconds_left", "rebuilt_at", "rebuilt_rows", "checksum",
)  # fmt: skip


def health() -> Statement:
    """One row for each read model, by name: the columns of HEALTH. Rates and times to come are whole numbers."""
    rounded = ("building_rate", "building_seconds_left")
    columns = ", ".join(f"{name}::bigint" if name in rounded else name for name in HEALTH)
    return Statement(f"select {columns} from read.projection_status order by name", ())
