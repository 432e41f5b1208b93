"""The command line: `stadtbuch`, or `python -m infra.cli`."""

from __future__ import annotations

from infra.cli.app import main

__all__ = ["main"]
