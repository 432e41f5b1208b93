"""`stadtbuch report` and what stands behind it."""
