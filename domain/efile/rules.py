"""The rules of the e-file family: what each protects, what to do next, and where the law asks for it."""

from __future__ import annotations

from typing import Final

from domain.efile.facts import CASE_REFERENCE_CLAIM, FILE_REFERENCE_CLAIM, PLAN_CODE_CLAIM
from domain.kernel import Message, Rule, rules_in

RECORD_KEEPING: Final = "§ 9 EGovG NRW"
"""Proper record-keeping (ordnungsgemäße Aktenführung) must be technically assured."""
TRACEABILITY: Final = "GoBD Rz. 58, 107"
"""Original content stays determinable, later changes recognisable."""

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
CASE_HAS_OPEN_STEPS = Rule(
    "efile.case_has_open_steps",
    Message("A case does not close over open steps.", "Ein Vorgang mit offenen Schritten wird nicht zdA verfügt."),
    Message("Complete or skip the open steps.", "Die offenen Schritte erledigen oder überspringen."),
    RECORD_KEEPING,
)
REASON_MISSING = Rule(
    "efile.reason_missing",
    Message(
        "Closing, reopening, handing over, correcting and skipping need a reason.",
        "zdA-Verfügung, Wiedereröffnung, Abgabe, Berichtigung und Überspringen brauchen einen Grund.",
    ),
    Message("State the reason.", "Den Grund angeben."),
    TRACEABILITY,
    about="input",
)
AUTHORITY_MISSING = Rule(
    "efile.authority_missing",
    Message("Reopening needs an authority.", "Wieder geöffnet wird nur auf Anordnung."),
    Message("Name the function or unit that ordered it.", "Die Funktion oder Stelle nennen, die es angeordnet hat."),
    RECORD_KEEPING,
    about="input",
)
OUT_OF_ORDER = Rule(
    "efile.out_of_order",
    Message(
        "A record closes not before it was opened, and reopens not before it was closed.",
        "Nichts wird vor der Anlage zdA verfügt und nichts vor der zdA-Verfügung wieder geöffnet.",
    ),
    Message("Give a later day.", "Einen späteren Tag angeben."),
    TRACEABILITY,
    about="input",
)
NOTHING_CHANGED = Rule(
    "efile.nothing_changed",
    Message("A change changes something.", "Eine Änderung ändert etwas."),
    Message("Nothing to do: the value is the same.", "Nichts zu tun: Der Wert ist derselbe."),
    about="input",
)
DOCUMENT_UNKNOWN = Rule(
    "efile.document_unknown",
    Message("A document sits in one case.", "Ein Dokument liegt in genau einem Vorgang."),
    Message("Name a document of this case.", "Ein Dokument dieses Vorgangs angeben."),
    RECORD_KEEPING,
    about="input",
)
SAME_VERSION = Rule(
    "efile.same_version",
    Message("A new version differs from the last.", "Eine neue Fassung weicht von der letzten ab."),
    Message("Nothing to do: the content is the same.", "Nichts zu tun: Der Inhalt ist derselbe."),
    about="input",
)
CIRCULATION_RUNNING = Rule(
    "efile.circulation_running",
    Message("A case is on one round at a time.", "Ein Vorgang ist immer nur in einem Geschäftsgang."),
    Message("Finish the running circulation, or add a step.", "Den Geschäftsgang beenden oder einen Schritt ergänzen."),
)
NO_CIRCULATION = Rule(
    "efile.no_circulation",
    Message("Steps belong to a circulation.", "Schritte gehören zu einem Geschäftsgang."),
    Message("Start a circulation first.", "Zuerst einen Geschäftsgang starten."),
)
STEP_ORDER = Rule(
    "efile.step_order",
    Message(
        "Each step has its own number, and none comes before a step that is finished.",
        "Jeder Schritt hat seine eigene Nummer, und keiner liegt vor einem beendeten Schritt.",
    ),
    Message("Number the steps 1, 2, 3 … in their order.", "Die Schritte 1, 2, 3 … in ihrer Folge nummerieren."),
    about="input",
)
FINAL_SIGNATURE_LAST = Rule(
    "efile.final_signature_last",
    Message(
        "There is one final signature, after all co-signatures.",
        "Es gibt eine Schlusszeichnung, und sie folgt auf alle Mitzeichnungen.",
    ),
    Message(
        "Put the final signature after the co-signatures.", "Die Schlusszeichnung hinter die Mitzeichnungen setzen."
    ),
    about="input",
)
NOTHING_TO_SIGN = Rule(
    "efile.nothing_to_sign",
    Message("A signature is for a document.", "Gezeichnet wird ein Dokument."),
    Message("Name the document that circulates.", "Das Dokument angeben, das umläuft."),
    about="input",
)
STEP_UNKNOWN = Rule(
    "efile.step_unknown",
    Message("Only steps that exist are taken.", "Nur vorhandene Schritte werden erledigt."),
    Message("Name a step of the running circulation.", "Einen Schritt des laufenden Geschäftsgangs angeben."),
    about="input",
)
STEP_FINISHED = Rule(
    "efile.step_finished",
    Message("A finished step stays finished.", "Ein beendeter Schritt bleibt beendet."),
    Message("Take the current step.", "Den aktuellen Schritt erledigen."),
    RECORD_KEEPING,
    about="input",
)
STEP_NOT_CURRENT = Rule(
    "efile.step_not_current",
    Message("Steps are taken in their order.", "Schritte werden in ihrer Folge erledigt."),
    Message("Take or skip the current step first.", "Zuerst den aktuellen Schritt erledigen oder überspringen."),
    about="input",
)
CO_SIGNATURES_OPEN = Rule(
    "efile.co_signatures_open",
    Message(
        "The final signature comes after all co-signatures.",
        "Die Schlusszeichnung folgt auf alle Mitzeichnungen.",
    ),
    Message(
        "Obtain the co-signatures, add a new version, or overrule the objection by skipping the step.",
        "Die Mitzeichnungen einholen, eine neue Fassung anlegen oder die Verweigerung durch Überspringen überstimmen.",
    ),
    RECORD_KEEPING,
    about="input",
)
FOUR_EYES = Rule(
    "efile.four_eyes",
    Message(
        "Who drafted a document does not finally sign it (four eyes).",
        "Wer ein Dokument entworfen hat, zeichnet es nicht schluss (Vier-Augen-Prinzip).",
    ),
    Message("Have somebody else sign.", "Eine andere Person zeichnen lassen."),
    about="input",
)
VERSION_OUTDATED = Rule(
    "efile.version_outdated",
    Message("A signature is bound to the latest version.", "Eine Zeichnung gilt der neuesten Fassung."),
    Message("Read the latest version and sign its hash.", "Die neueste Fassung lesen und deren Hash zeichnen."),
    TRACEABILITY,
    about="input",
)
OUTCOME_NOT_OF_KIND = Rule(
    "efile.outcome_not_of_kind",
    Message(
        "Signing steps are signed or objected to, others are done.",
        "Zeichnungsschritte werden gezeichnet oder verweigert, andere erledigt.",
    ),
    Message("Choose an outcome of this kind of step.", "Ein Ergebnis wählen, das zur Art des Schritts passt."),
    about="input",
)
NO_ENTRY = Rule(
    "efile.no_entry",
    Message(
        "Only a step that was documented can be corrected.", "Nur ein nacherfasster Schritt kann berichtigt werden."
    ),
    Message("Document the step first.", "Den Schritt zuerst nacherfassen."),
)
ENTRY_UNKNOWN = Rule(
    "efile.entry_unknown",
    Message("A correction is of a documented step.", "Berichtigt wird ein nacherfasster Schritt."),
    Message("Name the number of a documented step.", "Die Nummer eines nacherfassten Schritts angeben."),
    about="input",
)

RULES: Final = rules_in(globals())

CLAIM_RULES: Final = {
    PLAN_CODE_CLAIM: PLAN_CODE_TAKEN,
    FILE_REFERENCE_CLAIM: FILE_REFERENCE_TAKEN,
    CASE_REFERENCE_CLAIM: CASE_REFERENCE_TAKEN,
}
