"""The rules of cost figures. Without another source they are this project's own proposals."""

from typing import Final

from domain.kernel import Message, Rule

INPUT: Final = "input"

PRODUCT_TAKEN: Final = Rule(
    "costs.product_taken",
    Message("A product has one cost figure.", "Ein Produkt hat einen Kostenträger."),
    Message("Set its effort from a new month instead.", "Legen Sie dort den Aufwand ab einem neuen Monat fest."),
    about=INPUT,
)
FIGURE_EXISTS: Final = Rule(
    "costs.figure_exists",
    Message("A cost figure is defined once.", "Ein Kostenträger wird einmal angelegt."),
    Message("Set its effort instead.", "Legen Sie stattdessen den Aufwand fest."),
)
FIGURE_UNKNOWN: Final = Rule(
    "costs.figure_unknown",
    Message("Effort is set for a product that was defined.", "Aufwand gehört zu einem angelegten Kostenträger."),
    Message("Define the cost figure first.", "Legen Sie zuerst den Kostenträger an."),
)
RETIRED: Final = Rule(
    "costs.retired",
    Message("A product that is no longer offered takes nothing.", "Ein geschlossener Kostenträger bleibt geschlossen."),
    Message(
        "Define a cost figure for the product that follows.", "Legen Sie einen Kostenträger für den Nachfolger an."
    ),
)
WHOLE_MONTHS: Final = Rule(
    "costs.whole_months",
    Message("Cost figures hold for whole months.", "Kostensätze gelten für ganze Monate."),
    Message(
        "Begin with the first day of a month, end with the last.",
        "Beginnen Sie mit dem ersten Tag eines Monats, enden Sie mit dem letzten.",
    ),
    about=INPUT,
)
AFTER_THE_LAST: Final = Rule(
    "costs.after_the_last",
    Message(
        "A month that was reported by one version is not given to another.",
        "Ein Monat, für den schon ein Satz gilt, bekommt keinen anderen.",
    ),
    Message(
        "Name a later month, or correct the version that was wrong.",
        "Nennen Sie einen späteren Monat oder berichtigen Sie den falschen Satz.",
    ),
    about=INPUT,
)
NOTHING_CHANGED: Final = Rule(
    "costs.nothing_changed",
    Message("A change changes something.", "Eine Änderung ändert etwas."),
    Message("Give the new value; nothing needs to be done otherwise.", "Geben Sie den neuen Wert an."),
    about=INPUT,
)
VERSION_UNKNOWN: Final = Rule(
    "costs.version_unknown",
    Message("A correction is of a version that was set.", "Berichtigt wird ein festgelegter Satz."),
    Message("Name a version of the figure; the title has none.", "Nennen Sie eine Version; die Bezeichnung hat keine."),
    about=INPUT,
)
REASON_MISSING: Final = Rule(
    "costs.reason_missing",
    Message("Correcting and retiring need a reason.", "Berichtigen und Schließen brauchen eine Begründung."),
    Message("Say why.", "Geben Sie den Grund an."),
    source="GoBD Rz. 58, 107",
    about=INPUT,
)
