"""What the registers of council documents show of an event, a source and a reference."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.council.parts import Reference, Source
from domain.kernel import Recorded


def begun(event: Recorded) -> dict[str, Any]:
    """The columns that a row's first event gives it."""
    at: datetime = event.recorded_at
    return {"version": event.version, "position": event.position, "recorded_at": at, "changed_at": at}


def of_source(source: Source | None) -> dict[str, Any]:
    """The columns that tell where a record was imported from."""
    if source is None:
        return {}
    return {"source": source.system, "source_id": source.source_id, "source_modified": source.modified}


def ids(references: Iterable[Reference]) -> tuple[UUID, ...]:
    """The records referred to."""
    return tuple(reference.record for reference in references)


def sources(references: Iterable[Reference]) -> tuple[str, ...]:
    """What the source calls them; they may not be here."""
    return tuple(reference.source_id for reference in references if reference.source_id is not None)


def given(changed: Iterable[str], **texts: Any) -> dict[str, Any]:
    """Those of the texts that an amendment changed."""
    return {name: text for name, text in texts.items() if name in set(changed)}
