"""`stadtbuch prove`: live rows, rebuild, plain fold and Spark, held against each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.families import FAMILIES
from infra.cli.console import EverySecond, say
from infra.cli.rebuilding import Ticker
from infra.codec import Codec
from infra.installation import Installation
from infra.projector import Proof, prove
from infra.projector.rebuilding import Elsewhere
from projections.model import Projection


def run(
    place: Installation, projections: Sequence[Projection], workers: int, elsewhere: Elsewhere | None
) -> list[Proof]:
    """Prove them, with progress on stderr."""
    now = EverySecond()

    def plain(share: float) -> None:
        if now():
            say(f"plain fold of all: {share:.0%}")

    return prove(
        place.database,
        Codec(FAMILIES),
        projections,
        workers=workers,
        elsewhere=elsewhere,
        progress=Ticker(),
        plain=plain,
    )


def checksums(proof: Proof) -> dict[str, str | None]:
    """The checksums over the rows by what made them; None where there was nothing to be compared."""
    found = {
        "live": proof.rebuilt.live_checksum,
        "rebuilt": proof.rebuilt.checksum,
        "folded": None if proof.folded is None else proof.folded.checksum,
    }
    return found if proof.spark is None else {**found, "spark": proof.spark.checksum}


def described(proof: Proof) -> str:
    """The result for people."""
    found, rebuilt = checksums(proof), proof.rebuilt
    head = f"{rebuilt.name}: {rebuilt.rows:,} rows, {rebuilt.versions:,} versions at position {rebuilt.position:,}"
    if proof.equal:
        return f"{head}: {' = '.join(found)}, {rebuilt.checksum}"
    lines = [f"{head}: NOT EQUAL", *(f"  {name:8}{text or 'nothing to compare with'}" for name, text in found.items())]
    if proof.folded is None:
        lines.append(f"  rows stand still: see `stadtbuch projection status {rebuilt.name}`")
    for by in (rebuilt, proof.spark):
        if by is not None:
            lines.extend(f"  {difference}" for difference in by.differences)
    return "\n".join(lines)


def as_json(proof: Proof) -> dict[str, Any]:
    """The result for programs."""
    rebuilt = proof.rebuilt
    versions = {"live": rebuilt.live_versions_checksum, "rebuilt": rebuilt.versions_checksum}
    if proof.spark is not None:
        versions["spark"] = proof.spark.versions_checksum
    return {
        "name": rebuilt.name,
        "position": rebuilt.position,
        "rows": rebuilt.rows,
        "versions": rebuilt.versions,
        "equal": proof.equal,
        "checksums": checksums(proof),
        "versionsChecksums": versions,
    }
