"""Rules about documents and their circulation: steps in their order, signatures bound to a version, four eyes."""

from __future__ import annotations

from domain.efile.rules.sources import RECORD_KEEPING, TRACEABILITY
from domain.kernel import Message, Rule

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
DOCUMENT_CIRCULATES = Rule(
    "efile.document_circulates",
    Message(
        "What is circulating keeps its attachments as they are.",
        "Was im Geschäftsgang ist, behält seine Anlagen, wie sie sind.",
    ),
    Message(
        "Attach before the round or after it, or file a document of its own.",
        "Vor oder nach dem Geschäftsgang anhängen oder ein eigenes Dokument aufnehmen.",
    ),
    TRACEABILITY,
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
        "The final signature comes after all co-signatures, and no new round leads past an objection to the version.",
        "Die Schlusszeichnung folgt auf alle Mitzeichnungen, und kein neuer Geschäftsgang führt an einer Verweigerung "
        "vorbei.",
    ),
    Message(
        "Obtain the co-signatures, also of who objected, add a new version, or overrule the objection by skipping the "
        "step.",
        "Die Mitzeichnungen einholen, auch von der Stelle, die verweigert hat, eine neue Fassung anlegen oder die "
        "Verweigerung durch Überspringen überstimmen.",
    ),
    about="input",
)
FOUR_EYES = Rule(
    "efile.four_eyes",
    Message(
        "Who drafted a document, added an attachment to it, or had it done in their place, signs it neither as one of "
        "several nor finally (four eyes).",
        "Wer ein Dokument entworfen oder ihm eine Anlage beigefügt hat, auch durch eine Vertretung, zeichnet es weder "
        "mit noch schluss (Vier-Augen-Prinzip).",
    ),
    Message(
        "Have somebody else sign, not deputising for a drafter.",
        "Eine andere Person zeichnen lassen, nicht in Vertretung einer Verfasserin oder eines Verfassers.",
    ),
    about="input",
)
OTHER_UNIT = Rule(
    "efile.other_unit",
    Message(
        "A unit signs, and objects, through its own people.",
        "Eine Stelle zeichnet und verweigert durch ihre eigenen Leute.",
    ),
    Message(
        "Have somebody of the unit that is asked sign, or skip the step with a reason: that counts as an override.",
        "Jemanden der gefragten Stelle zeichnen lassen, oder den Schritt mit Begründung überspringen: Das zählt als "
        "Ausnahme.",
    ),
    about="input",
)
DRAFTER_SKIPS_SIGNATURE = Rule(
    "efile.drafter_skips_signature",
    Message(
        "Who drafted a document, added an attachment to it, or had it done in their place, does without none of its "
        "signatures, and overrules no objection to it.",
        "Wer ein Dokument entworfen oder ihm eine Anlage beigefügt hat, auch durch eine Vertretung, lässt keine seiner "
        "Zeichnungen entfallen und überstimmt keine Verweigerung.",
    ),
    Message(
        "Have somebody else skip it, with a reason: it counts as an override.",
        "Eine andere Person überspringen lassen, mit Begründung: Es zählt als Ausnahme.",
    ),
    about="input",
)
DOCUMENT_SIGNED = Rule(
    "efile.document_signed",
    Message(
        "What was finally signed keeps its attachments as they were signed.",
        "Was schlussgezeichnet ist, behält seine Anlagen, wie sie gezeichnet wurden.",
    ),
    Message(
        "Add a new version first: it is not signed, and takes attachments.",
        "Zuerst eine neue Fassung anlegen: Sie ist nicht gezeichnet und nimmt Anlagen auf.",
    ),
    TRACEABILITY,
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
