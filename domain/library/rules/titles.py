"""The rules on titles and on the items that belong to them."""

from typing import Final

from domain.kernel import Message, Rule

INPUT: Final = "input"

TITLE_NUMBER_TAKEN: Final = Rule(
    "library.title_number_taken",
    Message("A catalogue number belongs to one title for ever.", "Eine Katalognummer gehört auf Dauer zu einem Titel."),
    Message("Use an unused number, or the title that has it.", "Verwenden Sie eine freie Nummer oder diesen Titel."),
    about=INPUT,
)
TITLE_WANTED: Final = Rule(
    "library.title_wanted",
    Message("An item is a copy of a title.", "Ein Exemplar gehört zu einem Titel."),
    Message("Name the title, or give its text until it is catalogued.", "Nennen Sie den Titel oder seinen Wortlaut."),
    about=INPUT,
)
TITLE_UNKNOWN: Final = Rule(
    "library.title_unknown",
    Message("An item belongs to a title of the catalogue.", "Ein Exemplar gehört zu einem Titel des Katalogs."),
    Message("Catalogue the title first.", "Nehmen Sie den Titel zuerst auf."),
    about=INPUT,
)
OTHER_MEDIA_TYPE: Final = Rule(
    "library.other_media_type",
    Message("An item is of the kind of medium of its title.", "Ein Exemplar hat die Medienart seines Titels."),
    Message("Name the right title or the right kind.", "Nennen Sie den richtigen Titel oder die richtige Medienart."),
    about=INPUT,
)
