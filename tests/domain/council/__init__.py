"""Tests of the council family."""
