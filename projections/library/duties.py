"""What falls due in the library by the calendar."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from domain.kernel import Message
from domain.library import commands as c
from domain.library.vocabulary import HoldStatus, LoanStatus
from projections.duties import Duty
from projections.library import holds, loans, patrons
from projections.query import Op, Where

ONE_DAY: Final = timedelta(days=1)


def known(day: date | None) -> date:
    """A day that a duty's predicates ask for: no row without it is found."""
    if day is None:
        raise ValueError("a row that is due has the day it is due on")
    return day


LOAN_OVERDUE: Final = Duty(
    name="library.loan_overdue",
    comment=Message(
        "A loan whose due date has passed is overdue.", "Eine Ausleihe, deren Frist verstrichen ist, ist überfällig."
    ),
    source=loans.PROJECTION,
    due=lambda day: (Where("status", Op.EQ, LoanStatus.ACTIVE), Where("due", Op.LT, day)),
    since=lambda row: row.due + ONE_DAY,
    command=lambda row: (row.record_id, c.MarkLoanOverdue(loan=row.loan)),
)
REMINDER_DUE: Final = Duty(
    name="library.reminder_due",
    comment=Message("A reader is reminded of an overdue loan.", "Zu einer überfälligen Ausleihe wird gemahnt."),
    source=loans.PROJECTION,
    due=lambda day: (Where("status", Op.EQ, LoanStatus.OVERDUE), Where("next_reminder_on", Op.LTE, day)),
    since=lambda row: known(row.next_reminder_on),
    command=lambda row: (row.record_id, c.SendReminder(loan=row.loan)),
    act=True,
)
HOLD_EXPIRED: Final = Duty(
    name="library.hold_expired",
    comment=Message(
        "What nobody came for is kept no longer: the hold is over, the next reader's turn comes.",
        "Was niemand abgeholt hat, bleibt nicht liegen: Die Vormerkung ist verfallen, die nächste Person ist dran.",
    ),
    source=holds.PROJECTION,
    due=lambda day: (Where("status", Op.EQ, HoldStatus.READY), Where("pickup_until", Op.LT, day)),
    since=lambda row: known(row.pickup_until) + ONE_DAY,
    command=lambda row: (row.record_id, c.ExpireHold()),
)
LOAN_FORGOTTEN: Final = Duty(
    name="library.anonymisation_due",
    comment=Message(
        "Some time after return and settlement it is forgotten who had the item.",
        "Einige Zeit nach Rückgabe und Ausgleich verschwindet, wer das Exemplar hatte.",
    ),
    source=loans.PROJECTION,
    due=lambda day: (Where("anonymise_from", Op.LTE, day),),
    since=lambda row: known(row.anonymise_from),
    command=lambda row: (row.record_id, c.AnonymiseLoan(loan=row.loan)),
    act=True,
)
HOLD_FORGOTTEN: Final = Duty(
    name="library.hold_anonymisation_due",
    comment=Message(
        "Some time after a hold ended in vain it is forgotten who waited.",
        "Einige Zeit nach einer vergeblichen Vormerkung verschwindet, wer gewartet hat.",
    ),
    source=holds.PROJECTION,
    due=lambda day: (Where("anonymise_from", Op.LTE, day),),
    since=lambda row: known(row.anonymise_from),
    command=lambda row: (row.record_id, c.AnonymiseHold(hold=row.hold)),
    act=True,
)
MEMBERSHIP_FEE_DUE: Final = Duty(
    name="library.membership_fee_due",
    comment=Message(
        "A reader who pays for membership owes the fee of the year that begins.",
        "Wer für die Mitgliedschaft zahlt, schuldet das Entgelt des beginnenden Jahres.",
    ),
    source=patrons.PROJECTION,
    due=lambda day: (Where("fee_due_on", Op.LTE, day),),
    since=lambda row: known(row.fee_due_on),
    command=lambda row: (row.record_id, c.RaiseMembershipFee()),
)

DUTIES: tuple[Duty, ...] = (
    LOAN_OVERDUE,
    REMINDER_DUE,
    HOLD_EXPIRED,
    LOAN_FORGOTTEN,
    HOLD_FORGOTTEN,
    MEMBERSHIP_FEE_DUE,
)
