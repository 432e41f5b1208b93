"""Tests of the ledger: requests in, outcomes out."""
