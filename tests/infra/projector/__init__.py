"""Tests of the projector against a real server."""
