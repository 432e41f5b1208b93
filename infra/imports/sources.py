"""Source files as bytes, plain or gzipped, with a bound on how far they may expand."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from domain.kernel import Message
from infra.imports.framework import SourceError

GZIP_MAGIC: Final = b"\x1f\x8b"
ZIP_MAGIC: Final = b"PK\x03\x04"
RATIO: Final = 200
"""Logs of events and lists of objects expand 10 to 60 times; a bomb 1,000 times."""
RATIO_COUNTS_FROM: Final = 32 * 1024 * 1024
LARGEST: Final = 64 * 1024**3
CHUNK: Final = 64 * 1024


class Source(io.RawIOBase):
    """Reads a source file. Raises SourceError where it is truncated, damaged, or expands beyond its bounds."""

    def __init__(self, file: BinaryIO, *, ratio: int = RATIO, counts_from: int = RATIO_COUNTS_FROM) -> None:
        super().__init__()
        self._file = file
        self._ratio = ratio
        self._counts_from = counts_from
        self._expanded = 0
        start = file.read(4)
        file.seek(0)
        if start == ZIP_MAGIC:
            raise SourceError(
                Message(
                    "This is a zip archive. Unpack it, or pack the file inside with gzip.",
                    "Dies ist ein Zip-Archiv. Bitte entpacken oder die Datei darin mit gzip packen.",
                )
            )
        self._packed = start[:2] == GZIP_MAGIC
        self._bytes = gzip.GzipFile(fileobj=file, mode="rb") if self._packed else file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # any writable buffer is one of these
        data = self._read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _read(self, size: int) -> bytes:
        try:
            data = self._bytes.read(size)
        except EOFError as error:
            raise SourceError(
                Message(
                    "The gzip file ends too early: it was cut off. Transfer it again.",
                    "Die gzip-Datei endet zu früh: Sie wurde abgeschnitten. Bitte neu übertragen.",
                )
            ) from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise SourceError(
                Message(
                    f"The gzip file is damaged ({error}). Transfer it again.",
                    f"Die gzip-Datei ist beschädigt ({error}). Bitte neu übertragen.",
                )
            ) from error
        self._expanded += len(data)
        if self._packed:
            self._require_proportion()
        return data

    def _require_proportion(self) -> None:
        packed = max(self._file.tell(), 1)
        too_far = self._expanded > self._counts_from and self._expanded > packed * self._ratio
        if too_far or self._expanded > LARGEST:
            raise SourceError(
                Message(
                    f"The file expands more than {self._ratio} times: it looks like a zip bomb. "
                    "If it is genuine, unpack it and import the unpacked file.",
                    f"Die Datei wächst beim Entpacken auf mehr als das {self._ratio}-Fache: Sie sieht aus wie eine "
                    "Zip-Bombe. Ist sie echt, entpacken Sie sie und importieren Sie die entpackte Datei.",
                )
            )


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """The bytes of a file, unpacked where it is gzipped. Raises SourceError."""
    try:
        with path.open("rb") as file:
            yield Source(file)
    except OSError as error:
        raise SourceError(
            Message(
                f"{path} cannot be read ({error.strerror}).", f"{path} kann nicht gelesen werden ({error.strerror})."
            )
        ) from error
