"""Rules about legal holds, the end of retention, the offer to the archive, and destruction."""

from __future__ import annotations

from domain.efile.rules.sources import OFFER_TO_ARCHIVE, RECORD_KEEPING
from domain.kernel import Message, Rule

NOT_HELD = Rule(
    "efile.not_held",
    Message("Only a legal hold that stands can be released.", "Nur eine bestehende Sperre kann aufgehoben werden."),
    Message("Nothing to do: there is no hold.", "Nichts zu tun: Es besteht keine Sperre."),
)
HOLD_UNKNOWN = Rule(
    "efile.hold_unknown",
    Message("A legal hold is named by its number.", "Eine Sperre wird mit ihrer Nummer genannt."),
    Message("Name a hold that stands.", "Eine bestehende Sperre angeben."),
    about="input",
)
DESTROYED = Rule(
    "efile.destroyed",
    Message(
        "What was destroyed is neither held, nor classified, nor destroyed again.",
        "Was vernichtet ist, wird nicht gesperrt, nicht eingestuft und nicht noch einmal vernichtet.",
    ),
    Message("Nothing to do: its history stays as it is.", "Nichts zu tun: Seine Geschichte bleibt, wie sie ist."),
)
IN_DISPOSAL = Rule(
    "efile.in_disposal",
    Message(
        "What has reached the end of its retention, or was offered to the archive, is not reopened.",
        "Was am Ende seiner Aufbewahrung ist oder dem Archiv angeboten wurde, wird nicht wieder geöffnet.",
    ),
    Message(
        "Open a new case, or place a legal hold to keep this one.",
        "Einen neuen Vorgang anlegen, oder diesen durch eine Sperre erhalten.",
    ),
)
RETENTION_NOT_RUNNING = Rule(
    "efile.retention_not_running",
    Message(
        "Retention ends once, and only of what is closed.",
        "Eine Aufbewahrung endet einmal, und nur nach der zdA-Verfügung.",
    ),
    Message("Nothing to do.", "Nichts zu tun."),
)
RETENTION_NOT_EXPIRED = Rule(
    "efile.retention_not_expired",
    Message("What has to be kept is kept until its retention ends.", "Aufbewahrt wird bis zum Ende der Frist."),
    Message("Wait until the day after.", "Den Tag danach abwarten."),
    RECORD_KEEPING,
)
OFFER_NOT_DUE = Rule(
    "efile.offer_not_due",
    Message(
        "An offer falls due once, on its day, and only while the archive was not offered the record.",
        "Eine Anbietung wird einmal fällig, an ihrem Tag, und nur, solange nicht angeboten ist.",
    ),
    Message("Wait for the day, or do nothing.", "Den Tag abwarten oder nichts tun."),
    OFFER_TO_ARCHIVE,
)
NOT_TO_BE_OFFERED = Rule(
    "efile.not_to_be_offered",
    Message(
        "The archive is offered, once, what has reached the end of its retention or whose offer is due.",
        "Angeboten wird, einmal, was am Ende seiner Aufbewahrung ist oder dessen Anbietung fällig ist.",
    ),
    Message("Wait until the end of retention is recorded.", "Abwarten, bis das Ende der Aufbewahrung verzeichnet ist."),
    OFFER_TO_ARCHIVE,
)
NOT_OFFERED = Rule(
    "efile.not_offered",
    Message(
        "Nothing is appraised or destroyed that the archive was not offered.",
        "Nichts wird bewertet oder vernichtet, was dem Archiv nicht angeboten wurde.",
    ),
    Message("Offer it to the archive first.", "Es zuerst dem Archiv anbieten."),
    OFFER_TO_ARCHIVE,
)
ALREADY_APPRAISED = Rule(
    "efile.already_appraised",
    Message("An offer is appraised once.", "Eine Anbietung wird einmal bewertet."),
    Message("Nothing to do: the decision stands.", "Nichts zu tun: Die Entscheidung steht."),
)
NOT_APPRAISED = Rule(
    "efile.not_appraised",
    Message(
        "Nothing is destroyed before the archive has decided.",
        "Vor der Entscheidung des Archivs wird nichts vernichtet.",
    ),
    Message("Wait for the archive's appraisal.", "Die Bewertung des Archivs abwarten."),
)
OTHER_PROCESS = Rule(
    "efile.other_process",
    Message(
        "What the archive answers belongs to the disposal it was offered in.",
        "Eine Antwort des Archivs gehört zu der Aussonderung, in der angeboten wurde.",
    ),
    Message("Name the process of the offer.", "Den Prozess der Anbietung angeben."),
    about="input",
)
APPRAISAL_DEVIATES = Rule(
    "efile.appraisal_deviates",
    Message(
        "An appraisal that deviates from the file plan has a reason.",
        "Eine Bewertung, die vom Aktenplan abweicht, wird begründet.",
    ),
    Message("State the archive's reason.", "Den Grund des Archivs angeben."),
    about="input",
)
NOTHING_TO_TRANSFER = Rule(
    "efile.nothing_to_transfer",
    Message(
        "Handed over is what the archive wants, and once.", "Abgegeben wird, was das Archiv übernimmt, und einmal."
    ),
    Message("Wait for the archive's decision or its answer.", "Entscheidung oder Antwort des Archivs abwarten."),
)
NO_TRANSFER = Rule(
    "efile.no_transfer",
    Message("The archive answers to what was handed over.", "Das Archiv antwortet auf eine Abgabe."),
    Message("Hand it over first.", "Es zuerst abgeben."),
)
IMPORT_NOT_CONFIRMED = Rule(
    "efile.import_not_confirmed",
    Message(
        "What the archive wants is destroyed at the office only when the archive has confirmed to hold it.",
        "Was das Archiv übernimmt, wird erst nach der Bestätigung der Übernahme vernichtet.",
    ),
    Message("Wait for the archive's confirmation.", "Die Bestätigung des Archivs abwarten."),
)
UNDER_HOLD = Rule(
    "efile.under_hold",
    Message("Nothing under a legal hold is destroyed.", "Was gesperrt ist, wird nicht vernichtet."),
    Message("Have the hold released first, also the file's.", "Zuerst die Sperre aufheben lassen, auch die der Akte."),
)
FILE_HAS_CASES = Rule(
    "efile.file_has_cases",
    Message("A file is not destroyed before its cases.", "Eine Akte wird nicht vor ihren Vorgängen vernichtet."),
    Message("See its cases through their disposal first.", "Zuerst ihre Vorgänge aussondern."),
)
ALREADY_APPROVED = Rule(
    "efile.already_approved",
    Message(
        "A destruction is approved by one, and done by another.",
        "Eine Vernichtung gibt eine Person frei, eine andere vollzieht sie.",
    ),
    Message("Have somebody else destroy it.", "Eine andere Person vernichten lassen."),
)
DESTRUCTION_NOT_APPROVED = Rule(
    "efile.destruction_not_approved",
    Message("Destruction is approved before it is done.", "Vor der Vernichtung steht die Freigabe."),
    Message("Have somebody else approve it first.", "Zuerst eine andere Person freigeben lassen."),
)
TWO_PEOPLE_DESTROY = Rule(
    "efile.two_people_destroy",
    Message(
        "Two people destroy: who approved, or for whom it was approved, does not also destroy.",
        "Vernichtet wird zu zweit: Wer freigegeben hat oder freigeben ließ, vernichtet nicht auch.",
    ),
    Message("Have somebody else destroy it.", "Eine andere Person vernichten lassen."),
    about="input",
)
