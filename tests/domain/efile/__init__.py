"""Tests of the e-file family."""
