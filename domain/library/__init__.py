"""Library loans (Ausleihe): readers, titles, items with their loans and holds, and transits between branches."""

from typing import Final

from domain.kernel import Family
from domain.library import rules
from domain.library.commands import COMMANDS
from domain.library.decide import decide
from domain.library.evolve import evolve
from domain.library.facts import BARCODE, CARD, DISPATCH, FACTS, TITLE
from domain.library.upcasters import UPCASTERS

FAMILY: Final = Family(
    name="library",
    kinds=("patron", "title", "item", "dispatch"),
    facts=FACTS,
    commands=COMMANDS,
    rules=rules.RULES,
    decide=decide,
    evolve=evolve,
    claim_rules={
        CARD: rules.CARD_TAKEN,
        TITLE: rules.TITLE_NUMBER_TAKEN,
        BARCODE: rules.BARCODE_TAKEN,
        DISPATCH: rules.DISPATCH_EXISTS,
    },
    upcasters=UPCASTERS,
)

__all__ = ["FAMILY"]
