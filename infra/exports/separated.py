"""CSV: UTF-8, one header line, ISO 8601, lists as JSON; nothing stands for null, `""` for the empty text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from infra.exports.tables import Sheet


@dataclass(frozen=True, slots=True)
class Dialect:
    """How values become fields."""

    separator: str
    line_end: str
    number: Callable[[Decimal], str]
    day: Callable[[date], str]
    instant: Callable[[datetime], str]

    def line(self, values: Iterable[Any]) -> str:
        """One line with its end."""
        return self.separator.join(map(self._field, values)) + self.line_end

    def _field(self, value: Any) -> str:
        match value:
            case None:
                return ""
            case bool():
                return "true" if value else "false"
            case str():
                return self._quoted(value)
            case int():
                return str(value)
            case Decimal():
                return self._quoted(self.number(value))
            case datetime():
                return self._quoted(self.instant(value.astimezone(UTC)))
            case date():
                return self._quoted(self.day(value))
        return self._quoted(json.dumps(value, ensure_ascii=False))

    def _quoted(self, text: str) -> str:
        if text and not any(sign in text for sign in (self.separator, '"', "\n", "\r")):
            return text
        return '"' + text.replace('"', '""') + '"'


ISO: Final = Dialect(
    separator=",",
    line_end="\n",
    number=str,
    day=date.isoformat,
    instant=lambda at: at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
)


def write_csv(
    place: Path, sheet: Sheet, batches: Iterable[Sequence[Any]], dialect: Dialect = ISO, header: bool = True
) -> int:
    """Write a table as `<name>.csv`; answers how many rows it has."""
    written = 0
    with (place / f"{sheet.name}.csv").open("w", encoding="utf-8", newline="") as file:
        if header:
            file.write(dialect.line(column.name for column in sheet.columns))
        for rows in batches:
            file.writelines(dialect.line(sheet.values(row)) for row in rows)
            written += len(rows)
    return written
