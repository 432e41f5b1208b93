"""Tests of the infrastructure: real servers, real files, no mocks."""
