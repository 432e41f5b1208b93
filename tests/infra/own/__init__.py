"""Own projections of analysts."""
