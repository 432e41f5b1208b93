"""Rules about resubmissions (Wiedervorlagen)."""

from __future__ import annotations

from domain.kernel import Message, Rule

RESUBMISSION_IN_PAST = Rule(
    "efile.resubmission_in_past",
    Message(
        "A case is laid before somebody again on a day to come.", "Eine Wiedervorlage liegt nicht in der Vergangenheit."
    ),
    Message("Give today or a later day.", "Heute oder einen späteren Tag angeben."),
    about="input",
)
NO_RESUBMISSION = Rule(
    "efile.no_resubmission",
    Message("Only an open resubmission can be seen to.", "Nur eine offene Wiedervorlage kann erledigt werden."),
    Message("Schedule one first.", "Zuerst eine Wiedervorlage verfügen."),
)
RESUBMISSION_UNKNOWN = Rule(
    "efile.resubmission_unknown",
    Message("A resubmission is named by its number.", "Eine Wiedervorlage wird mit ihrer Nummer genannt."),
    Message("Name a resubmission of this case.", "Eine Wiedervorlage dieses Vorgangs angeben."),
    about="input",
)
RESUBMISSION_SETTLED = Rule(
    "efile.resubmission_settled",
    Message("What was seen to or cancelled stays so.", "Was erledigt oder aufgehoben ist, bleibt es."),
    Message("Schedule another one.", "Eine neue Wiedervorlage verfügen."),
    about="input",
)
RESUBMISSION_NOT_OVERDUE = Rule(
    "efile.resubmission_not_overdue",
    Message(
        "A resubmission is overdue once, when its day has passed.",
        "Eine Wiedervorlage wird einmal überfällig, wenn ihr Tag vorbei ist.",
    ),
    Message("Wait until its day has passed.", "Warten, bis ihr Tag vorbei ist."),
    about="input",
)
