"""A worker that is killed while it packs what is taken along: nothing is half done, and the next makes it."""

import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from portal.requests.models import Leaving, Package, Piece
from portal.walls import Role, scope
from tests.locks import waits_for
from tests.requests.another_city import is_made, newest_request
from tests.requests.taking import linked
from tests.residents import Resident, enter
from tests.sheets import put_sheet

_WORKER = """
import sys, django
django.setup()
from portal.pages.tasks import make_move
make_move(request_id=sys.argv[1])
"""


@pytest.fixture
def raili(loaded_city: None, committed_db: str) -> Resident:
    one = enter("raili")
    put_sheet(one.person, "library-loans", [{"title": "Kalevala"}])
    return one


def worker(request: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _WORKER, request], env=None, cwd=Path(__file__).parents[2])


def made() -> tuple[int, int, bool]:
    """(packages, pieces, whether a digest is known)."""
    with scope(Role.WORKER):
        return Package.objects.count(), Piece.objects.count(), bool(Leaving.objects.get().digest)


def test_killed_while_it_packs_it_leaves_nothing_and_another_makes_it(
    raili: Resident, superuser: psycopg.Connection
) -> None:
    raili.browser.post("/en/move/leave/", {"items": ["library-loans"]})
    request = str(newest_request(raili).pk)
    with superuser.transaction():
        # All is written, the letter about it is not: the worst moment.
        superuser.execute("LOCK TABLE notices_notice IN SHARE MODE")
        one = worker(request)
        waits_for(superuser, "notices_notice")
        one.send_signal(signal.SIGKILL)
        one.wait()
    assert made() == (0, 0, False)
    is_made(raili)
    is_made(raili)
    assert made() == (1, 1, True)
    assert raili.browser.get(linked(raili, request)).status_code == 200


def test_two_workers_at_once_make_one(raili: Resident) -> None:
    raili.browser.post("/en/move/leave/", {"items": ["library-loans"]})
    both = [worker(str(newest_request(raili).pk)) for _ in range(2)]
    assert [each.wait(timeout=60) for each in both] == [0, 0]
    assert made() == (1, 1, True)
