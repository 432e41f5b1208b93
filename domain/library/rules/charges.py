"""The rules on charges, and on what must be settled before a loan is forgotten."""

from typing import Final

from domain.kernel import Message, Rule

INPUT: Final = "input"

CHARGE_UNKNOWN: Final = Rule(
    "library.charge_unknown",
    Message(
        "Only what was charged is paid, waived or paid back.", "Nur Berechnetes wird bezahlt, erlassen oder erstattet."
    ),
    Message("Look up the charges of the record.", "Sehen Sie die Entgelte des Datensatzes nach."),
    about=INPUT,
)
CHARGE_SETTLED: Final = Rule(
    "library.charge_settled",
    Message("A charge is settled once.", "Ein Entgelt wird nur einmal beglichen."),
    Message("Nothing needs to be done.", "Es ist nichts zu tun."),
    about=INPUT,
)
CHARGE_NOT_PAID: Final = Rule(
    "library.charge_not_paid",
    Message("Only what was paid is paid back.", "Nur Bezahltes wird erstattet."),
    Message("Waive the charge instead.", "Erlassen Sie stattdessen das Entgelt."),
    about=INPUT,
)
NOT_FOUND_AGAIN: Final = Rule(
    "library.not_found_again",
    Message(
        "A find relieves of paying for the lost item, and of nothing else.",
        "Ein Fund befreit vom Ersatz des verlorenen Exemplars und von nichts anderem.",
    ),
    Message(
        "Book the item as found, or name another ground.", "Buchen Sie den Fund oder nennen Sie einen anderen Grund."
    ),
    about=INPUT,
)
OPEN_CHARGES: Final = Rule(
    "library.open_charges",
    Message(
        "What is owed is settled before it is forgotten who owes it.",
        "Offenes wird beglichen, bevor die Zuordnung verschwindet.",
    ),
    Message("Have the charge paid, waive it, or pay it back.", "Buchen Sie Zahlung, Erlass oder Erstattung."),
    about=INPUT,
)
