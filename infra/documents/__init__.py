"""Trusted documents: GraphQL operations that front ends send by the hash of their text."""
