"""The locks of the log, for people who read them."""

from base64 import b64encode
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from portal.ledger.actions import sequence
from portal.ledger.queries import seals
from portal.walls import Role, scope
from tests.residents import Resident

pytestmark = pytest.mark.django_db


def test_anybody_reads_the_newest_lock_and_its_fingerprint(resident_in: Callable[[str], Resident]) -> None:
    stranger = Client(HTTP_HOST="127.0.0.1")
    assert "Nothing has been locked yet." in stranger.get("/en/seals/").content.decode()
    resident_in("raili")
    with scope(Role.WORKER):
        sequence(at=timezone.now())
    newest = seals()[0]
    page = stranger.get("/en/seals/").content.decode()
    assert (b64encode(newest.root).decode() in page, f"{newest.size} rows" in page) == (True, True)
