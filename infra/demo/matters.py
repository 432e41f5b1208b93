"""What the council of the generated city deals with: bodies, groups, and the subjects of its papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from domain.council.vocabulary import BodyType


@dataclass(frozen=True, slots=True)
class BodyPlan:
    """A body: its code, name, kind, seats, and the hour it meets at."""

    code: str
    name: str
    body_type: BodyType
    seats: int
    hour: int


RAT: Final = BodyPlan("RAT", "Rat der Landeshauptstadt", BodyType.COUNCIL, 91, 14)
COMMITTEES: Final = (
    BodyPlan("HFA", "Haupt- und Finanzausschuss", BodyType.COMMITTEE, 31, 15),
    BodyPlan("APS", "Ausschuss für Planung und Stadtentwicklung", BodyType.COMMITTEE, 19, 16),
    BodyPlan("OVA", "Ordnungs- und Verkehrsausschuss", BodyType.COMMITTEE, 19, 16),
    BodyPlan("AÖE", "Ausschuss für öffentliche Einrichtungen", BodyType.COMMITTEE, 19, 16),
    BodyPlan("SCHUL", "Schulausschuss", BodyType.COMMITTEE, 21, 16),
    BodyPlan("KULT", "Kulturausschuss", BodyType.COMMITTEE, 19, 16),
    BodyPlan("AUVS", "Ausschuss für Umwelt-, Klima- und Verbraucherschutz", BodyType.COMMITTEE, 19, 16),
    BodyPlan("JHA", "Jugendhilfeausschuss", BodyType.COMMITTEE, 25, 15),
)
BOARDS: Final = tuple(
    BodyPlan(f"BV{number}", f"Bezirksvertretung {number}", BodyType.DISTRICT, 19, 17) for number in range(1, 11)
)

GROUPS: Final = (
    ("Stadtunion", 30), ("Grüne Liste", 23), ("Soziale Mitte", 17), ("Freie Bürger", 9), ("Offene Stadt", 6),
    ("Fraktionslos", 6),
)  # fmt: skip
"""Groups (Fraktionen) and their seats in the council; the parties of this city are invented."""


@dataclass(frozen=True, slots=True)
class Matter:
    """A subject: the unit that writes the paper, its title, the committee that prepares it, and the resolution."""

    unit: str
    title: str
    committee: str
    resolution: str
    public: bool = True


MATTERS: Final = (
    Matter("66", "Fahrradstraße {street}", "OVA",
           "Die Verwaltung wird beauftragt, die {street} als Fahrradstraße auszuweisen."),
    Matter("66", "Barrierefreier Ausbau der Haltestelle {street}", "OVA",
           "Der Ausbau der Haltestelle {street} wird mit Gesamtkosten von 1,8 Mio. EUR beschlossen."),
    Matter("40", "Erweiterung der Grundschule {street}", "SCHUL",
           "Dem Raumprogramm für die Erweiterung der Grundschule {street} wird zugestimmt."),
    Matter("40", "Sanierung der Turnhalle {street}", "SCHUL", "Die Sanierung der Turnhalle {street} wird beschlossen."),
    Matter("61", "Bebauungsplan {district} Nr. {number}: Aufstellungsbeschluss", "APS",
           "Für das Gebiet in {district} wird ein Bebauungsplan aufgestellt."),
    Matter("61", "Wettbewerb Quartiersplatz {district}", "APS",
           "Die Verwaltung führt einen Realisierungswettbewerb für den Quartiersplatz durch."),
    Matter("68", "Neupflanzung von {number} Straßenbäumen in {district}", "AÖE",
           "Die Neupflanzung wird in der nächsten Pflanzperiode umgesetzt."),
    Matter("68", "Erneuerung des Spielplatzes {street}", "AÖE",
           "Der Spielplatz {street} wird unter Beteiligung der Kinder erneuert."),
    Matter("70", "Lärmaktionsplan, Fortschreibung {district}", "AUVS", "Die Fortschreibung wird beschlossen."),
    Matter("70", "Hitzeschutzkonzept für {district}", "AUVS", "Das Konzept wird bis zum Sommer umgesetzt."),
    Matter("41", "Zuschuss an das Künstlerhaus {district}", "KULT", "Der Zuschuss von 45.000 EUR wird bewilligt."),
    Matter("42", "Neue Öffnungszeiten der Stadtbücherei {district}", "KULT",
           "Die Öffnungszeiten werden auf den Samstag ausgedehnt."),
    Matter("51", "Neubau einer Kindertagesstätte, {street}", "JHA", "Dem Neubau mit sechs Gruppen wird zugestimmt."),
    Matter("37", "Beschaffung von Löschfahrzeugen", "HFA", "Die Beschaffung von {number} Fahrzeugen wird beschlossen."),
    Matter("20", "Überplanmäßige Mittel für {district}", "HFA", "Die Mittel werden bereitgestellt, § 83 GO NRW."),
    Matter("23", "Verkauf des Grundstücks {street}", "HFA", "Dem Verkauf wird zu den genannten Bedingungen zugestimmt.",
           public=False),
    Matter("10", "Besetzung einer Amtsleitung", "HFA", "Der Besetzung wird zugestimmt.", public=False),
)  # fmt: skip

OPENING: Final = ("Eröffnung und Feststellung der Tagesordnung", "Genehmigung der Niederschrift")
CLOSING: Final = ("Verschiedenes",)
DELAYS: Final = (
    "Die Ausschreibung blieb ohne Angebot.", "Fördermittel sind noch nicht bewilligt.",
    "Ein Gutachten steht noch aus.", "Die Stelle ist unbesetzt.",
)  # fmt: skip
REPORTS: Final = ("Planung beauftragt.", "Ausschreibung läuft.", "Bauarbeiten haben begonnen.")
