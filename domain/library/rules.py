"""The rules of library loans. Where no source stands, a rule is this project's own proposal.

The rules on a named reader and on dates are about the input; all others are about the record.
"""

from typing import Final

from domain.kernel import Message, Rule

INPUT: Final = "input"

# Reader ---------------------------------------------------------------------------------------------------------------

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
    source="§§ 107, 108 BGB",
    about=INPUT,
)
OTHER_READER: Final = Rule(
    "library.other_reader",
    Message("Only the reader who borrowed can renew.", "Nur wer ausgeliehen hat, kann verlängern."),
    Message("Name the reader who has the item.", "Nennen Sie die Person, die das Exemplar hat."),
    about=INPUT,
)

# Item and loan --------------------------------------------------------------------------------------------------------

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
    Message("An item is in one place at a time.", "Ein Exemplar ist zu jeder Zeit nur an einem Ort."),
    Message("Name a day that is not before its last move.", "Nennen Sie keinen Tag vor der letzten Bewegung."),
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
OVERRIDE_BY_STAFF: Final = Rule(
    "library.override_by_staff",
    Message("Every override names the member of staff.", "Jede Ausnahme nennt, wer sie zugelassen hat."),
    Message("Ask at the counter.", "Wenden Sie sich an die Theke."),
    about=INPUT,
)

# Hold -----------------------------------------------------------------------------------------------------------------

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

# Dispatch and corrections ---------------------------------------------------------------------------------------------

DISPATCH_EXISTS: Final = Rule(
    "library.dispatch_exists",
    Message("A branch has one dispatch list a day.", "Je Zweigstelle und Tag gibt es eine Transportliste."),
    Message("Add to the list that exists.", "Ergänzen Sie die vorhandene Liste."),
    about=INPUT,
)
TRANSIT_UNKNOWN: Final = Rule(
    "library.transit_unknown",
    Message("Only what stands on the list can be taken off.", "Nur was auf der Liste steht, lässt sich streichen."),
    Message("Look up the numbers of the list.", "Sehen Sie die Nummern der Liste nach."),
    about=INPUT,
)
RECORD_EXISTS: Final = Rule(
    "library.record_exists",
    Message("A record begins once.", "Ein Datensatz beginnt nur einmal."),
    Message("Address the record that exists.", "Nutzen Sie den vorhandenen Datensatz."),
)
WRONG_KIND: Final = Rule(
    "library.wrong_kind",
    Message("A command is for one kind of record.", "Ein Befehl gilt einer Art von Datensatz."),
    Message("Address the right record.", "Wählen Sie den richtigen Datensatz."),
    about=INPUT,
)
FIELD_NOT_CORRECTABLE: Final = Rule(
    "library.field_not_correctable",
    Message("Numbers and decisions are not rewritten.", "Nummern und Entscheidungen werden nicht umgeschrieben."),
    Message("Name a field that can be corrected.", "Nennen Sie ein berichtigungsfähiges Feld."),
    source="GoBD Rz. 58, 107",
    about=INPUT,
)
NOTHING_CHANGED: Final = Rule(
    "library.nothing_changed",
    Message("A change says something new.", "Eine Änderung ändert etwas."),
    Message("Give the new value; nothing needs to be done otherwise.", "Geben Sie den neuen Wert an."),
    about=INPUT,
)
