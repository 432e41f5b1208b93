"""The code of docs/front-ends.md is that of the examples, which the tests beside this one run."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "front-ends.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^<!-- (examples/\S+) -->\n```\w+\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(("path", "shown"), BLOCKS, ids=[f"{path}-{number}" for number, (path, _) in enumerate(BLOCKS)])
def test_what_the_page_shows_stands_in_the_example(path: str, shown: str) -> None:
    assert shown.rstrip() in (ROOT / path).read_text(encoding="utf-8")


def test_the_page_shows_every_client() -> None:
    assert len(BLOCKS) >= 9
    assert not re.search(r"```(typescript|python|toml|json)\n", re.sub(r"<!-- .*? -->\n```\w+\n", "", PAGE))
