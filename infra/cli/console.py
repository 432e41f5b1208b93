"""How commands speak: results on stdout, progress on stderr, expected errors as one message, exit codes."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, Final, NoReturn

import psycopg
import typer
from eventsourcing.persistence import PersistenceError

from domain.requests import Overloaded, Refused, Unavailable
from infra import projector
from infra.asgi.access import CannotListen, NotLoopback
from infra.cli.keeping import NotKept
from infra.codec import UnknownTopic, UnreadableEvent
from infra.documents.reading import BadDocument
from infra.embedded import EmbeddedError
from infra.exports import BadDestination, NotAllowed, NotYet
from infra.imports.framework import SourceError
from infra.keys import KeyUnavailable
from infra.migrations import MigrationError
from infra.own.errors import BadProjection
from infra.reports.errors import BadQuestion, DoesNotFit, NotBuilt
from infra.sealing import SealBroken
from infra.settings import BadSetting
from infra.spark.terms import SparkFailed, SparkMissing

DONE, FINDING, USAGE, UNAVAILABLE = 0, 1, 2, 3

Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON on stdout; errors too.")]

_UNAVAILABLE = (
    EmbeddedError,
    KeyUnavailable,
    MigrationError,
    Unavailable,
    Overloaded,
    CannotListen,
    PersistenceError,
    psycopg.OperationalError,
    projector.Rebuilding,
    projector.PartsMissing,
    projector.WorkerLost,
    NotBuilt,
    NotKept,
)
_USAGE = (BadDestination, BadQuestion, BadSetting, NotLoopback, NotYet, SparkMissing)
_FINDINGS = (
    BadDocument,
    BadProjection,
    DoesNotFit,
    NotAllowed,
    SealBroken,
    projector.FoldFailed,
    projector.LedgerGap,
    projector.Outdated,
    projector.ReportMismatch,
    projector.ViewInUse,
    SparkFailed,
    UnknownTopic,
    UnreadableEvent,
)

WrongUsage: Final[type[Any]] = typer.BadParameter.__mro__[2]
"""What the command line raises for wrong usage of any kind: typer offers this one kind of it by name only."""


def say(text: str) -> None:
    """Progress, for people."""
    print(text, file=sys.stderr, flush=True)


class EverySecond:
    """Whether progress is to be told now: once a second, for work that could tell it a thousand times."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def __call__(self) -> bool:
        """True at most once a second."""
        now = time.monotonic()
        if now - self._told < 1:
            return False
        self._told = now
        return True


def answer(result: Mapping[str, Any], text: str, *, as_json: bool) -> None:
    """A command's result: JSON for programs, text for people."""
    print(json.dumps(result, ensure_ascii=False, default=str) if as_json else text, flush=True)


def as_error(code: int, message: str) -> str:
    """An error for programs."""
    return json.dumps({"error": message, "exitCode": code}, ensure_ascii=False)


def leave(code: int, message: str, *, as_json: bool) -> NoReturn:
    """End with a message: on stderr, or as JSON on stdout."""
    if as_json:
        print(as_error(code, message), flush=True)
    else:
        say(message)
    raise typer.Exit(code)


@contextmanager
def expected(*, as_json: bool) -> Iterator[None]:
    """Turn the errors that a command's user can do something about into a message and an exit code."""
    try:
        yield
    except _USAGE as error:
        leave(USAGE, str(error), as_json=as_json)
    except _UNAVAILABLE as error:
        leave(UNAVAILABLE, str(error), as_json=as_json)
    except psycopg.errors.InsufficientPrivilege as error:
        primary = error.diag.message_primary or str(error)
        leave(UNAVAILABLE, f"The database's login lacks a right: {primary}. See docs/operators.md.", as_json=as_json)
    except SourceError as error:
        leave(USAGE, error.message.en, as_json=as_json)
    except _FINDINGS as error:
        leave(FINDING, str(error), as_json=as_json)
    except Refused as refused:
        leave(FINDING, refused.message.en, as_json=as_json)
    except KeyboardInterrupt:
        leave(130, "Interrupted. What was recorded stays; run the command again to go on.", as_json=as_json)
