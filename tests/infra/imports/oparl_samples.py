"""OParl 1.1 objects of a made-up city, for tests that need no real data."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HOST = "https://ris.example/oparl/bodies/1"
SCHEMA = "https://schema.oparl.org/1.1/"
Thing = dict[str, Any]


def url(path: str) -> str:
    return f"{HOST}/{path}"


def thing(kind: str, path: str, **more: Any) -> Thing:
    """An object of a kind; a property that is None is left out."""
    found = {
        "id": url(path),
        "type": SCHEMA + kind,
        "created": "2021-01-04T11:34:38+01:00",
        "modified": "2025-03-03T14:30:52+01:00",
        **more,
    }
    return {name: value for name, value in found.items() if value is not None}


def a_file(n: int = 1, **more: Any) -> Thing:
    return thing(
        "File",
        f"files/{n}",
        **{
            "name": f"Anlage {n}",
            "fileName": f"{n:05}.pdf",
            "mimeType": "application/pdf",
            "date": "2021-01-04",
            "accessUrl": url(f"files/{n}.pdf"),
            "downloadUrl": url(f"files/{n}.pdf?download"),
            **more,
        },
    )


def a_consultation(n: int = 1, **more: Any) -> Thing:
    return thing(
        "Consultation",
        f"consultations/{n}",
        **{
            "paper": url("papers/1"),
            "agendaItem": url(f"agendaitems/{n}"),
            "meeting": url("meetings/1"),
            "organization": [url("organizations/1")],
            "role": "Entscheidung",
            "authoritative": True,
            **more,
        },
    )


def a_paper(n: int = 1, **more: Any) -> Thing:
    return thing(
        "Paper",
        f"papers/{n}",
        **{
            "body": HOST,
            "name": f"Sanierung der Brücke {n} über die Düssel",
            "reference": f"2021/{n:04}",
            "date": "2021-01-04",
            "paperType": "Beschlussvorlage",
            "underDirectionOf": [url("organizations/9")],
            "auxiliaryFile": [a_file(n)],
            "consultation": [a_consultation(n, paper=url(f"papers/{n}"))],
            **more,
        },
    )


def an_agenda_item(n: int = 1, **more: Any) -> Thing:
    return thing(
        "AgendaItem",
        f"agendaitems/{n}",
        **{
            "meeting": url("meetings/1"),
            "number": str(n),
            "order": n,
            "name": f"Tagesordnungspunkt {n}",
            "public": True,
            "consultation": url(f"consultations/{n}"),
            "result": "einstimmig zugestimmt",
            **more,
        },
    )


def a_meeting(n: int = 1, **more: Any) -> Thing:
    return thing(
        "Meeting",
        f"meetings/{n}",
        **{
            "name": "Gemeinderat (öffentlich)",
            "start": "2021-02-09T19:00:00+01:00",
            "end": "2021-02-09T21:00:00+01:00",
            "organization": [url("organizations/1")],
            "location": thing("Location", f"locations/{n}", description="Bürgersaal, Rathaus"),
            "invitation": a_file(100 + n, name="Tagesordnung"),
            "agendaItem": [an_agenda_item(i, meeting=url(f"meetings/{n}")) for i in (1, 2)],
            **more,
        },
    )


def an_organization(n: int = 1, **more: Any) -> Thing:
    return thing(
        "Organization",
        f"organizations/{n}",
        **{
            "body": HOST,
            "name": "Gemeinderat",
            "shortName": "GR",
            "classification": "Beschließender Ausschuss",
            "startDate": "2014-05-25",
            "membership": [url("memberships/1"), url("memberships/2")],
            **more,
        },
    )


def deleted(of: Thing) -> Thing:
    """What is left of an object that its source deleted."""
    return {name: of[name] for name in ("id", "type", "created", "modified")} | {"deleted": True}


def write_lines(path: Path, things: Iterable[Any]) -> Path:
    """One object a line; strings and bytes are written as they are."""
    lines = [
        each
        if isinstance(each, bytes)
        else (each if isinstance(each, str) else json.dumps(each, ensure_ascii=False)).encode()
        for each in things
    ]
    data = b"".join(line + b"\n" for line in lines)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def write_page(path: Path, things: Iterable[Any], **more: Any) -> Path:
    """A list page as an OParl server answers it."""
    page = {"data": list(things), "pagination": {"elementsPerPage": 100}, "links": {"first": HOST}, **more}
    path.write_text(json.dumps(page, ensure_ascii=False, indent=1), encoding="utf-8")
    return path
