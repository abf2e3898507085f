"""Everything of one person as one package: asked from a source, written in six forms, packed, sealed, stored.

A made-up department's database holds 71 rows a resident. `median_s`: one after the other, from the press to the
package. `per_minute`: many asked at once; bell, broker and the worker for those who wait, as in the demo, share two
cores with database and source. `after_ten_thousand`: the same with 10,000 made before, over what it was without.
`fifty_thousand_rows_s`: one person of whom 50,000 rows are held, `peak_mib` the memory of the process that packs them,
Django and all. What else is measured stands in `exporting.py`.
"""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from statistics import median
from time import perf_counter
from uuid import UUID

from django.utils import timezone
from psycopg.types.json import Jsonb

from demo.processes import start, stop
from portal.ledger.actor import resident, system
from portal.pages.package.contents import contents_of
from portal.people.actions import Arrival, Names, find_or_make, sign_in
from portal.requests.models import Package, Piece
from portal.requests.package.making import make_package
from portal.requests.package.planning import ask_for_everything
from portal.walls import Role, scope
from tests.bench.exporting import more_rows
from tests.bench.framework import DATABASE, ROOT, Portal, Row
from tests.bench.pull import Pulling, _codes
from tests.bench.serving import settle_down
from tests.residents import describe_city

ONE_BY_ONE, QUEUED, ROWS_EACH, MANY = 40, 300, 71, 50_000
MADE_BEFORE = 10_000
_SECONDS = 120
_BY = system("bench")
# Requests, their parts, packages and pieces as they stand, again and again; each row but for what tells it apart.
_AGAIN = """
CREATE TEMPORARY TABLE again AS
SELECT r.id AS old, gen_random_uuid() AS new, 'B' || row_number() OVER () AS number, p.id AS old_package,
       gen_random_uuid() AS new_package
FROM requests_request r JOIN requests_package p ON p.request_id = r.id, generate_series(1, {times});
INSERT INTO requests_request
SELECT (jsonb_populate_record(r, jsonb_build_object('id', new, 'number', again.number))).*
FROM again JOIN requests_request r ON r.id = old;
INSERT INTO requests_part
SELECT (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'request_id', new))).*
FROM again JOIN requests_part p ON p.request_id = old;
INSERT INTO requests_package
SELECT (jsonb_populate_record(p, jsonb_build_object('id', new_package, 'request_id', new))).*
FROM again JOIN requests_package p ON p.id = old_package;
INSERT INTO requests_piece
SELECT (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'package_id', new_package))).*
FROM again JOIN requests_piece p ON p.package_id = old_package
"""
# In a process of its own: the most memory a process ever had is never told back.
_PACK_ALONE = """
import re, sys, django
django.setup()
from portal.pages.tasks import make_package
make_package(request_id=sys.argv[1])
print(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1])
"""


def rows(portal: Portal) -> list[Row]:
    """Seconds, packages a minute, seconds, MiB; each against its own bar."""
    describe_city()
    people = _arrived(portal, ONE_BY_ONE + 2 * QUEUED, rows_each=ROWS_EACH)
    settle_down(portal)
    one = median([_takes(person) for person in people[:ONE_BY_ONE]][3:])
    minute = _per_minute(portal, people[ONE_BY_ONE:][:QUEUED])
    _made_before(portal)
    later = _per_minute(portal, people[ONE_BY_ONE + QUEUED :])
    [rich, richer] = _arrived(portal, 1, rows_each=MANY) * 2
    settle_down(portal)
    many = _takes(rich, expected=MANY)
    return [
        Row("median_s", one, 1.0, "s", 0.25, "lower"),
        Row("per_minute", minute, 1.0, "/min", 600, "higher"),
        Row("after_ten_thousand", later, minute, "/min", 0.9, "higher"),
        Row("fifty_thousand_rows_s", many, 1.0, "s", 3.0, "lower"),
        Row("peak_mib", _peak_mib(portal, richer), 1.0, "MiB", 256, "lower"),
        *more_rows(portal, lambda person, expected: _takes(person, expected=expected)),
    ]


def _arrived(portal: Portal, count: int, *, rows_each: int) -> list[UUID]:
    """So many people who signed in, and a source that holds so many rows on each."""
    Pulling(portal, count, rows_each=rows_each)
    with portal.server.connect(DATABASE) as connection:
        connection.execute("TRUNCATE datasources_sheet, keys.person_key, people_person CASCADE")
        # How long a system may take is its keeper's to say; here all is one machine's.
        patience = Jsonb({"time_limit": 30})
        connection.execute("UPDATE datasources_source SET settings = settings || %s WHERE switched_on", [patience])
    people, at = [], timezone.now()
    for code in islice(_codes(), count):
        arrival = Arrival(code, Names("Malli", "Mallila"))
        person = find_or_make(arrival, at=at)
        sign_in(person, arrival, by=resident(person.pk), at=at, method="loa2")
        people.append(person.pk)
    return people


def _asked(person: UUID) -> UUID:
    with scope(Role.RESIDENT, persons=[person]):
        by, at = resident(person), timezone.now()
        return ask_for_everything(person, covers=lambda _: True, language="fi", by=by, at=at)[0].pk


def _takes(person: UUID, *, expected: int = ROWS_EACH) -> float:
    began = perf_counter()
    request = _asked(person)
    make_package(request, contents_of, by=_BY, clock=timezone.now)
    seconds = perf_counter() - began
    with scope(Role.WORKER):
        rows = Package.objects.get(request=request).rows
        assert rows == expected, (rows, expected)
    return seconds


def _per_minute(portal: Portal, people: Sequence[UUID]) -> float:
    with _workers(portal):
        # They have begun once the first is there.
        _until(people[:1], [_asked(people[0])])
        began = perf_counter()
        requests = [_asked(person) for person in people[1:]]
        _until(people[1:], requests)
        return len(requests) / (perf_counter() - began) * 60


def _made_before(portal: Portal) -> None:
    """So many packages lie there, as if they had been made one by one."""
    with portal.server.connect(DATABASE) as connection:
        (made,) = connection.execute("SELECT count(*) FROM requests_package").fetchone() or (0,)
        for statement in _AGAIN.format(times=MADE_BEFORE // made).split(";"):
            connection.execute(statement.encode())
        (made,) = connection.execute("SELECT count(*) FROM requests_package").fetchone() or (0,)
    assert made >= MADE_BEFORE, made
    settle_down(portal)


def _until(people: Sequence[UUID], requests: Sequence[UUID]) -> None:
    """Each has its package, whole."""
    deadline = time.monotonic() + _SECONDS
    while True:
        with scope(Role.WORKER):
            made = Package.objects.filter(request__in=requests, rows=ROWS_EACH).count()
        if made == len(requests):
            return
        assert time.monotonic() < deadline, made
        time.sleep(0.05)


@contextmanager
def _workers(portal: Portal) -> Iterator[None]:
    """The bell and the worker that works while people wait, as in the demo."""
    celery = [sys.executable, "-m", "celery", "-A", "portal", "worker", "--queues", "interactive", "--pool", "threads"]
    celery += ["--concurrency", "4", "--without-gossip", "--without-mingle", "--loglevel", "ERROR"]
    with ExitStack() as stack, (portal.folder / "workers.log").open("wb") as output:
        for argv in ([sys.executable, "manage.py", "bell"], celery):
            process: subprocess.Popen[bytes] = start(argv, environment=portal.environment, folder=ROOT, output=output)
            stack.callback(stop, process)
        yield


def _peak_mib(portal: Portal, person: UUID) -> float:
    with portal.server.connect(DATABASE) as connection:
        connection.execute("DELETE FROM requests_piece")
        connection.execute("DELETE FROM requests_package")
        connection.execute("UPDATE requests_request SET state = 'withdrawn', closed_at = now()")
    argv = [sys.executable, "-c", _PACK_ALONE, str(_asked(person))]
    done = subprocess.run(argv, cwd=ROOT, env=portal.environment, check=True, capture_output=True, text=True)
    with scope(Role.WORKER):
        assert (Package.objects.get().rows, Piece.objects.count() > 0) == (MANY, True)
    return int(done.stdout) / 1024
