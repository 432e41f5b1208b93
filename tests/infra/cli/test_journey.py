"""From an empty directory to a city that can be looked at, as the README has it."""

import json

import httpx
import pytest

from infra.cli.demo import City
from tests.infra.cli.processes import Cli

pytestmark = [pytest.mark.database, pytest.mark.slow]

HTML = {"Accept": "text/html"}


def test_a_city_is_filled_verified_rebuilt_and_shown(fresh: Cli) -> None:
    city = fresh.does("demo", "--no-serve", "--events", "5000")
    assert city["lastPosition"] == sum(city["events"].values()) == 5_000
    assert city["verify"] == "5,000 rows, 0 faults"
    assert {duty["due"] for duty in fresh.does("tick")["duties"]} == {0}, "the city leaves nothing undone"
    assert fresh.does("verify") == {"rows": 5_000, "faults": []}
    proved = fresh.does("prove")["proved"]
    assert {each["equal"] for each in proved} == {True}
    assert {len(set(each["checksums"].values())) for each in proved} == {1}
    rebuilt = fresh.does("rebuild", "--all")["rebuilt"]
    assert {each["equal"] for each in rebuilt} == {True}
    status = fresh.does("status")
    assert status["position"] == 5_000
    assert {(model["status"], model["position"]) for model in status["projections"]} == {("live", 5_000)}

    with fresh.serving("demo") as (address, _), httpx.Client(base_url=address, timeout=60) as client:
        history = client.get("/show/history").json()["data"]["record"]["history"]["nodes"]
        changes = [(event["changes"], event["reason"]) for event in history if event["changes"]]
        assert any(change[0]["oldText"] and change[0]["newText"] and reason["text"] for change, reason in changes)
        days = [event for event in history if event["effectivePrecision"] == "DAY"]
        assert days, "nothing is backdated"
        assert client.get("/show/overdue").json()["data"]["loans"]["totalCount"] > 0
        assert any(row["overdue"] for row in client.get("/show/tracking").json()["data"]["resolutionTracking"]["nodes"])
        for name in ("history", "overdue", "renewal", "tracking"):
            shown = client.get(f"/show/{name}", headers=HTML)
            assert shown.status_code == 302
            assert client.get(shown.headers["location"], headers=HTML).status_code == 200
        renewal = dict(httpx.URL(client.get("/show/renewal", headers=HTML).headers["location"]).params)
        sent = {"query": renewal["query"], "variables": json.loads(renewal["variables"])}
        refused = client.post("/graphql", json=sent).json()["data"]["renewLoan"]
        assert refused["rule"] == "library.held_by_another"
        assert refused["nextStep"]["de"]
        assert client.get("/show/renewal").status_code == 405

    # As if it had been interrupted: in a home that somebody named, nothing is thrown away.
    kept = City.kept(fresh.home / "demo.json")
    assert kept is not None
    kept.whole = False
    kept.keep(fresh.home / "demo.json")
    done = fresh.run("demo", "--no-serve", "--json")
    assert done.code == 1
    assert "interrupted at position 5,000" in done.json["error"]
    assert fresh.does("status")["position"] == 5_000
