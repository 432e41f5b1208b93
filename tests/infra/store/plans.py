"""What the server did for one call of ledger.append, by statement: told by auto_explain, in rows and not in time."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from psycopg.errors import Diagnostic

from tests.infra.store.units import Admin

SETTINGS = """
load 'auto_explain';
set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on; set auto_explain.log_analyze = on;
set auto_explain.log_timing = off; set auto_explain.log_settings = on; set auto_explain.log_format = json;
set client_min_messages = log;
"""


@dataclass
class Explained:
    """The plans that were executed, outermost last, with the rows that went through each node."""

    plans: list[dict[str, Any]] = field(default_factory=list)

    def nodes(self) -> Iterator[dict[str, Any]]:
        """Every node of every plan."""
        waiting = [plan["Plan"] for plan in self.plans]
        while waiting:
            node = waiting.pop()
            waiting.extend(node.get("Plans", ()))
            yield node

    @property
    def work(self) -> int:
        """Rows that were passed on or thrown away, over all nodes and all their loops."""
        return sum(_rows(node) for node in self.nodes())

    def lookups(self) -> dict[str, int]:
        """By index: how often it was searched."""
        found: dict[str, int] = {}
        for node in self.nodes():
            if "Index Name" in node:
                name = node["Index Name"]
                found[name] = found.get(name, 0) + round(node["Actual Loops"])
        return found

    def shape(self) -> list[tuple[str, str]]:
        """The kinds of all nodes, and the relations they read."""
        return sorted((node["Node Type"], node.get("Relation Name", "")) for node in self.nodes())

    def scanned(self) -> set[str]:
        """Tables that were read from end to end, in whatever order; the single row of ledger.head apart."""
        whole = set()
        for node in self.nodes():
            bounded = any(key in node for key in ("Index Cond", "TID Cond"))
            if "Scan" in node["Node Type"] and "Relation Name" in node and not bounded:
                whole.add(node["Relation Name"])
        return whole - {"head"}


def _rows(node: dict[str, Any]) -> int:
    rows: float = sum(value for key, value in node.items() if key == "Actual Rows" or key.startswith("Rows Removed"))
    loops: float = node["Actual Loops"]
    return round(rows * loops)


@contextmanager
def explained(connection: Admin) -> Iterator[Explained]:
    """Explain whatever the connection, an administrator's, executes meanwhile."""
    found = Explained()

    def note(notice: Diagnostic) -> None:
        _, is_plan, plan = (notice.message_primary or "").partition(" plan:\n")
        if is_plan:
            found.plans.append(json.loads(plan))

    connection.execute(SETTINGS)
    connection.add_notice_handler(note)
    try:
        yield found
    finally:
        connection.remove_notice_handler(note)
        connection.execute("set auto_explain.log_min_duration = -1; reset client_min_messages")
