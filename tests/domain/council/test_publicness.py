"""Papers and the public: what is to be consulted in public stays public, and what is not leads to nothing public."""

from dataclasses import replace

import pytest

from domain.council.commands import AmendPaper, DecideAgendaItem, ExcludePublic
from domain.council.facts import PaperAmended, ResolutionAdopted
from domain.council.vocabulary import Outcome
from domain.kernel import On
from tests.domain.council.examples import (
    DRAFTED,
    ITEM,
    PAPER,
    PRESENT,
    REASON,
    TITLE,
    VOTED,
    a_held_meeting,
    a_meeting_with_item,
)
from tests.scenario import Given


@pytest.mark.allows("council.paper_in_public")
def test_a_paper_stays_public_while_it_is_to_be_consulted_in_public() -> None:
    hide = AmendPaper(public=False, reason=REASON)
    on_agenda = a_meeting_with_item()
    on_agenda.about(PAPER).when(hide).refused("council.paper_in_public")
    on_agenda.about(PAPER).when(AmendPaper(title=TITLE, reason=REASON)).so()
    excluded = on_agenda.when(ExcludePublic(item=ITEM, ground=REASON)).so()
    excluded.about(PAPER).when(hide).so()
    postponed = a_held_meeting(PRESENT).when(DecideAgendaItem(item=ITEM, outcome=Outcome.POSTPONED)).so()
    postponed.about(PAPER).when(hide).so()


def test_what_a_source_has_made_non_public_leads_to_no_public_resolution() -> None:
    hidden = PaperAmended(changed=("public",), data=replace(DRAFTED.data, public=False))
    adopt = DecideAgendaItem(item=ITEM, outcome=Outcome.ADOPTED, text=TITLE)

    def made_public(scenario: Given) -> bool:
        resolution = scenario.when(adopt).facts[1]
        assert isinstance(resolution, On)
        assert isinstance(resolution.fact, ResolutionAdopted)
        return resolution.fact.public

    assert made_public(a_held_meeting(PRESENT, VOTED))
    assert not made_public(a_held_meeting(PRESENT, VOTED).beside(PAPER, hidden))
