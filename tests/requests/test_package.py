"""Everything in one file: asked for with one press, made of what sources answer, handed over once a link."""

import pytest

from demo.departments.moods import Mood
from portal.requests.models import Request
from portal.walls import Role, scope
from tests.datasources.conftest import City, connect, running_departments
from tests.datasources.conftest import city as departments
from tests.requests.taking import asks, is_made, linked, read, states, taken
from tests.residents import Resident, enter

__all__ = ["departments", "running_departments"]


@pytest.fixture
def raili(loaded_city: None, db: None, departments: City) -> Resident:
    """Signed in, and the city's departments are connected."""
    connect(departments)
    return enter("raili")


def test_it_holds_what_the_pages_show(raili: Resident) -> None:
    request = asks(raili)
    is_made(request)
    package = taken(raili, request)
    print(package.namelist(), states(request))
    for n in package.namelist():
        print(n, package.getinfo(n).file_size)
    open("/tmp/me/p.zip", "wb").write(package.fp.getvalue())
    assert 0
