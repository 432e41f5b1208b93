"""What the moves of e-files say alike: reasons, authorities, contents, and who acts for whom."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from domain.kernel import BERLIN, Sealed
from tests.machines.machine import Attempt, Scene

TODAY = datetime.now(BERLIN).date()
HASHES = tuple(digit * 64 for digit in "0123456789abcdef")
BLANK: Sealed[str] = Sealed(" ")


def a_reason(scene: Scene) -> Sealed[str]:
    return scene.text() if scene.chance(0.9) else BLANK


def an_authority(scene: Scene) -> str:
    return "61/L" if scene.chance(0.9) else " "


def anything(scene: Scene) -> UUID:
    return UUID(int=scene.random.getrandbits(128))


def deputised(scene: Scene, attempt: Attempt) -> Attempt:
    """One time in five somebody acts in another's place, or says so of themselves."""
    if scene.chance(0.8):
        return attempt
    return replace(attempt, actor=scene.actor(), deputising_for=scene.actor())
