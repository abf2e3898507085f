"""The page of one kind of data: for whose data it is, under its own department only, and of registers that are here."""

from collections.abc import Callable

import pytest

from datasources.enums import Connection
from datasources.models import Dataset, Register
from demo.population.server import Population
from portal.walls import Role, scope
from tests.acting import act, register
from tests.residents import Resident

__all__ = ["register"]
Enter = Callable[[str], Resident]
pytestmark = pytest.mark.django_db
COURSES, LOANS = "/en/data/sports/sports-courses/", "/en/data/library/library-loans/"


def status(one: Resident, path: str) -> int:
    return one.browser.get(path).status_code


def test_a_kind_of_data_stands_under_its_own_department(resident_in: Enter) -> None:
    raili = resident_in("raili")
    elsewhere = COURSES.replace("/sports/", "/library/", 1)
    unknown = COURSES.replace("sports-courses", "no-such-data")
    assert [status(raili, path) for path in (COURSES, elsewhere, unknown)] == [200, 404, 404]


def test_what_is_not_connected_is_no_page(resident_in: Enter) -> None:
    raili = resident_in("raili")
    with scope(Role.STAFF, departments=["*"]):
        register = Dataset.objects.get(slug="sports-courses").register
        Register.objects.filter(pk=register.pk).update(connection=Connection.NOT_YET)
    assert status(raili, COURSES) == 404


def test_a_mandate_opens_the_kinds_of_its_topics(resident_in: Enter, register: Population) -> None:
    otso = resident_in("otso")
    resident_in("raili")
    act(otso, "raili")
    assert [status(otso, path) for path in (LOANS, COURSES)] == [200, 404]
