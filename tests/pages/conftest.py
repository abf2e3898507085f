"""Signed-in residents for page tests."""

from collections.abc import Callable

import pytest

from tests.residents import Resident, enter


@pytest.fixture
def city(loaded_city: None, db: None) -> None:
    """Catalogue and purposes."""


@pytest.fixture
def resident_in(city: None) -> Callable[[str], Resident]:
    """resident_in("raili"): arrived, asked what everyone is asked, and signed in."""
    return enter
