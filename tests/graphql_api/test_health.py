"""How the read models stand, asked through the API: whoever reads a list can see how far it is and what it lacks."""

from decimal import Decimal

from projections.families import PROJECTIONS
from tests.api import Api


def test_every_read_model_says_how_far_it_is(api: Api) -> None:
    position = int(api.file(planUnitId=api.plan_unit(), subject="Akte")["position"])
    api.ask("query ($at: BigInt!) { files(first: 1, minPosition: $at) { asOfPosition } }", at=str(position))
    found = api.by("admin").ask(
        """{ readModels { name status position lagEvents lagSeconds updatedAt error errorPosition errorSince
             quarantinedRows quarantinedEvents quarantinedSince buildingDone buildingTotal buildingRate
             buildingSecondsLeft rebuiltAt rebuiltRows checksum } }"""
    )["readModels"]
    assert [each["name"] for each in found] == sorted(each.name for each in PROJECTIONS)
    files = next(each for each in found if each["name"] == "file")
    assert int(files["position"]) >= position
    assert (files["status"], files["error"], files["quarantinedRows"], files["buildingDone"]) == (
        "live",
        None,
        "0",
        None,
    )
    assert Decimal(files["lagSeconds"]) >= 0


def test_a_row_says_that_it_follows(api: Api) -> None:
    at = api.file(planUnitId=api.plan_unit(), subject="Akte")["position"]
    query = "query ($at: BigInt!) { files(first: 1, minPosition: $at) { nodes { quarantinedSince } } }"
    assert api.ask(query, at=at)["files"]["nodes"] == [{"quarantinedSince": None}]
