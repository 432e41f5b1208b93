"""What is wrong with an analyst's own projection."""


class BadProjection(Exception):
    """The file cannot be taken; says why, and what to change."""
