"""Library loans (Ausleihe): readers, items with their loans and holds, and transits between branches."""

from typing import Final

from domain.kernel import Family, rules_in
from domain.library import rules
from domain.library.commands import COMMANDS
from domain.library.decide import decide
from domain.library.evolve import evolve
from domain.library.facts import BARCODE, CARD, DISPATCH, FACTS

FAMILY: Final = Family(
    name="library",
    kinds=("patron", "item", "dispatch"),
    facts=FACTS,
    commands=COMMANDS,
    rules=rules_in(vars(rules)),
    decide=decide,
    evolve=evolve,
    claim_rules={CARD: rules.CARD_TAKEN, BARCODE: rules.BARCODE_TAKEN, DISPATCH: rules.DISPATCH_EXISTS},
)

__all__ = ["FAMILY"]
