"""Rebuilds on Apache Spark: the folds that run here, over exported Parquet, on as many machines as there are."""

from infra.spark.engine import SparkFailed, SparkMissing, spark

__all__ = ["SparkFailed", "SparkMissing", "spark"]
