"""How it is asked: the GraphQL schema, one module per record family."""
