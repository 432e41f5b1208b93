"""Rules about the tracking of resolutions (Beschlusskontrolle)."""

from typing import Final

from domain.council.rules.kinds import input_rule, record_rule
from domain.kernel import Message

OWN_RULE: Final = "own rule, after § 54 (2) GO NRW"

NOT_ASSIGNED = record_rule(
    "not_assigned",
    Message("Progress is reported by the unit in charge.", "Über den Sachstand berichtet die zuständige Einheit."),
    Message("Assign the implementation first.", "Weisen Sie die Umsetzung zuerst zu."),
)
IMPLEMENTED = record_rule(
    "implemented",
    Message("What is implemented is not open again.", "Was umgesetzt ist, ist nicht wieder offen."),
    Message("Give the final report.", "Berichten Sie die Erledigung."),
)
NOT_IMPLEMENTED = record_rule(
    "not_implemented",
    Message("The final report follows the implementation.", "Die Erledigung wird nach der Umsetzung berichtet."),
    Message("Complete the implementation first.", "Schließen Sie die Umsetzung zuerst ab."),
)
REPORTED_FINAL = record_rule(
    "reported_final",
    Message(
        "A finished resolution is reported once more and then never again.",
        "Ein erledigter Beschluss wird noch einmal berichtet und dann nicht mehr.",
    ),
    Message("Nothing to do.", "Nichts zu tun."),
)
DELAY_UNEXPLAINED = input_rule(
    "delay_unexplained",
    Message(
        "A delay, or a later due date, has a reason that the body can read.",
        "Eine Verzögerung oder spätere Frist hat einen Grund, den das Gremium lesen kann.",
    ),
    Message(
        "Report the delay with its reason; an assignment keeps the due date or sets an earlier one.",
        "Melden Sie die Verzögerung mit Grund; eine Zuweisung behält die Frist oder verkürzt sie.",
    ),
)
DUE_TOO_EARLY = input_rule(
    "due_too_early",
    Message("A due date lies ahead.", "Eine Frist liegt in der Zukunft."),
    Message("Choose a day that is still to come.", "Wählen Sie einen Tag, der noch kommt."),
)
NOT_OVERDUE = record_rule(
    "not_overdue",
    Message(
        "An implementation is overdue when its day has passed and it is not done.",
        "Eine Umsetzung ist überfällig, wenn ihre Frist verstrichen und sie nicht erledigt ist.",
    ),
    Message("Nothing to do.", "Nichts zu tun."),
)
RESOLUTION_UNKNOWN = input_rule(
    "resolution_unknown",
    Message(
        "A body is told of, and decides again on, the resolutions that it adopted.",
        "Einem Gremium wird über seine Beschlüsse berichtet, und über sie entscheidet es erneut.",
    ),
    Message("Leave out the others, or check the id.", "Lassen Sie die übrigen weg oder prüfen Sie die Kennung."),
)
SUSPENDED = record_rule(
    "suspended",
    Message(
        "An objection suspends the resolution until it is decided again.",
        "Eine Beanstandung schiebt den Beschluss auf, bis erneut entschieden ist.",
    ),
    Message("Have the body decide on the objection.", "Lassen Sie das Gremium über die Beanstandung entscheiden."),
    OWN_RULE,
)
NOT_SUSPENDED = record_rule(
    "not_suspended",
    Message("Only what was objected to is decided again.", "Nur Beanstandetes wird erneut entschieden."),
    Message("Nothing to do.", "Nichts zu tun."),
    OWN_RULE,
)
REPEALED = record_rule(
    "repealed",
    Message("A repealed resolution is not implemented.", "Ein aufgehobener Beschluss wird nicht umgesetzt."),
    Message("Give the final report.", "Berichten Sie die Erledigung."),
)
UPHELD = record_rule(
    "upheld",
    Message("The body decides once on an objection.", "Ein Gremium entscheidet einmal über eine Beanstandung."),
    Message(
        "Record the decision of the supervisory authority.", "Halten Sie die Entscheidung der Aufsichtsbehörde fest."
    ),
    OWN_RULE,
)
NOT_UPHELD = record_rule(
    "not_upheld",
    Message(
        "The supervisory authority decides where the body stays with its resolution.",
        "Die Aufsichtsbehörde entscheidet, wenn das Gremium bei seinem Beschluss verbleibt.",
    ),
    Message("Have the body decide first.", "Lassen Sie zuerst das Gremium entscheiden."),
    OWN_RULE,
)
OBJECTED_TOO_EARLY = input_rule(
    "objected_too_early",
    Message(
        "An objection follows the resolution, and the decision on an earlier objection.",
        "Eine Beanstandung folgt dem Beschluss und der Entscheidung über eine frühere Beanstandung.",
    ),
    Message(
        "Give the day of the objection: that of the decision or a later one.",
        "Geben Sie den Tag der Beanstandung an: den der Entscheidung oder einen späteren.",
    ),
)
ITEM_OF_ANOTHER_MATTER = input_rule(
    "item_of_another_matter",
    Message(
        "An objection is decided by an item that was put on the agenda for it.",
        "Über eine Beanstandung entscheidet ein Punkt, der für sie auf die Tagesordnung kam.",
    ),
    Message(
        "Add an item that decides the resolution again, and name that one.",
        "Nehmen Sie einen Punkt auf, der den Beschluss erneut entscheidet, und nennen Sie diesen.",
    ),
)
ITEM_DECIDES_NOTHING = input_rule(
    "item_decides_nothing",
    Message(
        "An objection is decided by an item that was adopted or rejected after it.",
        "Über eine Beanstandung entscheidet ein später angenommener oder abgelehnter Punkt.",
    ),
    Message("Name the meeting and the item.", "Nennen Sie Sitzung und Punkt."),
    OWN_RULE,
)
