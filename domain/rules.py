"""Rules that hold for the commands of every family."""

from __future__ import annotations

from domain.kernel import Message, Rule

EFFECTIVE_IN_FUTURE = Rule(
    "ledger.effective_in_future",
    Message(
        "The ledger records what has happened, not what is planned.",
        "Das Stadtbuch verzeichnet, was geschehen ist, nicht was geplant ist.",
    ),
    Message(
        "Give a time of effect that is not in the future, or leave it out.",
        "Geben Sie einen Wirkungszeitpunkt an, der nicht in der Zukunft liegt, oder lassen Sie ihn weg.",
    ),
    about="input",
)
SUBJECT_FORGOTTEN = Rule(
    "ledger.subject_forgotten",
    Message(
        "Whoever was forgotten stays forgotten: the key of this subject was destroyed.",
        "Wer vergessen wurde, bleibt vergessen: Der Schlüssel dieser Person oder Sache wurde vernichtet.",
    ),
    Message("Open a new record.", "Legen Sie einen neuen Datensatz an."),
    source="Art. 17 GDPR (DSGVO)",
)
COMMAND_TOO_LARGE = Rule(
    "ledger.command_too_large",
    Message(
        "A command carries at most 1,000 facts and 256 KB, so that every reader can handle every event.",
        "Ein Auftrag umfasst höchstens 1.000 Ereignisse und 256 KB, damit jeder Leser jedes Ereignis verarbeiten kann.",
    ),
    Message("Split it into smaller commands.", "Teilen Sie ihn in kleinere Aufträge auf."),
    about="input",
)
RULES = (EFFECTIVE_IN_FUTURE, SUBJECT_FORGOTTEN, COMMAND_TOO_LARGE)
