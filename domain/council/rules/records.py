"""Rules about every council record, and about bodies (Gremien)."""

from domain.council.rules.kinds import input_rule, record_rule
from domain.kernel import Message

RECORD_EXISTS = record_rule(
    "record_exists",
    Message("A record begins once.", "Ein Datensatz beginnt nur einmal."),
    Message("Choose a new record.", "Legen Sie einen neuen Datensatz an."),
)
RECORD_MISSING = record_rule(
    "record_missing",
    Message("There is no such record of this kind.", "Einen solchen Datensatz dieser Art gibt es nicht."),
    Message("Check the id.", "Prüfen Sie die Kennung."),
)
LED_IN_SOURCE = record_rule(
    "led_in_source",
    Message(
        "An imported record is led in its source system; two places that change it would drift apart.",
        "Ein übernommener Datensatz wird im Quellsystem geführt; an zwei Stellen geändert liefe er auseinander.",
    ),
    Message("Change it there and import it again.", "Ändern Sie ihn dort und übernehmen Sie ihn erneut."),
)
LED_HERE = record_rule(
    "led_here",
    Message(
        "A record that is led here is not overwritten by an import.",
        "Hier geführte Datensätze überschreibt keine Übernahme.",
    ),
    Message("Leave the object out of the import.", "Lassen Sie das Objekt bei der Übernahme weg."),
)
IMPORT_ONLY = record_rule(
    "import_only",
    Message(
        "What was decided elsewhere is taken over by an import alone; here it would pass by the rules.",
        "Anderswo Entschiedenes übernimmt nur der Import; von Hand ginge es an den Regeln vorbei.",
    ),
    Message(
        "Run `stadtbuch import oparl`, or use the commands for records that are led here.",
        "Führen Sie `stadtbuch import oparl` aus oder nutzen Sie die Befehle für hier Geführtes.",
    ),
)
STAFF_ONLY = record_rule(
    "staff_only",
    Message(
        "A member of staff co-signs, objects and signs minutes, in their own name.",
        "Mitzeichnung, Beanstandung und Unterzeichnung nimmt eine Person aus der Verwaltung vor, unter eigenem Namen.",
    ),
    Message("Do it as a member of staff.", "Nehmen Sie es als Person aus der Verwaltung vor."),
)
SOURCE_TAKEN = input_rule(
    "source_taken",
    Message("An object of a source is one record here.", "Ein Objekt einer Quelle ist hier ein Datensatz."),
    Message("Import it into the record that has it.", "Übernehmen Sie es in den Datensatz, der es schon enthält."),
)
NOTHING_CHANGED = input_rule(
    "nothing_changed",
    Message("A change changes something.", "Eine Änderung ändert etwas."),
    Message("Give a new value.", "Geben Sie einen neuen Wert an."),
)
OUT_OF_ORDER = input_rule(
    "out_of_order",
    Message(
        "Nothing comes before what it follows: no work on a paper or a resolution before what is known of it, nothing "
        "in a meeting before its day or of what came after it, and no end of a membership before its beginning.",
        "Nichts liegt vor dem, worauf es folgt: keine Arbeit an Vorlage oder Beschluss vor dem, was davon bekannt "
        "ist, nichts in einer Sitzung vor deren Tag oder über Späteres, kein Ende einer Mitgliedschaft vor dem Beginn.",
    ),
    Message(
        "Give the day that is named as `since`, or a later one; where a meeting was before it, remove the item and "
        "put the matter on the agenda of a meeting from then on.",
        "Geben Sie den als `since` genannten Tag oder einen späteren an; lag eine Sitzung davor, setzen Sie den Punkt "
        "ab und nehmen Sie die Sache in die Tagesordnung einer Sitzung ab dann auf.",
    ),
)
ALREADY_RECORDED = record_rule(
    "already_recorded",
    Message("What falls due is recorded once.", "Was fällig wird, wird einmal aufgezeichnet."),
    Message("Nothing to do.", "Nichts zu tun."),
)
ALREADY_PUBLISHED = record_rule(
    "already_published",
    Message("The record is published.", "Der Datensatz ist veröffentlicht."),
    Message("Nothing to do.", "Nichts zu tun."),
)
NOT_PUBLISHED = record_rule(
    "not_published",
    Message("Only what is published can be depublished.", "Nur Veröffentlichtes kann depubliziert werden."),
    Message("Nothing to do.", "Nichts zu tun."),
)

BODY_CODE_TAKEN = input_rule(
    "body_code_taken",
    Message("A body's code is unique.", "Das Kürzel eines Gremiums ist eindeutig."),
    Message("Choose another code.", "Wählen Sie ein anderes Kürzel."),
)
BODY_DISSOLVED = record_rule(
    "body_dissolved",
    Message("A dissolved body stays as it was.", "Ein aufgelöstes Gremium bleibt, wie es war."),
    Message("Establish a new body.", "Bilden Sie ein neues Gremium."),
)
BODY_UNKNOWN = input_rule(
    "body_unknown",
    Message("The body must exist.", "Das Gremium muss vorhanden sein."),
    Message("Establish it first, or check its id.", "Bilden Sie es zuerst oder prüfen Sie die Kennung."),
)
BODY_GONE = input_rule(
    "body_gone",
    Message("A dissolved body neither meets nor consults.", "Ein aufgelöstes Gremium tagt und berät nicht."),
    Message("Name the body that follows it.", "Nennen Sie das nachfolgende Gremium."),
)
MEMBER_SEATED = input_rule(
    "member_seated",
    Message("Nobody is a member of one body twice.", "Niemand gehört einem Gremium zweimal an."),
    Message("End the membership first.", "Beenden Sie zuerst die Mitgliedschaft."),
)
MEMBER_UNKNOWN = input_rule(
    "member_unknown",
    Message(
        "Whoever attends a meeting was a member of its body on that day; whoever leaves a body is one.",
        "Wer einer Sitzung beiwohnt, war an ihrem Tag Mitglied; wer ausscheidet, ist es.",
    ),
    Message(
        "Add the member first, or check the id.", "Nehmen Sie das Mitglied zuerst auf oder prüfen Sie die Kennung."
    ),
)
