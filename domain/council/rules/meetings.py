"""Rules about meetings (Sitzungen) and their agendas."""

from typing import Final

from domain.council.rules.kinds import input_rule, record_rule
from domain.kernel import Message

NOTICE_DAYS: Final = 7
"""Days between invitation and meeting (Ladungsfrist), as municipal rules of procedure (Geschäftsordnungen) set it."""

MEETING_NUMBER_TAKEN = input_rule(
    "meeting_number_taken",
    Message("A meeting's number is unique and never used again.", "Eine Sitzungsnummer wird nur einmal vergeben."),
    Message("Choose the next free number.", "Wählen Sie die nächste freie Nummer."),
)
MEETING_SLOT_TAKEN = input_rule(
    "meeting_slot_taken",
    Message("A body does not meet twice at one time.", "Ein Gremium tagt nicht zweimal zur selben Zeit."),
    Message(
        "Choose another time, or cancel the other meeting.",
        "Wählen Sie eine andere Zeit oder sagen Sie die andere Sitzung ab.",
    ),
)
MEETING_IN_PAST = input_rule(
    "meeting_in_past",
    Message("A meeting is planned and announced ahead.", "Eine Sitzung wird im Voraus geplant und einberufen."),
    Message("Choose a day that is still to come.", "Wählen Sie einen Tag, der noch kommt."),
)
MEETING_CANCELLED = record_rule(
    "meeting_cancelled",
    Message("A cancelled meeting stays cancelled.", "Eine abgesagte Sitzung bleibt abgesagt."),
    Message("Schedule a new meeting.", "Legen Sie eine neue Sitzung an."),
)
MEETING_OVER = record_rule(
    "meeting_over",
    Message("What was held cannot be planned otherwise.", "Was stattgefunden hat, lässt sich nicht anders planen."),
    Message(
        "Correct a mistake, or schedule a new meeting.",
        "Berichtigen Sie einen Fehler oder legen Sie eine neue Sitzung an.",
    ),
)
ALREADY_INVITED = record_rule(
    "already_invited",
    Message("Members are invited once to a meeting.", "Zu einer Sitzung wird einmal eingeladen."),
    Message("Reschedule the meeting to invite again.", "Verlegen Sie die Sitzung, um erneut einzuladen."),
)
AGENDA_EMPTY = record_rule(
    "agenda_empty",
    Message("An invitation names the agenda.", "Eine Einladung nennt die Tagesordnung."),
    Message("Add the items first.", "Nehmen Sie zuerst die Punkte auf."),
)
NOTICE_TOO_SHORT = input_rule(
    "notice_too_short",
    Message(
        f"Members have at least {NOTICE_DAYS} days to prepare.",
        f"Mitglieder haben mindestens {NOTICE_DAYS} Tage zur Vorbereitung.",
    ),
    Message(
        "Give the reason for the urgency, or reschedule.",
        "Begründen Sie die Dringlichkeit oder verlegen Sie die Sitzung.",
    ),
)
MEETING_NOT_INVITED = record_rule(
    "meeting_not_invited",
    Message(
        "A meeting is held after its members were invited.",
        "Eine Sitzung findet nach Einladung ihrer Mitglieder statt.",
    ),
    Message("Invite first.", "Laden Sie zuerst ein."),
)
MEETING_NOT_YET = record_rule(
    "meeting_not_yet",
    Message("A meeting is held on its day.", "Eine Sitzung findet an ihrem Tag statt."),
    Message("Wait for the day, or reschedule.", "Warten Sie den Tag ab oder verlegen Sie die Sitzung."),
)
MEETING_NOT_HELD = record_rule(
    "meeting_not_held",
    Message(
        "Attendance, votes and results belong to a meeting that is held.",
        "Anwesenheit, Abstimmung und Ergebnis gehören zu einer eröffneten Sitzung.",
    ),
    Message("Hold the meeting first.", "Eröffnen Sie zuerst die Sitzung."),
)
MEETING_UNKNOWN = input_rule(
    "meeting_unknown",
    Message(
        "A report, an objection or a new decision refers to a meeting of that body that was held.",
        "Bericht, Einwendung oder neuer Beschluss beziehen sich auf eine durchgeführte Sitzung des Gremiums.",
    ),
    Message("Name that meeting.", "Nennen Sie diese Sitzung."),
)
URGENCY_MISSING = input_rule(
    "urgency_missing",
    Message(
        "An agenda that was sent out grows only by what cannot wait.",
        "Eine versandte Tagesordnung wächst nur um Unaufschiebbares.",
    ),
    Message(
        "Give the urgency, or choose a later meeting.",
        "Begründen Sie die Dringlichkeit oder wählen Sie eine spätere Sitzung.",
    ),
)
ITEM_UNKNOWN = input_rule(
    "item_unknown",
    Message("The item must stand on this agenda.", "Der Punkt muss auf dieser Tagesordnung stehen."),
    Message("Check its id.", "Prüfen Sie die Kennung."),
)
ITEM_NUMBER_TAKEN = input_rule(
    "item_number_taken",
    Message("An agenda has each number once.", "Jede Nummer steht einmal auf der Tagesordnung."),
    Message("Choose a free number.", "Wählen Sie eine freie Nummer."),
)
ITEM_DECIDED = input_rule(
    "item_decided",
    Message(
        "An item whose outcome is recorded stays as it is.", "Ein Punkt mit festgestelltem Ergebnis bleibt, wie er ist."
    ),
    Message("Put the matter on a later agenda.", "Setzen Sie die Sache auf eine spätere Tagesordnung."),
)
ITEM_NOT_PUBLIC = input_rule(
    "item_not_public",
    Message("The public is excluded from this item.", "Bei diesem Punkt ist die Öffentlichkeit ausgeschlossen."),
    Message("Nothing to do.", "Nichts zu tun."),
)
PAPER_NOT_FOR_BODY = input_rule(
    "paper_not_for_body",
    Message(
        "A body consults on released papers that are planned for it and stand on no agenda.",
        "Ein Gremium berät freigegebene Vorlagen, die bei ihm vorgesehen sind und auf keiner Tagesordnung stehen.",
    ),
    Message(
        "Release the paper and plan a consultation.", "Geben Sie die Vorlage frei und sehen Sie eine Beratung vor."
    ),
)
PAPER_OF_ITEM_NOT_PUBLIC = input_rule(
    "paper_of_item_not_public",
    Message(
        "A non-public paper is not consulted in public.", "Eine nichtöffentliche Vorlage wird nicht öffentlich beraten."
    ),
    Message("Make the item non-public.", "Führen Sie den Punkt nichtöffentlich."),
)
INVITATION_NOT_LATE = record_rule(
    "invitation_not_late",
    Message(
        "An invitation is late when the last day to send it has passed without one.",
        "Eine Einladung ist verspätet, wenn der letzte Tag für sie ohne sie verstrichen ist.",
    ),
    Message("Nothing to do.", "Nichts zu tun."),
)
