"""Analysts' own projections: one file each, checked, kept in the home, and folded by a process of its own."""
