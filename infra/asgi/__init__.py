"""The HTTP server: the GraphQL endpoint, GraphiQL in development, and the probes that operators ask.

Nothing is imported here: `infra.asgi.app` takes half a second, and most commands of the command line do without it.
"""
