"""What can be asked for with council documents; the office's German word opens each docstring."""

from typing import Final, get_args

from domain.council.commands.body import AmendBody, DepublishBody, DissolveBody, EstablishBody, PublishBody
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
    DecideAgendaItem,
    DepublishMeeting,
    ExcludePublic,
    HoldMeeting,
    InviteToMeeting,
    MoveAgendaItem,
    PublishMeeting,
    RecordAttendance,
    RecordVote,
    RemoveAgendaItem,
    RemoveMeetingFile,
    RescheduleMeeting,
    ScheduleMeeting,
)
from domain.council.commands.paper import (
    AmendPaper,
    AttachPaperFile,
    CancelConsultation,
    CorrectPaper,
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
    GiveFinalReport,
    ReportImplementation,
)
from domain.kernel import Command

BodyCommand = EstablishBody | AmendBody | DissolveBody | PublishBody | DepublishBody | ImportBody | UpdateImportedBody
PaperCommand = (
    DraftPaper
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
    | ImportPaper
    | UpdateImportedPaper
    | UpdateImportedConsultation
)
AgendaCommand = AddAgendaItem | MoveAgendaItem | RemoveAgendaItem | ExcludePublic | RecordVote | DecideAgendaItem
MeetingCommand = (
    ScheduleMeeting
    | RescheduleMeeting
    | InviteToMeeting
    | HoldMeeting
    | CancelMeeting
    | RecordAttendance
    | AttachMeetingFile
    | RemoveMeetingFile
    | PublishMeeting
    | DepublishMeeting
    | CorrectMeeting
    | ImportMeeting
    | UpdateImportedMeeting
    | UpdateImportedAgendaItem
)
ResolutionCommand = AssignImplementation | ReportImplementation | CompleteImplementation | GiveFinalReport

COMMANDS: Final[tuple[type[Command], ...]] = (
    *get_args(BodyCommand),
    *get_args(PaperCommand),
    *get_args(MeetingCommand),
    *get_args(AgendaCommand),
    *get_args(ResolutionCommand),
)

__all__ = [
    "COMMANDS",
    "AddAgendaItem",
    "AgendaCommand",
    "AmendBody",
    "AmendPaper",
    "AssignImplementation",
    "AttachMeetingFile",
    "AttachPaperFile",
    "BodyCommand",
    "CancelConsultation",
    "CancelMeeting",
    "CompleteImplementation",
    "CorrectMeeting",
    "CorrectPaper",
    "DecideAgendaItem",
    "DepublishBody",
    "DepublishMeeting",
    "DepublishPaper",
    "DissolveBody",
    "DraftPaper",
    "EstablishBody",
    "ExcludePublic",
    "GiveFinalReport",
    "HoldMeeting",
    "ImportBody",
    "ImportMeeting",
    "ImportPaper",
    "InviteToMeeting",
    "MeetingCommand",
    "MoveAgendaItem",
    "PaperCommand",
    "PlanConsultation",
    "PublishBody",
    "PublishMeeting",
    "PublishPaper",
    "RecordAttendance",
    "RecordVote",
    "ReleasePaper",
    "RemoveAgendaItem",
    "RemoveMeetingFile",
    "RemovePaperFile",
    "ReportImplementation",
    "RescheduleMeeting",
    "ResolutionCommand",
    "ScheduleMeeting",
    "SourceAgendaItem",
    "SourceBody",
    "SourceConsultation",
    "SourceFile",
    "SourceMeeting",
    "SourceObject",
    "SourcePaper",
    "SourcePart",
    "UpdateImportedAgendaItem",
    "UpdateImportedBody",
    "UpdateImportedConsultation",
    "UpdateImportedMeeting",
    "UpdateImportedPaper",
    "WithdrawPaper",
]
