"""A running portal with its identity services, one for all tests of this folder."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.portal_server import Running, running_portal
from tests.servers import server


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_portal(tmp_path_factory.mktemp("portal"), web_workers=1) as running:
        yield running


@pytest.fixture
def rows(portal: Running) -> Iterator[psycopg.Connection]:
    """A superuser's look at the running portal's database."""
    with server().connect(portal.database) as connection:
        yield connection


@pytest.fixture
def no_second_steps(rows: psycopg.Connection) -> None:
    """Nobody has set up a second step, whatever tests ran before."""
    rows.execute("DELETE FROM mfa_authenticator")
