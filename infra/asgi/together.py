"""What is written without a pause is sent at once: uvicorn writes the head of an answer and its body apart."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, Final

MOST_TOGETHER: Final = 64 * 1024
"""Bytes that are sent without waiting for more."""


class Together:
    """A transport that sends at once what is written without a pause: the head of an answer with its body."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._written = bytearray()

    def __getattr__(self, name: str) -> Any:
        """All else is the transport's own."""
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Sends it with what else is written before the loop goes on, up to a size."""
        if not self._written:
            self._loop.call_soon(self._send)
        self._written += data
        if len(self._written) > MOST_TOGETHER:
            self._send()

    def writelines(self, data: Iterable[bytes]) -> None:
        """Sends these one after the other, as `write` would."""
        self.write(b"".join(data))

    def write_eof(self) -> None:
        """Ends what is written when all has been sent."""
        self._send()
        self._transport.write_eof()

    def get_write_buffer_size(self) -> int:
        """How many bytes wait to be sent."""
        return self._transport.get_write_buffer_size() + len(self._written)

    def close(self) -> None:
        """Closes when all has been sent."""
        self._send()
        self._transport.close()

    def _send(self) -> None:
        data, self._written = self._written, bytearray()
        if data and not self._transport.is_closing():
            self._transport.write(data)
