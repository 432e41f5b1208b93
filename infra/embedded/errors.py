"""What the embedded server says when it cannot do what was asked."""


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot be used; the message says why and what to do next."""
