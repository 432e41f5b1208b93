"""The stories of all families, told through the API, so that every mutation succeeds that somebody may ask for."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from domain.families import FAMILIES
from domain.kernel import Channel
from domain.requests import Availability, Outcome, Principal, Request
from infra.ledger import Ledger
from tests.api import Api
from tests.stories import Said, read

SUCCESS = "__typename ... on Problem { message } ... on CommandSuccess { recordId position }"


class Then:
    """The ledger at the moment of a story, and by an import where the story says so."""

    def __init__(self, ledger: Ledger, moment: datetime) -> None:
        self._ledger = ledger
        self._moment = moment
        self.imports = False

    async def handle(self, request: Request) -> Outcome:
        if self.imports:
            request = replace(request, principal=replace(request.principal, channel=Channel.IMPORT))
        (answer,) = await asyncio.to_thread(self._ledger.handle_all, [request], [self._moment])
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def available(self, record_id: UUID, principal: Principal) -> Sequence[Availability]:
        return await asyncio.to_thread(self._ledger.available, record_id, principal)

    async def made_by(self, record_id: UUID, principal: Principal) -> bool:
        return await asyncio.to_thread(self._ledger.made_by, record_id, principal)


def said(api: Api, line: Said) -> int:
    """Sends a line; answers the position, or fails with what it was answered."""
    name = line.mutation[0].upper() + line.mutation[1:]
    query = f"mutation ($input: {name}Input!) {{ done: {line.mutation}(input: $input) {{ {SUCCESS} }} }}"
    headers = {**line.headers, "Stadtbuch-Channel": "STAFF"}
    status, body = api.answer(query, {"input": line.input}, **headers)
    assert (status, body.get("errors")) == (200, None), (line, body)
    done = body["data"]["done"]
    assert done["__typename"] == "CommandSuccess", (line, done)
    return int(done["position"] or 0)


def tell(api: Api, ledger: Ledger) -> tuple[Counter[str], int]:
    """Sends all of them; answers how often each mutation succeeded for somebody, and the last position."""
    succeeded, position = Counter[str](), 0
    for family in FAMILIES:
        story = read(family.name)
        then = Then(ledger, story.told)
        with api.endpoint_with(commands=then):
            for line in story.said:
                then.imports = line.headers["Stadtbuch-Channel"] == Channel.IMPORT
                position = max(position, said(api, line))
                succeeded[line.mutation] += not then.imports
    return succeeded, position
