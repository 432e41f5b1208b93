"""The registers of the library, folded from scenarios."""
