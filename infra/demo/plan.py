"""The file plan of the generated city and what its cases are about: tasks of a German city of Düsseldorf's size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from domain.efile.vocabulary import Confidentiality, DisposalKind

UNITS: Final = {
    "10": "Hauptverwaltung",
    "20": "Stadtkämmerei",
    "23": "Liegenschaften",
    "30": "Rechtsamt",
    "32": "Ordnungsamt",
    "37": "Feuerwehr und Rettungsdienst",
    "40": "Schulverwaltung",
    "41": "Kulturamt",
    "42": "Stadtbüchereien",
    "50": "Amt für Soziales",
    "51": "Jugendamt",
    "53": "Gesundheitsamt",
    "61": "Stadtplanung",
    "62": "Vermessung und Kataster",
    "63": "Bauaufsicht",
    "66": "Verkehrsmanagement",
    "68": "Gärten, Friedhöfe und Forst",
    "70": "Umwelt",
}
"""Units (Ämter) by the number of the organisation plan."""


@dataclass(frozen=True, slots=True)
class Task:
    """A unit of the file plan, the units it asks, and how its files and cases are named."""

    code: str
    title: str
    unit: str
    retention_years: int | None
    disposal: DisposalKind
    asked: tuple[str, ...]
    file: str
    cases: tuple[str, ...]
    answer: str
    days: float
    """How long a step of its work takes."""
    confidentiality: Confidentiality = Confidentiality.OPEN
    revised_years: int | None = None
    """Years of retention by a later version of the file plan, where there is one."""
    weight: int = 1
    """How many of its files come in for one of another task."""


A, B, V = DisposalKind.ARCHIVE, DisposalKind.APPRAISE, DisposalKind.DESTROY

TASKS: Final = (
    Task("63.10", "Baugenehmigungen", "63", 30, B, ("61", "37", "70"), "Bauakte {street}",
         ("Neubau eines Mehrfamilienhauses, {street}", "Anbau eines Wintergartens, {street}",
          "Ausbau des Dachgeschosses, {street}", "Errichtung einer Gaube, {street}"), "Baugenehmigung", 9),
    Task("63.20", "Nutzungsänderungen", "63", 30, B, ("61", "32"), "Nutzungen {street}",
         ("Nutzungsänderung: Ladenlokal zu Gaststätte, {street}", "Nutzungsänderung: Büro zu Praxis, {street}"),
         "Bescheid über die Nutzungsänderung", 8),
    Task("63.40", "Baulastenverzeichnis", "63", None, A, ("62", "30"), "Baulasten {district}",
         ("Eintragung einer Zufahrtsbaulast, {street}", "Löschung einer Abstandsflächenbaulast, {street}"),
         "Eintragungsverfügung", 6),
    Task("61.10", "Bebauungspläne", "61", None, A, ("66", "70", "68"), "Bebauungsplan {district}",
         ("Frühzeitige Beteiligung der Öffentlichkeit, {district}", "Stellungnahmen der Träger öffentlicher Belange"),
         "Abwägungsvermerk", 14),
    Task("32.10", "Gaststättenerlaubnisse", "32", 10, V, ("63", "53"), "Gaststätte {street}",
         ("Erlaubnis für {name}, {street}", "Außengastronomie, {street}"), "Gaststättenerlaubnis", 5),
    Task("32.20", "Veranstaltungen im öffentlichen Raum", "32", 5, V, ("37", "66", "68"), "Straßenfeste {district}",
         ("Nachbarschaftsfest, {street}", "Martinszug {district}", "Weihnachtsmarkt {district}"),
         "Erlaubnis mit Auflagen", 4),
    Task("66.10", "Straßenbaumaßnahmen", "66", 30, B, ("68", "61"), "Straßenbau {street}",
         ("Erneuerung der Fahrbahn, {street}", "Querungshilfe, {street}", "Fahrradstraße, {street}"),
         "Ausführungsbeschluss", 12),
    Task("66.20", "Verkehrsrechtliche Anordnungen", "66", 10, V, ("32", "37"), "Anordnungen {district}",
         ("Halteverbot für einen Umzug, {street}", "Tempo 30 vor der Schule, {street}", "Baustelle, {street}"),
         "Verkehrsrechtliche Anordnung", 2, revised_years=5),
    Task("68.10", "Baumschutz", "68", 10, V, ("70",), "Bäume {street}",
         ("Fällantrag für eine Stieleiche, {street}", "Rückschnitt einer Platane, {street}"), "Fällgenehmigung", 5),
    Task("70.10", "Altlastenauskünfte", "70", 30, B, ("62",), "Altlasten {district}",
         ("Auskunft zum Grundstück {street}",), "Auskunft aus dem Altlastenkataster", 4),
    Task("50.10", "Wohngeld", "50", 10, V, ("20",), "Wohngeld {name}",
         ("Erstantrag {name}", "Weiterleistungsantrag {name}", "Änderungsmitteilung {name}"), "Wohngeldbescheid", 6,
         Confidentiality.CONFIDENTIAL),
    Task("51.10", "Kindertagespflege", "51", 10, V, ("50",), "Tagespflege {name}",
         ("Pflegeerlaubnis für {name}", "Platzvermittlung {name}"), "Bescheid über die Pflegeerlaubnis", 5,
         Confidentiality.CONFIDENTIAL),
    Task("40.10", "Schulwegsicherung", "40", 10, B, ("66",), "Schulwege {district}",
         ("Elternhaltestelle an der Grundschule {street}", "Schulwegplan {district}"), "Maßnahmenplan", 7),
    Task("41.10", "Kulturförderung", "41", 10, B, ("20",), "Förderung freier Träger {district}",
         ("Projektzuschuss: Theater am Bühnenhof", "Projektzuschuss: Straßenmusikfestival {district}",
          "Institutionelle Förderung: Künstlerhaus {district}"), "Zuwendungsbescheid", 6),
    Task("23.10", "Grundstücksverkäufe", "23", 30, A, ("20", "62", "30"), "Liegenschaft {street}",
         ("Verkauf einer Teilfläche, {street}", "Bestellung eines Erbbaurechts, {street}"), "Kaufvertrag", 11,
         Confidentiality.CONFIDENTIAL),
    Task("30.10", "Widerspruchsverfahren", "30", 10, B, ("63", "32"), "Widersprüche {name}",
         ("Widerspruch gegen den Gebührenbescheid, {name}", "Widerspruch gegen die Ordnungsverfügung, {name}"),
         "Widerspruchsbescheid", 8),
    Task("10.10", "Stellenbesetzungen", "10", 5, V, ("20",), "Stellen {district}",
         ("Sachbearbeitung (m/w/d), Bezirksverwaltungsstelle {district}", "Gärtnerin/Gärtner, Betriebshof {district}"),
         "Auswahlvermerk", 6, Confidentiality.CONFIDENTIAL),
    Task("10.20", "Bewerbungen ohne Einstellung", "10", 0, V, ("20",), "Bewerbungen {district}",
         ("Initiativbewerbung {name}", "Bewerbung Praktikum {name}"), "Absage", 3, Confidentiality.CONFIDENTIAL,
         weight=3),
    Task("32.40", "Fundsachen", "32", 1, V, ("37",), "Fundbüro {district}",
         ("Fahrrad, {street}", "Geldbörse, {street}"), "Aushändigung", 2, weight=2),
    Task("41.20", "Ausstellungen und Programme", "41", 0, B, ("10",), "Ausstellung {district}",
         ("Plakate und Einladungen, {district}", "Leihverkehr, {district}"), "Leihvertrag", 4, weight=2),
    Task("37.10", "Brandverhütungsschauen", "37", 10, V, ("63",), "Brandschau {street}",
         ("Brandverhütungsschau Hotel, {street}", "Brandverhütungsschau Schule, {street}"), "Mängelbericht", 5),
)  # fmt: skip
"""The tasks that cases come from."""
