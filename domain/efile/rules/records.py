"""Rules about the file plan, files and cases: opening, changing, closing, reopening."""

from __future__ import annotations

from domain.efile.rules.sources import RECORD_KEEPING, TRACEABILITY
from domain.kernel import Message, Rule

FILE_CLOSED = Rule(
    "efile.file_closed",
    Message("A closed file stays as it is.", "Eine zdA verfügte Akte bleibt, wie sie ist."),
    Message("Reopen the file first, on somebody's authority.", "Die Akte zuerst auf Anordnung wieder öffnen."),
    RECORD_KEEPING,
)
FILE_NOT_CLOSED = Rule(
    "efile.file_not_closed",
    Message("Only a closed file can be reopened.", "Nur eine zdA verfügte Akte kann wieder geöffnet werden."),
    Message("Nothing to do: the file is open.", "Nichts zu tun: Die Akte ist offen."),
)
FILE_HAS_OPEN_CASES = Rule(
    "efile.file_has_open_cases",
    Message("A file does not close before its cases.", "Eine Akte wird nicht vor ihren Vorgängen zdA verfügt."),
    Message("Close its open cases first.", "Zuerst ihre offenen Vorgänge zdA verfügen."),
    RECORD_KEEPING,
)
FILE_OF_CASE_CLOSED = Rule(
    "efile.file_of_case_closed",
    Message("A case is open only in an open file.", "Ein Vorgang ist nur in einer offenen Akte offen."),
    Message("Reopen the file first, or choose another.", "Zuerst die Akte wieder öffnen oder eine andere wählen."),
    RECORD_KEEPING,
)
FILE_UNKNOWN = Rule(
    "efile.file_unknown",
    Message("A case belongs to a file.", "Ein Vorgang gehört zu einer Akte."),
    Message("Name an existing file.", "Eine vorhandene Akte angeben."),
    RECORD_KEEPING,
    about="input",
)
FILE_REFERENCE_TAKEN = Rule(
    "efile.file_reference_taken",
    Message(
        "A file reference is assigned once and never again.", "Ein Aktenzeichen wird nur einmal vergeben, nie wieder."
    ),
    Message("Choose another reference.", "Ein anderes Aktenzeichen wählen."),
    RECORD_KEEPING,
    about="input",
)
CASE_REFERENCE_TAKEN = Rule(
    "efile.case_reference_taken",
    Message(
        "A case reference is assigned once and never again.",
        "Ein Geschäftszeichen wird nur einmal vergeben, nie wieder.",
    ),
    Message("Choose another reference.", "Ein anderes Geschäftszeichen wählen."),
    RECORD_KEEPING,
    about="input",
)
PLAN_CODE_TAKEN = Rule(
    "efile.plan_code_taken",
    Message("A code names one unit of the file plan.", "Ein Kennzeichen bezeichnet eine Einheit des Aktenplans."),
    Message("Choose another code.", "Ein anderes Kennzeichen wählen."),
    about="input",
)
PLAN_UNIT_UNKNOWN = Rule(
    "efile.plan_unit_unknown",
    Message(
        "Files and cases stand under a unit of the file plan.",
        "Akten und Vorgänge stehen unter einer Einheit des Aktenplans.",
    ),
    Message("Name an existing unit.", "Eine vorhandene Aktenplaneinheit angeben."),
    RECORD_KEEPING,
    about="input",
)
PLAN_UNIT_NOT_VALID = Rule(
    "efile.plan_unit_not_valid",
    Message(
        "Files and cases are opened only under a unit that is valid that day.",
        "Akten und Vorgänge werden nur unter einer Einheit angelegt, die an dem Tag gilt.",
    ),
    Message("Choose a valid unit, or another day.", "Eine gültige Einheit oder einen anderen Tag wählen."),
    about="input",
)
PLAN_UNIT_OF_OTHER_FILE = Rule(
    "efile.plan_unit_of_other_file",
    Message("A case stands under its file's plan unit.", "Ein Vorgang steht unter der Aktenplaneinheit seiner Akte."),
    Message("Name the unit of the file.", "Die Einheit der Akte angeben."),
    about="input",
)
PLAN_UNIT_ENDS_BEFORE_START = Rule(
    "efile.plan_unit_ends_before_start",
    Message("A plan unit is valid for at least one day.", "Eine Aktenplaneinheit gilt mindestens einen Tag."),
    Message("Give an end that is not before the start.", "Ein Ende angeben, das nicht vor dem Beginn liegt."),
    about="input",
)
PLAN_VERSION_ORDER = Rule(
    "efile.plan_version_order",
    Message(
        "A version of a plan unit begins after the one before, while the unit is valid.",
        "Eine Fassung einer Aktenplaneinheit beginnt nach der vorigen und solange die Einheit gilt.",
    ),
    Message("Give a first day after the last version's.", "Einen ersten Tag nach dem der letzten Fassung angeben."),
    about="input",
)
CASE_CLOSED = Rule(
    "efile.case_closed",
    Message("Nothing is filed into a closed case.", "In einen zdA verfügten Vorgang wird nichts mehr aufgenommen."),
    Message("Reopen the case first, on somebody's authority.", "Den Vorgang zuerst auf Anordnung wieder öffnen."),
    RECORD_KEEPING,
)
CASE_NOT_CLOSED = Rule(
    "efile.case_not_closed",
    Message("Only a closed case can be reopened.", "Nur ein zdA verfügter Vorgang kann wieder geöffnet werden."),
    Message("Nothing to do: the case is open.", "Nichts zu tun: Der Vorgang ist offen."),
)
CASE_HAS_OPEN_RESUBMISSIONS = Rule(
    "efile.case_has_open_resubmissions",
    Message(
        "A case does not close over open resubmissions.",
        "Ein Vorgang mit offenen Wiedervorlagen wird nicht zdA verfügt.",
    ),
    Message("See to them or cancel them.", "Die Wiedervorlagen erledigen oder aufheben."),
)
CASE_HAS_OPEN_STEPS = Rule(
    "efile.case_has_open_steps",
    Message("A case does not close over open steps.", "Ein Vorgang mit offenen Schritten wird nicht zdA verfügt."),
    Message("Complete or skip the open steps.", "Die offenen Schritte erledigen oder überspringen."),
)
REASON_MISSING = Rule(
    "efile.reason_missing",
    Message(
        "What changes or ends something that others rely on needs a reason.",
        "Was etwas ändert oder beendet, worauf sich andere verlassen, braucht einen Grund.",
    ),
    Message("State the reason.", "Den Grund angeben."),
    TRACEABILITY,
    about="input",
)
AUTHORITY_MISSING = Rule(
    "efile.authority_missing",
    Message(
        "Reopening and legal holds need an authority.",
        "Wieder geöffnet, gesperrt und entsperrt wird nur auf Anordnung.",
    ),
    Message(
        "Name the function, unit or court that ordered it.",
        "Die Funktion, die Stelle oder das Gericht nennen, von dem die Anordnung kommt.",
    ),
    about="input",
)
OUT_OF_ORDER = Rule(
    "efile.out_of_order",
    Message(
        "Nothing happens to a record before what it follows, nor, but for holds and classification, on days on which "
        "it was closed; it closes not before the last work on it, or its retention would end too soon. The file plan "
        "is changed for days to come.",
        "Nichts geschieht vor dem, worauf es folgt, und außer Sperren und Einstufen nichts an Tagen, an denen Akte "
        "oder Vorgang geschlossen war; zdA verfügt wird nicht vor der letzten Bearbeitung, sonst endete die "
        "Aufbewahrung zu früh. Der Aktenplan wird für künftige Tage geändert.",
    ),
    Message(
        "Give a later day, or one on which it was open.",
        "Einen späteren Tag angeben, oder einen, an dem sie oder er offen war.",
    ),
    about="input",
)
STAFF_ONLY = Rule(
    "efile.staff_only",
    Message(
        "Members of staff sign, skip steps, approve a destruction and destroy, each in their own name: of two citizens "
        "nobody could tell that they are two.",
        "Zeichnen, Schritte überspringen, eine Vernichtung freigeben und vernichten nur Beschäftigte, unter eigenem "
        "Namen: Von außen wäre nicht zu erkennen, ob es zwei Personen sind.",
    ),
    Message("Do it as a member of staff.", "Als Person aus der Verwaltung vornehmen."),
)
SOURCE_OF_IMPORT = Rule(
    "efile.source_of_import",
    Message(
        "Only an import says from which source something was taken over, and by which row.",
        "Aus welcher Quelle und Zeile etwas übernommen ist, sagt nur ein Import.",
    ),
    Message(
        "Leave out the source and its fields, or import what the source holds.",
        "Die Angaben zur Quelle weglassen, oder importieren, was die Quelle enthält.",
    ),
    TRACEABILITY,
    about="input",
)
NOTHING_CHANGED = Rule(
    "efile.nothing_changed",
    Message("A change changes something.", "Eine Änderung ändert etwas."),
    Message("Nothing to do: the value is the same.", "Nichts zu tun: Der Wert ist derselbe."),
    about="input",
)
