"""Why Spark may not do the work."""


class SparkMissing(Exception):
    """PySpark is not installed here."""


class SparkFailed(Exception):
    """Spark could not do the work; the read model is left as it was."""
