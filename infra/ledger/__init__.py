"""Handles commands: load, decide, seal, record."""

from infra.ledger.application import Ledger, open_ledger

__all__ = ["Ledger", "open_ledger"]
