"""What can be asked for with council documents; the office's German word opens each docstring."""

from typing import Final, get_args

from domain.council.commands.body import (
    AddMember,
    AmendBody,
    DepublishBody,
    DissolveBody,
    EndMembership,
    EstablishBody,
    PublishBody,
)
from domain.council.commands.imported import (
    ImportBody,
    ImportMeeting,
    ImportPaper,
    SourceAgendaItem,
    SourceBody,
    SourceConsultation,
    SourceFile,
    SourceMeeting,
    SourceObject,
    SourcePaper,
    SourcePart,
    UpdateImportedAgendaItem,
    UpdateImportedBody,
    UpdateImportedConsultation,
    UpdateImportedMeeting,
    UpdateImportedPaper,
)
from domain.council.commands.meeting import (
    AddAgendaItem,
    AttachMeetingFile,
    CancelMeeting,
    CorrectMeeting,
    DepublishMeeting,
    ExcludePublic,
    HoldMeeting,
    InviteToMeeting,
    MoveAgendaItem,
    PublishMeeting,
    RecordLateInvitation,
    RemoveAgendaItem,
    RemoveMeetingFile,
    RescheduleMeeting,
    ScheduleMeeting,
)
from domain.council.commands.minutes import DraftMinutes, NoteMinutesObjection, SignMinutes
from domain.council.commands.paper import (
    AmendPaper,
    AttachPaperFile,
    CancelConsultation,
    CorrectPaper,
    CoSignPaper,
    DepublishPaper,
    DraftPaper,
    PlanConsultation,
    PublishPaper,
    ReleasePaper,
    RemovePaperFile,
    WithdrawPaper,
)
from domain.council.commands.resolution import (
    AssignImplementation,
    CompleteImplementation,
    DecideObjection,
    GiveFinalReport,
    ObjectToResolution,
    RecordOverdueImplementation,
    RecordSupervisoryDecision,
    ReportImplementation,
)
from domain.council.commands.sitting import (
    ChangeAttendance,
    DecideAgendaItem,
    DeclareConflictOfInterest,
    GiveTrackingReport,
    RecordAttendance,
    RecordVote,
)
from domain.kernel import Command

BodyCommand = EstablishBody | AmendBody | DissolveBody | AddMember | EndMembership | PublishBody | DepublishBody
PaperCommand = (
    DraftPaper
    | CoSignPaper
    | ReleasePaper
    | AmendPaper
    | WithdrawPaper
    | PlanConsultation
    | CancelConsultation
    | AttachPaperFile
    | RemovePaperFile
    | PublishPaper
    | DepublishPaper
    | CorrectPaper
)
MeetingCommand = (
    ScheduleMeeting
    | RescheduleMeeting
    | InviteToMeeting
    | RecordLateInvitation
    | HoldMeeting
    | CancelMeeting
    | AttachMeetingFile
    | RemoveMeetingFile
    | PublishMeeting
    | DepublishMeeting
    | CorrectMeeting
)
AgendaCommand = AddAgendaItem | MoveAgendaItem | RemoveAgendaItem | ExcludePublic
SittingCommand = (
    RecordAttendance | ChangeAttendance | DeclareConflictOfInterest | RecordVote | DecideAgendaItem | GiveTrackingReport
)
MinutesCommand = DraftMinutes | SignMinutes | NoteMinutesObjection
TrackingCommand = (
    AssignImplementation | ReportImplementation | RecordOverdueImplementation | CompleteImplementation | GiveFinalReport
)
ObjectionCommand = ObjectToResolution | DecideObjection | RecordSupervisoryDecision
ImportCommand = (
    ImportBody
    | UpdateImportedBody
    | ImportPaper
    | UpdateImportedPaper
    | UpdateImportedConsultation
    | ImportMeeting
    | UpdateImportedMeeting
    | UpdateImportedAgendaItem
)

COMMANDS: Final[tuple[type[Command], ...]] = (
    *get_args(BodyCommand),
    *get_args(PaperCommand),
    *get_args(MeetingCommand),
    *get_args(AgendaCommand),
    *get_args(SittingCommand),
    *get_args(MinutesCommand),
    *get_args(TrackingCommand),
    *get_args(ObjectionCommand),
    *get_args(ImportCommand),
)

__all__ = [
    "COMMANDS",
    "AddAgendaItem",
    "AddMember",
    "AgendaCommand",
    "AmendBody",
    "AmendPaper",
    "AssignImplementation",
    "AttachMeetingFile",
    "AttachPaperFile",
    "BodyCommand",
    "CancelConsultation",
    "CancelMeeting",
    "ChangeAttendance",
    "CoSignPaper",
    "CompleteImplementation",
    "CorrectMeeting",
    "CorrectPaper",
    "DecideAgendaItem",
    "DecideObjection",
    "DeclareConflictOfInterest",
    "DepublishBody",
    "DepublishMeeting",
    "DepublishPaper",
    "DissolveBody",
    "DraftMinutes",
    "DraftPaper",
    "EndMembership",
    "EstablishBody",
    "ExcludePublic",
    "GiveFinalReport",
    "GiveTrackingReport",
    "HoldMeeting",
    "ImportBody",
    "ImportCommand",
    "ImportMeeting",
    "ImportPaper",
    "InviteToMeeting",
    "MeetingCommand",
    "MinutesCommand",
    "MoveAgendaItem",
    "NoteMinutesObjection",
    "ObjectToResolution",
    "ObjectionCommand",
    "PaperCommand",
    "PlanConsultation",
    "PublishBody",
    "PublishMeeting",
    "PublishPaper",
    "RecordAttendance",
    "RecordLateInvitation",
    "RecordOverdueImplementation",
    "RecordSupervisoryDecision",
    "RecordVote",
    "ReleasePaper",
    "RemoveAgendaItem",
    "RemoveMeetingFile",
    "RemovePaperFile",
    "ReportImplementation",
    "RescheduleMeeting",
    "ScheduleMeeting",
    "SignMinutes",
    "SittingCommand",
    "SourceAgendaItem",
    "SourceBody",
    "SourceConsultation",
    "SourceFile",
    "SourceMeeting",
    "SourceObject",
    "SourcePaper",
    "SourcePart",
    "TrackingCommand",
    "UpdateImportedAgendaItem",
    "UpdateImportedBody",
    "UpdateImportedConsultation",
    "UpdateImportedMeeting",
    "UpdateImportedPaper",
    "WithdrawPaper",
]
