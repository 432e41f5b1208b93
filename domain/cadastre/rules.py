"""The rules about an order as it stands: what each protects, where it comes from, and what to do next.

An "own rule, after" a provision is this project's own, as it understands that provision; its text was not checked.
"""

from typing import Final

from domain.kernel import Message, Rule

_FEES: Final = "own rule, after VermWertKostO NRW"
_REGISTER: Final = "own rule, after VermKatG NRW"

ORDER_NUMBER_TAKEN = Rule(
    "cadastre.order_number_taken",
    Message(
        "An order number names one order and is never reused.",
        "Eine Bestellnummer benennt eine Bestellung und wird nie wieder vergeben.",
    ),
    Message("Take the next free number.", "Nehmen Sie die nächste freie Nummer."),
)
FEE_NOTICE_NUMBER_TAKEN = Rule(
    "cadastre.fee_notice_number_taken",
    Message(
        "The number of a fee notice or an invoice names one of them.",
        "Die Nummer eines Gebührenbescheids oder einer Rechnung benennt nur diese.",
    ),
    Message(
        "Where an imported notice bears the number, have the series pass it over.",
        "Trägt ein übernommener Bescheid die Nummer, lassen Sie den Nummernkreis sie übergehen.",
    ),
)
SERIES_TAKEN = Rule(
    "cadastre.series_taken",
    Message(
        "For a prefix and a year there is one series, of whatever kind.",
        "Je Vorsatz und Jahr gibt es einen Nummernkreis, gleich welcher Art.",
    ),
    Message(
        "Use that series, or choose another prefix.",
        "Verwenden Sie diesen Nummernkreis, oder wählen Sie einen anderen Vorsatz.",
    ),
)
SERIES_EXISTS = Rule(
    "cadastre.series_exists",
    Message("A series is opened once.", "Ein Nummernkreis wird einmal eröffnet."),
    Message("Open another series.", "Eröffnen Sie einen anderen Nummernkreis."),
)
NOT_SUBMITTED = Rule(
    "cadastre.not_submitted",
    Message(
        "A basket is not worked on before it is submitted.", "Ein Warenkorb wird erst nach dem Absenden bearbeitet."
    ),
    Message("Submit the order, or change the basket.", "Senden Sie die Bestellung ab, oder ändern Sie den Warenkorb."),
)
ALREADY_SUBMITTED = Rule(
    "cadastre.already_submitted",
    Message("What was submitted is no basket any more.", "Was abgesendet ist, ist kein Warenkorb mehr."),
    Message("Correct the order, or cancel it.", "Berichtigen Sie die Bestellung, oder stornieren Sie sie."),
)
STAFF_DECIDES = Rule(
    "cadastre.staff_decides",
    Message(
        "Whether an interest is legitimate, a fee is not due, waived or refunded, a member of staff decides.",
        "Über ein berechtigtes Interesse, über Befreiung, Verzicht und Erstattung bei Gebühren entscheidet das Amt.",
    ),
    Message("Leave the decision to the office.", "Überlassen Sie dem Amt die Entscheidung."),
)
ORDER_EXISTS = Rule(
    "cadastre.order_exists",
    Message("An order is placed once.", "Eine Bestellung wird einmal aufgegeben."),
    Message(
        "Place a new order, or correct this one.", "Geben Sie eine neue Bestellung auf oder berichtigen Sie diese."
    ),
)
ORDER_UNKNOWN = Rule(
    "cadastre.order_unknown",
    Message(
        "Only an order that was placed can be worked on.", "Nur eine aufgegebene Bestellung kann bearbeitet werden."
    ),
    Message("Place the order first.", "Geben Sie zuerst die Bestellung auf."),
)
ORDER_FINISHED = Rule(
    "cadastre.order_finished",
    Message(
        "An order that is refused, completed or cancelled stays as it is, but for money that comes in or goes back.",
        "Eine abgelehnte, abgeschlossene oder stornierte Bestellung bleibt, wie sie ist; nur Geld kann noch fließen.",
    ),
    Message("Place a new order.", "Geben Sie eine neue Bestellung auf."),
)
NO_INTEREST_NEEDED = Rule(
    "cadastre.no_interest_needed",
    Message(
        "A product without owner data is for everybody; nobody has to give reasons for it.",
        "Ein Produkt ohne Eigentümerdaten steht allen offen; niemand muss es begründen.",
    ),
    Message("Go on with the fee.", "Fahren Sie mit der Gebühr fort."),
    _REGISTER,
)
INTEREST_ALREADY_CLAIMED = Rule(
    "cadastre.interest_already_claimed",
    Message(
        "A legitimate interest is claimed once in an order.",
        "Das berechtigte Interesse wird je Bestellung einmal dargelegt.",
    ),
    Message(
        "Correct the ground, or decide on the claim.",
        "Berichtigen Sie den Grund oder entscheiden Sie über die Darlegung.",
    ),
)
INTEREST_NOT_UNDER_REVIEW = Rule(
    "cadastre.interest_not_under_review",
    Message(
        "Only a claimed interest that is still open can be decided on.",
        "Entschieden wird nur über ein dargelegtes, noch offenes Interesse.",
    ),
    Message("Have the requester claim the interest first.", "Lassen Sie zuerst das berechtigte Interesse darlegen."),
)
INTEREST_OPEN = Rule(
    "cadastre.interest_open",
    Message(
        "Owner data is given out only where a legitimate interest was confirmed.",
        "Eigentümerdaten werden nur bei anerkanntem berechtigtem Interesse herausgegeben.",
    ),
    Message("Have the interest claimed and reviewed first.", "Lassen Sie das Interesse zuerst darlegen und prüfen."),
    _REGISTER,
)
REVIEWER_IS_REQUESTER = Rule(
    "cadastre.reviewer_is_requester",
    Message(
        "Whoever ordered, corrected or claimed the interest, or had it done by a deputy, does not review it.",
        "Wer bestellt, berichtigt oder das Interesse dargelegt hat, auch durch eine Vertretung, prüft es nicht selbst.",
    ),
    Message("Hand the order to a colleague.", "Geben Sie die Bestellung an eine andere Person weiter."),
)
WISH_TO_BUY = Rule(
    "cadastre.wish_to_buy",
    Message(
        "A mere wish to buy is not a legitimate interest in owner data.",
        "Ein reines Kaufinteresse ist kein berechtigtes Interesse an Eigentümerdaten.",
    ),
    Message(
        "Refuse the interest; with another ground the requester may order again.",
        "Lehnen Sie ab; mit einem anderen Grund kann neu bestellt werden.",
    ),
    _REGISTER,
)
FEE_ALREADY_ASSESSED = Rule(
    "cadastre.fee_already_assessed",
    Message("A fee is assessed once for what was ordered.", "Die Gebühr wird für das Bestellte einmal festgesetzt."),
    Message(
        "Correct the order if its size or copies are wrong; then assess again.",
        "Sind Größe oder Anzahl falsch, berichtigen Sie die Bestellung und setzen neu fest.",
    ),
    _FEES,
)
FEE_NOT_ASSESSED = Rule(
    "cadastre.fee_not_assessed",
    Message(
        "Nothing is paid or made before the fee is assessed.",
        "Ohne festgesetzte Gebühr wird nichts bezahlt und nichts hergestellt.",
    ),
    Message("Assess the fee first.", "Setzen Sie zuerst die Gebühr fest."),
    _FEES,
)
NO_TARIFF = Rule(
    "cadastre.no_tariff",
    Message("A fee needs a tariff that held on that day.", "Eine Gebühr braucht einen an dem Tag geltenden Tarif."),
    Message("Check the day of the order.", "Prüfen Sie den Tag der Bestellung."),
    "own rule, after § 3 (1) VermWertKostO NRW",
)
FEE_NOTICE_ISSUED = Rule(
    "cadastre.fee_notice_issued",
    Message(
        "A fee is demanded once, by a fee notice or by an invoice.",
        "Eine Gebühr wird einmal gefordert, durch Bescheid oder Rechnung.",
    ),
    Message(
        "Settle its payment; an invoice that is wrong can be cancelled.",
        "Verbuchen Sie die Zahlung darauf; eine falsche Rechnung kann storniert werden.",
    ),
)
INVOICE_OPEN = Rule(
    "cadastre.invoice_open",
    Message(
        "An invoice stands until a cancellation invoice takes it back.",
        "Eine Rechnung gilt, bis eine Stornorechnung sie aufhebt.",
    ),
    Message("Cancel the invoice first.", "Stornieren Sie zuerst die Rechnung."),
)
NO_INVOICE = Rule(
    "cadastre.no_invoice",
    Message("Only an invoice that stands can be cancelled.", "Storniert wird nur eine Rechnung, die gilt."),
    Message("There is nothing to cancel.", "Es ist nichts zu stornieren."),
)
NOTHING_OVERDUE = Rule(
    "cadastre.nothing_overdue",
    Message(
        "Only a demanded fee that is not paid becomes overdue, and once for each last day.",
        "Überfällig wird nur eine geforderte, unbezahlte Gebühr, und je Frist einmal.",
    ),
    Message("There is nothing to record.", "Es ist nichts festzustellen."),
)
NOT_YET_DUE = Rule(
    "cadastre.not_yet_due",
    Message("Until the last day for it, a payment is in time.", "Bis zum letzten Tag der Frist ist pünktlich."),
    Message("Wait for the day after.", "Warten Sie den Tag danach ab."),
)
NOT_OVERDUE = Rule(
    "cadastre.not_overdue",
    Message("Only an overdue payment is reminded of.", "Gemahnt wird nur eine überfällige Zahlung."),
    Message("Wait until the last day for it is over.", "Warten Sie den Ablauf der Frist ab."),
)
REMINDERS_EXHAUSTED = Rule(
    "cadastre.reminders_exhausted",
    Message("A payment is reminded of twice.", "Gemahnt wird zweimal."),
    Message(
        "Hand the claim to the enforcement office, or have it waived.",
        "Geben Sie die Forderung zur Vollstreckung, oder lassen Sie sie niederschlagen.",
    ),
)
NOTHING_TO_PAY = Rule(
    "cadastre.nothing_to_pay",
    Message(
        "A fee of zero is not paid, and one that is zero or waived is not demanded.",
        "Eine Gebühr von null wird nicht bezahlt, und eine, die null oder niedergeschlagen ist, nicht gefordert.",
    ),
    Message("Go on with the product.", "Fahren Sie mit der Herstellung fort."),
)
ALREADY_PAID = Rule(
    "cadastre.already_paid",
    Message("A fee is paid once.", "Eine Gebühr wird einmal bezahlt."),
    Message("Return the second payment to its sender.", "Leiten Sie die zweite Zahlung zurück."),
)
PAYMENT_MISSING = Rule(
    "cadastre.payment_missing",
    Message(
        "A product is made and delivered when its fee is paid, zero, waived, or demanded by notice or invoice.",
        "Hergestellt und ausgeliefert wird, wenn nichts zu zahlen ist, nach Zahlung, Bescheid oder Rechnung.",
    ),
    Message(
        "Settle the payment, or issue a fee notice or an invoice.",
        "Verbuchen Sie die Zahlung, oder erlassen Sie Bescheid oder Rechnung.",
    ),
    "own rule, after § 16 GebG NRW",
)
PRODUCT_MISSING = Rule(
    "cadastre.product_missing",
    Message("Only a product that was made can be delivered.", "Ausgeliefert wird nur, was hergestellt ist."),
    Message("Make the product first.", "Stellen Sie den Auszug zuerst her."),
)
ALREADY_DELIVERED = Rule(
    "cadastre.already_delivered",
    Message(
        "What was delivered is not made again, and not delivered again unless its download has expired.",
        "Ausgeliefertes wird nicht noch einmal hergestellt, und ausgeliefert nur nach abgelaufenem Download.",
    ),
    Message(
        "Complete the order; a newer extract is a new order.",
        "Schließen Sie ab; ein neuerer Auszug ist eine neue Bestellung.",
    ),
)
NO_OPEN_DOWNLOAD = Rule(
    "cadastre.no_open_download",
    Message("Only a download that is open expires.", "Nur ein offener Download läuft ab."),
    Message("There is nothing to record.", "Es ist nichts festzustellen."),
)
DOWNLOAD_IN_TIME = Rule(
    "cadastre.download_in_time",
    Message("A download stays open until its last day.", "Ein Download bleibt bis zum letzten Tag offen."),
    Message("Wait for the day after.", "Warten Sie den Tag danach ab."),
    "Art. 5 (1) DSGVO",
)
PRODUCT_MADE = Rule(
    "cadastre.product_made",
    Message(
        "An order whose product was made can no longer be cancelled.",
        "Nach der Herstellung kann nicht mehr storniert werden.",
    ),
    Message("Deliver the product.", "Liefern Sie den Auszug aus."),
    "own rule, after § 15 (2) GebG NRW",
)
NOT_DELIVERED = Rule(
    "cadastre.not_delivered",
    Message("An order is complete when its product was delivered.", "Abgeschlossen wird nach der Auslieferung."),
    Message("Deliver the product first.", "Liefern Sie den Auszug zuerst aus."),
)
FEE_OPEN = Rule(
    "cadastre.fee_open",
    Message("An order is not complete while its fee is open.", "Mit offener Gebühr wird nicht abgeschlossen."),
    Message("Settle the payment first.", "Verbuchen Sie zuerst die Zahlung."),
)
NOT_CANCELLED = Rule(
    "cadastre.not_cancelled",
    Message(
        "A fee is refunded when its order was cancelled or is complete.",
        "Erstattet wird nach der Stornierung oder nach dem Abschluss der Bestellung.",
    ),
    Message("Cancel or complete the order first.", "Stornieren Sie die Bestellung zuerst, oder schließen Sie sie ab."),
    "own rule, after § 21 GebG NRW",
)
NOTHING_TO_REFUND = Rule(
    "cadastre.nothing_to_refund",
    Message(
        "Only what was paid, and is not yet refunded in full, can be refunded.",
        "Erstattet wird nur Bezahltes, das noch nicht ganz erstattet ist.",
    ),
    Message("There is nothing more to do.", "Es ist nichts weiter zu tun."),
)
