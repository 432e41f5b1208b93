"""`stadtbuch report`: lists what can be read, and reads it in the form that people and their tools want."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from domain.kernel import Message
from infra import settings
from infra.cli.console import Json, answer, expected, say
from infra.files import replacing
from infra.installation import Installation, installation
from infra.reports import asking, reading, sources, texts
from infra.reports.reading import Rows
from projections.model import Report, shown_columns
from projections.query import Moment


class Format(StrEnum):
    """How rows are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"
    XLSX = "xlsx"


_TEXT = {Format.TABLE: texts.to_table, Format.CSV: texts.to_csv, Format.JSON: texts.to_json}
_KINDS = (("report", "Reports"), ("read model", "Read models"), ("view", "Other views, your own among them"))


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and where the answer goes."""

    where: Sequence[str]
    order: Sequence[str]
    limit: int | None
    format: Format
    output: Path | None
    chart: Path | None
    force: bool
    moment: Moment | None


def report(
    name: Annotated[str | None, typer.Argument(help="What to read. Without it all there is, with its meaning.")] = None,
    columns: Annotated[bool, typer.Option("--columns", help="What its columns mean, and which can be asked.")] = False,
    where: Annotated[
        list[str] | None,
        typer.Option(
            help="unit=63, due<2026-06-01, >=, reference^=63.10 (begins with), note= (empty), note!= (filled)."
        ),
    ] = None,
    order: Annotated[list[str] | None, typer.Option(help="Columns, -month for falling: --order -month,unit.")] = None,
    limit: Annotated[int | None, typer.Option(help="No more rows than this.", min=1)] = None,
    as_of: Annotated[
        str | None,
        typer.Option(help="As known then: a position, a day (its end in Berlin; today: now), or an instant."),
    ] = None,
    effective_on: Annotated[str | None, typer.Option(help="Only what took effect up to this day, in Berlin.")] = None,
    format_: Annotated[
        Format | None, typer.Option("--format", help="Else by the ending of --output, else a table.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Write there. Parquet and xlsx need it.", dir_okay=False)] = None,
    chart: Annotated[Path | None, typer.Option(help="Draw the report into this file, as SVG.", dir_okay=False)] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    json_: Json = False,
) -> None:
    """Read a report, or any read model: as a table, CSV, JSON, Parquet or XLSX, or as a chart.

    Conditions must all hold; the same column with = several times means any of these values. Sealed texts come out as
    references, never in clear. In CSV an apostrophe stands before texts that a spreadsheet would compute (= + - @); in
    XLSX such texts are text. Rows are streamed, so a report may be of any size.

    Example: stadtbuch report loans_by_branch_and_month --where "month>=2026-01-01" --order -loans --limit 20

    Example: stadtbuch report charges_by_month --output charges.xlsx --chart charges.svg

    Example: stadtbuch report files_by_stage_and_unit --as-of 2025-12-31
    """
    with expected(as_json=json_):
        written = chosen(format_, output, as_json=json_)
        then = asking.moment(as_of, effective_on)
        asked = Question(where or (), order or (), limit, written, output, chart, force, then)
    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()
        if name is None or columns:
            result, text = listed(place) if name is None else described(place, name)
            answer(result, text, as_json=json_)
        elif (told := run(place, name, asked)) is not None:
            answer(*told, as_json=json_)


def chosen(format_: Format | None, output: Path | None, *, as_json: bool) -> Format:
    """The format asked for, or that of the file's name. Raises typer.BadParameter."""
    named = output.suffix.removeprefix(".").lower() if output else ""
    if format_ is None and output is not None and named not in list(Format):
        raise typer.BadParameter(f"say --format, or give {output} one of the endings .csv .json .parquet .xlsx")
    found = format_ or (Format(named) if output else Format.JSON if as_json else Format.TABLE)
    if output is None and found in (Format.PARQUET, Format.XLSX):
        raise typer.BadParameter(f"{found} is for files: name one with --output")
    return found


def listed(place: Installation) -> tuple[dict[str, Any], str]:
    """All that can be read, for programs and for people."""
    with reading.reader(place.database) as connection:
        further = sources.others(connection)
    found: list[tuple[str, str, Message]] = [
        ("report" if isinstance(source, Report) else "read model", source.name, source.comment)
        for source in sources.declared().values()
    ]
    found += [("view", name, about) for name, about in further]
    result = {"reports": [{"kind": kind, "name": name, "en": about.en, "de": about.de} for kind, name, about in found]}
    width = max(len(name) for _, name, _ in found)
    lines: list[str] = []
    for kind, title in _KINDS:
        lines += ["", f"{title}:"]
        lines += [f"  {name:<{width}}  {about.en}" for each, name, about in sorted(found) if each == kind]
    return result, "\n".join([*lines, "", "`stadtbuch report NAME --columns` tells what one has."]).lstrip()


def described(place: Installation, name: str) -> tuple[dict[str, Any], str]:
    """The columns of one, for programs and for people."""
    with reading.reader(place.database) as connection:
        source = sources.find(connection, name)
    shown = list(shown_columns(source).values())
    result = {
        "name": source.name,
        "en": source.comment.en,
        "de": source.comment.de,
        "columns": [
            {
                "name": each.name,
                "type": each.holds.value[0],
                "nullable": each.nullable,
                "where": each.filterable,
                "order": each.sortable,
                "en": each.comment.en,
                "de": each.comment.de,
            }
            for each in shown
        ],
    }
    width = max(len(each.name) for each in shown)
    lines = [source.comment.en, source.comment.de, ""]
    for each in shown:
        marks = f"{'where ' if each.filterable else '':<6}{'order' if each.sortable else '':<5}"
        lines.append(f"  {each.name:<{width}}  {marks}  {each.comment.en}")
    lines += ["", "where: can stand in --where; order: can stand in --order."]
    return result, "\n".join(lines)


def run(place: Installation, name: str, asked: Question) -> tuple[dict[str, Any], str] | None:
    """Write the rows; where they went into a file or a chart, the answer tells of it. Raises typer.BadParameter."""
    for path in filter(None, (asked.output, asked.chart)):
        if path.exists() and not asked.force:
            raise typer.BadParameter(f"{path} is there already: name another file, or say --force")
        if not path.absolute().parent.is_dir():
            raise typer.BadParameter(f"there is no directory {path.absolute().parent}")
    with reading.reader(place.database) as connection:
        source = sources.find(connection, name)
        where, order = asking.predicates(source, asked.where), asking.order(source, asked.order)
        with reading.reading(connection, source, where, order, asked.limit, asked.moment) as rows:
            _hand_out(rows, asked)
    made = {kind: str(path) for kind, path in (("output", asked.output), ("chart", asked.chart)) if path}
    if not made:
        if asked.moment is not None and rows.position is not None:
            say(f"{name} as of position {rows.position:,}")
        return None
    at = "" if rows.position is None else f" at position {rows.position:,}"
    result = {"name": name, "rows": rows.count, "position": rows.position, **made}
    return result, f"{name}: {rows.count:,} rows{at} in {' and '.join(made.values())}"


def _hand_out(rows: Rows, asked: Question) -> None:
    if asked.chart is None:
        _write(rows, asked)
        return
    from infra.reports.chart import Drawing  # Altair takes a second to import

    drawing = Drawing(rows)
    if asked.output is not None:
        _write(rows, asked)
    else:
        deque(rows, maxlen=0)
    with replacing(asked.chart) as unfinished:
        unfinished.write_text(drawing.svg(), encoding="utf-8")


def _write(rows: Rows, asked: Question) -> None:
    if asked.output is None:
        _print(rows, _TEXT[asked.format])
        return
    with replacing(asked.output) as unfinished:
        match asked.format:
            case Format.PARQUET:
                from infra.reports.parquet import to_parquet

                to_parquet(rows, unfinished)
            case Format.XLSX:
                from infra.reports.workbook import to_xlsx

                to_xlsx(rows, unfinished)
            case _:
                with unfinished.open("w", encoding="utf-8", newline="") as out:
                    _TEXT[asked.format](rows, out)


def _print(rows: Rows, write: Callable[[Rows, TextIO], None]) -> None:
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        write(rows, sys.stdout)
        sys.stdout.flush()
    except BrokenPipeError:  # `| head` has seen enough; nothing is left to be flushed at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
