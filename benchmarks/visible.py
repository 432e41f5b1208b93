"""How long a command takes by GraphQL until the register shows it: commands in an open model, at a fixed rate."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

# The record in the answer waits until the read models have seen the command: who has it, sees it in the register.
MUTATION: Final = """
mutation Transfer($input: TransferFileLeadUnitInput!) {
  transferFileLeadUnit(input: $input) {
    __typename
    ... on CommandSuccess { position record { file { reference leadUnit version } } }
    ... on Problem { message }
  }
}
"""


class Connection:
    """One connection that is kept: HTTP/1.1 and no more of it than this needs."""

    def __init__(self, address: str, headers: Mapping[str, str]) -> None:
        parts = urlsplit(address)
        self._host, self._port, self._path = parts.hostname or "", parts.port or 80, parts.path
        self._head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, body: bytes) -> Any:
        """The JSON that is answered. Raises RuntimeError for anything but a success."""
        if self._streams is None or self._streams[0].at_eof():  # the server closes what is idle for seconds
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        head = f"POST {self._path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n{self._head}"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(answer.partition("content-length:")[2].partition("\r\n")[0])
        content = await reader.readexactly(length)
        status = answer.partition("\r\n")[0]
        if " 200 " not in status and " 503 " not in status:
            raise RuntimeError(content.decode())
        return json.loads(content)


async def latencies(
    address: str, headers: Mapping[str, str], document: Mapping[str, str], files: list[str], rate: float, seconds: float
) -> list[float]:
    """Seconds from when each command was due until its record was in the answer, a late start included; infinity where
    it was not in it.
    """
    free: list[Connection] = []
    clock = asyncio.get_running_loop()
    begin = clock.time() + 0.1
    chance = random.Random(1)

    async def one(number: int) -> float:
        due = begin + number / rate
        await asyncio.sleep(due - clock.time())
        connection = free.pop() if free else Connection(address, headers)
        given = {
            "record": chance.choice(files),
            "idempotencyKey": str(uuid4()),
            "newLeadUnit": f"63.{uuid4().hex[:12]}",
            "reason": "Zuständigkeit geändert",
        }
        answer = await connection.post(json.dumps({**document, "variables": {"input": given}}).encode())
        done = (answer.get("data") or {}).get("transferFileLeadUnit") or {"__typename": "Unavailable"}
        free.append(connection)
        if done["__typename"] in ("Overloaded", "Unavailable"):
            return float("inf")
        if done["__typename"] != "CommandSuccess":
            raise RuntimeError(json.dumps(answer))
        # Recorded, and not to be read when the server gave up waiting: it was not visible by then, and that is said.
        return clock.time() - due if done["record"] else float("inf")

    return list(await asyncio.gather(*(one(number) for number in range(int(rate * seconds)))))
