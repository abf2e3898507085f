"""Databases for tests: a migrated copy for each worker, and one of its own for a test that commits."""

import gc
import os
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection, connections
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from tests.databases import point_to
from tests.examples import examples
from tests.servers import drop_database, fresh_name, make_database, server

# Drawing takes its time on a busy machine, which is no fault of what is tested.
settings.register_profile("here", max_examples=examples(100), deadline=None)
settings.load_profile("here")
_WORKERS = urlsplit(os.environ["DATABASE_URL"]).path.lstrip("/")


@cache
def _workers_database(*, described: bool) -> str:
    name = f"{_WORKERS}_described" if described else _WORKERS
    make_database(name, described=described)
    return name


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end: the search for garbage need not go through it each time."""
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Go to the database this test asks for, before anything opens a transaction in it."""
    fixtures = getattr(item, "fixturenames", ())
    if "django_db_setup" in fixtures or item.get_closest_marker("django_db"):
        point_to(_workers_database(described="loaded_city" in fixtures))


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This worker's databases: all migrations run, entered as `mydata_app`, not as superuser or owner."""
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def loaded_city() -> None:
    """This test's database has the city's catalogue, purposes and groups; with `db` or with `committed_db`."""


@pytest.fixture
def committed_db(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """The name of a new database for this test alone, where it may commit and connect many times.

    Append-only tables cannot be emptied, so the whole database is dropped afterwards. Not together with `db`.
    """
    before, database = str(connection.settings_dict["NAME"]), fresh_name()
    with django_db_blocker.unblock():
        if connection.in_atomic_block:
            pytest.fail("Ask for committed_db or for db, not for both.")
        make_database(database, described="loaded_city" in request.fixturenames)
        point_to(database)
        try:
            yield database
        finally:
            point_to(before)
            drop_database(database)


@pytest.fixture
def superuser() -> Iterator[psycopg.Connection]:
    """A superuser's connection to the test's database, in autocommit: sees committed rows of everyone."""
    with server().connect(str(connection.settings_dict["NAME"])) as opened:
        yield opened
