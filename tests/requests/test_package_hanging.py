"""One department hangs: whoever does not need it has their package, and who does has everything else."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from queue import Queue
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.utils import timezone
from psycopg.types.json import Jsonb

from portal.ledger.actor import system
from portal.pages.package.contents import contents_of
from portal.requests.models import Package
from portal.requests.package.making import make_package
from portal.walls import Role, scope
from tests.datasources.conftest import City, connect, running_departments
from tests.datasources.conftest import city as departments
from tests.datasources.misbehaving import Desk, DeskServer, Request, served
from tests.requests.taking import asks, states, taken
from tests.residents import enter

__all__ = ["departments", "running_departments"]
# As many as the demo has for those who wait for something.
WORKERS = 4
NEED_IT = ("raili", "otso", "helmi", "aino", "p0046", "p0097")
HANGS, OTHERS = "library", ("early-education", "sports")
# What early education answers of its parents.
CARE = "copies/early-education-contacts.json"


class Hanging(DeskServer):
    """A department that takes every question and answers none, for 75 seconds each or until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.over = threading.Event()
        self.asked = Queue[str]()

    def answer(self, desk: Desk, request: Request) -> None:
        if request.path == "/token":
            desk.say(200, {"access_token": "t", "expires_in": 600})
            return
        self.asked.put(request.path)
        self.over.wait(75)
        desk.say(200, {"items": []})


@pytest.fixture
def hanging(
    loaded_city: None, committed_db: str, departments: City, superuser: psycopg.Connection
) -> Iterator[Hanging]:
    """The library hangs, and is known to be slow: two minutes are its own limit. Of the others nobody is late."""
    connect(departments)
    with served(Hanging()) as server:
        url = f"http://127.0.0.1:{server.port}"
        late = {"url": url, "token_url": f"{url}/token", "time_limit": 120}
        every = "UPDATE datasources_source SET settings = settings || %b WHERE (slug = %s) = %s"
        superuser.execute(every, [Jsonb(late), HANGS, True])
        superuser.execute(every, [Jsonb({"time_limit": 30}), HANGS, False])
        yield server
        server.over.set()


class Workers:
    """Threads that make packages one after the other, in the order in which they are rung, as Celery's do."""

    def __init__(self, *, every: float) -> None:
        self._rung, self._every = Queue[str | None](), every
        self._threads = [threading.Thread(target=self._work) for _ in range(WORKERS)]
        for thread in self._threads:
            thread.start()

    def ring(self, request: str) -> None:
        self._rung.put(request)

    def end(self) -> None:
        for _ in self._threads:
            self._rung.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        by = system("tests")
        while (request := self._rung.get()) is not None:
            make_package(UUID(request), contents_of, by=by, clock=timezone.now, every=self._every)
        connection.close()


@pytest.fixture
def workers(hanging: Hanging) -> Iterator[Callable[[float], Workers]]:
    """workers(every): at the end the department answers, and they go home."""
    with ExitStack() as stack:

        def started(every: float) -> Workers:
            working = Workers(every=every)
            stack.callback(working.end)
            stack.callback(hanging.over.set)
            return working

        yield started


def becomes(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def others_are_here(request: str) -> bool:
    return {states(request)[each] for each in OTHERS} == {"done"}


def editions(request: str) -> int:
    """How many packages were made of it so far."""
    with scope(Role.WORKER):
        return Package.objects.filter(request=UUID(request)).count()


def needs_no_library(request: str, superuser: psycopg.Connection) -> None:
    """As when somebody may act for a person at school only."""
    superuser.execute("DELETE FROM requests_part WHERE request_id = %s AND source = %s", [request, HANGS])


def held_in_the_database(superuser: psycopg.Connection) -> int:
    """Transactions that stand open while nothing is done in them."""
    ask = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
    return int((superuser.execute(ask).fetchone() or (0,))[0])


def test_many_that_need_it_keep_no_worker_from_one_that_does_not(
    hanging: Hanging, workers: Callable[[float], Workers], superuser: psycopg.Connection
) -> None:
    needing = [asks(enter(slug)) for slug in NEED_IT]
    without = asks(other := enter("mikael"))
    needs_no_library(without, superuser)
    working = workers(600)
    for request in [*needing, without]:
        working.ring(request)
    # All of this while the department has answered nobody.
    becomes(lambda: others_are_here(without) and editions(without) > 0)
    assert CARE in taken(other, without).namelist()
    for request in needing:
        becomes(partial(others_are_here, request))
    becomes(lambda: [states(request)[HANGS] for request in needing].count("waiting") == len(needing) - 2)
    assert (hanging.over.is_set(), held_in_the_database(superuser)) == (False, 0)
    # It answers at last: the two who were let wait for it have their whole package.
    hanging.over.set()
    becomes(lambda: [states(request)[HANGS] for request in needing].count("done") == 2)


def test_who_waits_for_it_has_what_the_others_answered_meanwhile(
    hanging: Hanging, workers: Callable[[float], Workers]
) -> None:
    request = asks(aino := enter("aino"))
    workers(0.2).ring(request)
    hanging.asked.get(timeout=60)
    becomes(lambda: editions(request) > 0 and CARE in taken(aino, request).namelist())
    assert states(request)[HANGS] == "working"
    before = editions(request)
    hanging.over.set()
    becomes(lambda: states(request)[HANGS] == "done" and editions(request) > before)
