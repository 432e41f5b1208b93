"""Which fields a request asks for below a field, so that nothing else is fetched, counted or decrypted."""

from __future__ import annotations

import strawberry
from graphql import FieldNode, FragmentSpreadNode, SelectionSetNode


def asked_below(info: strawberry.Info) -> frozenset[str]:
    """The names of all fields at any depth below the field being resolved.

    A superset: what @skip and @include leave out is in it, and a name stands for every field of that name. Fetching a
    column too many is harmless, walking each fragment once keeps hostile documents cheap.
    """
    raw = info._raw_info  # Strawberry's own `selected_fields` expands every fragment at every spread
    names: set[str] = set()
    seen: set[str] = set()
    left: list[SelectionSetNode] = [node.selection_set for node in raw.field_nodes if node.selection_set]
    while left:
        for selection in left.pop().selections:
            if isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                if name not in seen:
                    seen.add(name)
                    left.append(raw.fragments[name].selection_set)
                continue
            if isinstance(selection, FieldNode):
                names.add(selection.name.value)
            nested = getattr(selection, "selection_set", None)
            if nested:
                left.append(nested)
    return frozenset(names)
