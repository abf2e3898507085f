"""A worker that is killed while it packs, or while it waits for a system: somebody else goes on, with one effect."""

import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
import time_machine
from django.utils import timezone
from psycopg.types.json import Jsonb

from demo.departments.moods import Mood
from portal.ledger.actions import sequence
from portal.ledger.models import Entry
from portal.requests.enums import PartState
from portal.requests.models import Part
from portal.requests.parts import LEASE, finish
from portal.walls import Role, scope
from tests.datasources.conftest import City, connect, running_departments
from tests.datasources.conftest import city as departments
from tests.locks import waits_for
from tests.requests.taking import asks, is_made, kept, read, signed_in_again, states, taken
from tests.residents import Resident, enter

__all__ = ["departments", "running_departments"]
_WORKER = """
import sys, django
django.setup()
from portal.pages.tasks import make_package
make_package(request_id=sys.argv[1])
"""


@pytest.fixture
def raili(loaded_city: None, committed_db: str, departments: City, superuser: psycopg.Connection) -> Resident:
    connect(departments)
    # Who answers in time is not what is tried here, and other tests share the machine.
    superuser.execute("UPDATE datasources_source SET settings = settings || %b", [Jsonb({"time_limit": 30})])
    return enter("raili")


def worker(request: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _WORKER, request], env=None, cwd=Path(__file__).parents[2])


def waits_until(superuser: psycopg.Connection, statement: str) -> None:
    deadline = time.monotonic() + 30
    while not superuser.execute(statement.encode()).fetchone():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def packed_and_logged(one: Resident) -> tuple[int, int]:
    """(packages, entries that tell of one)."""
    with scope(Role.WORKER):
        sequence(at=timezone.now())
        return kept()[0], Entry.objects.filter(subject=one.person, kind="requests.packed").count()


def test_killed_while_it_packs_it_leaves_nothing_and_another_makes_it(
    raili: Resident, superuser: psycopg.Connection
) -> None:
    request = asks(raili)
    with superuser.transaction():
        # All is written, the letter about it is not: the worst moment.
        superuser.execute("LOCK TABLE notices_notice IN SHARE MODE")
        one = worker(request)
        waits_for(superuser, "notices_notice")
        one.send_signal(signal.SIGKILL)
        one.wait()
    assert (kept(), states(request)["library"]) == ((0, 0), "done")
    is_made(request)
    is_made(request)
    assert packed_and_logged(raili) == (1, 1)
    assert "copies/library-loans.json" in taken(raili, request).namelist()


def test_killed_while_a_system_is_slow_its_part_is_taken_by_another(
    raili: Resident, departments: City, superuser: psycopg.Connection
) -> None:
    departments.departments.moods.set("library", Mood.SLOW, slow_seconds=30)
    request = asks(raili)
    one = worker(request)
    waits_until(superuser, "SELECT 1 FROM requests_part WHERE source = 'library' AND state = 'working'")
    one.send_signal(signal.SIGKILL)
    one.wait()
    departments.departments.moods.set("library", Mood.OK)
    # Nobody knows yet that it is dead: what is here is handed over, without that part.
    is_made(request)
    assert states(request)["library"] == "working"
    assert "copies/library-loans.json" not in taken(raili, request).namelist()
    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1), tick=True):
        is_made(request)
        again = taken(signed_in_again(raili), request)
    assert "copies/library-loans.json" in again.namelist()


def test_a_part_that_ends_late_by_an_early_clock_is_in_the_next(raili: Resident, departments: City) -> None:
    departments.departments.moods.set("library", Mood.DOWN)
    request, before = asks(raili), timezone.now()
    is_made(request)
    departments.departments.moods.set("library", Mood.OK)
    with scope(Role.WORKER):
        part = Part.objects.get(request=UUID(request), source="library")
        finish(part.pk, PartState.DONE, at=before)
    is_made(request)
    assert read(taken(raili, request), "manifest.json")["edition"] == 2


def test_two_workers_at_once_make_one(raili: Resident) -> None:
    request = asks(raili)
    both = [worker(request), worker(request)]
    assert [each.wait(timeout=60) for each in both] == [0, 0]
    is_made(request)
    packages, told = packed_and_logged(raili)
    assert (packages, told) in {(1, 1), (2, 2)}
