"""Everything that touches the world: store, projector, PostgreSQL, keys, imports, command line and server."""
