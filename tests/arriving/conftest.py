"""A trusted city on loopback, and a spool of the test's own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.pages.conftest import city, resident_in
from tests.residents import Resident
from tests.transfers.cities import KeyServer, trusted_neighbour

__all__ = ["city", "resident_in"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: LazySettings) -> Path:
    """Where packages lie on their way."""
    settings.WATCH_SPOOL = tmp_path / "spool"
    return tmp_path / "spool" / "packages"


@pytest.fixture
def neighbour(settings: LazySettings, tmp_path: Path) -> Iterator[type[KeyServer]]:
    """Turku, whose keys are asked for."""
    with trusted_neighbour(settings, tmp_path) as handler:
        yield handler


@pytest.fixture
def raili(neighbour: type[KeyServer], resident_in: Callable[[str], Resident]) -> Resident:
    """Who moved here from there."""
    return resident_in("raili")
