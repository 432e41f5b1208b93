"""GraphiQL in a real browser that can reach nothing but this server: it runs a query and shows the answer."""

import base64
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.asgi.pages import link
from tests.api import Api

pytestmark = pytest.mark.any_server

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1400,900",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def program(name: str) -> str:
    """The path of a program that the test needs. It fails, and is not skipped, where it is not there."""
    path = shutil.which(name)
    assert path is not None, f"{name} is not installed: apt-get install chromium chromium-driver"
    return path


class Browser:
    """A headless Chromium, driven by the WebDriver protocol (W3C)."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def do(self, command: str, **parameters: Any) -> Any:
        """Carries out a command of the session."""
        answer = self._client.post(command, json=parameters).json()["value"]
        assert not (isinstance(answer, dict) and "error" in answer), answer
        return answer

    def script(self, body: str) -> Any:
        """What a script answers."""
        return self.do("execute/sync", script=body, args=[])

    def wait_for(self, body: str, seconds: float = 30.0) -> Any:
        """What a script answers as soon as it is neither null, false nor empty."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := self.script(body):
                return found
            time.sleep(0.05)  # the protocol has no other way to wait for a script
        raise AssertionError(f"{body} in vain; the page shows: {self.script('return document.body.innerText')}")

    def log(self) -> list[str]:
        """What the page wrote to the console, also of what it was not allowed to load."""
        return [entry["message"] for entry in self.do("se/log", type="browser")]

    def screenshot(self, path: Path) -> None:
        """A picture of the page."""
        path.write_bytes(base64.b64decode(self._client.get("screenshot").json()["value"]))


@contextmanager
def chromedriver() -> Iterator[str]:
    """A driver of its own on a free port; ended at the end."""
    driver = subprocess.Popen([program("chromedriver"), "--port=0"], stdout=subprocess.PIPE, text=True)
    try:
        assert driver.stdout is not None
        started = (re.search(r"started successfully on port (\d+)", line) for line in driver.stdout)
        port = next(found.group(1) for found in started if found)
        yield f"http://127.0.0.1:{port}"
    finally:
        driver.terminate()
        driver.wait()
        if driver.stdout is not None:
            driver.stdout.close()


@pytest.fixture
def browser() -> Iterator[Browser]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, chromedriver() as address:
        options = {"args": [*FLAGS, f"--user-data-dir={profile}"], "binary": program("chromium")}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        with httpx.Client(timeout=120) as client:
            answer = client.post(f"{address}/session", json={"capabilities": {"alwaysMatch": wanted}}).json()["value"]
            assert "sessionId" in answer, answer
            client.base_url = httpx.URL(f"{address}/session/{answer['sessionId']}/")
            yield Browser(client)
            client.delete("")


ANSWER = 'return document.querySelector(".result-window .CodeMirror")?.CodeMirror.getValue()'
SHOW_DOCUMENTATION = """document.querySelector('button[aria-label="Show Documentation Explorer"]').click()"""
DOCUMENTATION = 'return document.querySelector(".graphiql-doc-explorer-root-type")?.innerText'
EDITOR = 'document.querySelector(".graphiql-query-editor .CodeMirror")'


def test_graphiql_runs_a_query_with_the_network_blocked(api: Api, browser: Browser, tmp_path: Path) -> None:
    opened = api.file(subject="Im Browser zu sehen")
    api.ask("query ($at: BigInt!) { records(first: 1, minPosition: $at) { asOfPosition } }", at=opened["position"])
    browser.do("url", url=f"{api.address}/graphql")
    browser.wait_for(f"return {EDITOR} !== null")
    query = f'query LatestCases {{ record(id: "{opened["recordId"]}") {{ number file {{ subject {{ text }} }} }} }}'
    browser.script(f"{EDITOR}.CodeMirror.setValue({query!r})")
    browser.script('document.querySelector(".graphiql-execute-button").click()')
    answer = browser.wait_for(ANSWER)
    assert "Im Browser zu sehen" in answer, answer
    browser.screenshot(tmp_path / "graphiql.png")

    # The documentation comes from the schema: introspection has run too.
    browser.script(SHOW_DOCUMENTATION)
    assert browser.wait_for(DOCUMENTATION) == "query"
    assert [entry for entry in browser.log() if "favicon" not in entry] == []


def test_a_link_shows_its_answer_at_once_but_changes_nothing(api: Api, browser: Browser) -> None:
    browser.do("url", url=api.address + link("{ filePlanUnits(first: 1) { nodes { title } } }"))
    assert "filePlanUnits" in browser.wait_for(ANSWER)

    count = "{ records(first: 1) { totalCount } }"
    before = api.ask(count)
    mutation = """mutation { defineFilePlanUnit(input: { idempotencyKey: "from a link", code: "LINK", title: "x",
      retentionYears: 1, disposalKind: DESTROY, validFrom: "2020-01-01" }) { __typename } }"""
    browser.do("url", url=api.address + link(mutation))
    browser.wait_for(f'return {EDITOR}?.CodeMirror.getValue().includes("from a link")')
    # Introspection is answered after the time at which a query in the address would have been run.
    browser.script(SHOW_DOCUMENTATION)
    browser.wait_for(DOCUMENTATION)
    assert browser.script(ANSWER) in (None, "")
    assert api.ask(count) == before
