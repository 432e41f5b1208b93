"""E-files (E-Akte): file plan, files, cases, documents and their circulation."""

from __future__ import annotations

from typing import Final

from domain.efile.decide import COMMANDS, decide
from domain.efile.evolve import evolve
from domain.efile.facts import FACTS
from domain.efile.rules import CLAIM_RULES, RULES
from domain.efile.upcasters import UPCASTERS
from domain.kernel import Family

FAMILY: Final = Family(
    name="efile",
    kinds=("file_plan_unit", "file", "case"),
    facts=FACTS,
    commands=COMMANDS,
    rules=RULES,
    decide=decide,
    evolve=evolve,
    claim_rules=CLAIM_RULES,
    upcasters=UPCASTERS,
)
