"""Cost figures (Kosten- und Leistungsrechnung): what a piece of each product takes, in versions that are never lost."""

from typing import Final

from domain.costs import rules, upcasters
from domain.costs.commands import COMMANDS
from domain.costs.decide import decide
from domain.costs.evolve import evolve
from domain.costs.facts import FACTS, PRODUCT
from domain.kernel import Family, rules_in

FAMILY: Final = Family(
    name="costs",
    kinds=("cost_figure",),
    facts=FACTS,
    commands=COMMANDS,
    rules=rules_in(vars(rules)),
    decide=decide,
    evolve=evolve,
    claim_rules={PRODUCT: rules.PRODUCT_TAKEN},
    upcasters={"costs.effort_set.v1": ("costs.effort_set.v2", upcasters.effort_with_overhead)},
)

__all__ = ["FAMILY"]
