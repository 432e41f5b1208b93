"""Who set rules aside, and acts of two people, over all families and through the API."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.kernel import Supervised, Supervision
from infra.database import Database
from projections.audit.supervision import one_person
from tests.api import Api, unused

RIDER, REVIEWER, CASHIER = (str(uuid4()) for _ in range(3))
ACTS = """query ($record: UUID!, $at: BigInt!) {
  supervisedActs(first: 10, filter: { recordId: { eq: $record } }, minPosition: $at) {
    nodes { family kind topic by rules actor others deputisingFor samePerson orgUnit role channel month
            reason { text } record { number } } } }"""


def by(actor: str, unit: str, **more: str) -> dict[str, str]:
    """The headers of somebody of a unit."""
    return {"Stadtbuch-Actor": actor, "Stadtbuch-Org-Unit": unit, **more}


@pytest.fixture(scope="module")
def order(api: Api) -> dict[str, Any]:
    """An order of owner data that one person claimed and another approved, whose fee a third waived."""

    def did(mutation: str, actor: str, headers: dict[str, str] | None = None, **given: Any) -> dict[str, Any]:
        done: dict[str, Any] = api.do(mutation, headers={**by(actor, unit), **(headers or {})}, **given)
        assert done["__typename"] == "CommandSuccess", done
        return done

    unit = f"62-{uuid4().hex[:6]}"
    record = did(
        "placeOrder",
        RIDER,
        orderNumber=unused("O"),
        product="OWNER_STATEMENT",
        parcels=["053110001000120003__"],
        format="PDF",
        paperSize="A4",
        copies=1,
        assurance="HIGH",
        requester="Ada Beispiel",
    )["recordId"]
    did("claimLegitimateInterest", RIDER, record=record, groundKind="OWNER", ground="Eigentum")
    did("confirmLegitimateInterest", REVIEWER, {"Stadtbuch-Deputising-For": CASHIER}, record=record)
    did("assessFee", CASHIER, record=record)
    done = did("waiveFee", CASHIER, record=record, ground="HARDSHIP", reason="Härtefall")
    return {"record": record, "unit": unit, "at": done["position"]}


def test_every_supervised_act_tells_who_by_which_rules_and_why(api: Api, order: dict[str, Any]) -> None:
    waived, confirmed = api.by("auditor").ask(ACTS, record=order["record"], at=order["at"])["supervisedActs"]["nodes"]
    assert (waived["by"], waived["rules"], waived["actor"]) == ("OVERRIDE", ["cadastre.fee_open"], CASHIER)
    assert (waived["others"], waived["reason"]["text"]) == ([], "Härtefall")
    assert (confirmed["by"], confirmed["actor"], confirmed["others"]) == ("FOUR_EYES", REVIEWER, [RIDER])
    assert (confirmed["deputisingFor"], confirmed["orgUnit"], confirmed["role"]) == (CASHIER, order["unit"], "clerk")
    assert {act["family"] for act in (waived, confirmed)} == {"cadastre"}
    assert not waived["samePerson"]
    assert not confirmed["samePerson"]
    assert waived["record"]["number"].startswith("O-")


REPORTS = """query ($unit: String!, $at: BigInt!) {
  overrides(first: 10, filter: { orgUnit: { eq: $unit } }, minPosition: $at) {
    nodes { month family rule overrides records persons deputised } }
  fourEyesChecks(first: 10, filter: { orgUnit: { eq: $unit } }, minPosition: $at) {
    nodes { month family rule acts records deciders deputised violations unnamed } } }"""


def test_the_reports_count_by_family_rule_unit_and_month(api: Api, order: dict[str, Any]) -> None:
    data = api.by("auditor").ask(REPORTS, unit=order["unit"], at=order["at"])
    (override,) = data["overrides"]["nodes"]
    (check,) = data["fourEyesChecks"]["nodes"]
    assert override.pop("month") == check.pop("month")
    assert override == {
        "family": "cadastre",
        "rule": "cadastre.fee_open",
        "overrides": 1,
        "records": 1,
        "persons": 1,
        "deputised": 0,
    }
    assert check == {
        "family": "cadastre",
        "rule": "cadastre.reviewer_is_requester",
        "acts": 1,
        "records": 1,
        "deciders": 1,
        "deputised": 1,
        "violations": 0,
        "unnamed": 0,
    }


def test_an_act_of_one_person_would_be_found(api: Api, order: dict[str, Any], api_database: Database) -> None:
    """Such an event cannot be recorded; so the row that its fold makes is written, and taken back."""
    act = Supervised(by=Supervision.FOUR_EYES, rules=("cadastre.reviewer_is_requester",), others=(UUID(RIDER),))
    deputy = UUID(int=5)
    assert one_person(act, (UUID(RIDER), None))
    assert one_person(act, (deputy, UUID(RIDER)))
    assert not one_person(act, (deputy, None))
    report = "select sum(violations) from read.four_eyes_checks where org_unit = %s"
    with psycopg.connect(api_database.admin) as admin:
        assert admin.execute(report, [order["unit"]]).fetchone() == (0,)
        relation = admin.execute("select relation from projector.projection where name = 'supervision'").fetchone()
        assert relation is not None
        admin.execute(
            f"update read.{relation[0]} set actor = %s, same_person = true where by = 'FOUR_EYES' and org_unit = %s",
            [RIDER, order["unit"]],
        )
        assert admin.execute(report, [order["unit"]]).fetchone() == (1,)
        admin.rollback()
