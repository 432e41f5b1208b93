"""Branches and titles of the generated city's library, and the figures that its loans follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.library.vocabulary import MediaType

CENTRAL: Final = "Zentralbibliothek"
BRANCHES: Final = (
    "Benrath", "Bilk", "Derendorf", "Eller", "Flingern", "Garath", "Gerresheim", "Hassels", "Kaiserswerth",
    "Oberkassel", "Rath", "Unterbach", "Unterrath", "Wersten",
)  # fmt: skip

BOOK, CHILD, MAGAZINE = MediaType.BOOK, MediaType.CHILDRENS_BOOK, MediaType.MAGAZINE
AUDIO, MUSIC, FILM = MediaType.AUDIOBOOK, MediaType.MUSIC, MediaType.FILM

TITLES: Final[tuple[tuple[str, MediaType], ...]] = (
    ("Theodor Fontane: Effi Briest", BOOK),
    ("Johann Wolfgang von Goethe: Die Leiden des jungen Werthers", BOOK),
    ("Heinrich Heine: Deutschland. Ein Wintermärchen", BOOK),
    ("Heinrich Heine: Buch der Lieder", BOOK),
    ("E. T. A. Hoffmann: Der Sandmann", BOOK),
    ("Franz Kafka: Der Process", BOOK),
    ("Franz Kafka: Die Verwandlung", BOOK),
    ("Gottfried Keller: Kleider machen Leute", BOOK),
    ("Annette von Droste-Hülshoff: Die Judenbuche", BOOK),
    ("Thomas Mann: Buddenbrooks", BOOK),
    ("Rainer Maria Rilke: Die Aufzeichnungen des Malte Laurids Brigge", BOOK),
    ("Friedrich Schiller: Die Räuber", BOOK),
    ("Arthur Schnitzler: Fräulein Else", BOOK),
    ("Theodor Storm: Der Schimmelreiter", BOOK),
    ("Jane Austen: Stolz und Vorurteil", BOOK),
    ("Charlotte Brontë: Jane Eyre", BOOK),
    ("Fjodor Dostojewski: Schuld und Sühne", BOOK),
    ("Alexandre Dumas: Die drei Musketiere", BOOK),
    ("Gustave Flaubert: Madame Bovary", BOOK),
    ("Victor Hugo: Der Glöckner von Notre-Dame", BOOK),
    ("Lew Tolstoi: Anna Karenina", BOOK),
    ("Kochen mit Gemüse der Saison", BOOK),
    ("Gärtnern auf dem Balkon", BOOK),
    ("Steuererklärung leicht gemacht", BOOK),
    ("Düsseldorf zu Fuß", BOOK),
    ("Jacob und Wilhelm Grimm: Kinder- und Hausmärchen", CHILD),
    ("Heinrich Hoffmann: Der Struwwelpeter", CHILD),
    ("Wilhelm Busch: Max und Moritz", CHILD),
    ("Johanna Spyri: Heidi", CHILD),
    ("Carlo Collodi: Pinocchios Abenteuer", CHILD),
    ("Lewis Carroll: Alice im Wunderland", CHILD),
    ("Selma Lagerlöf: Nils Holgersson", CHILD),
    ("Wie kommt das Wasser in den Hahn?", CHILD),
    ("Gartenfreund, Heft 5", MAGAZINE),
    ("Rad und Stadt, Heft 3", MAGAZINE),
    ("Theodor Storm: Pole Poppenspäler (Hörbuch)", AUDIO),
    ("Jules Verne: In achtzig Tagen um die Welt (Hörbuch)", AUDIO),
    ("Johann Sebastian Bach: Weihnachtsoratorium", MUSIC),
    ("Robert Schumann: Rheinische Sinfonie", MUSIC),
    ("Clara Schumann: Klavierkonzert a-Moll", MUSIC),
    ("Metropolis (1927)", FILM),
    ("Nosferatu (1922)", FILM),
    ("Mensch ärgere Dich nicht", MediaType.GAME),
    ("Mühle und Dame", MediaType.GAME),
    ("Robert Schumann: Kinderszenen (Noten)", MediaType.SHEET_MUSIC),
    ("Bohrmaschine", MediaType.THING),
    ("Nähmaschine", MediaType.THING),
)
"""Title and kind of medium. The authors are long dead, or there are none."""

# The figures below are rounded from what LibrariesWest (library authorities in the south-west of England) publish
# as open data under the Open Government Licence v3.0: issues and renewals by month and item type, and payments by month
# and reason, July 2019 to June 2021. Kinds of medium that they do not have, or very few of, are our own guess.

SHARES: Final[Mapping[MediaType, int]] = {
    BOOK: 560, CHILD: 380, AUDIO: 26, FILM: 14, MUSIC: 3, MediaType.SHEET_MUSIC: 3,
    MAGAZINE: 8, MediaType.GAME: 4, MediaType.THING: 2,
}  # fmt: skip
"""Of a thousand loans, how many are of which medium."""

RENEWALS: Final[Mapping[MediaType, float]] = {
    BOOK: 0.66, CHILD: 0.54, AUDIO: 0.35, FILM: 0.07, MUSIC: 0.18, MediaType.SHEET_MUSIC: 1.9,
    MAGAZINE: 0.1, MediaType.GAME: 0.1, MediaType.THING: 0.0,
}  # fmt: skip
"""Renewals for each loan."""

SEASON: Final = (0.94, 0.98, 1.0, 1.0, 1.0, 1.0, 1.16, 1.29, 0.95, 1.01, 0.94, 0.72)
"""Loans of a month, January first, against the mean. March to June have no year without closed libraries: 1."""

PAID: Final = 0.77
"""Of overdue charges that are settled, how many are paid; the others are waived."""

FOUND: Final = 0.95
"""Of items that are charged as lost, how many turn up."""

CASH, CARD = 0.71, 0.19
"""How charges are paid; the rest online."""
