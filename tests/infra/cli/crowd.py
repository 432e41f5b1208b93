"""Many who follow, in a process of its own: a job on stdin, and in the end what each was told on stdout."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any
from uuid import uuid4

import orjson
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

EVENTS = """subscription ($filter: EventFilter, $after: BigInt) {
  events(first: 100, filter: $filter, after: $after) { position nodes { position topic recordId } } }"""
RECORD = "subscription ($id: ID!) { record(id: $id) { position changes record { version changedAt } } }"
PROTOCOL = Subprotocol("graphql-transport-ws")
CONNECTING_AT_ONCE = 20


class Follower:
    """One who follows, over a connection of their own."""

    def __init__(self, kind: str, variables: dict[str, Any]) -> None:
        self.query = RECORD if kind == "record" else EVENTS
        self.role = "clerk" if kind == "record" else "auditor"
        self.variables = variables
        self.told: list[int] = []
        self.failed: str | None = None
        self.connected = asyncio.Event()

    async def follow(self, address: str, turns: asyncio.Semaphore) -> None:
        async with turns:
            socket = await connect(
                address, subprotocols=[PROTOCOL], proxy=None, compression=None, open_timeout=60, max_size=None
            )
            somebody = {"Stadtbuch-Role": self.role, "Stadtbuch-Actor": str(uuid4())}
            await socket.send(json.dumps({"type": "connection_init", "payload": somebody}))
            await socket.recv()
            payload = {"query": self.query, "variables": self.variables}
            await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
            self.connected.set()
        async for text in socket:
            message = orjson.loads(text)
            if message["type"] != "next":
                self.failed = str(text)
                return
            data = message["payload"]["data"]
            if "events" in data:
                self.told += [int(event["position"]) for event in data["events"]["nodes"]]
            else:
                self.told += map(int, data["record"]["changes"])


async def run(job: dict[str, Any]) -> None:
    """Follows until the process is told on stdin up to which position there was anything."""
    turns = asyncio.Semaphore(CONNECTING_AT_ONCE)
    crowd = [Follower(kind, variables) for kind, variables in job["followers"]]
    tasks = [asyncio.create_task(each.follow(job["address"], turns)) for each in crowd]
    await asyncio.gather(*(each.connected.wait() for each in crowd))
    print(json.dumps("connected"), flush=True)
    expected = json.loads(await asyncio.to_thread(sys.stdin.readline))
    loop = asyncio.get_running_loop()
    deadline = loop.time() + job["patience"]
    waiting = [(each, last) for each, last in zip(crowd, expected, strict=True) if last]
    while loop.time() < deadline:
        waiting = [(each, last) for each, last in waiting if each.failed is None and each.told[-1:] < [last]]
        if not waiting:
            break
        await asyncio.sleep(0.1)
    await asyncio.sleep(job["after"])  # what comes twice comes now
    for task in tasks:
        task.cancel()
    print(json.dumps([[each.told, each.failed] for each in crowd]), flush=True)


if __name__ == "__main__":
    asyncio.run(run(json.loads(sys.stdin.readline())))
