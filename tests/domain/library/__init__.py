"""The rules of the library, as sentences."""
