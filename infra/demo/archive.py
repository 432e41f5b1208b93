"""What becomes of closed files and cases in the generated city: holds, retention, the archive, destruction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Final
from uuid import UUID

from domain.efile import commands as c
from domain.efile.vocabulary import Appraisal, DisposalKind
from domain.kernel import BERLIN, Command, Effective, Sealed
from domain.requests import Principal
from infra.demo.people import People
from infra.demo.plan import Task
from infra.demo.simulation import Simulation, Work
from infra.tick import PRINCIPAL

ARCHIVE: Final = "Stadtarchiv"
HELD: Final = "Klage anhängig."
PATIENCE: Final = 8
"""How often it is looked at whether a file's cases are gone."""
AGAINST_THE_PLAN: Final = "Von stadtgeschichtlicher Bedeutung."


@dataclass(frozen=True, slots=True)
class Words:
    """The commands that files and cases have alike."""

    hold: type[c.PlaceLegalHold]
    expire: type[Command]
    offer: type[c.OfferForDisposal]
    appraise: type[c.RecordAppraisal]
    send: type[c.SendToArchive]
    fail: type[c.RecordTransferErrors]
    confirm: type[c.ConfirmImport]
    approve: type[Command]
    destroy: type[Command]


FILE: Final = Words(
    c.PlaceFileLegalHold,
    c.RecordFileRetentionExpiry,
    c.OfferFile,
    c.RecordFileAppraisal,
    c.SendFileToArchive,
    c.RecordFileTransferErrors,
    c.ConfirmFileImport,
    c.ApproveFileDestruction,
    c.DestroyFile,
)
CASE: Final = Words(
    c.PlaceCaseLegalHold,
    c.RecordCaseRetentionExpiry,
    c.OfferCase,
    c.RecordCaseAppraisal,
    c.SendCaseToArchive,
    c.RecordCaseTransferErrors,
    c.ConfirmCaseImport,
    c.ApproveCaseDestruction,
    c.DestroyCase,
)


def at_night(day: date) -> datetime:
    """The hour at which the calendar is gone through."""
    return datetime.combine(day, time(3), BERLIN).astimezone(UTC)


class Archive:
    """The city archive, and the records managers who deal with it."""

    def __init__(self, simulation: Simulation, people: People) -> None:
        self._simulation = simulation
        self._people = people
        self._random = simulation.random

    def disposal(
        self,
        words: Words,
        record: UUID,
        task: Task,
        *,
        ready: Callable[[], bool],
        gone: Callable[[], None],
        kept: Callable[[], None],
    ) -> Work:
        """Of a record closed today: `ready` tells whether it may be destroyed, `gone` is told when it was, and `kept`
        when it is put under a hold, for good.
        """
        simulation, random = self._simulation, self._random
        do = partial(simulation.do, record=record)
        manager = self._people.member("10", "records_manager", 0)
        closed, years = simulation.today, task.retention_years
        held = random.random() < 0.02
        if held:
            yield simulation.later(10)
            do(manager, words.hold(authority="VG Düsseldorf", reason=Sealed(HELD)))
            kept()
        if years is None:
            return
        expires = date(closed.year + years + 1, 1, 1)
        yield at_night(expires)
        do(PRINCIPAL, words.expire(), effective=Effective.on(expires))
        yield simulation.later(12)
        process = f"AUS-{expires.year}-{task.unit}"
        do(manager, words.offer(process_id=process, archive=ARCHIVE))
        yield simulation.later(15)
        archivist = self._people.staff("41", "archivist", 2)
        decision, reason = self._decided(task)
        do(archivist, words.appraise(process_id=process, decision=decision, reason=reason))
        if decision is Appraisal.ARCHIVE:
            yield from self._handed_over(words, process, manager, archivist, do)
        for _ in range(PATIENCE):
            yield simulation.later(8)
            if ready():
                break
        if held or not ready():
            return
        do(manager, words.approve())
        yield simulation.later(0.5)
        if not ready():
            return
        do(self._people.staff("10", "registrar", 2), words.destroy())
        gone()

    def _decided(self, task: Task) -> tuple[Appraisal, Sealed[str] | None]:
        wanted = self._random.random()
        if task.disposal is DisposalKind.APPRAISE:
            return (Appraisal.ARCHIVE if wanted < 0.25 else Appraisal.DESTROY), None
        planned = Appraisal.ARCHIVE if task.disposal is DisposalKind.ARCHIVE else Appraisal.DESTROY
        if planned is Appraisal.DESTROY and wanted < 0.03:
            return Appraisal.ARCHIVE, Sealed(AGAINST_THE_PLAN)
        return planned, None

    def _handed_over(
        self, words: Words, process: str, manager: Principal, archivist: Principal, do: Callable[..., UUID]
    ) -> Work:
        simulation, random = self._simulation, self._random
        size = random.randint(1_000_000, 90_000_000)
        yield simulation.later(4)
        do(manager, words.send(sha256=random.randbytes(32).hex(), size=size))
        if random.random() < 0.1:
            yield simulation.later(3)
            do(archivist, words.fail(process_id=process, errors=1, report=Sealed("Ein Primärdokument fehlt.")))
            yield simulation.later(2)
            do(manager, words.send(sha256=random.randbytes(32).hex(), size=size))
        yield simulation.later(5)
        number = f"0-1-{process.removeprefix('AUS-')}-{random.randint(1, 99_999)}"
        do(archivist, words.confirm(process_id=process, archive_id=number))
