"""A change of a key that ends in the middle, in transactions of its own: what was done is done, the rest goes on."""

from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from portal.keys.models import PersonKey
from portal.ledger.actor import system
from portal.people.actions import Arrival, Names, find_or_make
from portal.privacy import key_changes
from portal.walls import Role, scope
from tests.residents import CODES

_HOLD = (
    "SELECT 1 FROM keys.person_key WHERE id = (SELECT id FROM keys.person_key ORDER BY id OFFSET 2 LIMIT 1) FOR UPDATE"
)


def versions() -> list[int]:
    with scope(Role.WORKER):
        return list(PersonKey.objects.order_by("id").values_list("ring_version", flat=True))


@pytest.mark.security("V11.1.1")
def test_what_was_moved_stays_moved_and_the_rest_goes_on(
    committed_db: str, own_ring: Path, superuser: psycopg.Connection
) -> None:
    for slug in ("raili", "aino"):
        find_or_make(Arrival(CODES[slug], Names("Testi", slug)), at=timezone.now())
    with superuser.transaction():
        superuser.execute(_HOLD)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        by, at = system("tests"), timezone.now()
        key_changes.add("wrap", by=by, at=at)
        with pytest.raises(OperationalError, match="lock timeout"):
            list(key_changes.move("wrap", batch=1, by=by, at=at))
    assert versions() == [2, 2, 1, 1]
    call_command("rotate_keys", "wrap", stdout=(told := StringIO()))
    assert versions() == [2, 2, 2, 2]
    assert "keys of people: 0 rows on older versions" in told.getvalue()
