"""Compiled plans: queries that are answered level by level, each with one statement, without a call for each field.

A plan is made of the selection set of a query once, and kept: `Plans.find` leads to it by the document. What a plan
does not know (mutations, introspection, `explain`, own projections …) it leaves, as a whole, to the resolvers; and so
it does where anything goes wrong, so that errors are told in one place. The steps of the fields, which both go, are in
`graphql_api.steps`.
"""

from graphql_api.plans.cache import Plans, Prepared

__all__ = ["Plans", "Prepared"]
