"""Ratios against the raw limit and against peers, each measured in one interleaved run."""
