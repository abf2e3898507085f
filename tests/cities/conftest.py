"""Two running cities for the tests that move between them."""

from collections.abc import Iterator

import pytest

from tests.cities.two import TwoCities, two_cities


@pytest.fixture(scope="package")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoCities]:
    """One pair for all: each test uses people of its own."""
    with two_cities(tmp_path_factory.mktemp("cities")) as running:
        yield running
