"""Which document a request is about: the one it brings, or a registered one that it names by its hash; and who may
bring their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from time import monotonic
from typing import Any, Final

from domain.kernel import Message
from domain.requests import Unavailable
from domain.rights import Roles
from graphql_api.context import Asking
from graphql_api.plans.cache import Latest
from graphql_api.ports import Reader
from infra.asgi.access import Denied
from projections.query import Statement

SEEN_SECONDS: Final = 2.0
KEPT: Final = 4_096
_ID: Final = re.compile(r"(?:sha256:)?([0-9a-f]{64})")
_LOOK_UP: Final = "select text from read.trusted_document where id = $1"
_UNKNOWN: Final = Message(
    "No document is registered under this id. Register it with `stadtbuch documents add`, which shows its id: sha256: "
    "and the SHA-256 of its text.",
    "Unter dieser Kennung ist kein Dokument hinterlegt. Bitte mit `stadtbuch documents add` hinterlegen; das zeigt die "
    "Kennung: sha256: und die SHA-256 des Textes.",
)
_REQUIRED: Final = Message(
    "With the role {role}, registered documents alone are answered: send `documentId` instead of `query`, and have the "
    "document registered with `stadtbuch documents add`.",
    "Mit der Rolle {role} werden nur hinterlegte Dokumente beantwortet: bitte `documentId` statt `query` senden und "
    "das Dokument mit `stadtbuch documents add` hinterlegen lassen.",
)


def named(asked: Mapping[str, Any]) -> str | None:
    """The `documentId` of a request, also where it comes as Apollo's persistedQuery; None where the request has a query
    of its own. Raises Denied where it has both, or an id that is none.
    """
    given = asked.get("documentId")
    if given is None:
        extensions = asked.get("extensions")
        persisted = extensions.get("persistedQuery") if isinstance(extensions, dict) else None
        if asked.get("query") is None and isinstance(persisted, dict):
            given = persisted.get("sha256Hash")
    elif asked.get("query") is not None:
        raise Denied(400, "BAD_REQUEST", "Send `query` or `documentId`, not both.")
    if not isinstance(given, str | None):
        raise Denied(400, "BAD_REQUEST", "`documentId` is a string: sha256: and the SHA-256 of the document's text.")
    return given


class TrustedDocuments:
    """The registered documents, looked up when they are named and then kept for a moment."""

    def __init__(self, reader: Reader, trusted_only: Roles) -> None:
        self._reader = reader
        self._trusted_only = trusted_only
        self._kept: Latest[str, tuple[float, str | None]] = Latest(KEPT)

    async def asked_for(self, asked: Mapping[str, Any], asking: Asking) -> str:
        """The text that is to be executed. Raises Denied."""
        given = named(asked)
        if given is None:
            if asking.viewer.role in self._trusted_only:
                raise Denied(403, "DOCUMENT_REQUIRED", asking.say(_REQUIRED).format(role=asking.viewer.role))
            return str(asked["query"])
        match = _ID.fullmatch(given)
        text = await self._text(f"sha256:{match[1]}", asking) if match else None
        if text is None:
            raise Denied(400, "DOCUMENT_UNKNOWN", asking.say(_UNKNOWN))
        return text

    async def _text(self, document_id: str, asking: Asking) -> str | None:
        until, kept = self._kept.get(document_id) or (0.0, None)
        now = monotonic()
        if now < until:
            return kept
        try:
            rows = await self._reader.fetch(Statement(_LOOK_UP, (document_id,)))
        except Unavailable as error:
            raise Denied(503, "UNAVAILABLE", asking.say(error.message)) from error
        # The same text under the same hash is the same object, so that whatever is kept by it is found at once.
        text = kept if rows and kept is not None else rows[0][0] if rows else None
        self._kept.put(document_id, (now + SEEN_SECONDS, text))
        return text
