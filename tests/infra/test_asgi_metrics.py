"""`/metrics`: what is counted, who may read it, and that it names nobody."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from domain.families import FAMILIES
from infra.asgi.access import Denied
from infra.asgi.app import create_app
from infra.asgi.metrics import check_reader
from infra.asgi.server import serving
from infra.database import Database
from infra.ledger import Ledger
from infra.settings import Settings
from projections.families import PROJECTIONS
from tests.api import Api, unused

pytestmark = [pytest.mark.database, pytest.mark.any_server]

TOKEN = SecretStr("a token of the monitoring")


def figures(client: httpx.Client) -> dict[tuple[str, str], float]:
    """Each sample by its name and the value of its label."""
    response = client.get("/metrics")
    assert response.status_code == 200, response.text
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
        if not sample.name.endswith("_bucket")
    }


def grown(api: Api, before: dict[tuple[str, str], float], name: str, label: str = "") -> float:
    return figures(api.client)[name, label] - before.get((name, label), 0.0)


def test_read_models_tell_how_far_they_are_and_what_is_wrong_with_them(api: Api) -> None:
    done = api.plan_unit_defined()
    api.ask("query($p: BigInt) { records(first: 1, minPosition: $p) { asOfPosition } }", p=done["position"])
    found = figures(api.client)
    assert found["stadtbuch_database_up", ""] == 1
    assert found["stadtbuch_ledger_events_total", ""] >= int(done["position"])
    for projection in PROJECTIONS:
        for name in ("position", "lag_events", "lag_seconds", "quarantined_rows", "quarantined_events", "failed"):
            assert (f"stadtbuch_projection_{name}", projection.name) in found
    assert found["stadtbuch_projection_position", "event"] >= int(done["position"])
    assert found["stadtbuch_projection_failed", "event"] == 0


def test_commands_are_counted_by_what_became_of_them(api: Api) -> None:
    before = figures(api.client)
    plan_unit, key = api.plan_unit(), str(uuid4())
    given: dict[str, Any] = {
        "reference": unused("F"), "subject": "Müller, Anna", "planUnitId": plan_unit, "leadUnit": "63",
        "custodianUnit": "63",
    }  # fmt: skip
    for _ in range(2):
        api.do("openFile", key=key, **given)
    assert api.do("openFile", **given)["__typename"] == "RuleViolated"
    nowhere = api.do("closeFile", record=str(uuid4()), reason="Erledigt")
    assert nowhere["__typename"] == "NotFound"
    for became, many in (("recorded", 2), ("repeated", 1), ("rejected", 1), ("not_found", 1)):
        assert grown(api, before, "stadtbuch_commands_total", became) == many, became


def test_requests_are_timed_by_the_kind_of_operation(api: Api) -> None:
    before = figures(api.client)
    api.plan_unit()
    api.ask("{ records(first: 1) { asOfPosition } }")
    api.ask("query Named { records(first: 1) { asOfPosition } }")
    api.client.post("/graphql", content="{")
    api.answer("{ nothing of the kind")
    for kind, many in (("mutation", 1), ("query", 2), ("refused", 2)):
        assert grown(api, before, "stadtbuch_request_seconds_count", kind) == many, kind


def test_the_figures_name_nobody(api: Api) -> None:
    file = api.file(subject="Müller, Anna")
    text = api.client.get("/metrics").text
    assert "Müller" not in text
    assert file["recordId"] not in text
    labels = {label for family in text_string_to_metric_families(text) for s in family.samples for label in s.labels}
    assert labels == {"projection", "outcome", "operation", "le"}


def test_only_the_monitoring_reads_them_where_people_sign_in() -> None:
    check_reader(None, None, signed_in=False)
    with pytest.raises(Denied, match="STADTBUCH_METRICS_TOKEN") as off:
        check_reader(None, None, signed_in=True)
    assert off.value.status == 403
    for signed_in in (False, True):
        check_reader(f"Bearer {TOKEN.get_secret_value()}", TOKEN, signed_in=signed_in)
        for wrong in (None, "", "Bearer ", "Bearer of a Tokén", "Basic eA=="):
            with pytest.raises(Denied) as refused:
                check_reader(wrong, TOKEN, signed_in=signed_in)
            assert refused.value.status == 401


def test_without_a_database_the_server_still_tells_of_itself(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.asgi.ports.FETCH_SECONDS", 0.3)
    nowhere = Database("host=127.0.0.1 port=1", "host=127.0.0.1 port=1 connect_timeout=1", None)
    app = create_app(Settings(metrics_token=TOKEN), nowhere, ledger, families=FAMILIES)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        refused = client.get("/metrics")
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        client.headers["authorization"] = f"Bearer {TOKEN.get_secret_value()}"
        found = figures(client)
    assert found["stadtbuch_database_up", ""] == 0
    assert found["process_resident_memory_bytes", ""] > 0
