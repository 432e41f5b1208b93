"""Tests of the read models of council documents."""
