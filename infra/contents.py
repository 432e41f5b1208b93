"""The files whose hashes a record's facts keep: documents, attachments, council files, cadastre products."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from domain.kernel import Recorded

# The strongest first: what a source gave a SHA-512 and a SHA-1 of is compared by the SHA-512.
ALGORITHMS: Final = ("sha512", "sha256", "sha1")
# How facts name the part of a record that a file belongs to; a fact without any is about the record as a whole.
PARTS: Final = ("attachment_id", "attachment", "document_id", "document", "file")
CHUNK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Measured:
    """A file's size in bytes and its hashes in lower-case hex."""

    size: int
    digests: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the ledger keeps of a file: a hash, perhaps a size, and which version of what it is."""

    part: str
    part_id: UUID
    version: int
    algorithm: str
    digest: str
    size: int | None
    fact: str
    position: int
    recorded_at: datetime

    def is_of(self, measured: Measured) -> bool:
        """Whether it is this file's."""
        return self.digest == measured.digests[self.algorithm] and self.size in (None, measured.size)

    def __str__(self) -> str:
        size = "" if self.size is None else f", {self.size:,} bytes"
        when = f"{self.recorded_at:%Y-%m-%d %H:%M:%S %Z}"
        return (
            f"version {self.version} of {self.part} {self.part_id}: {self.fact}, position {self.position:,}, "
            f"recorded {when}, {self.algorithm} {self.digest}{size}"
        )


def measure(path: Path) -> Measured:
    """Size and hashes of a file, however large, in one pass. Raises OSError."""
    hashes = {name: hashlib.new(name) for name in ALGORITHMS}
    size = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            size += len(chunk)
            for each in hashes.values():
                each.update(chunk)
    return Measured(size, {name: each.hexdigest() for name, each in hashes.items()})


def kept(events: Iterable[Recorded]) -> Iterator[Kept]:
    """What a record's events keep of files, in their order. A file that changes has a further version."""
    versions: dict[UUID, list[tuple[str, str]]] = {}
    for event in events:
        for holder in _holders(event.fact):
            algorithm = next((name for name in ALGORITHMS if getattr(holder, name, None)), None)
            if algorithm is None:
                continue
            digest = str(getattr(holder, algorithm)).lower()
            name = next((each for each in PARTS if isinstance(getattr(event.fact, each, None), UUID)), None)
            part_id = event.record_id if name is None else getattr(event.fact, name)
            seen = versions.setdefault(part_id, [])
            if (algorithm, digest) in seen[-1:]:
                continue  # told once more, as when a product is delivered
            seen.append((algorithm, digest))
            yield Kept(
                part=event.fact.kind if name is None else name.removesuffix("_id"),
                part_id=part_id,
                version=getattr(event.fact, "version", len(seen)),
                algorithm=algorithm,
                digest=digest,
                size=getattr(holder, "size", None),
                fact=type(event.fact).__name__,
                position=event.position,
                recorded_at=event.recorded_at,
            )


def _holders(thing: Any) -> Iterator[Any]:
    """A fact and the dataclasses it holds, also in tuples: any of them may keep a hash."""
    yield thing
    for each in fields(thing):
        value = getattr(thing, each.name)
        for inner in value if isinstance(value, tuple) else (value,):
            if is_dataclass(inner) and not isinstance(inner, type):
                yield from _holders(inner)


def closest(found: Iterable[Kept], measured: Measured, at_most: int = 3) -> list[Kept]:
    """Those that come nearest to a file that is none of them: by size, then the latest."""

    def distance(each: Kept) -> tuple[float, int]:
        return (float("inf") if each.size is None else abs(each.size - measured.size), -each.position)

    return sorted(found, key=distance)[:at_most]
