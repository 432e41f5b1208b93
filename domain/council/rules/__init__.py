"""The rules of council documents: what each protects, what to do next, and where the law asks for it."""

from typing import Final

from domain.council.rules import meetings, minutes, papers, records, sitting, tracking
from domain.kernel import rules_in

RULES: Final = tuple(
    rule for module in (records, papers, meetings, sitting, minutes, tracking) for rule in rules_in(vars(module))
)
