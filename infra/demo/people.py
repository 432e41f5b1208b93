"""Who lives and works in the generated city. All names are invented by chance; staff are pseudonyms."""

from __future__ import annotations

from typing import Final

from domain.kernel import Authentication, Channel
from domain.requests import Principal, actor_of
from infra.demo.simulation import Simulation

CLIENT: Final = "stadtbuch-demo/1"

FIRST_NAMES: Final = (
    "Änne", "Ayşe", "Björn", "Bärbel", "Cem", "Christa", "Daniela", "David", "Elif", "Emil", "Erika", "Fatma", "Felix",
    "Françoise", "Fritz", "Gönül", "Günter", "Hannelore", "Hélène", "Ida", "Ingrid", "Jörg", "Jürgen", "Karin",
    "Käthe", "Krzysztof", "Lars", "Leyla", "Lukas", "Łucja", "Marie", "Marlies", "Mehmet", "Mila", "Moritz", "Müzeyyen",
    "Noah", "Nuri", "Olga", "Özlem", "Paul", "Petra", "Rolf", "Rosa", "Sabine", "Søren", "Soňa", "Stefan", "Tim",
    "Tülay", "Ulrike", "Uwe", "Vera", "Viktor", "Walburga", "Wiebke", "Wolfgang", "Zoë",
)  # fmt: skip
LAST_NAMES: Final = (
    "Abels", "Ağaoğlu", "Bäcker", "Başar", "Böhm", "Brüggemann", "Çelik", "Dąbrowski", "Demirel", "Dörr", "Engels",
    "Esser", "Fröhlich", "Fuchs", "García", "Gößling", "Groß", "Günther", "Häußler", "Hoffmann", "Hülsmann",
    "Ivanović", "Jäger", "Jansen", "Kaya", "Klein", "Köhler", "König", "Kowalczyk", "Krüger", "Küppers", "Lehmann",
    "Löwe", "Meißner", "Möller", "Müller", "Nguyen", "Nöthen", "Oğuz", "Overath", "Pütz", "Quast", "Rößler",
    "Rüsing", "Schäfer", "Schmitz", "Schröder", "Sommer", "Strauß", "Süß", "Thelen", "Türk", "Ullrich", "Vößing",
    "Wagner", "Weiß", "Wüst", "Yılmaz", "Zander", "Zöllner",
)  # fmt: skip
STREETS: Final = (
    "Ahornallee", "Am Brückentor", "Am Mühlenbach", "An der Obstwiese", "Bäckerstraße", "Birkenweg", "Brunnengasse",
    "Deichstraße", "Eichendorffstraße", "Fährstraße", "Färbergasse", "Gärtnerweg", "Glockengießerstraße", "Hafenstraße",
    "Heinrich-Heine-Weg", "Höhenstraße", "Kastanienallee", "Königsplatz", "Kräutergasse", "Lindenstraße", "Marktplatz",
    "Mühlenstraße", "Rathausufer", "Römerstraße", "Rosenweg", "Sägewerkstraße", "Schäferweg", "Schulstraße",
    "Stadtwaldring", "Tannenweg", "Überfahrt", "Uferpromenade", "Wäschergasse", "Ziegeleistraße", "Zum Grünen Ufer",
)  # fmt: skip
DISTRICTS: Final = (
    "Altstadt", "Benrath", "Bilk", "Derendorf", "Eller", "Flingern", "Garath", "Gerresheim", "Heerdt", "Kaiserswerth",
    "Oberbilk", "Pempelfort", "Rath", "Unterbach", "Wersten",
)  # fmt: skip


class People:
    """Staff with their pseudonyms, and citizens by name."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._staff: dict[tuple[str, str, int], Principal] = {}
        self._random = simulation.random

    def name(self) -> str:
        """First and last name."""
        return f"{self._random.choice(FIRST_NAMES)} {self._random.choice(LAST_NAMES)}"

    def street(self) -> str:
        """Street and house number."""
        return f"{self._random.choice(STREETS)} {self._random.randint(1, 148)}"

    def address(self) -> str:
        """Name, street, house number and place."""
        return f"{self.name()}, {self.street()}, 40{self._random.randint(210, 629)} Düsseldorf"

    def staff(self, unit: str, role: str = "clerk", team: int = 4) -> Principal:
        """Somebody of a unit, in a role; `team` is how many there are."""
        return self.member(unit, role, self._random.randrange(team))

    def member(self, unit: str, role: str, number: int) -> Principal:
        """One particular member of a unit."""
        known = self._staff.get((unit, role, number))
        if known is None:
            known = self._staff[unit, role, number] = Principal(
                actor=self._simulation.derived(f"staff:{unit}:{role}:{number}"),
                role=role,
                org_unit=unit,
                authentication=Authentication.NONE_DEV,
                channel=Channel.STAFF,
                client=CLIENT,
            )
        return known

    def citizen(self, channel: Channel, name: str) -> Principal:
        """A citizen who acts for themselves: the channel's fixed uuid, the name in the sealed part."""
        return Principal(
            actor=actor_of(channel),
            role="citizen",
            org_unit="-",
            authentication=Authentication.NONE_DEV,
            channel=channel,
            client=CLIENT,
            person=name,
        )
