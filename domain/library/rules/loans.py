"""The rules on items and their loans."""

from typing import Final

from domain.kernel import Message, Rule

INPUT: Final = "input"

BARCODE_TAKEN: Final = Rule(
    "library.barcode_taken",
    Message("A barcode belongs to one item for ever.", "Ein Barcode gehört auf Dauer zu einem Exemplar."),
    Message("Use an unused barcode.", "Verwenden Sie einen unbenutzten Barcode."),
    about=INPUT,
)
ITEM_WITHDRAWN: Final = Rule(
    "library.item_withdrawn",
    Message("A withdrawn item has left the stock.", "Ein ausgesondertes Exemplar gehört nicht mehr zum Bestand."),
    Message("Use another copy of the title.", "Nutzen Sie ein anderes Exemplar des Titels."),
)
NOT_FOR_LOAN: Final = Rule(
    "library.not_for_loan",
    Message("This item is for use in the library only.", "Das Exemplar gehört zum Präsenzbestand."),
    Message("Read it here, or ask for another copy.", "Nutzen Sie es vor Ort oder ein anderes Exemplar."),
)
ITEM_ON_LOAN: Final = Rule(
    "library.item_on_loan",
    Message("An item has one active loan.", "Ein Exemplar ist nur einmal zugleich ausgeliehen."),
    Message("Book its return first, or place a hold.", "Buchen Sie die Rückgabe oder merken Sie es vor."),
)
ITEM_NOT_ON_LOAN: Final = Rule(
    "library.item_not_on_loan",
    Message("Only what is on loan is renewed or returned.", "Nur Ausgeliehenes wird verlängert oder zurückgegeben."),
    Message("Check the barcode.", "Prüfen Sie den Barcode."),
)
ITEM_IN_TRANSIT: Final = Rule(
    "library.item_in_transit",
    Message("The item is on its way to a branch.", "Das Exemplar ist unterwegs zu einer Zweigstelle."),
    Message("Book its arrival first.", "Buchen Sie zuerst den Eingang."),
)
ITEM_NOT_IN_TRANSIT: Final = Rule(
    "library.item_not_in_transit",
    Message("Only what was sent can arrive.", "Nur was abgesandt wurde, kann eingehen."),
    Message("Check the barcode.", "Prüfen Sie den Barcode."),
)
SAME_BRANCH: Final = Rule(
    "library.same_branch",
    Message("A transit joins two different branches.", "Ein Transport führt in eine andere Zweigstelle."),
    Message("Name another branch.", "Nennen Sie eine andere Zweigstelle."),
    about=INPUT,
)
IN_THE_FUTURE: Final = Rule(
    "library.in_the_future",
    Message("What is recorded has happened.", "Gebucht wird, was geschehen ist."),
    Message("Use today's date or an earlier one.", "Verwenden Sie das heutige oder ein früheres Datum."),
    about=INPUT,
)
OUT_OF_ORDER: Final = Rule(
    "library.out_of_order",
    Message(
        "What happens to an item, a reader or a charge happens in the order of its days.",
        "Was mit einem Exemplar, einem Konto oder einem Entgelt geschieht, folgt der Reihe der Tage.",
    ),
    Message("Name a day that is not before the last one.", "Nennen Sie keinen Tag vor dem letzten."),
    about=INPUT,
)
DATED_BACK_BY_STAFF: Final = Rule(
    "library.dated_back_by_staff",
    Message(
        "Staff answer for an earlier day, such as that of the return box: nobody else books one.",
        "Für einen früheren Tag, etwa den des Rückgabekastens, steht das Personal ein: Nur dieses bucht ihn.",
    ),
    Message("Book it today, or ask at the counter.", "Buchen Sie es auf heute oder wenden Sie sich an die Theke."),
    about=INPUT,
)
HELD_BY_ANOTHER: Final = Rule(
    "library.held_by_another",
    Message("Another reader's hold waits for this item.", "Eine andere Person hat das Exemplar vorgemerkt."),
    Message("Return the item on its due date; staff may override.", "Geben Sie es fristgerecht zurück."),
)
RENEWAL_CAP: Final = Rule(
    "library.renewal_cap",
    Message("A loan is renewed a limited number of times.", "Eine Ausleihe wird nur begrenzt oft verlängert."),
    Message("Return the item; staff may override.", "Geben Sie das Exemplar zurück."),
)
LOAN_OVERDUE: Final = Rule(
    "library.loan_overdue",
    Message(
        "What is overdue comes back before it is borrowed on: delay is charged for at the return.",
        "Überfälliges wird zurückgegeben: Die Verspätung wird bei der Rückgabe berechnet.",
    ),
    Message("Return the item; staff may override.", "Geben Sie das Exemplar zurück."),
)
COUNTER_IS_TODAY: Final = Rule(
    "library.counter_is_today",
    Message(
        "What is given back at the counter is booked on that day.",
        "Was an der Theke zurückkommt, wird am selben Tag gebucht.",
    ),
    Message(
        "Book it today, or as from the return box; staff may override.",
        "Buchen Sie es auf heute oder aus dem Rückgabekasten.",
    ),
    about=INPUT,
)
SAID_TODAY: Final = Rule(
    "library.said_today",
    Message(
        "That an item is said to be back, or is lost, is booked on the day it is said: until then the delay counts.",
        "Angebliche Rückgabe und Verlust werden am Tag der Angabe gebucht: Bis dahin zählt die Verspätung.",
    ),
    Message("Book it today; staff may override.", "Buchen Sie es auf heute; das Personal kann abweichen."),
    about=INPUT,
)
OVERRIDE_BY_STAFF: Final = Rule(
    "library.override_by_staff",
    Message("Every override names the member of staff.", "Jede Ausnahme nennt, wer sie zugelassen hat."),
    Message("Ask at the counter.", "Wenden Sie sich an die Theke."),
    about=INPUT,
)
ITEM_LOST: Final = Rule(
    "library.item_lost",
    Message("A lost item is not at hand.", "Ein verlorenes Exemplar ist nicht verfügbar."),
    Message("Book it as found when it turns up.", "Buchen Sie es als wiedergefunden, wenn es auftaucht."),
)
ITEM_NOT_MISSING: Final = Rule(
    "library.item_not_missing",
    Message("Only what is missed can be found.", "Nur was vermisst wird, lässt sich wiederfinden."),
    Message("Check the barcode, or book a return.", "Prüfen Sie den Barcode oder buchen Sie die Rückgabe."),
)
CLAIMED_RETURNED: Final = Rule(
    "library.claimed_returned",
    Message(
        "Nothing is asked of a reader who says that the item is back.",
        "Wer angibt, zurückgegeben zu haben, wird nicht belangt.",
    ),
    Message(
        "Look for the item, then book it as found or as lost.",
        "Suchen Sie das Exemplar und buchen Sie Fund oder Verlust.",
    ),
)
DUE_IN_THE_PAST: Final = Rule(
    "library.due_in_the_past",
    Message("A reader has time until the due date.", "Bis zur Fälligkeit bleibt Zeit."),
    Message("Name a day that is still to come.", "Nennen Sie einen künftigen Tag."),
    about=INPUT,
)
DUE_SOON_ENOUGH: Final = Rule(
    "library.due_soon_enough",
    Message("A recall makes a loan due sooner, never later.", "Ein Rückruf verkürzt die Frist, nie verlängert er sie."),
    Message("Wait for the due date.", "Warten Sie die Fälligkeit ab."),
)
NOT_YET_OVERDUE: Final = Rule(
    "library.not_yet_overdue",
    Message(
        "A loan is overdue from the day after its due date.",
        "Überfällig ist eine Ausleihe ab dem Tag nach der Fälligkeit.",
    ),
    Message("Wait until the due date has passed.", "Warten Sie, bis die Frist verstrichen ist."),
)
OVERDUE_ALREADY: Final = Rule(
    "library.overdue_already",
    Message("A loan becomes overdue once.", "Eine Ausleihe wird nur einmal überfällig."),
    Message("Nothing needs to be done.", "Es ist nichts zu tun."),
)
NOT_OVERDUE: Final = Rule(
    "library.not_overdue",
    Message("Readers are reminded of overdue loans only.", "Gemahnt wird nur Überfälliges."),
    Message("Wait until the loan is overdue.", "Warten Sie, bis die Ausleihe überfällig ist."),
)
REMINDER_NOT_DUE: Final = Rule(
    "library.reminder_not_due",
    Message("Between two reminders a reader has time to answer.", "Zwischen zwei Mahnungen bleibt Zeit zu handeln."),
    Message("Wait for the day of the next reminder.", "Warten Sie den Tag der nächsten Mahnung ab."),
)
LAST_REMINDER_SENT: Final = Rule(
    "library.last_reminder_sent",
    Message("The lending terms limit the number of reminders.", "Die Zahl der Mahnungen ist begrenzt."),
    Message("Declare the item lost, or call the reader.", "Erklären Sie den Verlust oder rufen Sie an."),
)
OTHER_LOAN: Final = Rule(
    "library.other_loan",
    Message("What falls due is a certain loan.", "Fällig wird eine bestimmte Ausleihe."),
    Message("Name the loan that is running.", "Nennen Sie die laufende Ausleihe."),
    about=INPUT,
)
LOAN_RUNS: Final = Rule(
    "library.loan_runs",
    Message("A loan that runs must tell who has the item.", "Eine laufende Ausleihe muss sagen, wer das Exemplar hat."),
    Message("Wait for the return.", "Warten Sie die Rückgabe ab."),
    about=INPUT,
)
LOAN_UNKNOWN: Final = Rule(
    "library.loan_unknown",
    Message(
        "Only a loan that still tells its reader can be forgotten.",
        "Nur was noch zugeordnet ist, lässt sich anonymisieren.",
    ),
    Message("Look up the loans of the item.", "Sehen Sie die Ausleihen des Exemplars nach."),
    about=INPUT,
)
FORGOTTEN_BY_LIBRARY: Final = Rule(
    "library.forgotten_by_library",
    Message(
        "Who forgets a loan or a hold stays named: a reader who did so would be known by it.",
        "Wer anonymisiert, bleibt genannt: Eine lesende Person, die es selbst täte, bliebe daran erkennbar.",
    ),
    Message(
        "Leave it to the calendar, or ask at the counter.",
        "Überlassen Sie es dem Kalender oder wenden Sie sich an die Theke.",
    ),
    about=INPUT,
)
KEPT_UNTIL: Final = Rule(
    "library.kept_until",
    Message(
        "After return there is time for questions about the item.", "Nach der Rückgabe bleibt Zeit für Rückfragen."
    ),
    Message("Wait until that time is over.", "Warten Sie das Ende dieser Zeit ab."),
    about=INPUT,
)
