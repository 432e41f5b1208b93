"""`stadtbuch documents`: checked, registered together, seen by a running server, and taken out again."""

import json
from pathlib import Path

import httpx

from tests.infra.cli.processes import Cli
from tests.waiting import until

SOUND = "query Newest {\n  records(first: 1) {\n    asOfPosition\n  }\n}\n"


def test_documents_are_registered_whole_and_a_running_server_takes_them(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "newest.graphql").write_text(SOUND)
    (tmp_path / "wrong.graphql").write_text("query Wrong { recods(first: 1) { asOfPosition } }")
    refused = cli.run("documents", "add", str(tmp_path))
    assert refused.code == 1
    assert "wrong.graphql" in refused.err
    assert "'recods'" in refused.err
    assert cli.does("documents", "list") == {"documents": []}

    (tmp_path / "wrong.graphql").unlink()
    # Without an OpenID provider it is for this machine alone, in production too.
    with cli.serving("serve", STADTBUCH_ENV="prod") as (address, _), httpx.Client(base_url=address) as client:
        assert client.post("/graphql", json={"query": SOUND}).status_code == 403
        (added,) = cli.does("documents", "add", str(tmp_path))["documents"]
        assert (added["operations"], added["new"]) == (["Newest"], True)
        assert client.post("/graphql", json={"documentId": added["id"]}).status_code == 200
        (listed,) = cli.does("documents", "list")["documents"]
        assert (listed["id"], listed["source"], listed["wrong"]) == (added["id"], "newest.graphql", [])
        begins = added["id"].removeprefix("sha256:")[:8]
        assert cli.does("documents", "show", begins)["text"] == SOUND
        assert cli.run("documents", "show", begins[:7]).code == 1
        assert cli.does("documents", "remove", begins) == {"removed": [added["id"]]}
        until(lambda: client.post("/graphql", json={"documentId": added["id"]}).status_code != 200, seconds=10)


def test_an_error_is_json_where_that_is_asked_for(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"d41d8cd98f00b204e9800998ecf8427e": SOUND}))
    done = cli.run("documents", "add", str(tmp_path / "manifest.json"), "--json")
    assert (done.code, done.json["exitCode"]) == (1, 1)
    assert "SHA-256" in done.json["error"]
