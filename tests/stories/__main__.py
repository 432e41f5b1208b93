"""`python -m tests.stories FAMILY …`: tells stories anew, on a server of their own."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import httpx
import psycopg

from domain.families import FAMILIES
from infra.asgi.app import create_app
from infra.asgi.server import serving
from infra.embedded import start
from infra.ledger import Ledger
from infra.migrations import migrate
from infra.projector import Projector
from infra.settings import Settings
from projections.families import PROJECTIONS, REPORTS
from tests.database import KEK, LOG_NAME, database_named
from tests.graphql_api.test_rights import mutations
from tests.machines.store import opened
from tests.machines.test_machines import machine_of, tally_of
from tests.stories import Said, write
from tests.stories.telling import Telling, tell


def run(names: list[str]) -> None:
    """One family after the other, each in a database of its own."""
    home = Path(tempfile.mkdtemp(prefix="stadtbuch-stories-"))
    with start(home) as server:
        for name in names:
            with psycopg.connect(server.conninfo("admin"), autocommit=True) as connection:
                connection.execute(f"create database story_{name}".encode())
            database = database_named(server, f"story_{name}")
            migrate(database, LOG_NAME)
            ledger = Ledger(database, KEK, FAMILIES)
            projector = Projector(database, FAMILIES, PROJECTIONS, REPORTS)
            projector.catch_up()
            projector.start()
            app = create_app(Settings(), database, ledger)
            machine = machine_of(name)
            of_family = {command: mutation for mutation, command in mutations() if command in machine.family.commands}
            asked = {command: mutation for command, mutation in of_family.items() if command.asked_by}
            with (
                serving(app) as address,
                httpx.Client(base_url=address, timeout=60) as client,
                opened(database) as store,
            ):

                def ask(line: Said) -> bool:
                    return answered(client, line)

                telling = Telling(store, machine, tally_of(machine), asked, ask)
                try:
                    tell(telling, print)
                finally:
                    story = telling.story()
                    write(name, story)
                    print(f"{name}: {len(story)} of {len(telling.told)} mutations kept; missing {telling.missing()}")
            projector.stop()
            ledger.close()
    shutil.rmtree(home)


def answered(client: httpx.Client, line: Said) -> bool:
    """Whether a mutation succeeded; what else it was answered is printed."""
    name = line.mutation[0].upper() + line.mutation[1:]
    told = "__typename ... on Problem { message }"
    query = f"mutation ($input: {name}Input!) {{ done: {line.mutation}(input: $input) {{ {told} }} }}"
    response = client.post("/graphql", json={"query": query, "variables": {"input": line.input}}, headers=line.headers)
    body = response.json()
    done = (body.get("data") or {}).get("done") or {}
    if done.get("__typename") == "CommandSuccess":
        return True
    print(f"  {line.mutation}: {done or body}")
    return False


if __name__ == "__main__":
    run(sys.argv[1:])
