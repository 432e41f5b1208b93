"""The rules on holds: who waits, in which order, for how long."""

from typing import Final

from domain.kernel import Message, Rule

INPUT: Final = "input"

NOT_YOUR_TURN: Final = Rule(
    "library.not_your_turn",
    Message("Holds are served in the order they came.", "Vormerkungen werden der Reihe nach bedient."),
    Message("Place a hold, or cancel the ones before.", "Merken Sie vor oder löschen Sie frühere Vormerkungen."),
    about=INPUT,
)
HOLD_EXISTS: Final = Rule(
    "library.hold_exists",
    Message("A reader stands once in the queue of an item.", "Je Exemplar ist eine Vormerkung möglich."),
    Message("Wait for the notice.", "Warten Sie auf die Benachrichtigung."),
    about=INPUT,
)
OWN_LOAN: Final = Rule(
    "library.own_loan",
    Message("A hold is for an item that somebody else has.", "Vorgemerkt wird, was andere ausgeliehen haben."),
    Message("Renew the loan instead.", "Verlängern Sie stattdessen."),
    about=INPUT,
)
NO_HOLD_WAITS: Final = Rule(
    "library.no_hold_waits",
    Message("Nobody waits for this item.", "Für das Exemplar liegt keine Vormerkung vor."),
    Message("Put it back on the shelf.", "Stellen Sie es ins Regal."),
)
HOLD_UNKNOWN: Final = Rule(
    "library.hold_unknown",
    Message("Only a waiting hold can be cancelled.", "Nur eine offene Vormerkung lässt sich löschen."),
    Message("Look up the holds that wait for the item.", "Sehen Sie die offenen Vormerkungen nach."),
    about=INPUT,
)
SET_ASIDE_ALREADY: Final = Rule(
    "library.set_aside_already",
    Message("The item is set aside for the first hold.", "Das Exemplar liegt bereits zur Abholung bereit."),
    Message("Lend it, or give up the hold when its time is over.", "Leihen Sie es aus oder warten Sie die Frist ab."),
)
AT_OTHER_BRANCH: Final = Rule(
    "library.at_other_branch",
    Message("An item is set aside where it is picked up.", "Bereitgestellt wird am Abholort."),
    Message("Send it to the pick-up branch first.", "Senden Sie es zuerst in die Abholzweigstelle."),
)
NOT_SET_ASIDE: Final = Rule(
    "library.not_set_aside",
    Message("Only an item on the pick-up shelf can go unclaimed.", "Nur Bereitgestelltes kann nicht abgeholt werden."),
    Message("Cancel the hold instead.", "Löschen Sie stattdessen die Vormerkung."),
)
PICKUP_TIME_RUNS: Final = Rule(
    "library.pickup_time_runs",
    Message("A reader has the promised time to pick up.", "Die zugesagte Abholfrist gilt."),
    Message("Wait until it is over, or cancel the hold.", "Warten Sie die Frist ab oder löschen Sie die Vormerkung."),
)
HOLDS_WAIT: Final = Rule(
    "library.holds_wait",
    Message("An item that readers wait for stays in the stock.", "Vorgemerkte Exemplare bleiben im Bestand."),
    Message("Cancel the holds first.", "Löschen Sie zuerst die Vormerkungen."),
)
HOLD_IS_SERVED: Final = Rule(
    "library.hold_is_served",
    Message(
        "An item on its way or set aside is for the first hold.",
        "Was unterwegs ist oder bereitliegt, gilt der ersten Vormerkung.",
    ),
    Message("Give the hold a place behind the first.", "Reihen Sie hinter der ersten Vormerkung ein."),
    about=INPUT,
)
HOLD_KEPT_UNTIL: Final = Rule(
    "library.hold_kept_until",
    Message(
        "After a hold ended in vain there is time for questions about it.",
        "Nach einer vergeblichen Vormerkung bleibt Zeit für Rückfragen.",
    ),
    Message("Wait until that time is over.", "Warten Sie das Ende dieser Zeit ab."),
    about=INPUT,
)
HOLD_NOT_ENDED: Final = Rule(
    "library.hold_not_ended",
    Message("A hold that waits must tell who waits.", "Eine offene Vormerkung muss sagen, wer wartet."),
    Message("Wait until it has expired or is cancelled.", "Warten Sie ihr Ende ab."),
    about=INPUT,
)
