"""The register of supervised acts: rules that a named person set aside, and acts that took two people."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from domain.kernel import Channel, Code, Fact, Family, Message, Recorded, Sealed, Supervised, Supervision
from domain.requests import actor_of
from projections.model import Chart, Projection, Report, column
from projections.rights import AUDITORS


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionRow:
    """One override, or one act of two people. `position` is its event in the audit trail."""

    position: int = column("The event.", "Das Ereignis.", filterable=True, sortable=True)
    record_id: UUID = column("The record it is about.", "Der Datensatz, um den es geht.", filterable=True)
    family: Code = column("The record's family.", "Die Familie des Datensatzes.", filterable=True)
    kind: Code = column("The record's kind.", "Die Art des Datensatzes.", filterable=True)
    topic: Code = column("What happened, as it was stored.", "Was geschah, wie gespeichert.", filterable=True)
    by: Supervision = column(
        "Whether a rule was set aside, or two people were needed.",
        "Ob eine Regel außer Kraft gesetzt wurde oder zwei Personen nötig waren.",
        filterable=True,
    )
    rules: tuple[Code, ...] = column(
        "The rules set aside, or those that asked for two people.",
        "Die außer Kraft gesetzten Regeln oder die, die zwei Personen verlangten.",
        filterable=True,
    )
    actor: UUID = column("Who did it, as a pseudonym.", "Wer es tat, als Pseudonym.", filterable=True)
    others: tuple[UUID, ...] = column(
        "Who took the earlier steps that it was held against.",
        "Wer die früheren Schritte tat, gegen die es geprüft wurde.",
        filterable=True,
    )
    deputising_for: UUID | None = column("For whom, as a deputy.", "In Vertretung für wen.", filterable=True)
    same_person: bool | None = column(
        "An act of two people that one person did, or a deputy of theirs. The rules refuse it: a finding. Null where "
        "one of them came as a citizen: who that was is not known.",
        "Zwei Personen waren nötig, dieselbe handelte zweimal, auch in Vertretung: ein Befund. Leer, wo eine davon "
        "von außen kam: Wer es war, ist nicht bekannt.",
        filterable=True,
    )
    org_unit: Code = column("For which unit.", "Für welche Organisationseinheit.", filterable=True, sortable=True)
    role: Code = column("In what role.", "In welcher Rolle.", filterable=True)
    channel: Channel = column("The way it came in.", "Der Eingangskanal.", filterable=True)
    reason: Sealed[str] | None = column("The reason given.", "Die angegebene Begründung.")
    recorded_at: datetime = column(
        "When it was recorded.", "Wann es aufgezeichnet wurde.",
        filterable=True, sortable=True, rises_with="position",
    )  # fmt: skip
    effective_at: datetime = column("When it happened.", "Wann es geschah.", filterable=True, sortable=True)
    month: date = column(
        "The month it happened in, by its first day.", "Der Monat, als sein erster Tag.", filterable=True, sortable=True
    )


_CHANNELS: Final = frozenset(map(actor_of, Channel))
"""Who stands for all citizens of a channel: never a known person."""


def one_person(supervised: Supervised, persons: Collection[UUID | None]) -> bool | None:
    """Whether somebody confirmed their own step, where that takes another; None where a citizen was one of the two.

    A deputy is whom they stand in for, too.
    """
    if supervised.by is not Supervision.FOUR_EYES:
        return False
    if any(other in persons for other in supervised.others):
        return True
    return None if _CHANNELS & {*persons, *supervised.others} else False


def projection(families: Iterable[Family]) -> Projection:
    """The supervised acts of the given families."""
    family_of: dict[type[Fact], str] = {
        fact: family.name for family in families for fact in family.facts if fact.supervised is not Fact.supervised
    }

    def fold(row: SupervisionRow | None, event: Recorded) -> SupervisionRow | None:
        supervised = event.fact.supervised()
        if supervised is None:
            return row
        envelope = event.envelope
        return SupervisionRow(
            position=event.position,
            record_id=event.record_id,
            family=family_of[type(event.fact)],
            kind=event.fact.kind,
            topic=event.topic,
            by=supervised.by,
            rules=supervised.rules,
            actor=envelope.actor,
            others=supervised.others,
            deputising_for=envelope.deputising_for,
            same_person=one_person(supervised, (envelope.actor, envelope.deputising_for)),
            org_unit=envelope.org_unit,
            role=envelope.role,
            channel=envelope.channel,
            reason=supervised.reason or envelope.reason,
            recorded_at=event.recorded_at,
            effective_at=event.effective_at,
            month=event.effective.day.replace(day=1),
        )

    return Projection(
        name="supervision",
        singular="SupervisedAct",
        plural="supervisedActs",
        comment=Message(
            "Every rule that a named person set aside, and every act of two people, over all families.",
            "Jede Ausnahme von einer Regel, namentlich, und jede Handlung zu zweit, über alle Verfahren.",
        ),
        row=SupervisionRow,
        readers=AUDITORS,
        key=("position",),
        key_of=lambda event: (event.position,),
        facts=tuple(family_of),
        asks=("supervised",),
        fold=fold,
        order=("-position",),
        indexes=(("record_id",), ("actor", "position"), ("by", "month")),
        append_only=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideRow:
    """How often a unit set a rule aside in a month. An act that sets two rules aside counts for each."""

    month: date = column(
        "The month, by its first day.", "Der Monat, als sein erster Tag.", filterable=True, sortable=True
    )
    family: Code = column("The records' family.", "Die Familie der Datensätze.", filterable=True, sortable=True)
    rule: Code = column("The rule.", "Die Regel.", filterable=True, sortable=True)
    org_unit: Code = column("The unit.", "Die Organisationseinheit.", filterable=True, sortable=True)
    overrides: int = column("How often it was set aside.", "Wie oft sie außer Kraft gesetzt wurde.", sortable=True)
    records: int = column("On how many records.", "An wie vielen Datensätzen.", sortable=True)
    persons: int = column("By how many people.", "Von wie vielen Personen.", sortable=True)
    deputised: int = column("As a deputy, of these.", "Davon in Vertretung.", sortable=True)
    last_at: datetime = column("The last time.", "Das letzte Mal.", sortable=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class FourEyesRow:
    """How often a rule asked for two people in a unit and month. An act under two rules counts for each."""

    month: date = column(
        "The month, by its first day.", "Der Monat, als sein erster Tag.", filterable=True, sortable=True
    )
    family: Code = column("The records' family.", "Die Familie der Datensätze.", filterable=True, sortable=True)
    rule: Code = column("The rule.", "Die Regel.", filterable=True, sortable=True)
    org_unit: Code = column("The unit.", "Die Organisationseinheit.", filterable=True, sortable=True)
    acts: int = column("Acts of two people.", "Handlungen zu zweit.", sortable=True)
    records: int = column("On how many records.", "An wie vielen Datensätzen.", sortable=True)
    deciders: int = column(
        "How many people took the last step.", "Wie viele Personen zuletzt handelten.", sortable=True
    )
    deputised: int = column("As a deputy, of these.", "Davon in Vertretung.", sortable=True)
    violations: int = column(
        "Acts that one person did: the rules refuse them, so this is 0.",
        "Handlungen nur einer Person: Die Regeln verhindern sie, hier steht 0.",
        filterable=True, sortable=True,
    )  # fmt: skip
    unnamed: int = column(
        "Acts whose fact does not name the other person: recorded by an earlier version.",
        "Handlungen ohne Angabe der anderen Person: aus einer früheren Version.",
        filterable=True, sortable=True,
    )  # fmt: skip
    last_at: datetime = column("The last time.", "Das letzte Mal.", sortable=True)


REPORTS: tuple[Report, ...] = (
    Report(
        name="overrides",
        plural="overrides",
        comment=Message(
            "Who set which rules aside how often: by family, rule, unit and month.",
            "Wer welche Regeln wie oft außer Kraft setzte: nach Verfahren, Regel, Stelle und Monat.",
        ),
        row=OverrideRow,
        readers=AUDITORS,
        reads=("supervision",),
        order=("-month", "family", "rule", "org_unit"),
        chart=Chart(x="month", y="overrides", by="family"),
    ),
    Report(
        name="four_eyes_checks",
        plural="fourEyesChecks",
        comment=Message(
            "Acts of two people: by family, rule, unit and month, with any that one person did.",
            "Handlungen nach dem Vier-Augen-Prinzip: nach Verfahren, Regel, Stelle und Monat, mit etwaigen Verstößen.",
        ),
        row=FourEyesRow,
        readers=AUDITORS,
        reads=("supervision",),
        order=("-month", "family", "rule", "org_unit"),
        chart=Chart(x="month", y="acts", by="family"),
    ),
)
