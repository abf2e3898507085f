"""The demo's departments as real systems, and the portal connected to them."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client

from datasources.catalogue.loader import Changes, reach_sources
from datasources.models import Source
from demo.departments.moods import NAMES, Mood
from demo.departments.running import Departments, departments
from demo.people import everyone
from portal.ledger.actor import resident, system
from portal.people.actions import Arrival, Names, find_or_make, sign_in
from portal.people.doors import STAFF, cookie_name
from portal.people.models import User, UserKind
from portal.staff import site
from portal.walls import Role, scope
from tests.mariadb import MariaDb, find, mariadb
from tests.servers import drop_database, fresh_name, server

NIGHT = datetime(2026, 11, 24, 2, 10, tzinfo=UTC)
BY = system("tests")
CODES = {person.slug: person.identity_code for person in everyone()}


@dataclass(frozen=True)
class City:
    """Three departments that can be told how to behave; `early_education` connects to its database as superuser."""

    departments: Departments
    early_education: psycopg.Connection


@pytest.fixture(scope="session")
def running_departments(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    database = fresh_name()
    folder = tmp_path_factory.mktemp("departments")
    socket = server().socket_folder / ".s.PGSQL.5432"
    with departments(folder, server().url(), socket, database=database) as running:
        with server().connect(database) as connection:
            yield City(running, connection)
        drop_database(database)


@pytest.fixture
def city(running_departments: City) -> Iterator[City]:
    """All departments in good order, and again afterwards."""
    yield running_departments
    for name in NAMES:
        running_departments.departments.moods.set(name, Mood.OK)


@pytest.fixture
def catalogue(loaded_city: None, db: None, city: City) -> None:
    """The city's catalogue, every source connected."""
    connect(city)


def connect(city: City) -> None:
    """Make the running departments the sources of a described city."""
    with scope(Role.STAFF, departments=["*"]):
        reach_sources(city.departments.sources, Changes())


def arrive(slug: str, *, at: datetime = NIGHT) -> UUID:
    """A person of the demo signs in; their id."""
    code = CODES[slug]
    arrival = Arrival(code, Names("Made", "Up"))
    person = find_or_make(arrival, at=at)
    sign_in(person, arrival, by=resident(person.pk), at=at, method="substantial")
    return person.pk


def source(slug: str) -> Source:
    """A source as the worker sees it."""
    with scope(Role.WORKER):
        return Source.objects.select_related("department").get(slug=slug)


def dumped(value: object) -> str:
    """Anything, as text to look for secrets in."""
    return json.dumps(value, default=str)


class AnotherWorker:
    """Another worker: a connection of its own."""

    def __init__(self) -> None:
        self._opened = server().connect(str(connection.settings_dict["NAME"]))

    def holds(self, place: int) -> None:
        (taken,) = self._opened.execute("SELECT pg_try_advisory_lock(%s)", [place]).fetchone() or (False,)
        assert taken

    def dies(self) -> None:
        self._opened.close()


@pytest.fixture
def another_worker(db: None) -> Iterator[AnotherWorker]:
    worker = AnotherWorker()
    yield worker
    worker.dies()


@pytest.fixture
def keeper_of(catalogue: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Client]:
    """A browser in which a register keeper of these departments is signed in, the second step taken as passed."""
    monkeypatch.setattr(site, "second_step_passed", lambda _: True)

    def entered(*departments: str) -> Client:
        user = User.objects.create(
            username=str(uuid4()), kind=UserKind.STAFF, is_staff=True, departments=[*departments]
        )
        with scope(Role.STAFF, departments=["*"]):
            user.groups.set(Group.objects.filter(name="keeper"))
        browser = Client(headers={"host": "localhost", "accept-language": "en"})
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = browser.cookies.pop(settings.SESSION_COOKIE_NAME)
        browser.cookies[cookie_name(STAFF, settings.SESSION_COOKIE_NAME)] = session.value
        return browser

    return entered


@pytest.fixture(scope="session")
def maria() -> Iterator[MariaDb]:
    """One server at a time: two that begin at once have failed for want of the machine's means."""
    if find() is None and not os.environ.get("CI"):
        pytest.skip("NO MARIADB: this was not run")
    with mariadb() as running:
        yield running
