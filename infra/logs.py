"""What the program logs, as lines of JSON or text on stderr; without the words of exceptions, which may be personal."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final, Literal

import orjson
import psycopg

Form = Literal["json", "text"]
Context = Callable[[], dict[str, Any]]
_LONGEST_CHAIN: Final = 5


def to_stderr(form: Form, context: Context = dict) -> None:
    """Has everything that is logged written to stderr. `context` tells what the current thread or task works on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines(form, context))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("stadtbuch").setLevel(logging.INFO if form == "json" else logging.WARNING)


class Lines(logging.Formatter):
    """One line for each record. Of an exception it has types and places: texts of values stay out of the log."""

    def __init__(self, form: Form, context: Context = dict) -> None:
        super().__init__()
        self._form = form
        self._context = context

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        entry: dict[str, Any] = {
            "time": at,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _shown(record),
            **self._context(),
            **getattr(record, "facts", {}),
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            entry["errors"] = list(_told(error))
        if self._form == "json":
            return orjson.dumps(entry, default=str).decode()
        more = [f"{name}={value}" for name, value in list(entry.items())[4:]]
        return " ".join([at, record.levelname, record.name, entry["message"], *more])


def _shown(record: logging.LogRecord) -> str:
    """The message. An exception that is part of it is told by its type, and by its words where they are about this
    machine and the way to another.
    """
    if record.name == "asyncio":
        return record.getMessage().partition("\n")[0]  # what follows quotes the exception
    if not isinstance(record.args, tuple) or not record.args:
        return record.getMessage()
    return str(record.msg) % tuple(_reason(each) if isinstance(each, BaseException) else each for each in record.args)


def _reason(error: BaseException) -> str:
    technical = isinstance(error, OSError | psycopg.OperationalError)
    return f"{_named(error)}: {str(error).partition(chr(10))[0]}" if technical else _named(error)


def _told(error: BaseException) -> Iterator[dict[str, Any]]:
    """An exception and what led to it, without their words."""
    seen: BaseException | None = error
    for _ in range(_LONGEST_CHAIN):
        if seen is None:
            return
        frames = traceback.extract_tb(seen.__traceback__)[-20:]
        told: dict[str, Any] = {
            "type": _named(seen),
            "at": [f"{_file(f.filename)}:{f.lineno} {f.name}" for f in frames],
        }
        sqlstate = getattr(seen, "sqlstate", None)
        if sqlstate:
            told["sqlstate"] = sqlstate
        yield told
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


def _named(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _file(path: str) -> str:
    return "/".join(path.rsplit("/", 3)[-3:])
