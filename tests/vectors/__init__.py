"""Golden values that other implementations of the formats can be checked against."""
