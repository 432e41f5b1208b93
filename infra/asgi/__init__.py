"""The HTTP server: the GraphQL endpoint, GraphiQL in development, and the probes that operators ask.

Nothing is imported here: `infra.asgi.app` takes half a second, and most commands of the command line do without it.
"""

from typing import Final

SHARED_COUNTS: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Where several worker processes count together: a variable that prometheus-client reads when it is imported."""
