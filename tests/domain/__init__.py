"""Tests of what the city does: pure, without a database."""
