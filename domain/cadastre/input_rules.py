"""The rules about what a caller writes into an order: what each protects, its source, and what to do next."""

from domain.kernel import Message, Rule

BEFORE_THE_ORDER = Rule(
    "cadastre.before_the_order",
    Message(
        "Nothing happens to an order before the day it was placed.",
        "Vor dem Tag der Bestellung geschieht nichts mit ihr.",
    ),
    Message("Give the day on which it really happened.", "Geben Sie den Tag an, an dem es wirklich geschah."),
    about="input",
)
BEFORE_ITS_GROUND = Rule(
    "cadastre.before_its_ground",
    Message(
        "No step is taken before the one it rests on: no extract is made before it is paid or billed.",
        "Kein Schritt geschieht vor dem, auf dem er beruht: vor Zahlung oder Bescheid wird nichts hergestellt.",
    ),
    Message(
        "Give that day or a later one, on which it really happened.",
        "Geben Sie diesen oder einen späteren Tag an, an dem es wirklich geschah.",
    ),
    about="input",
)
DATED_BACK_BY_STAFF = Rule(
    "cadastre.dated_back_by_staff",
    Message(
        "Staff answer for an earlier day: by the portal or the shop nothing is done but today.",
        "Für einen früheren Tag steht das Amt ein: Über Portal und Shop geschieht alles heute.",
    ),
    Message(
        "Do it today, or ask the office to book the earlier day.",
        "Tun Sie es heute, oder lassen Sie das Amt den früheren Tag buchen.",
    ),
    about="input",
)
PARCEL_ID_MALFORMED = Rule(
    "cadastre.parcel_id_malformed",
    Message(
        "A parcel id has 20 characters: Land 2, Gemarkung 4, Flur 3, numerator 5, denominator 4, suffix 2; "
        "an absent part is underscores.",
        "Ein Flurstückskennzeichen hat 20 Zeichen: Land 2, Gemarkung 4, Flur 3, Zähler 5, Nenner 4, Folge 2; "
        "was fehlt, ist Unterstrich.",
    ),
    Message("Write for example 053110001000120003__.", "Schreiben Sie zum Beispiel 053110001000120003__."),
    "GeoInfoDok (AdV)",
    about="input",
)
GEMARKUNG_UNKNOWN = Rule(
    "cadastre.gemarkung_unknown",
    Message("The Gemarkung must exist in Nordrhein-Westfalen.", "Die Gemarkung muss es in Nordrhein-Westfalen geben."),
    Message(
        "Check the first six digits: 05 and the key of the Gemarkung.",
        "Prüfen Sie die ersten sechs Ziffern: 05 und den Gemarkungsschlüssel.",
    ),
    "Geobasis NRW",
    about="input",
)
FLUR_UNKNOWN = Rule(
    "cadastre.flur_unknown",
    Message(
        "The Flur must exist in its Gemarkung; every Gemarkung of NRW has Fluren.",
        "Die Flur muss es in der Gemarkung geben; in NRW hat jede Gemarkung Fluren.",
    ),
    Message("Check characters seven to nine.", "Prüfen Sie die Stellen sieben bis neun."),
    "Geobasis NRW",
    about="input",
)
ONE_OFFICE = Rule(
    "cadastre.one_office",
    Message(
        "An office gives extracts from its own district only.", "Ein Katasteramt erteilt Auszüge nur aus seinem Bezirk."
    ),
    Message("Place one order for each office.", "Geben Sie je Katasteramt eine Bestellung auf."),
    "own rule, after § 23 VermKatG NRW",
    about="input",
)
PARCELS_OR_AREA = Rule(
    "cadastre.parcels_or_area",
    Message(
        "An order is of parcels or of an area, never of both.",
        "Bestellt werden Flurstücke oder ein Gebiet, nie beides.",
    ),
    Message("Name the parcels, or give the area.", "Nennen Sie die Flurstücke, oder geben Sie das Gebiet an."),
    about="input",
)
AREA_IMPOSSIBLE = Rule(
    "cadastre.area_impossible",
    Message(
        "An area is a rectangle in Nordrhein-Westfalen with sides of at most 10 km.",
        "Ein Gebiet ist ein Rechteck in Nordrhein-Westfalen mit höchstens 10 km Seitenlänge.",
    ),
    Message(
        "Give west, south, east and north in metres of ETRS89/UTM 32N (EPSG:25832).",
        "Geben Sie West, Süd, Ost und Nord in Metern in ETRS89/UTM 32N (EPSG:25832) an.",
    ),
    about="input",
)
AREA_NOT_OFFERED = Rule(
    "cadastre.area_not_offered",
    Message(
        "A statement is about parcels; only maps and data are given for an area, as the catalogue says.",
        "Ein Nachweis betrifft Flurstücke; nur Karten und Daten gibt es, laut Katalog, für ein Gebiet.",
    ),
    Message("Name the parcels.", "Nennen Sie die Flurstücke."),
    about="input",
)
PRODUCT_NOT_OFFERED = Rule(
    "cadastre.product_not_offered",
    Message(
        "Only what the catalogue offers on that day can be ordered.",
        "Bestellt wird nur, was der Katalog an dem Tag anbietet.",
    ),
    Message("Choose another product, or check the day.", "Wählen Sie ein anderes Produkt, oder prüfen Sie den Tag."),
    about="input",
)
NUMBER_FROM_SERIES = Rule(
    "cadastre.number_from_series",
    Message(
        "A notice is numbered by a series; only an import brings the numbers of an earlier system.",
        "Bescheide nummeriert der Nummernkreis; nur eine Übernahme bringt Nummern des Altverfahrens mit.",
    ),
    Message("Name the series and no number.", "Nennen Sie den Nummernkreis und keine Nummer."),
    about="input",
)
SERIES_UNKNOWN = Rule(
    "cadastre.series_unknown",
    Message("A number comes from a series that was opened.", "Eine Nummer kommt aus einem eröffneten Nummernkreis."),
    Message("Open the series first, or check its id.", "Eröffnen Sie den Nummernkreis, oder prüfen Sie die Kennung."),
    about="input",
)
SERIES_OF_ANOTHER_KIND = Rule(
    "cadastre.series_of_another_kind",
    Message(
        "Fee notices and invoices are numbered by series of their own.",
        "Gebührenbescheide und Rechnungen haben eigene Nummernkreise.",
    ),
    Message("Name a series of the kind.", "Nennen Sie einen Nummernkreis dieser Art."),
    about="input",
)
SERIES_OF_ANOTHER_YEAR = Rule(
    "cadastre.series_of_another_year",
    Message("A number belongs to the year in which it is given.", "Eine Nummer gehört in das Jahr, in dem sie ergeht."),
    Message("Name the series of that year.", "Nennen Sie den Nummernkreis dieses Jahres."),
    about="input",
)
NUMBER_NOT_BORNE = Rule(
    "cadastre.number_not_borne",
    Message(
        "A series passes over its next number only where a notice taken over from an earlier system bears it.",
        "Ein Nummernkreis übergeht seine nächste Nummer nur, wenn ein übernommener Bescheid sie trägt.",
    ),
    Message(
        "Name the order whose notice bears this number; otherwise it is given to the next notice.",
        "Nennen Sie die Bestellung, deren Bescheid sie trägt; sonst erhält sie der nächste Bescheid.",
    ),
    about="input",
)
SERIES_BACK_IN_TIME = Rule(
    "cadastre.series_back_in_time",
    Message(
        "No number is given on an earlier day than the one before it, nor before its series was opened.",
        "Keine Nummer ergeht an einem früheren Tag als die vor ihr oder vor der Eröffnung ihres Nummernkreises.",
    ),
    Message(
        "Give the day of the last number or a later one, or take another series.",
        "Geben Sie den Tag der letzten Nummer oder einen späteren an, oder nehmen Sie einen anderen Nummernkreis.",
    ),
    about="input",
)
FORMAT_NOT_OFFERED = Rule(
    "cadastre.format_not_offered",
    Message("A product comes in its own formats and sizes.", "Ein Produkt gibt es nur in seinen Formaten und Größen."),
    Message("Choose one of those named.", "Wählen Sie eines der genannten."),
    about="input",
)
ASSURANCE_TOO_LOW = Rule(
    "cadastre.assurance_too_low",
    Message(
        "Owner data is given only to somebody whose identity is surely known.",
        "Eigentümerdaten erhält nur, wessen Identität sicher feststeht.",
    ),
    Message(
        "Identify with the electronic identity card or at the counter (assurance level high).",
        "Weisen Sie sich mit dem elektronischen Personalausweis oder am Schalter aus (Vertrauensniveau hoch).",
    ),
    "own rule, after Art. 8 eIDAS-VO",
    about="input",
)
PAYMENT_DIFFERS = Rule(
    "cadastre.payment_differs",
    Message("A payment settles exactly the assessed fee.", "Eine Zahlung begleicht genau die festgesetzte Gebühr."),
    Message("Have the difference cleared by the treasury.", "Lassen Sie die Differenz durch die Stadtkasse klären."),
    about="input",
)
DATA_FROM_THE_FUTURE = Rule(
    "cadastre.data_from_the_future",
    Message(
        "An extract cannot show the register of a later day.",
        "Ein Auszug kann keinen späteren Stand des Katasters zeigen.",
    ),
    Message("Give the day the data was taken from the register.", "Geben Sie den Tag des Datenstands an."),
    about="input",
)
DOWNLOAD_EXPIRES = Rule(
    "cadastre.download_expires",
    Message(
        "A download has a last day, other deliveries have none.",
        "Ein Download hat einen letzten Tag, andere Auslieferungen nicht.",
    ),
    Message(
        "Give the last day of the download, on or after today.",
        "Geben Sie den letzten Tag des Downloads an, frühestens heute.",
    ),
    "Art. 5 (1) DSGVO",
    about="input",
)
REFUND_EXCEEDS_PAYMENT = Rule(
    "cadastre.refund_exceeds_payment",
    Message(
        "All refunds together are no more than was paid.", "Alle Erstattungen zusammen sind höchstens, was bezahlt ist."
    ),
    Message("Refund what is left or a part of it.", "Erstatten Sie, was noch übrig ist, oder einen Teil."),
    "own rule, after § 15 (2) GebG NRW",
    about="input",
)
FIELD_FIXED = Rule(
    "cadastre.field_fixed",
    Message(
        "What was reviewed, billed or made is not changed under the requester's hands.",
        "Was geprüft, berechnet oder hergestellt ist, wird nicht nachträglich geändert.",
    ),
    Message("Cancel the order and place a new one.", "Stornieren Sie die Bestellung und geben Sie eine neue auf."),
    about="input",
)
FIELD_ABSENT = Rule(
    "cadastre.field_absent",
    Message("Only what the order states can be corrected.", "Berichtigt wird nur, was in der Bestellung steht."),
    Message("Record the missing step itself.", "Erfassen Sie den fehlenden Schritt selbst."),
    about="input",
)
NOTHING_CORRECTED = Rule(
    "cadastre.nothing_corrected",
    Message("A correction changes something.", "Eine Berichtigung ändert etwas."),
    Message("Give the value that is right.", "Geben Sie den richtigen Wert an."),
    about="input",
)
