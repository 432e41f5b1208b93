"""Files as analysts write them: good ones, and ones that go wrong at once or later."""

from pathlib import Path

TEXT = '''"""Cases by the unit that opened them."""

import re
from dataclasses import dataclass, replace

from domain.efile.facts import CaseOpened
from domain.kernel import Message, Recorded
from projections.model import Projection, column

KEPT = []


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    unit: str = column("The unit.", "Die Stelle.", sortable=True, filterable=True)
    cases: int = column("Cases opened.", "Angelegte Vorgänge.")


def key_of(event: Recorded) -> tuple[str]:
    return (event.fact.lead_unit,)


def fold(row: UnitRow | None, event: Recorded) -> UnitRow:
    if row is None:
        row = UnitRow(unit=event.fact.lead_unit, cases=0)
    if event.position > {after}:
        {bad}
    return replace(row, cases=row.cases + 1)


PROJECTION = Projection(
    name="{name}",
    singular="Own",
    plural="owns",
    comment=Message("Cases by unit.", "Vorgänge nach Stelle."),
    row=UnitRow,
    key=("unit",),
    key_of=key_of,
    facts=(CaseOpened,),
    fold=fold,
    order=("unit",),
)
'''
RAISES = 'raise KeyError("nobody thought of this")'
NEVER_RETURNS = "while True: row = row"
HOLDS_THE_INTERPRETER = 're.match(r"(a+)+$", "a" * 60 + "b")'
EATS_MEMORY = "KEPT.append(bytearray(64 * 1024 * 1024))"
EATS_ALL_MEMORY = "KEPT.append(bytearray(1024 * 1024 * 1024))"
IS_NOT_PURE = "KEPT.append(event); row = replace(row, cases=row.cases + len(KEPT))"
ANSWERS_ANOTHER_TYPE = 'return replace(row, cases="many")'
ANSWERS_ANOTHER_TYPE_ONCE = 'return replace(row, cases="once") if row.cases == 0 else replace(row, cases=1)'
ENDS_THE_PROGRAM = "raise SystemExit(3)"
ANSWERS_A_LARGE_NUMBER = "return replace(row, cases=2**70)"
ANSWERS_NUL = 'return replace(row, unit="1\\0")'
ANSWERS_NO_ROW = 'return {"unit": "10"}'


def text(name: str, bad: str = "pass", after: int = 0) -> str:
    """A projection that does something bad with every event after a position."""
    return TEXT.replace("{name}", name).replace("{bad}", bad).replace("{after}", str(after))


def written(folder: Path, name: str, bad: str = "pass", after: int = 0) -> Path:
    """The same as a file."""
    path = folder / f"{name}.py"
    path.write_text(text(name, bad, after), encoding="utf-8")
    return path
