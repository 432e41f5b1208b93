"""Trusted documents: read from files, checked, sent by their hash."""
