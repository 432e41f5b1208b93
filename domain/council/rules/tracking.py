"""Rules about the tracking of resolutions (Beschlusskontrolle)."""

from domain.council.rules.kinds import input_rule, record_rule
from domain.kernel import Message

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
        "A delay has a reason that the body can read.", "Eine Verzögerung hat einen Grund, den das Gremium lesen kann."
    ),
    Message("Give the reason.", "Geben Sie den Grund an."),
)
DUE_TOO_EARLY = input_rule(
    "due_too_early",
    Message("A due date lies ahead.", "Eine Frist liegt in der Zukunft."),
    Message("Choose a day that is still to come.", "Wählen Sie einen Tag, der noch kommt."),
)
