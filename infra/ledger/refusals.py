"""Refusals that have nothing to do with rules, and what to do next."""

from __future__ import annotations

from domain.kernel import Invalid, Message
from domain.requests import IdempotencyKeyReused, Overloaded, Unavailable
from infra.store.unit import ServerRefuses


def reused() -> IdempotencyKeyReused:
    """The idempotency key came with another request before."""
    return IdempotencyKeyReused(
        Message(
            "This idempotency key was used before, with another request. Use a new key for a new request.",
            "Dieser Idempotenzschlüssel wurde schon mit einem anderen Auftrag verwendet. "
            "Verwenden Sie für einen neuen Auftrag einen neuen Schlüssel.",
        )
    )


def unavailable(error: Exception) -> Unavailable:
    """The database does not answer, or takes nothing now; then its reason is told, for it names no data."""
    if isinstance(error, ServerRefuses):
        return Unavailable(
            Message(
                f"The ledger cannot record now: {error} Repeat the request with the same idempotency key later.",
                f"Das Stadtbuch kann gerade nichts aufnehmen: {error} Wiederholen Sie den Auftrag später mit demselben "
                "Idempotenzschlüssel.",
            )
        )
    return Unavailable(
        Message(
            f"The ledger does not answer ({type(error).__name__}). Repeat the request with the same idempotency key.",
            f"Das Stadtbuch antwortet nicht ({type(error).__name__}). Wiederholen Sie den Auftrag mit demselben "
            "Idempotenzschlüssel.",
        )
    )


def overloaded() -> Overloaded:
    """Decisions on the record went stale again and again."""
    return Overloaded(
        Message(
            "Many are working on this record right now. Try again in a moment.",
            "An diesem Datensatz wird gerade viel gearbeitet. Versuchen Sie es gleich noch einmal.",
        )
    )


def unstorable() -> Invalid:
    """A text holds what no database can keep, such as NUL."""
    return Invalid(
        "input",
        Message(
            "A text of the command holds a character that cannot be stored. Remove control characters and try again.",
            "Ein Text des Auftrags enthält ein Zeichen, das nicht gespeichert werden kann. Entfernen Sie Steuerzeichen "
            "und versuchen Sie es noch einmal.",
        ),
    )
