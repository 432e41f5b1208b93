"""The table of `make mutation`: every rule, and the tests that guard it."""

import sys

from domain.families import FAMILIES
from tests.mutation.verdict import verdicts

if __name__ == "__main__":
    found = [verdict for family in FAMILIES for verdict in verdicts(family)]
    for verdict in found:
        print(verdict)
    unguarded = [verdict.rule for verdict in found if not verdict.guarded]
    print(f"{len(found)} rules, {len(unguarded)} of them not guarded: {', '.join(unguarded) or 'none'}")
    sys.exit(bool(unguarded))
