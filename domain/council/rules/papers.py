"""Rules about papers (Vorlagen), their consultations and files."""

from domain.council.rules.kinds import input_rule, record_rule
from domain.kernel import Message

PAPER_REFERENCE_TAKEN = input_rule(
    "paper_reference_taken",
    Message("A paper's reference is unique and never used again.", "Eine Drucksachennummer wird nur einmal vergeben."),
    Message("Choose the next free reference.", "Wählen Sie die nächste freie Nummer."),
)
REFERENCE_FIXED = input_rule(
    "reference_fixed",
    Message("A paper keeps the reference it was given.", "Eine Vorlage behält ihre Drucksachennummer."),
    Message("Restore the reference in the source.", "Stellen Sie die Nummer in der Quelle wieder her."),
)
PAPER_NOT_DRAFT = record_rule(
    "paper_not_draft",
    Message("A paper is released once, out of its draft.", "Eine Vorlage wird einmal freigegeben, aus dem Entwurf."),
    Message("Nothing to do: it is released.", "Nichts zu tun: Sie ist freigegeben."),
)
RELEASED_TOO_EARLY = input_rule(
    "released_too_early",
    Message("A paper is released on its date at the earliest.", "Eine Vorlage wird frühestens unter ihrem Datum frei."),
    Message("Release it on that day, or correct its date.", "Geben Sie sie dann frei oder berichtigen Sie das Datum."),
)
PAPER_NOT_CO_SIGNED = record_rule(
    "paper_not_co_signed",
    Message("A paper is released after somebody else has agreed.", "Eine Vorlage wird nach Mitzeichnung freigegeben."),
    Message("Have it co-signed first.", "Lassen Sie sie zuerst mitzeichnen."),
)
OWN_PAPER = record_rule(
    "own_paper",
    Message(
        "Nobody co-signs what they drafted or changed, nor deputises to.",
        "Niemand zeichnet mit, was er entworfen oder geändert hat, auch nicht in Vertretung.",
    ),
    Message(
        "Have somebody co-sign who wrote nothing of it and deputises for nobody who did.",
        "Lassen Sie jemanden mitzeichnen, der nichts daran geschrieben hat und niemanden vertritt, der es tat.",
    ),
)
OTHER_UNIT = input_rule(
    "other_unit",
    Message("A unit co-signs through its own people.", "Eine Stelle zeichnet durch ihre eigenen Leute mit."),
    Message(
        "Sign for your own unit, or have somebody of the other one sign.",
        "Zeichnen Sie für Ihre Stelle, oder lassen Sie jemanden der anderen zeichnen.",
    ),
)
UNIT_CO_SIGNED = input_rule(
    "unit_co_signed",
    Message("Each unit co-signs once.", "Jede Stelle zeichnet einmal mit."),
    Message("Nothing to do.", "Nichts zu tun."),
)
PAPER_SETTLED = record_rule(
    "paper_settled",
    Message(
        "A decided or withdrawn paper stays as the body saw it.",
        "Eine beschlossene oder zurückgezogene Vorlage bleibt, wie das Gremium sie kannte.",
    ),
    Message(
        "Correct a mistake, or draft a new paper.", "Berichtigen Sie einen Fehler oder legen Sie eine neue Vorlage an."
    ),
)
PAPER_IS_DRAFT = record_rule(
    "paper_is_draft",
    Message("A draft is not published.", "Ein Entwurf wird nicht veröffentlicht."),
    Message("Release the paper first.", "Geben Sie die Vorlage zuerst frei."),
)
PAPER_NOT_PUBLIC = record_rule(
    "paper_not_public",
    Message("What is non-public does not reach the public.", "Nichtöffentliches gelangt nicht an die Öffentlichkeit."),
    Message("Amend the paper to be public, if it may be.", "Ändern Sie die Vorlage auf öffentlich, falls zulässig."),
)
DEPUBLISH_FIRST = input_rule(
    "depublish_first",
    Message("What is published is public.", "Was veröffentlicht ist, ist öffentlich."),
    Message("Depublish the paper first.", "Depublizieren Sie die Vorlage zuerst."),
)
PAPER_IN_PUBLIC = input_rule(
    "paper_in_public",
    Message(
        "A paper stays public while it is to be consulted in public.",
        "Eine Vorlage bleibt öffentlich, solange sie öffentlich beraten werden soll.",
    ),
    Message(
        "Exclude the public from the agenda item first, or remove the item.",
        "Schließen Sie zuerst die Öffentlichkeit von dem Punkt aus oder setzen Sie ihn ab.",
    ),
)
PAPER_UNKNOWN = input_rule(
    "paper_unknown",
    Message("The paper must exist.", "Die Vorlage muss vorhanden sein."),
    Message("Draft it first, or check its id.", "Legen Sie sie zuerst an oder prüfen Sie die Kennung."),
)
ALREADY_PLANNED = input_rule(
    "already_planned",
    Message("A body consults on a paper once at a time.", "Ein Gremium berät eine Vorlage nicht doppelt zugleich."),
    Message("Use the consultation that is planned.", "Verwenden Sie die vorgesehene Beratung."),
)
ONE_AUTHORITATIVE = input_rule(
    "one_authoritative",
    Message("One body decides on a paper.", "Über eine Vorlage entscheidet ein Gremium."),
    Message(
        "Plan the others without authority, or cancel the first.",
        "Sehen Sie die übrigen beratend vor oder streichen Sie die erste.",
    ),
)
CONSULTATION_UNKNOWN = input_rule(
    "consultation_unknown",
    Message("The consultation must be planned for this paper.", "Die Beratung muss für diese Vorlage vorgesehen sein."),
    Message("Check its id.", "Prüfen Sie die Kennung."),
)
CONSULTATION_BEGUN = input_rule(
    "consultation_begun",
    Message(
        "A consultation on an agenda, or over, is not cancelled.",
        "Eine Beratung auf einer Tagesordnung oder danach wird nicht gestrichen.",
    ),
    Message("Remove the agenda item first.", "Setzen Sie zuerst den Tagesordnungspunkt ab."),
)
FILE_UNKNOWN = input_rule(
    "file_unknown",
    Message("The file must be attached to this record.", "Die Datei muss an diesem Datensatz liegen."),
    Message("Check its id.", "Prüfen Sie die Kennung."),
)
EARLIER_BODIES_FIRST = input_rule(
    "earlier_bodies_first",
    Message(
        "Bodies decide in the order in which the paper comes to them.",
        "Gremien entscheiden in der Reihenfolge der Beratungsfolge.",
    ),
    Message(
        "Wait for the bodies before, cancel their consultations, or postpone the item.",
        "Warten Sie die vorigen Gremien ab, streichen Sie deren Beratung oder vertagen Sie den Punkt.",
    ),
)
FILE_MORE_PUBLIC = input_rule(
    "file_more_public",
    Message(
        "A file is no more public than the paper or item it belongs to.",
        "Eine Datei ist nicht öffentlicher als die Vorlage oder der Punkt, zu dem sie gehört.",
    ),
    Message("Attach it as non-public.", "Fügen Sie sie nichtöffentlich bei."),
)
