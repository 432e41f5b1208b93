"""Council documents (Ratsinformation): bodies, papers with their consultations, meetings with agendas, resolutions."""

from domain.council.commands import COMMANDS
from domain.council.decide import decide
from domain.council.evolve import evolve
from domain.council.facts import FACTS
from domain.council.facts.common import (
    BODY_CODE,
    MEETING_NUMBER,
    MEETING_SLOT,
    PAPER_REFERENCE,
    RESOLUTION_NUMBER,
    SOURCE_ID,
)
from domain.council.rules import RULES, meetings, papers, records, sitting
from domain.council.upcasters import UPCASTERS
from domain.kernel import Family

FAMILY = Family(
    name="council",
    kinds=("body", "paper", "meeting", "resolution"),
    facts=FACTS,
    commands=COMMANDS,
    rules=RULES,
    decide=decide,
    evolve=evolve,
    claim_rules={
        BODY_CODE: records.BODY_CODE_TAKEN,
        PAPER_REFERENCE: papers.PAPER_REFERENCE_TAKEN,
        MEETING_NUMBER: meetings.MEETING_NUMBER_TAKEN,
        MEETING_SLOT: meetings.MEETING_SLOT_TAKEN,
        RESOLUTION_NUMBER: sitting.RESOLUTION_NUMBER_TAKEN,
        SOURCE_ID: records.SOURCE_TAKEN,
    },
    upcasters=UPCASTERS,
)
