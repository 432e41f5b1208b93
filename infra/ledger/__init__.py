"""Handles commands: load, decide, seal, record."""

from infra.ledger.application import Ledger

__all__ = ["Ledger"]
