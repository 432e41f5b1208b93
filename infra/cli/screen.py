"""The screen of `stadtbuch demo`: what was filled, what to look at, and what to do next."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.cli.demo import City, Sight, sights


def show(city: City, address: str | None, home: Path) -> None:
    """Print it. Addresses stand on lines of their own, unbroken, so that they can be clicked and copied."""
    console = Console(highlight=False, soft_wrap=True)
    console.print()
    console.print(_events(city))
    console.print(f"Last position: {city.last_position:,}")
    console.print(f"verify: {city.verified}")
    console.print()
    program = f"STADTBUCH_HOME={shlex.quote(str(home))} {_program()}"
    if address is None:
        console.print(f"To serve it: {program} serve")
    else:
        console.print(Text(f"Serving on {address}", style="bold"), "– this machine only: no authentication is set up.")
        _sights(console, sights(city), address)
        console.print("  … and proof that the read models follow from the events (equal checksums):", style="dim")
        console.print(f"    {program} rebuild resolution")
        console.print()
        console.print("The same without a browser:")
        console.print(f"    curl -s {address}/show/history")
        console.print()
        console.print(f"In another shell: {program} status")
        console.print("Ctrl-C stops.", style="bold")
    console.print(f"To remove the city: stop it, then rm -r {shlex.quote(str(home))}")


def _events(city: City) -> Table:
    table = Table(title=f"{sum(city.events.values()):,} events", title_justify="left", title_style="bold")
    for family in sorted(city.events):
        table.add_column(family, justify="right")
    table.add_row(*(f"{city.events[family]:,}" for family in sorted(city.events)))
    return table


def _sights(console: Console, found: Sequence[Sight], address: str) -> None:
    for sight in found:
        console.print()
        console.print(Text(f"  {sight.who}", style="bold"), sight.what, sep=": ")
        console.print(Text(f"    {address}/show/{sight.name}", style="blue underline"))


def _program() -> str:
    """How this program was called, so that what is shown can be pasted."""
    called = Path(sys.argv[0])
    return shlex.quote(str(called)) if called.name == "stadtbuch" else f"{shlex.quote(sys.executable)} -m infra.cli"
