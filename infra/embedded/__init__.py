"""The embedded PostgreSQL: a small supervisor that starts, joins, restarts and stops one server per home."""

from infra.embedded.binaries import embedded_bindir
from infra.embedded.errors import EmbeddedError
from infra.embedded.server import Server, start

__all__ = ["EmbeddedError", "Server", "embedded_bindir", "start"]
