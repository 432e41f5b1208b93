"""A report as a picture: bars that add up, or lines of what cannot be added, as SVG."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from infra.reports.errors import BadQuestion
from infra.reports.reading import Row, Rows
from projections.model import Chart, Column, ColumnType, Report

COLOURS: Final = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442", "#000000")
"""Okabe and Ito's, which people who do not tell red from green can tell apart."""
OTHERS: Final = "others"
BARS: Final = 40
Point = tuple[str, str]


class Drawing:
    """What is drawn of the rows that pass by: one value for each place along x and each colour, and no row is kept."""

    def __init__(self, rows: Rows) -> None:
        if not isinstance(rows.source, Report) or rows.source.chart is None:
            raise BadQuestion(f"{rows.source.name} has no chart: take a report, see `stadtbuch report`")
        self.report = rows.source
        self.chart: Chart = rows.source.chart
        self.position = rows.position
        names = [column.name for column in rows.columns]
        self.columns: Mapping[str, Column] = {column.name: column for column in rows.columns}
        y, by = (None if name is None else names.index(name) for name in (self.chart.y, self.chart.by))
        self._places = (names.index(self.chart.x), y, by)
        self.values: defaultdict[Point, Decimal] = defaultdict(Decimal)
        self.colours: defaultdict[str, Decimal] = defaultdict(Decimal)
        self.along: Counter[str] = Counter()
        rows.seen_by = self.see

    def see(self, row: Row) -> None:
        """Draw a row; one without a value has no place."""
        x, y, by = self._places
        value = 1 if y is None else row[y]
        if row[x] is None or value is None:
            return
        point = (_text(row[x]), "" if by is None else _text(row[by]))
        self.values[point] += value
        self.along[point[0]] += 1
        self.colours[point[1]] += 1 if self.chart.line else abs(value)

    def svg(self) -> str:
        """The picture. Bars without a colour of their own are drawn as one, such lines are left out, which is said."""
        import altair
        import vl_convert

        dated = self.columns[self.chart.x].holds in (ColumnType.DATE, ColumnType.INSTANT)
        shown = self._points()
        kept = set(self.along) if dated else {name for name, _ in self.along.most_common(BARS)}
        data = [{"x": x, "y": float(value), "by": by} for (x, by), value in sorted(shown.items()) if x in kept]
        meant = self._meaning(self.chart.x)
        left_out = self._left_out(len(self.along) - len(kept))
        picture = altair.Chart(
            {"values": data},
            title=altair.Title(self.report.comment.en, subtitle=[self.report.comment.de, *left_out], anchor="start"),
            width=760,
            height=360,
        )
        along = (
            altair.X("x:T", timeUnit="utcyearmonth", title=meant, axis=altair.Axis(format="%Y-%m"))
            if dated
            else altair.X("x:N", title=meant)
        )
        encoded: list[Any] = [along, altair.Y("y:Q", title=self._meaning(self.chart.y))]
        if self.chart.by is not None:
            scale = altair.Scale(range=list(COLOURS))
            encoded.append(altair.Color("by:N", title=self.chart.by, scale=scale))
        marked = picture.mark_line(point=True) if self.chart.line else picture.mark_bar()
        drawn: str = vl_convert.vegalite_to_svg(marked.encode(*encoded).to_json())
        return drawn

    def _points(self) -> dict[Point, Decimal]:
        most = sorted(self.colours, key=lambda name: self.colours[name], reverse=True)
        own = set(most if len(most) <= len(COLOURS) else most[: len(COLOURS) - 1])
        found: defaultdict[Point, Decimal] = defaultdict(Decimal)
        for (x, by), value in self.values.items():
            if by in own:
                found[x, by] += value
            elif not self.chart.line:
                found[x, OTHERS] += value
        return found

    def _left_out(self, places: int) -> list[str]:
        said = [] if self.position is None else [f"Position {self.position:,}"]
        if self.chart.line and len(self.colours) > len(COLOURS):
            said.append(f"{len(COLOURS) - 1} of {len(self.colours)} are drawn, those with most rows")
        if places > 0:
            said.append(f"{BARS} of {BARS + places} are drawn, those with most rows")
        return said

    def _meaning(self, name: str | None) -> str:
        return "rows" if name is None else f"{name}: {self.columns[name].comment.en}"


def _text(value: Any) -> str:
    match value:
        case None:
            return "-"
        case datetime() | date():
            return value.isoformat()
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)
