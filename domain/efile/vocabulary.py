"""The codes of the e-file family. Confidentiality, medium and step status are those of xdomea; the rest is ours."""

from enum import StrEnum


class DisposalKind(StrEnum):
    """What becomes of a file after its retention (Aussonderungsart)."""

    ARCHIVE = "A"
    """archivwürdig: goes to the archive"""
    APPRAISE = "B"
    """bewerten: the archive decides"""
    DESTROY = "V"
    """vernichten: is destroyed, after the archive was offered it"""


class Confidentiality(StrEnum):
    """Confidentiality (Vertraulichkeitsstufe). The order of the codes is not the severity."""

    OPEN = "003"
    RESTRICTED = "002"
    """VS-NfD"""
    CONFIDENTIAL = "005"
    SECRET = "001"  # noqa: S105 - a level of confidentiality, not a password
    TOP_SECRET = "004"  # noqa: S105 - likewise


class Medium(StrEnum):
    """What a file or case is kept in (Medium)."""

    ELECTRONIC = "001"
    HYBRID = "002"
    PAPER = "003"


class StepStatus(StrEnum):
    """Where a circulation step stands (Beteiligungsstatus)."""

    FUTURE = "001"
    CURRENT = "002"
    DONE = "003"
    SKIPPED = "004"


class StepKind(StrEnum):
    """What the addressee of a circulation step is asked for (Beteiligungsart)."""

    TAKE_NOTE = "take_note"
    """Kenntnisnahme"""
    PROCESS = "process"
    """Bearbeitung"""
    COMMENT = "comment"
    """Stellungnahme"""
    CO_SIGN = "co_sign"
    """Mitzeichnung"""
    FINAL_SIGN = "final_sign"
    """Schlusszeichnung"""

    @property
    def is_signature(self) -> bool:
        """Whether completing the step signs a document's version."""
        return self in (StepKind.CO_SIGN, StepKind.FINAL_SIGN)


class StepOutcome(StrEnum):
    """How a circulation step ended (Ergebnis)."""

    DONE = "done"
    """erledigt"""
    SIGNED = "signed"
    """gezeichnet"""
    OBJECTED = "objected"
    """Zeichnung verweigert"""


class DocumentKind(StrEnum):
    """Where a document comes from (Posteingang, Postausgang, intern)."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"
    INTERNAL = "internal"


class Status(StrEnum):
    """Where a file or case stands (Bearbeitungs- und Aussonderungsstand). Files are never in circulation."""

    OPEN = "OPEN"
    IN_CIRCULATION = "IN_CIRCULATION"
    CLOSED = "CLOSED"
    """zdA: zu den Akten verfügt"""
    RETENTION_EXPIRED = "RETENTION_EXPIRED"
    """Aufbewahrungsfrist abgelaufen"""
    OFFERED = "OFFERED"
    """dem Archiv angeboten"""
    APPRAISED = "APPRAISED"
    """vom Archiv bewertet"""
    TRANSFERRED = "TRANSFERRED"
    """an das Archiv abgegeben"""
    IMPORT_CONFIRMED = "IMPORT_CONFIRMED"
    """Übernahme vom Archiv bestätigt"""
    DESTROYED = "DESTROYED"
    """vernichtet"""


class Appraisal(StrEnum):
    """What the archive decides on what it was offered (Bewertungsentscheidung)."""

    ARCHIVE = "A"
    """archivwürdig: is handed over, then destroyed at the office"""
    DESTROY = "V"
    """zu vernichten: not worth archiving"""


class ResubmissionStatus(StrEnum):
    """Where a resubmission stands (Stand der Wiedervorlage)."""

    SCHEDULED = "SCHEDULED"
    OVERDUE = "OVERDUE"
    """überfällig: the day is over and nobody has seen to it"""
    DONE = "DONE"
    CANCELLED = "CANCELLED"


class FileField(StrEnum):
    """What can be corrected in a file (Berichtigung der Akte). References never are: a wrong one stays assigned."""

    SUBJECT = "subject"
    CUSTODIAN_UNIT = "custodian_unit"
    CONFIDENTIALITY = "confidentiality"
    MEDIUM = "medium"


class CaseField(StrEnum):
    """What can be corrected in a case (Berichtigung des Vorgangs).

    `DETAILS` is what the source of an imported case tells of it.
    """

    SUBJECT = "subject"
    DETAILS = "details"
    CUSTODIAN_UNIT = "custodian_unit"
    CONFIDENTIALITY = "confidentiality"
    MEDIUM = "medium"


class DocumentField(StrEnum):
    """What can be corrected in a document (Berichtigung des Dokuments).

    Its content never is: that takes a new version.
    """

    TITLE = "title"
    KIND = "kind"
    RECEIVED_ON = "received_on"
    LETTER_DATE = "letter_date"
    FOREIGN_REFERENCE = "foreign_reference"
