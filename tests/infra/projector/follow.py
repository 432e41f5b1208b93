"""A projector as a process of its own, for tests that kill it: connection strings on stdin, `ready` on stdout."""

import json
import sys

from domain.families import FAMILIES
from infra.database import Database
from infra.projector import Projector
from projections.families import PROJECTIONS

if __name__ == "__main__":
    database = Database(*json.loads(sys.stdin.readline()))
    print("ready", flush=True)
    Projector(database, FAMILIES, PROJECTIONS, (), batch=7).run()
