"""Tests, in the layers of the code they test."""
