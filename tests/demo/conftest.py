"""The three departments, each answering as it should at the start of every test."""

from collections.abc import Iterator

import pytest

from demo.departments.moods import NAMES, SLOW_SECONDS, Mood
from demo.departments.running import Departments, departments
from demo.people import everyone
from tests.servers import drop_database, fresh_name, server

CODES = {person.slug: person.identity_code for person in everyone()}
WAIT = 0.3


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Departments]:
    database = fresh_name()
    socket = server().socket_folder / ".s.PGSQL.5432"
    folder = tmp_path_factory.mktemp("departments")
    with departments(folder, server().url(), socket, database=database) as opened:
        yield opened
    drop_database(database)


@pytest.fixture
def world(running: Departments) -> Iterator[Departments]:
    yield running
    for name in NAMES:
        running.moods.set(name, Mood.OK, slow_seconds=SLOW_SECONDS)
