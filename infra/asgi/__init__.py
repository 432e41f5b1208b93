"""The HTTP server: the GraphQL endpoint, GraphiQL in development, and the probes that operators ask."""

from infra.asgi.access import NotLoopback, check_loopback
from infra.asgi.app import create_app

__all__ = ["NotLoopback", "check_loopback", "create_app"]
