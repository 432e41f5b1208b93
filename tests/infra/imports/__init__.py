"""Tests of the imports: samples that are generated, and the real data where it lies."""
