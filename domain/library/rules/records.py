"""The rules on lists, on corrections, and on records as such."""

from typing import Final

from domain.kernel import Message, Rule

INPUT: Final = "input"

DISPATCH_EXISTS: Final = Rule(
    "library.dispatch_exists",
    Message("A branch has one dispatch list a day.", "Je Zweigstelle und Tag gibt es eine Transportliste."),
    Message("Add to the list that exists.", "Ergänzen Sie die vorhandene Liste."),
    about=INPUT,
)
TRANSIT_UNKNOWN: Final = Rule(
    "library.transit_unknown",
    Message("Only what stands on the list can be taken off.", "Nur was auf der Liste steht, lässt sich streichen."),
    Message("Look up the numbers of the list.", "Sehen Sie die Nummern der Liste nach."),
    about=INPUT,
)
RECORD_EXISTS: Final = Rule(
    "library.record_exists",
    Message("A record begins once.", "Ein Datensatz beginnt nur einmal."),
    Message("Address the record that exists.", "Nutzen Sie den vorhandenen Datensatz."),
)
WRONG_KIND: Final = Rule(
    "library.wrong_kind",
    Message("A command is for one kind of record.", "Ein Befehl gilt einer Art von Datensatz."),
    Message("Address the right record.", "Wählen Sie den richtigen Datensatz."),
    about=INPUT,
)
FIELD_NOT_CORRECTABLE: Final = Rule(
    "library.field_not_correctable",
    Message("Numbers and decisions are not rewritten.", "Nummern und Entscheidungen werden nicht umgeschrieben."),
    Message("Name a field that can be corrected.", "Nennen Sie ein berichtigungsfähiges Feld."),
    source="GoBD Rz. 58, 107",
    about=INPUT,
)
NOTHING_CHANGED: Final = Rule(
    "library.nothing_changed",
    Message("A change says something new.", "Eine Änderung ändert etwas."),
    Message("Give the new value; nothing needs to be done otherwise.", "Geben Sie den neuen Wert an."),
    about=INPUT,
)
