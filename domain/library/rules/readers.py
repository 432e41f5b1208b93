"""The rules on readers: their cards, their standing, their age."""

from typing import Final

from domain.kernel import Message, Rule

INPUT: Final = "input"

CARD_TAKEN: Final = Rule(
    "library.card_taken",
    Message("A card number belongs to one reader only.", "Eine Ausweisnummer gehört nur einer Person."),
    Message("Issue a card that was never issued before.", "Geben Sie einen noch nie vergebenen Ausweis aus."),
    about=INPUT,
)
PATRON_BLOCKED_ALREADY: Final = Rule(
    "library.patron_blocked_already",
    Message("A reader is blocked once at a time.", "Ein Konto wird nur einmal gesperrt."),
    Message("Unblock first to block on another ground.", "Heben Sie die Sperre auf, um anders zu sperren."),
)
PATRON_NOT_BLOCKED: Final = Rule(
    "library.patron_not_blocked",
    Message("Only a blocked reader can be unblocked.", "Nur ein gesperrtes Konto lässt sich entsperren."),
    Message("Nothing needs to be done.", "Es ist nichts zu tun."),
)
PATRON_INACTIVE_ALREADY: Final = Rule(
    "library.patron_inactive_already",
    Message("A membership that rests cannot be ended again.", "Eine ruhende Mitgliedschaft endet nicht noch einmal."),
    Message("Nothing needs to be done.", "Es ist nichts zu tun."),
)
PATRON_ACTIVE_ALREADY: Final = Rule(
    "library.patron_active_already",
    Message("Only a membership that rests can be taken up again.", "Nur eine ruhende Mitgliedschaft lebt wieder auf."),
    Message("Nothing needs to be done.", "Es ist nichts zu tun."),
)
CONSENT_NOT_GIVEN: Final = Rule(
    "library.consent_not_given",
    Message("Only consent that was given can be withdrawn.", "Nur eine erteilte Einwilligung ist widerruflich."),
    Message("Nothing needs to be done.", "Es ist nichts zu tun."),
)
PATRON_UNKNOWN: Final = Rule(
    "library.patron_unknown",
    Message("Loans and holds belong to a registered reader.", "Ausleihe und Vormerkung brauchen ein Benutzerkonto."),
    Message("Name a registered reader, or register them.", "Nennen Sie ein Konto oder melden Sie die Person an."),
    about=INPUT,
)
PATRON_INACTIVE: Final = Rule(
    "library.patron_inactive",
    Message("Only members can borrow.", "Nur wer Mitglied ist, kann ausleihen."),
    Message("Take the membership up again first.", "Erneuern Sie zuerst die Mitgliedschaft."),
    about=INPUT,
)
PATRON_BLOCKED: Final = Rule(
    "library.patron_blocked",
    Message("A blocked reader cannot borrow.", "Mit gesperrtem Konto ist keine Ausleihe möglich."),
    Message("Settle what the block is for, then unblock.", "Klären Sie den Sperrgrund und entsperren Sie das Konto."),
    about=INPUT,
)
CONSENT_MISSING: Final = Rule(
    "library.consent_missing",
    Message("Under 16 a guardian must consent.", "Unter 16 Jahren muss eine sorgeberechtigte Person einwilligen."),
    Message("Have the guardian's consent signed and record it.", "Lassen Sie die Einwilligung unterschreiben."),
    about=INPUT,
)
OTHER_READER: Final = Rule(
    "library.other_reader",
    Message("Only the reader who borrowed can renew.", "Nur wer ausgeliehen hat, kann verlängern."),
    Message("Name the reader who has the item.", "Nennen Sie die Person, die das Exemplar hat."),
    about=INPUT,
)
MEMBERSHIP_RESTS: Final = Rule(
    "library.membership_rests",
    Message("A resting membership costs nothing.", "Eine ruhende Mitgliedschaft kostet nichts."),
    Message("Take the membership up again first.", "Erneuern Sie zuerst die Mitgliedschaft."),
)
FEE_EXEMPT: Final = Rule(
    "library.fee_exempt",
    Message("Under 21 membership is free.", "Unter 21 Jahren ist die Mitgliedschaft frei."),
    Message("Nothing needs to be done.", "Es ist nichts zu tun."),
    source="Düsseldorf libraries, FAQ (undated)",
)
FEE_NOT_DUE: Final = Rule(
    "library.fee_not_due",
    Message("A year of membership is charged for once.", "Ein Mitgliedsjahr wird einmal berechnet."),
    Message("Wait until the year that is charged for is over.", "Warten Sie das Ende des berechneten Jahres ab."),
)
CHARGED_ELSEWHERE: Final = Rule(
    "library.charged_elsewhere",
    Message(
        "Only an earlier system has charged for membership before it begins here.",
        "Nur ein früheres System hat die Mitgliedschaft berechnet, bevor sie hier beginnt.",
    ),
    Message(
        "Leave the day out, or waive the fee for a reason.",
        "Lassen Sie den Tag weg oder erlassen Sie das Entgelt mit Begründung.",
    ),
    about=INPUT,
)
