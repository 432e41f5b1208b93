"""What the German words of council information systems mean here. The source's own word is always kept beside it."""

from __future__ import annotations

import re
from typing import Final, TypeVar

from domain.council.vocabulary import BodyType, ConsultationRole, MeetingStatus, Outcome, PaperType

Meant = TypeVar("Meant")
Words = tuple[tuple[re.Pattern[str], Meant], ...]


def _words(*pairs: tuple[str, Meant]) -> Words[Meant]:
    return tuple((re.compile(pattern), meant) for pattern, meant in pairs)


# The first that fits counts, so the narrower word stands before the wider one.
PAPER_TYPES: Final = _words(
    (r"änderungs|ergänzungs", PaperType.AMENDMENT_MOTION),
    (r"antrag", PaperType.MOTION),
    (r"anfrage", PaperType.INQUIRY),
    (r"information|mitteilung|bericht|kenntnis", PaperType.INFORMATION),
    (r"vorlage|beschluss", PaperType.PROPOSAL),
)
ROLES: Final = _words(
    (r"anhörung", ConsultationRole.HEARING),
    (r"kenntnis|information", ConsultationRole.INFORMATION),
    (r"entscheidung|beschluss", ConsultationRole.DECISION),
    (r"vorberatung|beratung|empfehlung", ConsultationRole.PRELIMINARY),
)
OUTCOMES: Final = _words(
    (r"zurückgezogen|abgesetzt", Outcome.WITHDRAWN),
    (r"vertagt|zurückgestellt", Outcome.POSTPONED),
    (r"verwiesen", Outcome.REFERRED),
    (r"teilweise|stellungnahme.*einverstanden", Outcome.OTHER),
    (r"abgelehnt|ablehnung", Outcome.REJECTED),
    (r"kenntnis", Outcome.NOTED),
    (r"ungeändert|unverändert", Outcome.ADOPTED),
    (r"(zugestimmt|beschlossen|angenommen).*(geändert|modifiziert)", Outcome.ADOPTED_AMENDED),
    (r"(geändert|modifiziert).*(zugestimmt|beschlossen|angenommen)", Outcome.ADOPTED_AMENDED),
    (r"zugestimmt|zustimmung|beschlossen|angenommen|genehmigt|gewählt|einverstanden", Outcome.ADOPTED),
)
STATES: Final = _words(
    (r"abgesagt|ausgefallen|entfällt", MeetingStatus.CANCELLED),
    (r"durchgeführt", MeetingStatus.HELD),
    (r"eingeladen", MeetingStatus.INVITED),
)
BODY_TYPES: Final = _words(
    (r"fraktion", BodyType.FACTION),
    (r"verwaltung", BodyType.UNIT),
    (r"beirat", BodyType.ADVISORY),
    (r"ausschuss", BodyType.COMMITTEE),
    (r"ortschaftsrat|ortsrat|ortsbeirat|bezirks", BodyType.DISTRICT),
    (r"gemeinderat|stadtrat|kreistag|^rat\b", BodyType.COUNCIL),
)


def meant(word: str | None, words: Words[Meant], otherwise: Meant) -> Meant:
    """What a word means here."""
    if word is not None:
        low = word.casefold()
        for pattern, meaning in words:
            if pattern.search(low):
                return meaning
    return otherwise


def outcome(word: str | None) -> Outcome | None:
    """What an item's result means; none where the source gives none."""
    return None if word is None else meant(word, OUTCOMES, Outcome.OTHER)


def body_type(name: str | None, organization_type: str | None, classification: str | None) -> BodyType:
    """What a body is: by its name, and where that does not tell, by what the source calls its type and class."""
    for word in (name, organization_type, classification):
        found = meant(word, BODY_TYPES, BodyType.OTHER)
        if found is not BodyType.OTHER:
            return found
    return BodyType.OTHER
