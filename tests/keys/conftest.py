"""A key ring of one's own, for tests that change it."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from portal.people.session_secrets import keep_name


@pytest.fixture
def own_ring(settings: LazySettings, tmp_path: Path) -> Path:
    """A copy of the key ring."""
    ring = tmp_path / "keys.json"
    ring.write_bytes(Path(settings.KEY_RING_FILE).read_bytes())
    settings.KEY_RING_FILE = ring
    return ring


@pytest.fixture
def client_with_secret(own_ring: Path, db: None) -> None:
    """One open session that keeps a name sealed."""
    request = HttpRequest()
    request.session = SessionStore()
    keep_name(request, "Testi Testinen")
    request.session.save()
