"""The settings that come from the environment."""

import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from infra import settings
from infra.settings import BadSetting, Settings

ROOT = Path(__file__).parents[2]


def complaint(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    for name, value in variables.items():
        monkeypatch.setenv(f"STADTBUCH_{name}", value)
    with pytest.raises(BadSetting) as caught:
        settings.load()
    return str(caught.value)


def test_the_page_documents_every_setting_as_it_is() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert page == settings.page(), "run `make docs`"
    for name, field in Settings.model_fields.items():
        assert f"| `STADTBUCH_{name.upper()}` |" in page
        assert field.description


def test_nothing_need_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    given = settings.load()
    assert given.home == Path("/var/lib/stadtbuch")
    assert given.kek_file == Path("/var/lib/stadtbuch/kek")
    assert (given.dsn, given.postgres_bin, given.tcp_port, given.kek_command) == (None, None, None, None)
    assert (given.env, given.host, given.port, given.log_name) == ("dev", "127.0.0.1", 8321, "stadtbuch.example/1")


def test_an_ordinary_user_keeps_the_ledger_in_the_data_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert settings.load().home == tmp_path / ".local/share/stadtbuch"
    monkeypatch.setenv("XDG_DATA_HOME", "relative/is/ignored")
    assert settings.load().home == tmp_path / ".local/share/stadtbuch"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert settings.load().home == tmp_path / "data/stadtbuch"


def test_paths_are_absolute_and_know_the_home_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("STADTBUCH_HOME", "~/ledger")
    assert settings.load().home == tmp_path / "ledger"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STADTBUCH_HOME", "here")
    assert settings.load().home == tmp_path / "here"
    assert settings.load().kek_file == tmp_path / "here/kek"


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STADTBUCH_PORT", "")
    assert settings.load().port == 8321


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "70000"),
        ("TCP_PORT", "0"),
        ("ENV", "production"),
        ("LOG_NAME", "Stadt Köln"),
        ("LOG_NAME", "a" * 101),
        ("DSN", "postgresql://[half"),
        ("READER_DSN", "no equals sign"),
        ("POSTGRES_BIN", "/nowhere"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    text = complaint(monkeypatch, **{name: value})
    assert text.startswith(f"STADTBUCH_{name}: ")
    assert "docs/settings.md" in text
    assert len(text.splitlines()) == 2


def test_every_bad_variable_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    text = complaint(monkeypatch, PORT="http", ENV="production")
    assert "STADTBUCH_PORT: " in text
    assert "STADTBUCH_ENV: " in text


@pytest.mark.parametrize(
    "variables",
    [
        {"DSN": "host=db", "TCP_PORT": "5433"},
        {"KEK_FILE": "/etc/kek", "KEK_COMMAND": "pass show kek"},
        {"APP_DSN": "host=db"},
        {"READER_DSN": "host=db"},
    ],
)
def test_settings_that_do_not_fit_together_are_refused(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    text = complaint(monkeypatch, **variables)
    assert all(f"STADTBUCH_{name}" in text for name in variables)


def test_a_password_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "hunter2" not in complaint(monkeypatch, DSN="postgresql://u:hunter2@[h")
    monkeypatch.setenv("STADTBUCH_DSN", "postgresql://u:hunter2@h/db")
    given = settings.load()
    assert given.dsn == SecretStr("postgresql://u:hunter2@h/db")
    assert "hunter2" not in f"{given!r} {given}"


def test_a_misspelt_variable_is_found() -> None:
    environ = {"STADTBUCH_DNS": "x", "STADTBUCH_HOME": "x", "STADTBUCH_TEST_DATA": "x", "PATH": "x"}
    assert settings.unknown(environ) == ["STADTBUCH_DNS"]
