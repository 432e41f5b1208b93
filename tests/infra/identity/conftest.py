"""An issuer for each test."""

from collections.abc import Iterator

import pytest

from tests.infra.identity.issuer import Issuer, issuing


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as running:
        yield running
