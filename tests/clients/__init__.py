"""The client libraries that front ends use, each against the running server."""
