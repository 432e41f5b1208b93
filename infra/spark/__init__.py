"""Rebuilds on Apache Spark: the folds that run here, over exported Parquet, on as many machines as there are."""
