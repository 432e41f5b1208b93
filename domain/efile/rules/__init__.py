"""The rules of the e-file family: what each protects, what to do next, and which law it serves."""

from __future__ import annotations

from typing import Final

from domain.efile.facts import CASE_REFERENCE_CLAIM, FILE_REFERENCE_CLAIM, PLAN_CODE_CLAIM
from domain.efile.rules import disposal, records, resubmissions, rounds
from domain.kernel import rules_in

RULES: Final = tuple(rule for module in (records, rounds, resubmissions, disposal) for rule in rules_in(vars(module)))

CLAIM_RULES: Final = {
    PLAN_CODE_CLAIM: records.PLAN_CODE_TAKEN,
    FILE_REFERENCE_CLAIM: records.FILE_REFERENCE_TAKEN,
    CASE_REFERENCE_CLAIM: records.CASE_REFERENCE_TAKEN,
}
