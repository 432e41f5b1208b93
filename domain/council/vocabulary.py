"""The council's vocabularies: kinds of bodies, papers, consultations, files; outcomes and states."""

from enum import StrEnum


class BodyType(StrEnum):
    """What a body (Gremium) is. The project's own list; an imported body keeps its source's word beside it."""

    COUNCIL = "council"  # Rat
    COMMITTEE = "committee"  # Ausschuss
    DISTRICT = "district"  # Bezirksvertretung, Ortschaftsrat
    ADVISORY = "advisory"  # Beirat
    FACTION = "faction"  # Fraktion
    UNIT = "unit"  # Verwaltungseinheit
    OTHER = "other"


class PaperType(StrEnum):
    """What a paper (Vorlage, Drucksache) asks for. The project's own list."""

    PROPOSAL = "proposal"  # Beschlussvorlage
    MOTION = "motion"  # Antrag
    AMENDMENT_MOTION = "amendment_motion"  # Änderungs- oder Ergänzungsantrag
    INQUIRY = "inquiry"  # Anfrage
    INFORMATION = "information"  # Informationsvorlage, Mitteilung
    OTHER = "other"


class PaperStatus(StrEnum):
    """Where a paper stands (DOMAIN: council documents)."""

    DRAFT = "draft"
    CO_SIGNED = "co_signed"
    RELEASED = "released"
    IN_CONSULTATION = "in_consultation"
    POSTPONED = "postponed"
    DECIDED = "decided"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    @property
    def settled(self) -> bool:
        """Whether nothing is left to decide."""
        return self in (PaperStatus.DECIDED, PaperStatus.REJECTED, PaperStatus.WITHDRAWN)


class ConsultationRole(StrEnum):
    """What a body does with a paper (Beratungsfolge); after the property `role` of OParl's Consultation."""

    HEARING = "hearing"  # Anhörung
    PRELIMINARY = "preliminary"  # Vorberatung
    DECISION = "decision"  # Entscheidung
    INFORMATION = "information"  # Kenntnisnahme
    OTHER = "other"


class FileRole(StrEnum):
    """What a file is to its record (Rolle der Datei); OParl's properties that hold a File."""

    MAIN = "main"
    AUXILIARY = "auxiliary"
    INVITATION = "invitation"
    RESULTS_PROTOCOL = "results_protocol"
    VERBATIM_PROTOCOL = "verbatim_protocol"
    RESOLUTION = "resolution"


class MeetingStatus(StrEnum):
    """Where a meeting (Sitzung) stands; OParl's meetingState: terminiert, eingeladen, durchgeführt."""

    SCHEDULED = "scheduled"
    INVITED = "invited"
    HELD = "held"
    CANCELLED = "cancelled"
    MINUTES_SIGNED = "minutes_signed"

    @property
    def was_held(self) -> bool:
        """Whether the body did meet."""
        return self in (MeetingStatus.HELD, MeetingStatus.MINUTES_SIGNED)


class Signatory(StrEnum):
    """In which office somebody signs the minutes (Niederschrift)."""

    CHAIR = "chair"  # Vorsitz
    SECRETARY = "secretary"  # Schriftführung


class Outcome(StrEnum):
    """What became of an agenda item (Beratungsergebnis).

    The project's own list; an imported item keeps its source's word beside it.
    """

    ADOPTED = "adopted"
    ADOPTED_AMENDED = "adopted_amended"
    REJECTED = "rejected"
    NOTED = "noted"  # zur Kenntnis genommen
    POSTPONED = "postponed"  # vertagt
    REFERRED = "referred"  # verwiesen
    WITHDRAWN = "withdrawn"  # zurückgezogen, abgesetzt
    OTHER = "other"

    @property
    def adopts(self) -> bool:
        """Whether it makes a resolution (Beschluss)."""
        return self in (Outcome.ADOPTED, Outcome.ADOPTED_AMENDED)

    @property
    def needs_vote(self) -> bool:
        """Whether it takes a vote."""
        return self.adopts or self is Outcome.REJECTED


class Publication(StrEnum):
    """Whether a record stands in the public council information system (Bürgerinfo). The default is not."""

    UNPUBLISHED = "unpublished"
    PUBLISHED = "published"
    DEPUBLISHED = "depublished"
    DELETED_AT_SOURCE = "deleted_at_source"


class TrackingStatus(StrEnum):
    """How far a resolution is implemented (Beschlusskontrolle)."""

    OPEN = "open"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    DELAYED = "delayed"
    DONE = "done"
    REPORTED_FINAL = "reported_final"
    SUSPENDED = "suspended"  # beanstandet
    REPEALED = "repealed"  # aufgehoben

    @property
    def reportable_as_final(self) -> bool:
        """Whether nothing is left to implement, and this has yet to be reported."""
        return self in (TrackingStatus.DONE, TrackingStatus.REPEALED)

    @property
    def being_implemented(self) -> bool:
        """Whether a unit is in charge and has not finished."""
        return self in (TrackingStatus.ASSIGNED, TrackingStatus.IN_PROGRESS, TrackingStatus.DELAYED)


class Progress(StrEnum):
    """What a unit may report of a resolution that it implements (Sachstand)."""

    IN_PROGRESS = "in_progress"
    DELAYED = "delayed"


class PaperField(StrEnum):
    """What can be corrected on a paper (Berichtigung der Vorlage)."""

    TITLE = "title"
    PAPER_TYPE = "paper_type"
    LEAD_UNIT = "lead_unit"
    DATED = "dated"


class MeetingField(StrEnum):
    """What can be corrected on a meeting (Berichtigung der Sitzung); another start is a rescheduling."""

    NAME = "name"
    LOCATION = "location"
    END = "end"
