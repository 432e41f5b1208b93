"""`stadtbuch token`: access tokens for development."""

from __future__ import annotations

import typer

from domain.rights import Role
from infra.asgi.access import check_loopback
from infra.settings import BadSetting, Settings


def development_token(settings: Settings, role: Role, org_unit: str | None, subject: str, hours: float) -> str:
    """A token that the server of this home takes while it is for development.

    Raises BadSetting, NotLoopback and typer.BadParameter.
    """
    if settings.oidc_issuer is not None:
        raise BadSetting(f"Tokens come from {settings.oidc_issuer} here: STADTBUCH_OIDC_ISSUER is set.")
    if settings.env != "dev":
        raise BadSetting("Such tokens are for development only, and STADTBUCH_ENV is not dev.")
    check_loopback(settings.host)
    if role is Role.CLERK and org_unit is None:
        raise typer.BadParameter("A clerk belongs to a unit: add --org-unit, for example --org-unit 63.")
    from infra.identity.development import DevelopmentKeys  # takes joserfc along, which few commands need

    unit = {} if org_unit is None else {"org_unit": org_unit}
    settings.home.mkdir(parents=True, exist_ok=True)
    return DevelopmentKeys(settings.home).token(subject, int(hours * 3600), roles=[role.value], **unit)
