"""A city with its purposes, and someone who is asked."""

import pytest

from tests.residents import describe_city


@pytest.fixture
def city(db: None) -> None:
    """Catalogue and purposes, loaded."""
    describe_city()
