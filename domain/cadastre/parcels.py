"""Parcel ids (Flurstückskennzeichen) of NRW: their form, and whether their Gemarkung and Flur exist."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

LAND: Final = "05"
"""Nordrhein-Westfalen in the official municipality key."""

_FORM: Final = re.compile(r"([0-9]{2})([0-9]{4})([0-9]{3}|_{3})([0-9]{5})([0-9]{4}|_{4})([0-9]{2}|_{2})")


@dataclass(frozen=True, slots=True)
class ParcelId:
    """The parts of a Flurstückskennzeichen (GeoInfoDok: 20 characters). None where a part is absent (`_`)."""

    land: str
    gemarkung: str
    flur: int | None
    numerator: int
    denominator: int | None
    suffix: int | None

    @classmethod
    def parse(cls, text: str) -> "ParcelId | None":
        """The parts, or None where `text` is not of the form."""
        match = _FORM.fullmatch(text)
        if match is None:
            return None
        land, gemarkung, flur, numerator, denominator, suffix = match.groups()
        return cls(land, gemarkung, _number(flur), int(numerator), _number(denominator), _number(suffix))


def _number(digits: str) -> int | None:
    return None if digits.startswith("_") else int(digits)


@dataclass(frozen=True, slots=True)
class Gemarkung:
    """A cadastral district: the office that keeps it, its four-digit key and name, and its Fluren as runs (`1-3,7`)."""

    office: str
    key: str
    name: str
    runs: str

    def fluren(self) -> tuple[int, ...]:
        """The numbers of all its Fluren, ascending."""
        return tuple(number for first, last in self._spans() for number in range(first, last + 1))

    def has_flur(self, number: int) -> bool:
        return any(first <= number <= last for first, last in self._spans())

    def _spans(self) -> tuple[tuple[int, int], ...]:
        spans = (run.partition("-") for run in self.runs.split(","))
        return tuple((int(first), int(last or first)) for first, _, last in spans)


@dataclass(frozen=True, slots=True)
class DistrictTable:
    """All Gemarkungen by key, with the version of the table they were read from."""

    version: str
    gemarkungen: dict[str, Gemarkung]


@cache
def districts() -> DistrictTable:
    """The table that ships with the package, read once. Its header names source, licence and version."""
    version, office = "", ""
    gemarkungen: dict[str, Gemarkung] = {}
    text = files(__package__).joinpath("districts_nrw.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("# Version: "):
            version = line.removeprefix("# Version: ")
        elif line.startswith("["):
            office = line[1:-1]
        elif not line.startswith("#"):
            key, runs, name = line.split(" ", 2)
            gemarkungen[key] = Gemarkung(office, key, name, runs)
    return DistrictTable(version, gemarkungen)
