"""An area of the register that a map or data is ordered for, where it is not parcels that are asked for."""

from dataclasses import dataclass
from typing import Final

from domain.kernel import Number

LONGEST_SIDE: Final = 10_000
"""Metres. More than that is the whole register, which is not sold by the sheet."""

# Nordrhein-Westfalen in ETRS89/UTM 32N, generously: what lies outside has its coordinates in another system or order.
_EAST: Final = range(270_000, 540_000)
_NORTH: Final = range(5_560_000, 5_840_000)


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in ETRS89/UTM 32N (EPSG:25832), in whole metres, and the Gemarkung (Land and key) that it lies in."""

    gemarkung: Number
    west: int
    south: int
    east: int
    north: int

    @property
    def possible(self) -> bool:
        """Whether it is a rectangle of a size that is given out, and can lie in Nordrhein-Westfalen."""
        in_nrw = all(x in _EAST for x in (self.west, self.east)) and all(y in _NORTH for y in (self.south, self.north))
        return in_nrw and 0 < self.east - self.west <= LONGEST_SIDE and 0 < self.north - self.south <= LONGEST_SIDE
