"""Rules about minutes (Niederschriften): drafted, signed by two people, then unalterable."""

from domain.council.rules.kinds import input_rule, record_rule
from domain.kernel import Message

MINUTES_SIGNED = record_rule(
    "minutes_signed",
    Message(
        "Signed minutes, and what they tell, are unalterable.", "Unterzeichnete Niederschriften sind unabänderlich."
    ),
    Message(
        "Note an objection in the next meeting, for its minutes.",
        "Halten Sie eine Einwendung in der nächsten Sitzung fest, für deren Niederschrift.",
    ),
)
ITEMS_OPEN = record_rule(
    "items_open",
    Message("Minutes tell what became of every item.", "Die Niederschrift sagt, was aus jedem Punkt wurde."),
    Message("Record the outcome of the items that have none.", "Stellen Sie die fehlenden Ergebnisse fest."),
)
MINUTES_NOT_DRAFTED = record_rule(
    "minutes_not_drafted",
    Message("What is signed was drafted.", "Unterzeichnet wird, was entworfen ist."),
    Message(
        "Draft the minutes, anew where something was recorded since.",
        "Entwerfen Sie die Niederschrift; erneut, wo seither etwas festgehalten wurde.",
    ),
)
TWO_SIGNATURES = record_rule(
    "two_signatures",
    Message(
        "Minutes are signed by two people: the chair and the secretary.",
        "Eine Niederschrift unterzeichnen zwei Personen: Vorsitz und Schriftführung.",
    ),
    Message(
        "Let somebody else sign, not deputising for who has signed.",
        "Lassen Sie jemand anderen unterzeichnen, nicht in Vertretung der Person, die unterzeichnet hat.",
    ),
)
SIGNED_IN_THIS_OFFICE = input_rule(
    "signed_in_this_office",
    Message(
        "Chair and secretary sign once each.",
        "Vorsitz und Schriftführung unterzeichnen je einmal.",
    ),
    Message("Sign in the other office.", "Unterzeichnen Sie im anderen Amt."),
)
OTHER_MINUTES = input_rule(
    "other_minutes",
    Message(
        "A signature binds to the hash of the draft that the signatory has read.",
        "Eine Unterschrift gilt der Prüfsumme des Entwurfs, der gelesen wurde.",
    ),
    Message(
        "Read the present draft and give its SHA-512.", "Lesen Sie den jetzigen Entwurf; nennen Sie dessen SHA-512."
    ),
)
FILE_OF_MINUTES = input_rule(
    "file_of_minutes",
    Message("The file of the minutes stays with its meeting.", "Die Datei der Niederschrift bleibt bei ihrer Sitzung."),
    Message(
        "Attach another file and draft the minutes with it.", "Fügen Sie eine neue Datei bei und entwerfen Sie neu."
    ),
)
MINUTES_NOT_SIGNED = input_rule(
    "minutes_not_signed",
    Message("An objection is to minutes that are signed.", "Eine Einwendung gilt unterzeichneten Niederschriften."),
    Message("Have the draft changed while it is one.", "Lassen Sie den Entwurf ändern, solange er einer ist."),
)
