"""How it is asked: the GraphQL schema, made from the declarations of families and read models."""
