"""What happens to council documents. Titles, names, texts and reasons are sealed; codes, dates and counts are clear.

`changed` lists the names of the fields that an amendment gives a new value; `data` is always whole, a sealed field is
given only where it changed. `further` is what a source says beyond the fields here, as one JSON text. `source` is set
on what was imported.
"""

from collections.abc import Mapping
from typing import Final, get_args

from domain.council.facts.body import (
    BodyAmended,
    BodyDepublished,
    BodyDissolved,
    BodyEstablished,
    BodyFact,
    BodyPublished,
)
from domain.council.facts.meeting import (
    AgendaItemAdded,
    AgendaItemChanged,
    AgendaItemDecided,
    AgendaItemMoved,
    AgendaItemRemoved,
    AttendanceRecorded,
    MeetingAmended,
    MeetingCancelled,
    MeetingCorrected,
    MeetingDepublished,
    MeetingFact,
    MeetingFileAttached,
    MeetingFileChanged,
    MeetingFileRemoved,
    MeetingHeld,
    MeetingInvited,
    MeetingPublished,
    MeetingRescheduled,
    MeetingScheduled,
    PublicExcluded,
    VoteRecorded,
)
from domain.council.facts.paper import (
    ConsultationCancelled,
    ConsultationChanged,
    ConsultationPlanned,
    ConsultationScheduled,
    ConsultationUnscheduled,
    PaperAmended,
    PaperCorrected,
    PaperDecided,
    PaperDepublished,
    PaperDrafted,
    PaperFact,
    PaperFileAttached,
    PaperFileChanged,
    PaperFileRemoved,
    PaperPublished,
    PaperReleased,
    PaperWithdrawn,
)
from domain.council.facts.resolution import (
    FinalReportGiven,
    ImplementationAssigned,
    ImplementationCompleted,
    ImplementationReported,
    ResolutionAdopted,
    ResolutionFact,
)
from domain.kernel import Fact

_OWN_VALUE = "the clear text of the corrected field's own value; sealed fields use corrected_position and new_sealed"
PUBLIC_TEXTS: Mapping[str, str] = {
    "council.paper_corrected.v1.old": _OWN_VALUE,
    "council.paper_corrected.v1.new": _OWN_VALUE,
    "council.meeting_corrected.v1.old": _OWN_VALUE,
    "council.meeting_corrected.v1.new": _OWN_VALUE,
}

FACTS: Final[tuple[type[Fact], ...]] = (
    *get_args(BodyFact),
    *get_args(PaperFact),
    *get_args(MeetingFact),
    *get_args(ResolutionFact),
)

__all__ = [
    "FACTS",
    "PUBLIC_TEXTS",
    "AgendaItemAdded",
    "AgendaItemChanged",
    "AgendaItemDecided",
    "AgendaItemMoved",
    "AgendaItemRemoved",
    "AttendanceRecorded",
    "BodyAmended",
    "BodyDepublished",
    "BodyDissolved",
    "BodyEstablished",
    "BodyFact",
    "BodyPublished",
    "ConsultationCancelled",
    "ConsultationChanged",
    "ConsultationPlanned",
    "ConsultationScheduled",
    "ConsultationUnscheduled",
    "FinalReportGiven",
    "ImplementationAssigned",
    "ImplementationCompleted",
    "ImplementationReported",
    "MeetingAmended",
    "MeetingCancelled",
    "MeetingCorrected",
    "MeetingDepublished",
    "MeetingFact",
    "MeetingFileAttached",
    "MeetingFileChanged",
    "MeetingFileRemoved",
    "MeetingHeld",
    "MeetingInvited",
    "MeetingPublished",
    "MeetingRescheduled",
    "MeetingScheduled",
    "PaperAmended",
    "PaperCorrected",
    "PaperDecided",
    "PaperDepublished",
    "PaperDrafted",
    "PaperFact",
    "PaperFileAttached",
    "PaperFileChanged",
    "PaperFileRemoved",
    "PaperPublished",
    "PaperReleased",
    "PaperWithdrawn",
    "PublicExcluded",
    "ResolutionAdopted",
    "ResolutionFact",
    "VoteRecorded",
]
