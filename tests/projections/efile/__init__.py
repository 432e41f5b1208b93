"""Tests of the read models of e-files."""
