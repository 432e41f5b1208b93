"""The rules about an order as it stands: what each protects, where it comes from, and what to do next."""

from typing import Final

from domain.kernel import Message, Rule

_FEES: Final = "VermWertKostO NRW"
_REGISTER: Final = "VermKatG NRW"

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
    Message("A fee notice number names one notice.", "Die Nummer eines Gebührenbescheids benennt einen Bescheid."),
    Message("Take the next free number.", "Nehmen Sie die nächste freie Nummer."),
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
        "An order that is refused, completed or cancelled stays as it is.",
        "Eine abgelehnte, abgeschlossene oder stornierte Bestellung bleibt, wie sie ist.",
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
        "Whoever placed the order or claimed the interest does not review it.",
        "Wer bestellt oder das Interesse dargelegt hat, prüft es nicht selbst.",
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
    "§ 3 (1) VermWertKostO NRW",
)
FEE_NOTICE_ISSUED = Rule(
    "cadastre.fee_notice_issued",
    Message("An order has one fee notice.", "Zu einer Bestellung ergeht ein Gebührenbescheid."),
    Message("Settle the payment of that notice.", "Verbuchen Sie die Zahlung auf diesen Bescheid."),
)
NOTHING_TO_PAY = Rule(
    "cadastre.nothing_to_pay",
    Message(
        "Where the fee is zero nothing is demanded and nothing is paid.",
        "Bei einer Gebühr von null wird nichts gefordert und nichts bezahlt.",
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
        "A product is made when it is paid, free of charge, or a fee notice was issued.",
        "Hergestellt wird nach Zahlung, bei Gebührenfreiheit oder nach einem Gebührenbescheid.",
    ),
    Message(
        "Settle the payment or issue a fee notice.",
        "Verbuchen Sie die Zahlung oder erlassen Sie einen Gebührenbescheid.",
    ),
    "§ 16 GebG NRW",
)
PRODUCT_MISSING = Rule(
    "cadastre.product_missing",
    Message("Only a product that was made can be delivered.", "Ausgeliefert wird nur, was hergestellt ist."),
    Message("Make the product first.", "Stellen Sie den Auszug zuerst her."),
)
ALREADY_DELIVERED = Rule(
    "cadastre.already_delivered",
    Message(
        "What was delivered is neither made nor delivered again.",
        "Ausgeliefertes wird nicht noch einmal hergestellt oder ausgeliefert.",
    ),
    Message(
        "Complete the order; a newer extract is a new order.",
        "Schließen Sie ab; ein neuerer Auszug ist eine neue Bestellung.",
    ),
)
PRODUCT_MADE = Rule(
    "cadastre.product_made",
    Message(
        "An order whose product was made can no longer be cancelled.",
        "Nach der Herstellung kann nicht mehr storniert werden.",
    ),
    Message("Deliver the product.", "Liefern Sie den Auszug aus."),
    "§ 15 (2) GebG NRW",
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
    Message("A fee is refunded only for a cancelled order.", "Erstattet wird nur nach einer Stornierung."),
    Message("Cancel the order first.", "Stornieren Sie zuerst die Bestellung."),
    "§ 21 GebG NRW",
)
NOTHING_TO_REFUND = Rule(
    "cadastre.nothing_to_refund",
    Message(
        "Only what was paid, and not refunded yet, can be refunded.",
        "Erstattet wird nur Bezahltes, das noch nicht erstattet ist.",
    ),
    Message("There is nothing more to do.", "Es ist nichts weiter zu tun."),
)
