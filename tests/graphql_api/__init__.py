"""Tests of how it is asked: over HTTP, against a real ledger and its read models."""
