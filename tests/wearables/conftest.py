"""What every test of what was brought begins with: a spool of its own; and Raili, who allowed it to be kept."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.residents import Resident
from tests.wearables.bringing import allow


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> None:
    """The spool of this test alone."""
    settings.WATCH_SPOOL = tmp_path / "spool"


@pytest.fixture
def raili(resident_in: Callable[[str], Resident]) -> Resident:
    """She allowed it to be kept."""
    one = resident_in("raili")
    allow(one)
    return one
