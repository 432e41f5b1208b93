"""Moves of the council machine: bodies with their members, papers with their consultations, and what is imported."""

from datetime import timedelta
from uuid import UUID

from domain.council import commands as c
from domain.council.commands.imported import SourceBody, SourceMeeting, SourcePaper
from domain.council.parts import BodyData, MeetingData, PaperData
from domain.council.state import BodyState, MeetingState, PaperState
from domain.council.vocabulary import (
    BodyType,
    ConsultationRole,
    FileRole,
    PaperField,
    PaperStatus,
    PaperType,
    Publication,
)
from domain.kernel import Channel, Command
from tests.machines.machine import Attempt, Move, Scene

SYSTEM = "oparl"
SHA512S = ("ab" * 64, "cd" * 64)
UNRELEASED = (PaperStatus.DRAFT, PaperStatus.CO_SIGNED)
UNITS = ("20", "30", "66")


def nobody(scene: Scene) -> UUID:
    """An id that nothing has."""
    return UUID(int=scene.random.getrandbits(128))


def body_of(scene: Scene) -> UUID:
    """Some body that is led here; sometimes one that is dissolved, or none."""
    record, _ = scene.some(BodyState, lambda body: body.source is None)
    return scene.often(record, record, record, nobody(scene))


# Bodies


def establish(scene: Scene) -> Attempt:
    return Attempt(
        command=c.EstablishBody(
            code=scene.number("B"),
            name=scene.text(),
            body_type=scene.pick(BodyType),
            seats=scene.pick([2, 3, 4, None]),
            parent=scene.often(None, nobody(scene)),
        )
    )


def establish_under_one_that_is_dissolved(scene: Scene) -> Attempt:
    parent, _ = scene.some(BodyState, lambda body: body.dissolved_on is not None)
    command = c.EstablishBody(code=scene.number("B"), name=scene.text(), body_type=BodyType.COMMITTEE, parent=parent)
    return Attempt(command=command)


def establish_twice(scene: Scene) -> Attempt:
    code = scene.taken("council.body_code")
    return Attempt(command=c.EstablishBody(code=code, name=scene.text(), body_type=BodyType.COUNCIL))


def establish_on_a_record(scene: Scene) -> Attempt:
    record, _ = scene.some(BodyState)
    command = c.EstablishBody(code=scene.number("B"), name=scene.text(), body_type=BodyType.COUNCIL)
    return Attempt(command=command, record=record)


def publish_nothing(scene: Scene) -> Attempt:
    return Attempt(command=c.PublishBody(), record=nobody(scene))


def amend_body(scene: Scene) -> Attempt:
    record, body = scene.some(BodyState)
    return Attempt(command=c.AmendBody(seats=scene.often(scene.random.randint(1, 9), body.data.seats)), record=record)


def dissolve(scene: Scene) -> Attempt:
    record, _ = scene.some(BodyState)
    return Attempt(command=c.DissolveBody(reason=scene.text()), record=record)


def add_member(scene: Scene) -> Attempt:
    record, body = scene.some(BodyState)
    twice = [known.of.member for known in body.memberships]
    command = c.AddMember(
        name=scene.text(),
        voting=scene.chance(0.8),
        group=scene.pick(["SPD", "CDU", None]),
        member=scene.often(None, *twice) if twice else None,
    )
    return Attempt(command=command, record=record)


def end_membership(scene: Scene) -> Attempt:
    record, body = scene.some(BodyState)
    seated = [known.of.member for known in body.memberships if known.until is None]
    member = scene.pick(seated or [nobody(scene)])
    reason = scene.often(None, scene.text())
    return Attempt(command=c.EndMembership(member=scene.often(member, nobody(scene)), reason=reason), record=record)


def publish_body(scene: Scene) -> Attempt:
    record, _ = scene.some(BodyState)
    return Attempt(command=c.PublishBody(), record=record)


def depublish_body(scene: Scene) -> Attempt:
    record, _ = scene.some(BodyState)
    return Attempt(command=c.DepublishBody(reason=scene.text()), record=record)


# Papers


def drafting(scene: Scene, reference: str) -> c.DraftPaper:
    return c.DraftPaper(
        reference=reference,
        title=scene.text(),
        paper_type=scene.pick(PaperType),
        lead_unit=scene.pick(UNITS),
        public=scene.chance(0.7),
        dated=scene.often(None, scene.day(1, 9)),
        originator=scene.often(None, nobody(scene)),
    )


def draft(scene: Scene) -> Attempt:
    return Attempt(command=drafting(scene, scene.number("V-")))


def draft_twice(scene: Scene) -> Attempt:
    return Attempt(command=drafting(scene, scene.taken("council.paper_reference")))


def co_sign(scene: Scene) -> Attempt:
    record, paper = scene.some(PaperState)
    drafter = scene.pick(paper.drafters) if paper.drafters else scene.actor()
    actor, deputising_for = scene.often((scene.actor(), None), (drafter, None), (scene.actor(), drafter))
    return co_signing(scene, record, actor, deputising_for, scene.often(Channel.STAFF, Channel.SERVICE_PORTAL))


def co_signing(
    scene: Scene, record: UUID, actor: UUID, deputising_for: UUID | None, channel: Channel = Channel.STAFF
) -> Attempt:
    """For one's own unit, mostly."""
    unit = scene.pick(UNITS)
    return Attempt(
        command=c.CoSignPaper(unit=unit),
        record=record,
        actor=actor,
        deputising_for=deputising_for,
        unit=scene.often(unit, *UNITS),
        channel=channel,
    )


def co_sign_for_another_unit(scene: Scene) -> Attempt:
    def unsigned(paper: PaperState) -> bool:
        return paper.status in UNRELEASED and paper.source is None

    record, _ = scene.some(PaperState, unsigned)
    command = c.CoSignPaper(unit=scene.pick(UNITS))
    return Attempt(command=command, record=record, actor=nobody(scene), unit="61")


def co_sign_what_one_wrote(scene: Scene) -> Attempt:
    """By somebody who drafted or changed it, in their place, or in somebody else's."""
    record, paper = scene.some(PaperState, lambda paper: bool(paper.drafters) and paper.status in UNRELEASED)
    writer = scene.pick(paper.drafters)
    actor, deputising_for = scene.pick([(writer, None), (nobody(scene), writer), (writer, nobody(scene))])
    return co_signing(scene, record, actor, deputising_for)


def co_sign_once_more(scene: Scene) -> Attempt:
    record, paper = scene.some(PaperState, lambda paper: paper.status is PaperStatus.CO_SIGNED)
    unit = scene.pick(paper.co_signed_by)
    return Attempt(command=c.CoSignPaper(unit=unit), record=record, actor=nobody(scene), unit=unit)


def release(scene: Scene) -> Attempt:
    record, _ = scene.some(PaperState)
    return Attempt(command=c.ReleasePaper(), record=record)


def release_before_its_date(scene: Scene) -> Attempt:
    def dated(paper: PaperState) -> bool:
        if paper.status is not PaperStatus.CO_SIGNED or paper.source is not None or paper.data.dated is None:
            return False
        return paper.data.dated <= scene.today

    record, paper = scene.some(PaperState, dated)
    assert paper.data.dated is not None
    return Attempt(command=c.ReleasePaper(), record=record, on=paper.data.dated - timedelta(days=1))


def amend_paper(scene: Scene) -> Attempt:
    record, _ = scene.some(PaperState)
    command = c.AmendPaper(
        title=scene.often(scene.text(), None),
        paper_type=scene.pick([None, *PaperType]),
        lead_unit=scene.pick([None, *UNITS]),
        public=scene.pick([None, True, False]),
        reason=scene.text(),
    )
    return Attempt(command=command, record=record)


def amend_nothing(scene: Scene) -> Attempt:
    record, paper = scene.some(PaperState)
    return Attempt(command=c.AmendPaper(lead_unit=paper.data.lead_unit, reason=scene.text()), record=record)


def hide_what_is_on_a_public_agenda(scene: Scene) -> Attempt:
    def hidable(paper: PaperState) -> bool:
        here = paper.source is None and paper.publication is not Publication.PUBLISHED
        return here and paper.data.public and not paper.status.settled and bool(paper.on_agendas)

    record, _ = scene.some(PaperState, hidable)
    return Attempt(command=c.AmendPaper(public=False, reason=scene.text()), record=record)


def withdraw(scene: Scene) -> Attempt:
    record, _ = scene.some(PaperState)
    return Attempt(command=c.WithdrawPaper(reason=scene.text()), record=record)


def withdrawing(status: PaperStatus) -> Move:
    """A paper in this status is taken back."""

    def withdraw_there(scene: Scene) -> Attempt:
        record, _ = scene.some(PaperState, lambda paper: paper.source is None and paper.status is status)
        return Attempt(command=c.WithdrawPaper(reason=scene.text()), record=record)

    return withdraw_there


def plan(scene: Scene) -> Attempt:
    record, _ = scene.some(PaperState)
    command = c.PlanConsultation(
        body=body_of(scene),
        role=scene.pick(ConsultationRole),
        authoritative=scene.chance(0.5),
        order=scene.often(None, 1, 2),
    )
    return Attempt(command=command, record=record)


def plan_beside(scene: Scene) -> Attempt:
    """Another body for a paper that has one: earlier in the order, or with authority too."""
    record, paper = scene.some(PaperState, lambda paper: any(not each.decided for each in paper.consultations))
    busy = {body.record for each in paper.consultations for body in each.data.bodies if not each.decided}
    free = [key for key, body in scene.world.of(BodyState).items() if not body.dissolved_on and key not in busy]
    command = c.PlanConsultation(
        body=scene.pick(free), role=ConsultationRole.PRELIMINARY, authoritative=scene.chance(0.5), order=1
    )
    return Attempt(command=command, record=record)


def plan_with_one_that_is_dissolved(scene: Scene) -> Attempt:
    record, _ = scene.some(PaperState)
    body, _ = scene.some(BodyState, lambda body: body.dissolved_on is not None)
    return Attempt(command=c.PlanConsultation(body=body, role=ConsultationRole.HEARING), record=record)


def cancel_consultation(scene: Scene) -> Attempt:
    record, paper = scene.some(PaperState)
    consultation = scene.pick([each.id for each in paper.consultations] or [nobody(scene)])
    return Attempt(command=c.CancelConsultation(consultation=consultation, reason=scene.text()), record=record)


def attach(scene: Scene) -> Attempt:
    record, _ = scene.some(PaperState)
    command = c.AttachPaperFile(
        role=FileRole.MAIN,
        name=scene.text(),
        file_name=scene.text(),
        mime_type="application/pdf",
        size=scene.random.randint(0, 9),
        sha512=scene.pick(SHA512S),
        public=scene.chance(0.5),
    )
    return Attempt(command=command, record=record)


def remove_file(scene: Scene) -> Attempt:
    record, paper = scene.some(PaperState)
    file = scene.pick([file.id for file in paper.files] or [nobody(scene)])
    return Attempt(command=c.RemovePaperFile(file=file, reason=scene.text()), record=record)


def remove_a_file_of_a_co_signed_paper(scene: Scene) -> Attempt:
    record, paper = scene.some(PaperState, lambda paper: paper.status is PaperStatus.CO_SIGNED and bool(paper.files))
    return Attempt(command=c.RemovePaperFile(file=paper.files[0].id, reason=scene.text()), record=record)


def publish_paper(scene: Scene) -> Attempt:
    record, _ = scene.some(PaperState)
    return Attempt(command=c.PublishPaper(), record=record)


def depublish_paper(scene: Scene) -> Attempt:
    record, _ = scene.some(PaperState)
    return Attempt(command=c.DepublishPaper(reason=scene.text()), record=record)


def correct_paper(scene: Scene) -> Attempt:
    record, _ = scene.some(PaperState)
    field = scene.pick(PaperField)
    sealed = scene.text() if field is PaperField.TITLE else None
    new = {
        PaperField.PAPER_TYPE: scene.pick(PaperType).value,
        PaperField.LEAD_UNIT: scene.pick(UNITS),
        PaperField.DATED: scene.day(-9, 9).isoformat(),
    }.get(field)
    return Attempt(command=c.CorrectPaper(field=field, new=new, new_sealed=sealed, reason=scene.text()), record=record)


# Imports


def taken_over(scene: Scene, command: Command, record: UUID | None = None) -> Attempt:
    """By the import, and sometimes by somebody at a counter."""
    return Attempt(command=command, record=record, channel=scene.often(Channel.IMPORT, Channel.STAFF))


def source_paper(scene: Scene, source_id: str, reference: str | None) -> SourcePaper:
    data = PaperData(paper_type=scene.pick(PaperType), public=scene.chance(0.5))
    deleted = scene.chance(0.1)
    return SourcePaper(source_id=source_id, reference=reference, data=data, title=scene.text(), deleted=deleted)


def import_paper(scene: Scene) -> Attempt:
    source_id = scene.number("https://ris.example/papers/")
    paper = source_paper(scene, source_id, scene.number("Q-"))
    return taken_over(scene, c.ImportPaper(system=SYSTEM, paper=paper))


def import_paper_twice(scene: Scene) -> Attempt:
    paper = source_paper(scene, scene.taken("council.source_id"), None)
    return taken_over(scene, c.ImportPaper(system=SYSTEM, paper=paper))


def update_paper(scene: Scene) -> Attempt:
    record, paper = scene.some(PaperState, lambda paper: paper.source is not None)
    assert paper.source is not None
    reference = scene.often(paper.reference, scene.number("Q-"))
    given = source_paper(scene, paper.source.source_id, reference)
    return taken_over(scene, c.UpdateImportedPaper(system=SYSTEM, paper=given), record=record)


def update_what_is_led_here(scene: Scene) -> Attempt:
    record, paper = scene.some(PaperState, lambda paper: paper.source is None)
    given = source_paper(scene, "https://ris.example/papers/here", paper.reference)
    return taken_over(scene, c.UpdateImportedPaper(system=SYSTEM, paper=given), record=record)


def import_body(scene: Scene) -> Attempt:
    source_id = scene.number("https://ris.example/bodies/")
    body = SourceBody(source_id=source_id, data=BodyData(body_type=scene.pick(BodyType)), name=scene.text())
    return taken_over(scene, c.ImportBody(system=SYSTEM, body=body))


def update_body(scene: Scene) -> Attempt:
    record, body = scene.some(BodyState)
    source_id = body.source.source_id if body.source else "https://ris.example/bodies/here"
    given = SourceBody(source_id=source_id, data=BodyData(body_type=scene.pick(BodyType)), deleted=scene.chance(0.2))
    return taken_over(scene, c.UpdateImportedBody(system=SYSTEM, body=given), record=record)


def import_meeting(scene: Scene) -> Attempt:
    source_id = scene.number("https://ris.example/meetings/")
    meeting = SourceMeeting(source_id=source_id, data=MeetingData(bodies=()), name=scene.text())
    return taken_over(scene, c.ImportMeeting(system=SYSTEM, meeting=meeting))


def update_meeting(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState)
    source_id = meeting.source.source_id if meeting.source else "https://ris.example/meetings/here"
    given = SourceMeeting(source_id=source_id, data=MeetingData(bodies=()), deleted=scene.chance(0.2))
    return taken_over(scene, c.UpdateImportedMeeting(system=SYSTEM, meeting=given), record=record)


MOVES: tuple[Move, ...] = (
    establish,
    establish_under_one_that_is_dissolved,
    establish_twice,
    establish_on_a_record,
    publish_nothing,
    amend_body,
    dissolve,
    add_member,
    end_membership,
    publish_body,
    depublish_body,
    draft,
    draft_twice,
    co_sign,
    co_sign_for_another_unit,
    co_sign_what_one_wrote,
    co_sign_once_more,
    release,
    release_before_its_date,
    amend_paper,
    amend_nothing,
    hide_what_is_on_a_public_agenda,
    withdraw,
    *[withdrawing(status) for status in PaperStatus if not status.settled],
    plan,
    plan_beside,
    plan_with_one_that_is_dissolved,
    cancel_consultation,
    attach,
    remove_file,
    remove_a_file_of_a_co_signed_paper,
    publish_paper,
    depublish_paper,
    correct_paper,
    import_paper,
    import_paper_twice,
    update_paper,
    update_what_is_led_here,
    import_body,
    update_body,
    import_meeting,
    update_meeting,
)
