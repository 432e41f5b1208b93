"""What is wanted of the library: at the desk for readers, at the counter, on the van between two branches."""

from typing import Final

from domain.kernel import Command
from domain.library.commands.charge import PayCharge, RefundCharge, WaiveCharge, charge_id
from domain.library.commands.hold import (
    AnonymiseHold,
    CancelHold,
    ExpireHold,
    PlaceHold,
    ReorderHold,
    SetItemAside,
    hold_id,
)
from domain.library.commands.loan import (
    AnonymiseLoan,
    ChangeDueDate,
    ClaimItemReturned,
    DeclareLost,
    FindItem,
    LendItem,
    MarkLoanOverdue,
    RecallItem,
    RenewLoan,
    ReturnItem,
    SendReminder,
    loan_id,
)
from domain.library.commands.patron import (
    BlockPatron,
    ChangeAgeBand,
    CorrectPatron,
    DeactivatePatron,
    GiveGuardianConsent,
    PayMembershipFee,
    RaiseMembershipFee,
    ReactivatePatron,
    RefundMembershipFee,
    RegisterPatron,
    ReplaceCard,
    UnblockPatron,
    WaiveMembershipFee,
    WithdrawGuardianConsent,
    fee_id,
)
from domain.library.commands.stock import (
    AcquireItem,
    AssignItemToTitle,
    CatalogueTitle,
    CorrectItem,
    CorrectTitle,
    WithdrawItem,
)
from domain.library.commands.transit import (
    OpenDispatch,
    ReceiveFromTransit,
    RecordTransit,
    RetractTransit,
    SendInTransit,
)

BeginningCommand = RegisterPatron | CatalogueTitle | AcquireItem | OpenDispatch
MembershipCommand = (
    ReplaceCard
    | ChangeAgeBand
    | GiveGuardianConsent
    | WithdrawGuardianConsent
    | BlockPatron
    | UnblockPatron
    | DeactivatePatron
    | ReactivatePatron
    | CorrectPatron
)
FeeCommand = RaiseMembershipFee | PayMembershipFee | WaiveMembershipFee | RefundMembershipFee
PatronCommand = MembershipCommand | FeeCommand
StockCommand = CorrectItem | WithdrawItem | AssignItemToTitle
LoanCommand = LendItem | RenewLoan | ReturnItem | ChangeDueDate | RecallItem
OverdueCommand = MarkLoanOverdue | SendReminder | ClaimItemReturned | DeclareLost | FindItem | AnonymiseLoan
ChargeCommand = PayCharge | WaiveCharge | RefundCharge
HoldCommand = PlaceHold | SetItemAside | ExpireHold | CancelHold | ReorderHold | AnonymiseHold
TransitCommand = SendInTransit | ReceiveFromTransit
ItemCommand = StockCommand | LoanCommand | OverdueCommand | ChargeCommand | HoldCommand | TransitCommand
DispatchCommand = RecordTransit | RetractTransit
LibraryCommand = BeginningCommand | PatronCommand | CorrectTitle | ItemCommand | DispatchCommand

COMMANDS: Final[tuple[type[Command], ...]] = (
    RegisterPatron,
    ReplaceCard,
    ChangeAgeBand,
    GiveGuardianConsent,
    WithdrawGuardianConsent,
    BlockPatron,
    UnblockPatron,
    DeactivatePatron,
    ReactivatePatron,
    CorrectPatron,
    RaiseMembershipFee,
    PayMembershipFee,
    WaiveMembershipFee,
    RefundMembershipFee,
    CatalogueTitle,
    CorrectTitle,
    AcquireItem,
    CorrectItem,
    WithdrawItem,
    AssignItemToTitle,
    LendItem,
    RenewLoan,
    ReturnItem,
    ChangeDueDate,
    RecallItem,
    MarkLoanOverdue,
    SendReminder,
    ClaimItemReturned,
    DeclareLost,
    FindItem,
    AnonymiseLoan,
    PayCharge,
    WaiveCharge,
    RefundCharge,
    PlaceHold,
    SetItemAside,
    ExpireHold,
    CancelHold,
    ReorderHold,
    AnonymiseHold,
    SendInTransit,
    ReceiveFromTransit,
    OpenDispatch,
    RecordTransit,
    RetractTransit,
)

__all__ = [
    "COMMANDS",
    "AcquireItem",
    "AnonymiseHold",
    "AnonymiseLoan",
    "AssignItemToTitle",
    "BeginningCommand",
    "BlockPatron",
    "CancelHold",
    "CatalogueTitle",
    "ChangeAgeBand",
    "ChangeDueDate",
    "ChargeCommand",
    "ClaimItemReturned",
    "CorrectItem",
    "CorrectPatron",
    "CorrectTitle",
    "DeactivatePatron",
    "DeclareLost",
    "DispatchCommand",
    "ExpireHold",
    "FeeCommand",
    "FindItem",
    "GiveGuardianConsent",
    "HoldCommand",
    "ItemCommand",
    "LendItem",
    "LibraryCommand",
    "LoanCommand",
    "MarkLoanOverdue",
    "MembershipCommand",
    "OpenDispatch",
    "OverdueCommand",
    "PatronCommand",
    "PayCharge",
    "PayMembershipFee",
    "PlaceHold",
    "RaiseMembershipFee",
    "ReactivatePatron",
    "RecallItem",
    "ReceiveFromTransit",
    "RecordTransit",
    "RefundCharge",
    "RefundMembershipFee",
    "RegisterPatron",
    "RenewLoan",
    "ReorderHold",
    "ReplaceCard",
    "RetractTransit",
    "ReturnItem",
    "SendInTransit",
    "SendReminder",
    "SetItemAside",
    "StockCommand",
    "TransitCommand",
    "UnblockPatron",
    "WaiveCharge",
    "WaiveMembershipFee",
    "WithdrawGuardianConsent",
    "WithdrawItem",
    "charge_id",
    "fee_id",
    "hold_id",
    "loan_id",
]
