"""What the moves of e-files say alike: reasons, authorities, contents, and who acts for whom."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from domain.efile.state import Case, Document, File
from domain.kernel import BERLIN, Channel, Sealed
from tests.machines.machine import ACTORS, Attempt, Scene

TODAY = datetime.now(BERLIN).date()
HASHES = tuple(digit * 64 for digit in "0123456789abcdef")
BLANK: Sealed[str] = Sealed(" ")


def a_reason(scene: Scene) -> Sealed[str]:
    return scene.text() if scene.chance(0.9) else BLANK


def an_authority(scene: Scene) -> str:
    return "61/L" if scene.chance(0.9) else " "


def anything(scene: Scene) -> UUID:
    return UUID(int=scene.random.getrandbits(128))


def not_before(scene: Scene, record: File | Case) -> date:
    """Today, or the day of the last that happened to the record, where that lies ahead."""
    return max(scene.today, record.last_day)


def somebody_else(scene: Scene, document: Document | None) -> UUID | None:
    """Mostly somebody who drafted nothing of the document, where there is one."""
    drafters = document.drafters if document else ()
    free = [person for person in ACTORS if person not in drafters]
    return scene.pick(free) if free and scene.chance(0.9) else None


def deputised(scene: Scene, attempt: Attempt) -> Attempt:
    """One time in five somebody acts in another's place, or says so of themselves."""
    if scene.chance(0.8):
        return attempt
    return replace(attempt, actor=scene.actor(), deputising_for=scene.actor())


def from_import(scene: Scene, attempt: Attempt) -> Attempt:
    """By an import, or as often by another way."""
    return replace(attempt, channel=Channel.IMPORT) if scene.chance(0.5) else attempt


def mostly_imported(scene: Scene, attempt: Attempt) -> Attempt:
    """By an import, which alone tells of days that have passed what it does not tell of today."""
    return replace(attempt, channel=Channel.IMPORT) if scene.chance(0.8) else attempt


def from_elsewhere(scene: Scene, attempt: Attempt) -> Attempt:
    """The same by another way than the staff's: a citizen's, an import, the calendar."""
    return replace(attempt, channel=scene.pick([channel for channel in Channel if channel is not Channel.STAFF]))
