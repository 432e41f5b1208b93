"""docs/rights.md, written from the declarations: `python -m graphql_api.rightsdocs > docs/rights.md`."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from domain.families import FAMILIES
from domain.kernel import Family
from domain.rights import Role, Roles
from graphql_api.naming import camel
from graphql_api.rights import QUERY, SUBSCRIPTION
from graphql_api.schema import RECORDS, build
from projections.families import PROJECTIONS, REPORTS
from projections.model import Projection, Report, columns_of
from projections.rights import All, Condition, Is, OfItsKind, Own, Rows, SameOffice, Within

ORDER: Final = (Role.CITIZEN, Role.CLERK, Role.AUDITOR, Role.ANALYST, Role.ADMIN)
NONE: Final = "–"
INTRODUCTION: Final = """\
# Rights

Who may ask and do what. Each read model, column, field and command declares it beside itself; this page is written
from those declarations by `make docs`, and a test compares every role with every field and every mutation ([why
so](adr/0019-rights.md)). What declares nothing is closed to everybody.

| Role | Is |
| --- | --- |
| `citizen` | acts for themselves, on their own orders and library card, and sees what is public (Bürgerin, Bürger) |
| `clerk` | keeps the records, for a unit (Sachbearbeitung) |
| `auditor` | sees everything and changes nothing (Rechnungsprüfung) |
| `analyst` | counts: registers and reports, no sealed text, nothing confidential or not public by itself (Auswertung) |
| `admin` | keeps the program running, and sees how the read models are (Betrieb) |

A person has one role at a time; a token that gives several says which by `Stadtbuch-Role`. Imports, `stadtbuch tick`
and the command line are run by who may log in to the server, and go by no role here.

## How it is refused

A document with a field that the role may not ask for is not run: 400, `FORBIDDEN`, one error for each such field. A
mutation answers `Forbidden`. A *record* that somebody may not see is not refused: it answers like one that does not
exist, in lists, counts, `record`, `node`, `history`, `diff` and mutations alike. The condition is part of the SQL of
every statement.

What a record is *now* decides, also when it is asked as of another moment: a case that became confidential yesterday
is not shown as it was last week. Citizens ask for now only.

## Own

An order is a citizen's own where they began it: the sealed name in its first event is theirs. Other records, a
library card above all, are theirs where the token names them in the claim of `STADTBUCH_OIDC_RECORDS_CLAIM`. They
find them by `record` and `node`; lists show those of the token.

An *office* (Amt) is what stands before the first `.` or `/` of a unit: 63.2 and 63/L are of office 63.
"""


def page() -> str:
    """The page."""
    parts = [INTRODUCTION, *_rows(), *_columns(), *_fields(), *_commands(FAMILIES)]
    return "\n".join(parts) + "\n"


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heading)} |"
    yield f"| {' | '.join('---' for _ in heading)} |"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _rows() -> Iterator[str]:
    yield "## Rows\n"
    yield "Which rows of each register and report a role sees, in lists and wherever else they are shown.\n"
    sources: tuple[Projection | Report, ...] = (*PROJECTIONS, *REPORTS)
    seen = ([f"`{each.plural}`", *(_seen(each, role) for role in ORDER)] for each in sources)
    yield from _table(["List", *ORDER], seen)


def _seen(source: Projection | Report, role: Role) -> str:
    rows = source.readers.get(role, ())
    if not rows:
        return NONE
    return _said(rows) + ("" if role in source.listed_by else ", not as a list")


def _said(rows: Rows) -> str:
    return ", or ".join(_condition(each) for each in rows)


def _condition(condition: Condition) -> str:
    match condition:
        case All():
            return "all"
        case Is(column, value):
            shown = str(value).lower() if isinstance(value, bool) else getattr(value, "name", value)
            return f"`{camel(column)}` is `{shown}`"
        case SameOffice(columns):
            return f"own office in {', '.join(f'`{camel(each)}`' for each in columns)}"
        case Own():
            return "own"
        case Within(_, source):
            return f"of what is seen in `{source.name}`"
        case OfItsKind():
            return "of what is seen in its register"


def _columns() -> Iterator[str]:
    yield "## Columns\n"
    yield "Sealed texts are for all readers of a row but analysts. These columns are for fewer of its readers; they"
    yield "neither filter nor sort by them.\n"
    found = [
        (f"`{source.singular}.{camel(column.name)}`", _roles(column.seen_by & frozenset(source.readers)))
        for source in PROJECTIONS
        for column in columns_of(source.row).values()
        if column.readers  # what nobody sees through the API is for the index alone
    ]
    yield from _table(["Column", "Seen by"], found)


def _fields() -> Iterator[str]:
    policy = build(FAMILIES, PROJECTIONS, REPORTS).policy
    lists = {each.plural for each in PROJECTIONS} | {each.plural for each in REPORTS}
    index = next(each.singular for each in PROJECTIONS if each.name == RECORDS)
    columns = {camel(name) for each in PROJECTIONS if each.name == RECORDS for name in columns_of(each.row)}
    yield "## Other fields\n"
    yield "Fields that lead further, for those who see the row; `explain` and `diff` are alike on every row.\n"
    shown: dict[str, Roles] = {}
    for (type_, name), roles in policy.items():
        if type_ == QUERY and name not in lists:
            shown[f"`{name}`"] = roles
        elif type_ == SUBSCRIPTION:
            shown[f"subscription `{name}`"] = roles
        elif type_ == index and name not in columns:
            shown[f"`{type_}.{name}`"] = roles
    yield from _table(["Field", "Asked by"], ((name, _roles(roles)) for name, roles in shown.items()))


def _commands(families: Sequence[Family]) -> Iterator[str]:
    yield "## Mutations\n"
    by: Mapping[tuple[str, str], list[str]] = defaultdict(list)
    for family in families:
        for command in family.commands:
            by[family.name, _roles(command.asked_by)].append(f"`{camel(command.__name__)}`")
    named = ((family, who, ", ".join(names)) for (family, who), names in by.items())
    yield from _table(["Family", "By", "Mutations"], named)
    yield "What citizens ask for concerns what is their own: a new order, the order addressed, or the `patron` named."
    yield "`rebuild` and `cancelRebuild` of read models are for admins."
    yield "`bulk` takes commands of all families, and each is let in or refused as if it were asked for by itself."
    yield "A mutation by nobody is one of the ledger's own, such as what only an import records."


def _roles(roles: Roles) -> str:
    return ", ".join(role for role in ORDER if role in roles) or "nobody"


if __name__ == "__main__":
    sys.stdout.write(page())
