"""Signed-in residents for page tests."""

from collections.abc import Callable

import pytest

from tests.residents import Resident, describe_city, enter


@pytest.fixture
def city(db: None) -> None:
    """Catalogue and purposes."""
    describe_city()


@pytest.fixture
def resident_in(city: None) -> Callable[[str], Resident]:
    """resident_in("raili"): arrived, asked what everyone is asked, and signed in."""
    return enter
