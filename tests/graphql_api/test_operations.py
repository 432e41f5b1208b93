"""`rebuild` and `cancelRebuild`: read models made anew through the API, by admins, one at a time, and called off."""

from typing import Any

import pytest

from tests.api import Api
from tests.waiting import until

MODELS = "{ readModels { name status rebuiltAt rebuiltRows checksum buildingTotal } }"
REBUILD = "mutation ($name: String!) { rebuild(name: $name) { name status } }"
CANCEL = "mutation ($name: String!) { cancelRebuild(name: $name) { name } }"


def model(api: Api, name: str) -> Any:
    return next(each for each in api.by("admin").ask(MODELS)["readModels"] if each["name"] == name)


def test_an_admin_has_a_read_model_made_anew(api: Api) -> None:
    done = api.plan_unit_defined()
    query = "query ($at: BigInt!) { filePlanUnits(first: 1, minPosition: $at) { totalCount } }"
    count = api.ask(query, at=done["position"])["filePlanUnits"]["totalCount"]
    before = model(api, "file_plan_unit")
    found = api.by("admin").ask(REBUILD, name="file_plan_unit")
    assert found == {"rebuild": {"name": "file_plan_unit", "status": "live"}}

    def rebuilt() -> bool:
        now = model(api, "file_plan_unit")
        return bool(now["rebuiltAt"] != before["rebuiltAt"] and now["buildingTotal"] is None)

    until(lambda: rebuilt() or None)
    after = model(api, "file_plan_unit")
    assert (int(after["rebuiltRows"]), len(after["checksum"])) == (count, 64)


@pytest.mark.parametrize("query", [REBUILD, CANCEL])
@pytest.mark.parametrize("name", ["nothing", "", "own_x", "'; drop table read.file; --", "\0"])
def test_a_read_model_that_does_not_exist_is_refused(api: Api, query: str, name: str) -> None:
    status, error = api.by("admin").error(query, name=name)
    assert (status, error["extensions"]) == (400, {"code": "INVALID", "field": "name"})


@pytest.mark.parametrize("query", [REBUILD, CANCEL])
@pytest.mark.parametrize("role", ["citizen", "clerk", "auditor", "analyst"])
def test_only_admins_do_it(api: Api, query: str, role: str) -> None:
    status, error = api.by(role).error(query, name="title")
    assert (status, error["extensions"]["code"]) == (400, "FORBIDDEN")


def test_what_is_not_being_rebuilt_cannot_be_called_off(api: Api) -> None:
    status, error = api.by("admin").error(CANCEL, name="title")
    assert (status, error["extensions"]["code"]) == (400, "REFUSED")
