"""A rebuild as a process of its own, for tests that kill it: connection strings and a name on stdin, then progress."""

import json
import sys

from domain.families import FAMILIES
from infra.codec import Codec
from infra.database import Database
from infra.projector import Declared, Sizes, rebuild
from projections.model import find
from tests.infra.projector.declared import PROJECTIONS

DECLARED = Declared("tests.infra.projector.declared:PROJECTIONS")
SIZES = Sizes(10, 40, 20)

if __name__ == "__main__":
    conninfos, name = json.loads(sys.stdin.readline())

    def tell(progress: object) -> None:
        print("told", flush=True)

    rebuild(
        Database(*conninfos), Codec(FAMILIES), find(PROJECTIONS, name), (),
        workers=2, declared=DECLARED, sizes=SIZES, progress=tell,
    )  # fmt: skip
